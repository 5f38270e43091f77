//! One API: what is live, its versions, where its requests go.

use app::catalogue;
use askama::Template;
use domain::{
    Environment,
    api::{Api, Status, Upstream},
};

use super::{People, frame, named, publishes};
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
    /// The environment in words, and where its requests go.
    upstreams: Vec<(&'static str, Vec<String>)>,
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
    visit.page(&Show {
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
            upstreams: upstreams(&live.api, visit),
            title: live.api.title,
        }),
        drafts,
        versions,
        publishes: publishes(visit),
    })
}

fn upstreams(api: &Api, visit: &Visit<'_>) -> Vec<(&'static str, Vec<String>)> {
    let written = |upstream: &Upstream| match upstream {
        Upstream::Service(name) => format!("service:{name}"),
        Upstream::Origin(origin) => origin.clone(),
    };
    let of = |environment: &Environment| {
        (words::environment(*environment, visit.language), api.upstreams.of(*environment).iter().map(written).collect())
    };
    Environment::ALL.iter().map(of).collect()
}
