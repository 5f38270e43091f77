//! The audit log.

use app::{
    Error,
    audit::{self as cases, Told},
};
use serde_json::{Value, json};

use crate::management::{
    answer::Answer,
    call::{Call, Outcome, with, written},
    problem::Problem,
    schema::{Named, moment, object, or_null, text},
};

/// How many entries are looked at, from the newest back. The console looks at more, and takes one of its few places for it; here a program may ask
/// as often as it likes.
const VERIFIED: i64 = 10_000;

pub(crate) fn schemas() -> Vec<Named> {
    let number = || json!({"type": "integer"});
    let broken = json!({"type": ["integer", "null"], "description": "The first entry that does not fit; null: all do."});
    vec![
        (
            "AuditEntry",
            object(&[
                ("seq", number()),
                ("at", moment()),
                ("actor", text()),
                ("actor_name", or_null(text())),
                ("action", text()),
                ("subject", text()),
                ("detail", json!({"type": "object"})),
                ("digest", text()),
            ]),
        ),
        ("AuditVerification", object(&[("from", number()), ("entries", number()), ("broken", broken)])),
    ]
}

fn shown(told: &Told) -> Result<Value, Problem> {
    let detail = serde_json::from_str(&told.what.detail).unwrap_or_else(|_| json!({}));
    Ok(with(written(&told.what)?, [("detail", detail), ("actor_name", written(&told.actor_name)?)]))
}

/// `GET /audit`
pub(crate) async fn list(call: &Call) -> Outcome {
    let text = |name: &str| call.parameter(name).to_owned();
    let wanted =
        cases::Wanted { who: text("actor"), what: text("action"), about: text("subject"), since: text("since"), until: text("until") };
    let page = cases::list(call.app(), &call.actor, &wanted, call.after()?, call.limit() + 1).await.map_err(|error| match error {
        // The use case names what it was asked by its own words.
        Error::Invalid { field, mend } => {
            let name = match field {
                "who" => "actor",
                "what" => "action",
                "about" => "subject",
                field => field,
            };
            Problem::parameter(name, mend.spanish, mend.english)
        }
        error => error.into(),
    })?;
    Ok(call.page(page.rows.iter().map(shown).collect::<Result<_, _>>()?, "seq"))
}

/// `GET /audit-verification`
pub(crate) async fn verify(call: &Call) -> Outcome {
    let verified = cases::verify(call.app(), &call.actor, VERIFIED).await?;
    Ok(Answer::one(json!({"from": verified.from, "entries": verified.entries, "broken": verified.broken})))
}
