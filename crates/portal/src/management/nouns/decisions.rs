//! Decisions: why a request was passed or refused.

use app::view;
use serde_json::json;

use crate::management::{
    answer::Answer,
    call::{Call, Outcome},
    problem::Problem,
    schema::{Named, id, moment, object, text},
};

pub(crate) fn schemas() -> Vec<Named> {
    let checks = json!({"type": "array", "items": {"type": "object"}});
    vec![(
        "DecisionReport",
        object(&[
            ("id", id()),
            ("at", moment()),
            ("environment", text()),
            ("verdict?", text()),
            ("status?", json!({"type": "integer"})),
            ("checks?", checks),
        ]),
    )]
}

/// `GET /projects/{project}/decisions`
pub(crate) async fn of_project(call: &Call) -> Outcome {
    let kept = view::decisions(call.app(), &call.actor, call.id("project")?, view::LAST).await?;
    let reports = kept.iter().map(|kept| serde_json::from_str(&kept.detail).map_err(|_| Problem::not_found()));
    call.page_of(reports.collect::<Result<_, _>>()?, "id")
}

/// `GET /decisions/{decision}`
pub(crate) async fn show(call: &Call) -> Outcome {
    let id: domain::request_id::RequestId = call.id("decision")?;
    let kept = view::decision(call.app(), &call.actor, id.0).await?;
    Ok(Answer::one(serde_json::from_str(&kept.detail).map_err(|_| Problem::not_found())?))
}
