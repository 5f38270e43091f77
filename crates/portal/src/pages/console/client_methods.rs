//! Which clients use which method: whom to tell before an old one is switched off.

use app::{
    client_methods::{self, Cursor, DAYS},
    records::MethodUser,
};
use askama::Template;
use domain::{Language, client_method::ClientMethod};

use super::{PAGE, frame, next};
use crate::{
    failure::Failure,
    frame::{Frame, Moment},
    visit::{Outcome, Visit},
    words,
};

#[derive(Template)]
#[template(path = "console/client_methods.html")]
struct List<'v> {
    frame: Frame<'v>,
    /// Each method: its name, what it is in words, whether it is old, whether it is shown.
    methods: Vec<(&'static str, &'static str, bool, bool)>,
    says: String,
    /// What to tell the clients' people.
    advice: Option<&'static str>,
    rows: Vec<Row>,
    next: Option<String>,
}

struct Row {
    client: String,
    environment: &'static str,
    suspended: bool,
    project_id: String,
    project: String,
    owner_id: String,
    owner: String,
    first: Moment,
    last: Moment,
    address: String,
    agent: String,
}

/// `GET /console/secrets/methods?method=&after=`
pub(crate) async fn list(visit: &Visit<'_>) -> Outcome {
    let (app, actor, language) = (visit.portal.app(), visit.actor()?, visit.language);
    let after = match visit.query.text("after") {
        "" => None,
        after => Some(after.parse::<Cursor>().map_err(|_| Failure::Missing)?),
    };
    let method = match visit.query.text("method") {
        "" => ClientMethod::QueryToken,
        method => method.parse().map_err(|_| Failure::Missing)?,
    };
    let (users, cursor) = client_methods::users(app, &actor, method, after.as_ref(), PAGE).await?;
    let row = |MethodUser { used, environment, status, project_id, project, organisation_id, organisation }| Row {
        client: used.client_id.to_string(),
        environment: words::environment(environment, language),
        suspended: status == domain::contract::Standing::Suspended,
        project_id: project_id.to_string(),
        project,
        owner_id: organisation_id.to_string(),
        owner: organisation,
        first: Moment::new(*used.first_used_at, language),
        last: Moment::new(*used.last_used_at, language),
        address: used.last_used_address,
        agent: used.last_used_agent.unwrap_or_default(),
    };
    let named = |known: &ClientMethod| (known.as_str(), words::method(*known, language), known.is_old(), *known == method);
    let (frame, _) = frame(visit, visit.t("Cómo se identifican los clientes", "How clients prove themselves")).await?;
    visit.page(&List {
        methods: ClientMethod::ALL.iter().map(named).collect(),
        says: says(method, language),
        advice: words::method_advice(method, language),
        rows: users.into_iter().map(row).collect(),
        next: next(visit, cursor),
        frame,
    })
}

/// What is in the list.
fn says(method: ClientMethod, language: Language) -> String {
    let what = words::method(method, language);
    match (method.is_old(), language) {
        (true, Language::Spanish) => format!(
            "Clientes que se han identificado {what} en los últimos {DAYS} días, primero el uso más reciente. Es un método antiguo: habla con su \
             gente antes de quitarlo."
        ),
        (true, Language::English) => format!(
            "Clients that proved themselves {what} within the last {DAYS} days, the latest use first. The method is old: talk to their people \
             before you switch it off."
        ),
        (false, Language::Spanish) => {
            format!("Clientes que se han identificado {what} en los últimos {DAYS} días, primero el uso más reciente.")
        }
        (false, Language::English) => {
            format!("Clients that proved themselves {what} within the last {DAYS} days, the latest use first.")
        }
    }
}
