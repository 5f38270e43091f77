//! Where the requests of a version go, and trying it: of what is live and of a draft alike.

use app::catalogue;
use domain::{
    Environment,
    api::{Api, Upstream},
};
use http::StatusCode;

use super::{must_publish, named, publishes};
use crate::{failure::Failure, form::Form, upstreams::Tried, visit::Visit, words};

/// The upstreams of a version, as a page shows them.
pub(super) struct Behind {
    /// The environment in words, and where its requests go.
    pub(super) places: Vec<(&'static str, Vec<Place>)>,
    /// Where the form that tries one is sent; empty: whoever looks can try none.
    pub(super) action: String,
    pub(super) attempt: Attempt,
}

/// An upstream.
pub(super) struct Place {
    pub(super) written: String,
    /// What names it in a form; empty: it is inside this program.
    pub(super) name: String,
}

/// A test call, as its page tells of it; by default none was made.
#[derive(Default)]
pub(super) struct Attempt {
    /// What was typed, and what is wrong with it. No other form of the page shares it.
    pub(super) form: Form,
    /// What was asked, and what came of it.
    pub(super) tried: Option<(String, &'static str, String)>,
}

impl Behind {
    /// Of what was read of a version; `page` is the path of what shows it.
    pub(super) fn of(api: &Api, page: &str, attempt: Attempt, visit: &Visit<'_>) -> Self {
        let of = |environment: &Environment| {
            let places = api.upstreams.of(*environment).iter().enumerate().map(|(at, upstream)| match upstream {
                Upstream::Service(name) => Place { written: format!("service:{name}"), name: String::new() },
                Upstream::Origin(origin) => Place { written: origin.clone(), name: format!("{environment}-{at}") },
            });
            (words::environment(*environment, visit.language), places.collect())
        };
        let can_try = publishes(visit) && visit.portal.settings().upstreams.end().is_some();
        let action = if can_try { format!("{page}/upstreams#upstreams") } else { String::new() };
        Self { places: Environment::ALL.iter().map(of).collect(), action, attempt }
    }
}

/// A test call of the origin that the form names, which the document must name: that of a version, or what is live.
pub(super) async fn attempt(visit: &Visit<'_>, number: Option<i64>) -> Result<(StatusCode, Attempt), Failure> {
    must_publish(visit).await?;
    let (app, actor) = (visit.portal.app(), visit.actor()?);
    let mut form = Form::typed(&visit.form);
    let (environment, at) = visit.form.text("place").split_once('-').ok_or(Failure::Missing)?;
    let environment: Environment = environment.parse().map_err(|_| Failure::Missing)?;
    let at = at.parse().map_err(|_| Failure::Missing)?;
    let upstreams = visit.portal.settings().upstreams.end().ok_or(Failure::Missing)?;
    let path = visit.form.text("path");
    match catalogue::upstream(app, &actor, &named(visit), number, environment, at, path).await {
        Ok(origin) => {
            let (class, word) = match upstreams.get(&origin, path).await {
                Tried::Answered(status, millis) => (if status < 500 { "ok" } else { "wrong" }, format!("{status} · {millis} ms")),
                Tried::Unreachable => ("wrong", visit.t("no hay conexión", "no connection").to_owned()),
                Tried::Slow => ("wrong", visit.t("no contesta en 5 s", "no answer within 5 s").to_owned()),
            };
            Ok((StatusCode::OK, Attempt { form, tried: Some((format!("GET {origin}{path}"), class, word)) }))
        }
        Err(error) => {
            form.refused(error, visit.language)?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Attempt { form, tried: None }))
        }
    }
}
