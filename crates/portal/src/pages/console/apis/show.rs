//! One API: what is live, its versions, where its requests go.

use app::catalogue;
use askama::Template;
use domain::{
    Environment,
    api::{Api, Status, Upstream},
};
use http::StatusCode;

use super::{People, frame, must_publish, named, publishes};
use crate::{
    failure::Failure,
    form::Form,
    frame::{Frame, Moment},
    upstreams::Tried,
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
    form: Form,
    /// Which upstream was tried, and what came of it.
    tried: Option<(String, &'static str, String)>,
    /// Whether upstreams can be tried at all.
    tries: bool,
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
    upstreams: Vec<(&'static str, Vec<Behind>)>,
}

/// An upstream.
struct Behind {
    written: String,
    /// What names it in a form; empty: it is inside this program.
    place: String,
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
    page(visit, StatusCode::OK, Form::new(), None).await
}

/// `POST /console/apis/{api}/upstreams`: a test call, of an origin that the live document names.
pub(crate) async fn try_upstream(visit: &Visit<'_>) -> Outcome {
    must_publish(visit).await?;
    let (app, actor) = (visit.portal.app(), visit.actor()?);
    let mut form = Form::typed(&visit.form);
    let (environment, at) = visit.form.text("place").split_once('-').ok_or(Failure::Missing)?;
    let environment: Environment = environment.parse().map_err(|_| Failure::Missing)?;
    let at = at.parse().map_err(|_| Failure::Missing)?;
    let upstreams = visit.portal.settings().upstreams.end().ok_or(Failure::Missing)?;
    let path = visit.form.text("path");
    match catalogue::upstream(app, &actor, &named(visit), environment, at, path).await {
        Ok(origin) => {
            let (class, word) = match upstreams.get(&origin, path).await {
                Tried::Answered(status, millis) => (if status < 500 { "ok" } else { "wrong" }, format!("{status} · {millis} ms")),
                Tried::Unreachable => ("wrong", visit.t("no hay conexión", "no connection").to_owned()),
                Tried::Slow => ("wrong", visit.t("no contesta en 5 s", "no answer within 5 s").to_owned()),
            };
            page(visit, StatusCode::OK, form, Some((format!("GET {origin}{path}"), class, word))).await
        }
        Err(error) => {
            form.refused(error, visit.language)?;
            page(visit, StatusCode::UNPROCESSABLE_ENTITY, form, None).await
        }
    }
}

async fn page(visit: &Visit<'_>, status: StatusCode, form: Form, tried: Option<(String, &'static str, String)>) -> Outcome {
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
        form,
        tried,
        tries: visit.portal.settings().upstreams.end().is_some(),
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
    };
    visit.page_with(status, &show)
}

fn upstreams(api: &Api, visit: &Visit<'_>) -> Vec<(&'static str, Vec<Behind>)> {
    let of = |environment: &Environment| {
        let behind = api.upstreams.of(*environment).iter().enumerate().map(|(at, upstream)| match upstream {
            Upstream::Service(name) => Behind { written: format!("service:{name}"), place: String::new() },
            Upstream::Origin(origin) => Behind { written: origin.clone(), place: format!("{environment}-{at}") },
        });
        (words::environment(*environment, visit.language), behind.collect())
    };
    Environment::ALL.iter().map(of).collect()
}
