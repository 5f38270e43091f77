//! The audit log.

use app::{audit as cases, records::Recorded};
use serde_json::{Value, json};

use crate::management::{
    call::{Call, Outcome, with, written},
    problem::Problem,
    schema::{Named, moment, object, text},
};

pub(crate) fn schemas() -> Vec<Named> {
    vec![(
        "AuditEntry",
        object(&[
            ("seq", json!({"type": "integer"})),
            ("at", moment()),
            ("actor", text()),
            ("action", text()),
            ("subject", text()),
            ("detail", json!({"type": "object"})),
            ("digest", text()),
        ]),
    )]
}

fn shown(entry: &Recorded) -> Result<Value, Problem> {
    let detail = serde_json::from_str(&entry.detail).unwrap_or_else(|_| json!({}));
    Ok(with(written(entry)?, [("detail", detail)]))
}

/// `GET /audit`
pub(crate) async fn list(call: &Call<'_>) -> Outcome {
    let filter = cases::Filter { actor: call.parameter("actor").to_owned(), subject: call.parameter("subject").to_owned() };
    let entries = cases::page(call.app(), &call.actor, &filter, call.after()?, call.limit() + 1).await?;
    Ok(call.page(entries.iter().map(shown).collect::<Result<_, _>>()?, "seq"))
}
