//! The plans of the house: what they allow, which APIs offer them, how many projects hold them.

use app::plans::{self, COUNTED, PlanInUse};
use askama::Template;

use super::{counted_to, frame, publishes};
use crate::{
    frame::Frame,
    visit::{Outcome, Visit},
    words,
};

/// How many APIs are named beside a plan.
const NAMED: usize = 6;

#[derive(Template)]
#[template(path = "console/plans.html")]
struct Plans<'v> {
    frame: Frame<'v>,
    rows: Vec<Row>,
    publishes: bool,
}

struct Row {
    name: String,
    title: String,
    limits: String,
    apis: Vec<String>,
    /// How many more there are.
    more: usize,
    projects: String,
}

impl Row {
    fn new(frame: &Frame<'_>, visit: &Visit<'_>, held: PlanInUse) -> Self {
        Self {
            title: held.plan.title.in_language(visit.language).to_owned(),
            limits: words::limits(frame, held.plan.rate, held.plan.quota),
            apis: held.apis.iter().take(NAMED).map(ToString::to_string).collect(),
            more: held.apis.len().saturating_sub(NAMED),
            projects: counted_to(frame, held.projects, COUNTED),
            name: held.plan.name,
        }
    }
}

/// `GET /console/plans`
pub(crate) async fn list(visit: &Visit<'_>) -> Outcome {
    let (frame, _) = frame(visit, visit.t("Planes", "Plans")).await?;
    let plans = plans::list(visit.portal.app(), &visit.actor()?).await?;
    let rows = plans.into_iter().map(|held| Row::new(&frame, visit, held)).collect();
    visit.page(&Plans { rows, publishes: publishes(visit), frame })
}
