//! What this portal can see of the house it belongs to. It says no more than that.

use askama::Template;
use domain::Environment;

use crate::{
    frame::Frame,
    visit::{Outcome, Visit},
};

#[derive(Template)]
#[template(path = "status.html")]
struct Show<'v> {
    frame: Frame<'v>,
    /// The moment the page speaks of.
    at: domain::Timestamp,
    lines: Vec<Line<'v>>,
    degraded: bool,
    stopped: bool,
    /// For how many seconds nothing was heard of changes.
    silence: u64,
    apis: usize,
}

/// An environment.
struct Line<'v> {
    name: &'static str,
    url: &'v str,
    /// Whether it has keys to sign tokens with.
    signs: bool,
    apis: usize,
}

/// `GET /status`.
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    let directory = visit.portal.directory();
    let catalogue = visit.portal.catalogue();
    let lines = visit.portal.settings().environments.iter().map(|(environment, url)| Line {
        name: match environment {
            Environment::Sandbox => visit.t("Pruebas (sandbox)", "Sandbox"),
            Environment::Production => visit.t("Producción", "Production"),
        },
        url,
        signs: directory.keys(*environment).jwks(visit.at)["keys"].as_array().is_some_and(|keys| !keys.is_empty()),
        apis: catalogue.apis.iter().filter(|api| !api.upstreams.of(*environment).is_empty()).count(),
    });
    visit.page(&Show {
        frame: visit.frame(visit.t("Estado del servicio", "Service status")),
        at: visit.at,
        lines: lines.collect(),
        degraded: directory.is_degraded(),
        stopped: directory.is_too_stale(),
        silence: directory.silence().as_secs(),
        apis: catalogue.apis.len(),
    })
}
