//! The audit log.

use app::{Error, audit as cases, records::Recorded};
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
pub(crate) async fn list(call: &Call) -> Outcome {
    let (who, about) = (call.parameter("actor").to_owned(), call.parameter("subject").to_owned());
    let wanted = cases::Wanted { who, about, ..cases::Wanted::default() };
    let page = cases::list(call.app(), &call.actor, &wanted, call.after()?, call.limit() + 1).await.map_err(|error| match error {
        // The use case names what it was asked by its own words.
        Error::Invalid { field, mend } => {
            Problem::parameter(if field == "about" { "subject" } else { "actor" }, mend.spanish, mend.english)
        }
        error => error.into(),
    })?;
    Ok(call.page(page.rows.iter().map(|row| shown(&row.what)).collect::<Result<_, _>>()?, "seq"))
}
