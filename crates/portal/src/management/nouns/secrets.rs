//! Client secrets. The secret itself stands in the answer that made it, and nowhere else.

use app::{Issued, records::SecretRow, secrets as cases};
use domain::{ClientId, SecretId};
use serde_json::{Value, json};

use crate::management::{
    answer::Answer,
    call::{Call, Outcome, with, written},
    problem::Problem,
    schema::{Named, closed, id, integer, moment, object, or_null, text},
};

/// The longest overlap, in seconds: a year.
const LONGEST: i64 = 366 * 86_400;

fn shape() -> Vec<(&'static str, Value)> {
    vec![
        ("id", id()),
        ("client_id", text()),
        ("prefix", text()),
        ("created_at", moment()),
        ("retires_at", or_null(moment())),
        ("revoked_at", or_null(moment())),
        ("last_used_at", or_null(moment())),
        ("last_used_address", or_null(text())),
        ("last_used_agent", or_null(text())),
    ]
}

pub(crate) fn schemas() -> Vec<Named> {
    let mut created = shape();
    created.push(("client_secret", json!({"type": "string", "description": "Shown once: keep it now."})));
    vec![
        ("Secret", object(&shape())),
        ("CreatedSecret", object(&created)),
        ("NewSecret", closed(&[("overlap_seconds?", integer(0, LONGEST))])),
        ("Retirement", closed(&[("in_seconds", integer(0, LONGEST))])),
    ]
}

/// A secret that was just issued, the only time it is shown.
pub(super) fn issued(issued: &Issued<SecretRow>) -> Result<Value, Problem> {
    Ok(with(written(&issued.record)?, [("client_secret", issued.secret.expose().into())]))
}

/// `GET /clients/{client}/secrets`
pub(crate) async fn list(call: &Call) -> Outcome {
    let rows = cases::list(call.app(), &call.actor, &ClientId::from(call.segment("client"))).await?;
    call.page_of(rows.iter().map(written).collect::<Result<_, _>>()?, "id")
}

/// `POST /clients/{client}/secrets`
pub(crate) async fn create(call: &Call) -> Outcome {
    let client = ClientId::from(call.segment("client"));
    let made = cases::create(call.app(), &call.actor, &client, call.number("overlap_seconds")).await?;
    let thing = written(&made.record)?;
    Ok(call.made(&format!("/secrets/{}", made.record.id), issued(&made)?).tagged(&thing))
}

/// `GET /secrets/{secret}`
pub(crate) async fn show(call: &Call) -> Outcome {
    let id: SecretId = call.id("secret")?;
    Ok(Answer::one(written(&cases::find(call.app(), &call.actor, id).await?)?))
}

/// `POST /secrets/{secret}/retire`
pub(crate) async fn retire(call: &Call) -> Outcome {
    cases::retire(call.app(), &call.actor, call.id("secret")?, call.number("in_seconds").unwrap_or(0)).await?;
    show(call).await
}

/// `POST /secrets/{secret}/revoke`
pub(crate) async fn revoke(call: &Call) -> Outcome {
    cases::revoke(call.app(), &call.actor, call.id("secret")?).await?;
    show(call).await
}
