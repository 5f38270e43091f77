//! Every API with its state, and the drafts that wait.

use app::catalogue;
use askama::Template;

use super::{frame, publishes};
use crate::{
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
    publishes: bool,
}

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

/// `GET /console/apis`
pub(crate) async fn list(visit: &Visit<'_>) -> Outcome {
    let (frame, _) = frame(visit, visit.t("Catálogo", "Catalogue")).await?;
    let language = visit.language;
    let listed = catalogue::listed(visit.portal.app(), &visit.actor()?).await?;
    let rows = listed.into_iter().map(|api| Row {
        name: api.name.to_string(),
        title: api.title,
        state: words::api_state(api.status, language),
        hidden: api.hidden,
        version: api.version,
        since: api.since.map(|at| Moment::new(*at, language)),
        sunset: api.sunset_at.map(|at| Moment::new(*at, language)),
        drafts: api.drafts.iter().map(|draft| (draft.number, waits::age(*draft.created_at, visit.at, language))).collect(),
    });
    visit.page(&List { rows: rows.collect(), publishes: publishes(visit), frame })
}
