//! The APIs with their state, and the drafts that wait.

use app::catalogue::{self, Listing};
use askama::Template;
use domain::api::Status;

use super::{super::next, frame, publishes};
use crate::{
    form::Form,
    frame::{Frame, Moment},
    visit::{Outcome, Visit},
    waits,
    words::{self, State},
};

#[derive(Template)]
#[template(path = "console/apis/list.html")]
struct List<'v> {
    frame: Frame<'v>,
    rows: Vec<Row>,
    form: Form,
    states: Vec<(&'static str, &'static str)>,
    is_filtered: bool,
    publishes: bool,
    next: Option<String>,
}

/// How many rows a page has.
const PAGE: usize = 50;
/// The word for those of which a draft waits.
const DRAFTED: &str = "drafts";

struct Row {
    name: String,
    title: String,
    state: State,
    hidden: bool,
    version: i64,
    since: Option<Moment>,
    sunset: Option<Moment>,
    /// Number and age.
    drafts: Vec<(i64, String)>,
}

/// `GET /console/apis?q=&state=&after=`
pub(crate) async fn list(visit: &Visit<'_>) -> Outcome {
    let (frame, _) = frame(visit, visit.t("Catálogo", "Catalogue")).await?;
    let (language, text) = (visit.language, |name: &str| visit.query.text(name));
    let state = match text("state") {
        DRAFTED => Some(catalogue::State::Drafted),
        word => word.parse().ok().map(catalogue::State::Served),
    };
    let wanted = Listing { text: text("q").to_owned(), state, after: text("after").to_owned(), limit: PAGE };
    let page = catalogue::listed(visit.portal.app(), &visit.actor()?, &wanted).await?;
    let rows = page.rows.into_iter().map(|api| Row {
        name: api.name.to_string(),
        title: api.title,
        state: words::api_state(api.status, language),
        hidden: api.hidden,
        version: api.version,
        since: api.since.map(|at| Moment::new(*at, language)),
        sunset: api.sunset_at.map(|at| Moment::new(*at, language)),
        drafts: api.drafts.iter().map(|draft| (draft.number, waits::age(*draft.created_at, visit.at, language))).collect(),
    });
    let states = Status::ALL.iter().map(|status| (status.as_str(), words::api_state(Some(*status), language).word));
    let others = [("", visit.t("da igual", "any")), (DRAFTED, visit.t("con borradores", "with drafts"))];
    visit.page(&List {
        rows: rows.collect(),
        form: Form::typed(&visit.query),
        states: others.into_iter().chain(states).collect(),
        is_filtered: ["q", "state", "after"].iter().any(|name| !text(name).is_empty()),
        publishes: publishes(visit),
        next: next(visit, page.next),
        frame,
    })
}
