//! Whether what is behind an API answers.

use app::catalogue;
use serde_json::{Value, json};

use super::api_versions::api;
use crate::{
    management::{
        answer::Answer,
        call::{Call, Outcome},
        problem::Problem,
        schema::{Named, closed, environment, object, one_of, text},
    },
    upstreams::Tried,
};

pub(crate) fn schemas() -> Vec<Named> {
    let place = json!({"type": "integer", "minimum": 0, "maximum": 99,
        "description": "Which of that environment's upstreams, counted from 0 as the document names them; the first when it is left out."});
    let number = json!({"type": "integer", "minimum": 1, "maximum": i64::MAX,
        "description": "Which version, draft or published; what is live when it is left out."});
    let path = json!({"type": "string", "minLength": 1, "maxLength": 500, "pattern": r"^/[!$-;=?-\[\]_a-z~]*$"});
    let or_nothing = |what: &str| json!({"type": ["integer", "null"], "description": what});
    vec![
        ("UpstreamTrial", closed(&[("number?", number), ("environment", environment()), ("upstream?", place), ("path", path)])),
        (
            "UpstreamAnswer",
            object(&[
                ("origin", text()),
                ("path", text()),
                ("outcome", one_of(["answered", "unreachable", "slow"])),
                ("status", or_nothing("What it answered; null: nothing.")),
                ("milliseconds", or_nothing("After how long; null: it did not answer.")),
            ]),
        ),
    ]
}

/// `POST /apis/{name}/try`
pub(crate) async fn attempt(call: &Call) -> Outcome {
    // Whoever runs the portal hands in the way there; the program always does.
    let upstreams = call.portal.settings().upstreams.end().ok_or_else(Problem::not_found)?;
    let (environment, at) = (call.choice("environment")?, call.number("upstream").unwrap_or(0) as usize);
    // What is there and fits no number of ours is no version: it must not become what is live.
    let number = call.body.get("number").map(|_| call.count("number"));
    let path = call.text("path");
    let origin = catalogue::upstream(call.app(), &call.actor, &api(call), number, environment, at, path).await?;
    let (outcome, status, milliseconds) = match upstreams.get(&origin, path).await {
        Tried::Answered(status, milliseconds) => ("answered", Some(status), Some(milliseconds)),
        Tried::Unreachable => ("unreachable", None, None),
        Tried::Slow => ("slow", None, None),
    };
    let told: Value = json!({"origin": origin, "path": path, "outcome": outcome, "status": status, "milliseconds": milliseconds});
    Ok(Answer::one(told))
}
