//! One API: what is live, its versions, where its requests go.

use app::catalogue;
use askama::Template;
use domain::api::Status;
use http::StatusCode;

use super::{
    People, frame, named, publishes,
    upstreams::{self, Attempt, Behind},
};
use crate::{
    frame::{Frame, Moment},
    visit::{Outcome, Visit},
    words::{self, State},
};

#[derive(Template)]
#[template(path = "console/apis/show.html")]
struct Show<'v> {
    frame: Frame<'v>,
    name: String,
    state: State,
    live: Option<Live>,
    drafts: Vec<Version>,
    versions: Vec<Version>,
    publishes: bool,
}

struct Live {
    title: String,
    version: i64,
    since: Moment,
    deprecated: Option<Moment>,
    sunset: Option<Moment>,
    retired: Option<Moment>,
    is_deprecated: bool,
    is_retired: bool,
    hidden: bool,
    scopes: String,
    operations: usize,
    behind: Behind,
}

struct Version {
    number: i64,
    live: bool,
    written: Moment,
    by: String,
    published: Option<Moment>,
    note: String,
}

/// `GET /console/apis/{api}`
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    page(visit, StatusCode::OK, Attempt::default()).await
}

/// `POST /console/apis/{api}/upstreams`: a test call, of an origin that the live document names.
pub(crate) async fn try_upstream(visit: &Visit<'_>) -> Outcome {
    let (status, attempt) = upstreams::attempt(visit, None).await?;
    page(visit, status, attempt).await
}

async fn page(visit: &Visit<'_>, status: StatusCode, attempt: Attempt) -> Outcome {
    let overview = catalogue::overview(visit.portal.app(), &visit.actor()?, &named(visit)).await?;
    let language = visit.language;
    let number = overview.live.as_ref().map_or(0, |live| live.life.version);
    let mut people = People::default();
    let (mut drafts, mut versions) = (Vec::new(), Vec::new());
    for version in &overview.versions {
        let row = Version {
            number: version.number,
            live: version.number == number,
            written: Moment::new(*version.created_at, language),
            by: people.name(visit, &version.created_by).await,
            published: version.published_at.map(|at| Moment::new(*at, language)),
            note: version.note.clone(),
        };
        if row.published.is_some() { versions.push(row) } else { drafts.push(row) }
    }
    let title = overview.live.as_ref().map_or_else(|| overview.name.to_string(), |live| live.api.title.clone());
    let (frame, _) = frame(visit, title).await?;
    let show = Show {
        frame,
        name: overview.name.to_string(),
        state: words::api_state(overview.live.as_ref().map(|live| live.life.status), language),
        live: overview.live.map(|live| Live {
            version: live.life.version,
            since: Moment::new(live.life.since, language),
            deprecated: live.life.deprecated_at.map(|at| Moment::new(at, language)),
            sunset: live.life.sunset_at.map(|at| Moment::new(at, language)),
            retired: live.life.retired_at.map(|at| Moment::new(at, language)),
            is_deprecated: live.life.status == Status::Deprecated,
            is_retired: live.life.status == Status::Retired,
            hidden: live.api.hidden,
            scopes: live.api.scopes().to_string(),
            operations: live.api.operations.len(),
            behind: Behind::of(&live.api, &format!("/console/apis/{}", overview.name), attempt, visit),
            title: live.api.title,
        }),
        drafts,
        versions,
        publishes: publishes(visit),
    };
    visit.page_with(status, &show)
}
