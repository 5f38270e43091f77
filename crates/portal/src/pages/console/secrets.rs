//! Secrets across the house that somebody should look at.

use app::{
    queues::Cursor,
    records::{QuietProject, ReviewedSecret},
    secret_review::{self, ENDING_DAYS, OLD_DAYS, Page, QUIET_DAYS, USED_DAYS, Which},
};
use askama::Template;

use super::{PAGE, frame, next};
use crate::{
    failure::Failure,
    frame::{Frame, Moment},
    visit::{Outcome, Visit},
    waits, words,
};

const HERE: &str = "/console/secrets";

#[derive(Template)]
#[template(path = "console/secrets.html")]
struct List<'v> {
    frame: Frame<'v>,
    /// Each list: its word in the address, its name, whether it is shown.
    lists: Vec<(&'static str, &'static str, bool)>,
    says: String,
    /// Of a list of secrets.
    rows: Vec<Row>,
    /// Of the list of projects.
    projects: Vec<Quiet>,
    is_of_projects: bool,
    next: Option<String>,
}

struct Row {
    prefix: String,
    client: String,
    environment: &'static str,
    project_id: String,
    project: String,
    owner_id: String,
    owner: String,
    age: String,
    ends: Option<Moment>,
    used: Option<Moment>,
}

struct Quiet {
    id: String,
    project: String,
    owner_id: String,
    owner: String,
    since: Moment,
    used: Option<Moment>,
}

/// `GET /console/secrets?show=ending|old|superseded|quiet&after=`
pub(crate) async fn list(visit: &Visit<'_>) -> Outcome {
    let (app, actor, language) = (visit.portal.app(), visit.actor()?, visit.language);
    let after = match visit.query.text("after") {
        "" => None,
        after => Some(after.parse::<Cursor>().map_err(|_| Failure::Missing)?),
    };
    let which = match visit.query.text("show") {
        "" | "ending" => Some(Which::Ending),
        "old" => Some(Which::Old),
        "superseded" => Some(Which::Superseded),
        "quiet" => None,
        _ => return Err(Failure::Missing),
    };
    let (rows, projects, cursor) = if let Some(which) = which {
        let Page { rows, next } = secret_review::secrets(app, &actor, which, after.as_ref(), PAGE).await?;
        (rows, Vec::new(), next)
    } else {
        let Page { rows, next } = secret_review::quiet_projects(app, &actor, after.as_ref(), PAGE).await?;
        (Vec::new(), rows, next)
    };
    let moment = |at| Moment::new(at, language);
    let row = |row: ReviewedSecret| Row {
        prefix: row.prefix,
        client: row.client,
        environment: words::environment(row.environment, language),
        project_id: row.project_id.to_string(),
        project: row.project,
        owner_id: row.owner_id.to_string(),
        owner: row.owner,
        age: waits::age(*row.created_at, visit.at, language),
        ends: row.retires_at.map(|at| moment(*at)),
        used: row.last_used_at.map(|at| moment(*at)),
    };
    let quiet = |row: QuietProject| Quiet {
        id: row.id.to_string(),
        project: row.project,
        owner_id: row.owner_id.to_string(),
        owner: row.owner,
        since: moment(*row.created_at),
        used: row.last_used_at.map(|at| moment(*at)),
    };
    let (frame, _) = frame(visit, visit.t("Claves secretas", "Secrets")).await?;
    visit.page(&List {
        lists: vec![
            ("ending", visit.language.pick("Caducan pronto", "Ending soon"), which == Some(Which::Ending)),
            ("old", visit.language.pick("Antiguas", "Old"), which == Some(Which::Old)),
            ("superseded", visit.language.pick("Ya sustituidas", "Superseded"), which == Some(Which::Superseded)),
            ("quiet", visit.language.pick("Proyectos sin uso", "Projects without use"), which.is_none()),
        ],
        says: says(visit, which),
        rows: rows.into_iter().map(row).collect(),
        projects: projects.into_iter().map(quiet).collect(),
        is_of_projects: which.is_none(),
        next: next(visit, cursor),
        frame,
    })
}

/// What is in the list, and what to do about it.
fn says(visit: &Visit<'_>, which: Option<Which>) -> String {
    match (which, visit.language) {
        (Some(Which::Ending), domain::Language::Spanish) => format!(
            "Dejan de valer antes de {ENDING_DAYS} días y alguien las ha usado en los últimos {USED_DAYS}: avisa a la organización de que ponga la otra."
        ),
        (Some(Which::Ending), domain::Language::English) => format!(
            "They stop working within {ENDING_DAYS} days and somebody used them within the last {USED_DAYS}: tell the organisation to put the other one in place."
        ),
        (Some(Which::Old), domain::Language::Spanish) => {
            format!("Tienen más de {OLD_DAYS} días y se siguen usando: recomienda cambiarlas, que se hace sin parar nada.")
        }
        (Some(Which::Old), domain::Language::English) => {
            format!("They are older than {OLD_DAYS} days and still used: recommend to rotate them, which stops nothing.")
        }
        (Some(Which::Superseded), domain::Language::Spanish) => {
            "Nadie las usa desde hace más de un día y otra del mismo cliente ha ocupado su sitio: la organización puede retirarlas.".into()
        }
        (Some(Which::Superseded), domain::Language::English) => {
            "Nobody has used them for more than a day and another one of the same client took their place: the organisation may retire them."
                .into()
        }
        (None, domain::Language::Spanish) => {
            format!("Nadie ha pedido un token con ellos en {QUIET_DAYS} días: pregunta si hacen falta; archivados no abren nada. El último token se anota como mucho una vez por hora.")
        }
        (None, domain::Language::English) => {
            format!("Nobody asked for a token with them in {QUIET_DAYS} days: ask whether they are needed; archived they open nothing. The last token is noted once an hour at most.")
        }
    }
}

impl List<'_> {
    fn path(&self, word: &str) -> String {
        format!("{HERE}?show={word}")
    }
}
