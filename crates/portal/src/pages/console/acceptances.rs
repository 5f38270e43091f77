//! Who accepted which version of the policies, as a page and as a file.

use std::fmt::Write as _;

use app::{
    policies::{self, Asked},
    records::Signed,
};
use askama::Template;
use domain::csv::cell;

use super::frame;
use crate::{
    failure::Failure,
    form::Form,
    frame::{Frame, Moment},
    visit::{Outcome, Visit},
    words,
};

/// How many rows stand on a page.
const PAGE: i64 = 50;
/// How many rows a file has at most: newest first, so that a version or an organisation leads to the others.
const FILE: i64 = 10_000;

#[derive(Template)]
#[template(path = "console/acceptances.html")]
struct List<'v> {
    frame: Frame<'v>,
    rows: Vec<Row>,
    form: Form,
    versions: Vec<(String, String)>,
    /// The query of the file.
    query: String,
    next: Option<String>,
}

struct Row {
    organisation_id: String,
    organisation: String,
    project_id: String,
    project: String,
    environment: &'static str,
    version: String,
    person: String,
    address: String,
    at: Moment,
}

/// `GET /console/policies/acceptances?version=&organisation=&after=`
pub(crate) async fn list(visit: &Visit<'_>) -> Outcome {
    let (frame, _) = frame(visit, visit.t("Quién aceptó qué", "Who accepted what")).await?;
    let (app, actor, language) = (visit.portal.app(), visit.actor()?, visit.language);
    let page = policies::acceptances(app, &actor, &asked(visit, PAGE)?).await?;
    let query = visit.query.without(&["done", "lang", "after"]);
    let joint = if query.is_empty() { "" } else { "&" };
    let next = page.next.map(|next| format!("{query}{joint}after={next}"));
    let all = std::iter::once((String::new(), visit.t("todas", "all").to_owned()));
    let published = policies::list(app, &actor).await?.into_iter().filter(|one| one.published_at.is_some());
    let rows = page.rows.into_iter().map(|row| Row {
        organisation_id: row.organisation_id.to_string(),
        organisation: row.organisation,
        project_id: row.project_id.to_string(),
        project: row.project,
        environment: words::announcement_place(Some(row.acceptance.environment), language),
        version: row.acceptance.version,
        person: if row.person.is_empty() {
            visit.t("una cuenta que ya no existe", "an account that is gone").to_owned()
        } else {
            row.person
        },
        address: row.acceptance.address,
        at: Moment::new(*row.acceptance.accepted_at, language),
    });
    visit.page(&List {
        rows: rows.collect(),
        form: Form::typed(&visit.query),
        versions: all.chain(published.map(|one| (one.version.clone(), one.version))).collect(),
        query,
        next,
        frame,
    })
}

/// `GET /console/policies/acceptances.csv`, of the same filter.
pub(crate) async fn csv(visit: &Visit<'_>) -> Outcome {
    let page = policies::acceptances(visit.portal.app(), &visit.actor()?, &Asked { after: None, ..asked(visit, FILE)? }).await?;
    visit.file("text/csv; charset=utf-8", Some("policy-acceptances.csv"), written(&page.rows))
}

fn asked(visit: &Visit<'_>, limit: i64) -> Result<Asked, Failure> {
    let after = visit.query.text("after");
    let after = if after.is_empty() { None } else { Some(after.parse().map_err(|_| Failure::Missing)?) };
    let text = |name: &str| visit.query.text(name).to_owned();
    Ok(Asked { version: text("version"), organisation: text("organisation"), after, limit })
}

/// A table as RFC 4180 has it.
fn written(rows: &[Signed]) -> String {
    let mut out =
        String::from("organisation_id,organisation,project_id,project,environment,version,account_id,person,address,accepted_at\r\n");
    for row in rows {
        let one = &row.acceptance;
        let _ = write!(
            out,
            "{},{},{},{},{},{},{},{},{},{}\r\n",
            row.organisation_id,
            cell(&row.organisation),
            row.project_id,
            cell(&row.project),
            one.environment,
            cell(&one.version),
            one.account_id,
            cell(&row.person),
            one.address,
            one.accepted_at
        );
    }
    out
}
