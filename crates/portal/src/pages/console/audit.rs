//! The audit log: searched, checked, and taken away as a file.

use app::{
    Error,
    audit::{self, Format, Told, Verified, Wanted},
    permission,
};
use askama::Template;
use domain::role::Duty;
use http::StatusCode;
use serde_json::Value;

use super::{administers, frame};
use crate::{
    downloads,
    failure::Failure,
    form::{Form, Values},
    frame::{Frame, Moment},
    visit::{Outcome, Visit, encoded},
    words,
};

/// How many entries stand on one page.
const PAGE: i64 = 50;
/// How many entries are checked while somebody waits: about a second's work.
const CHECKED: i64 = 250_000;
/// How much of a particular is shown, in characters.
const CLIPPED: usize = 160;

#[derive(Template)]
#[template(path = "console/audit.html")]
struct List<'v> {
    frame: Frame<'v>,
    rows: Vec<Row>,
    form: Form,
    choices: Vec<(&'static str, String)>,
    is_filtered: bool,
    administers: bool,
    verified: Option<Verified>,
    next: Option<String>,
}

/// An entry as it is read.
struct Row {
    seq: String,
    at: Moment,
    who: String,
    /// More about who: an address, or the id that was all that was left.
    who_more: String,
    /// Who, as a value of a query.
    actor_query: String,
    what: String,
    action: String,
    about: String,
    subject: String,
    subject_query: String,
    link: Option<String>,
    particulars: Vec<(String, String)>,
}

/// `GET /console/audit?who=&what=&about=&since=&until=&before=`
pub(crate) async fn list(visit: &Visit<'_>) -> Outcome {
    page(visit, &visit.query, None).await
}

/// `POST /console/audit/verify`: reads the end of the log and says whether it is whole.
pub(crate) async fn verify(visit: &Visit<'_>) -> Outcome {
    // Staff alone come here; each takes one of their few places, so that nobody keeps the house reading.
    let _place = downloads::place(visit)?;
    let verified = audit::verify(visit.portal.app(), &visit.actor()?, CHECKED).await?;
    page(visit, &Values::default(), Some(verified)).await
}

/// `POST /console/audit/export`: what the page's filter leaves, as a file. It is posted because it is itself an entry of the log.
pub(crate) async fn export(visit: &Visit<'_>) -> Outcome {
    permission::staff(visit.portal.app(), &visit.actor()?, Duty::Administer).await?;
    let format: Format = visit.form.text("format").parse()?;
    let place = downloads::place(visit)?;
    let export = audit::export(visit.portal.app(), &visit.actor()?, &wanted(&visit.form), format).await?;
    downloads::file(visit, place, format.media_type(), &format!("audit.{}", format.as_str()), export)
}

fn wanted(values: &Values) -> Wanted {
    let text = |name: &str| values.text(name).to_owned();
    Wanted { who: text("who"), what: text("what"), about: text("about"), since: text("since"), until: text("until") }
}

async fn page(visit: &Visit<'_>, values: &Values, verified: Option<Verified>) -> Outcome {
    let language = visit.language;
    let before = match values.text("before") {
        "" => None,
        before => Some(before.parse::<i64>().map_err(|_| Failure::Missing)?),
    };
    let mut form = Form::typed(values);
    let found = audit::list(visit.portal.app(), &visit.actor()?, &wanted(values), before, PAGE).await;
    let (status, rows, next) = match found {
        Ok(page) => (StatusCode::OK, page.rows, page.next),
        Err(error @ Error::Invalid { .. }) => {
            form.refused(error, language)?;
            (StatusCode::UNPROCESSABLE_ENTITY, Vec::new(), None)
        }
        Err(error) => return Err(error.into()),
    };
    let (frame, _) = frame(visit, visit.t("Registro de auditoría", "Audit log")).await?;
    let rest = values.without(&["done", "lang", "before", "form_token"]);
    let wants = |name: &str| !values.text(name).is_empty();
    visit.page_with(
        status,
        &List {
            rows: rows.into_iter().map(|told| Row::read(visit, &frame, told)).collect(),
            choices: words::audit::choices(language),
            is_filtered: ["who", "what", "about", "since", "until"].into_iter().any(wants),
            administers: administers(visit),
            next: next.map(|before| if rest.is_empty() { format!("before={before}") } else { format!("{rest}&before={before}") }),
            form,
            verified,
            frame,
        },
    )
}

impl Row {
    fn read(visit: &Visit<'_>, frame: &Frame<'_>, told: Told) -> Self {
        let Told { what, actor_name, actor_email, account, organisation, project, client_project } = told;
        let gone = || visit.t("una cuenta borrada", "a deleted account").to_owned();
        let (kind, id) = what.actor.split_once(':').unwrap_or((what.actor.as_str(), ""));
        let (who, who_more) = match (kind, actor_name) {
            ("account", Some(name)) if !name.is_empty() => (name, actor_email.unwrap_or_default()),
            ("account", _) => (gone(), id.to_owned()),
            ("operator", _) => (id.to_owned(), visit.t("por la línea de órdenes", "at the command line").to_owned()),
            ("client", _) => (visit.t("un cliente OAuth", "an OAuth client").to_owned(), id.to_owned()),
            _ => (visit.t("el propio programa", "the program itself").to_owned(), String::new()),
        };
        let noun = what.action.split_once('.').map_or("", |(noun, _)| noun);
        let subject = &what.subject;
        let link = match noun {
            _ if organisation.is_some() => Some(format!("/console/organisations/{subject}")),
            _ if project.is_some() => Some(format!("/projects/{subject}")),
            _ if client_project.is_some() => client_project.map(|project| format!("/projects/{project}")),
            "access" => Some(format!("/console/access/{subject}")),
            "contract" => Some(format!("/console/contracts/{subject}")),
            "customer_type" => Some(format!("/console/customer-types/{subject}")),
            "signing_key" => Some(format!("/console/keys#{subject}")),
            "catalogue" => Some("/apis".to_owned()),
            _ => None,
        };
        let account = account.map(|name| if name.is_empty() { gone() } else { name });
        Self {
            seq: frame.number(u64::try_from(what.seq).unwrap_or(0)),
            at: frame.moment(*what.at),
            who,
            who_more,
            what: words::audit::action(&what.action, visit.language).to_owned(),
            about: organisation.or(project).or(account).unwrap_or_default(),
            link,
            particulars: particulars(&what.detail),
            action: what.action,
            actor_query: encoded(&what.actor),
            subject_query: encoded(subject),
            subject: what.subject,
        }
    }
}

/// The particulars, one by one; what is nothing is left out.
fn particulars(detail: &str) -> Vec<(String, String)> {
    let Ok(Value::Object(members)) = serde_json::from_str(detail) else { return Vec::new() };
    let shown = |value: Value| match value {
        Value::Null => None,
        Value::String(text) if text.is_empty() => None,
        Value::String(text) => Some(text),
        Value::Array(values) if values.is_empty() => None,
        other => Some(other.to_string()),
    };
    members.into_iter().filter_map(|(name, value)| shown(value).map(|text| (name, crate::waits::clipped(&text, CLIPPED)))).collect()
}
