//! Public keys of clients, which prove themselves by what they sign (RFC 7523). A key is named by its thumbprint (RFC 7638).

use app::{Error, public_keys as cases, records::PublicKeyRow};
use domain::ClientId;
use serde_json::{Value, json};

use crate::management::{
    answer::Answer,
    call::{Call, Outcome, written},
    problem::Problem,
    schema::{Named, Wrong, closed, id, moment, object, or_null, text},
};

/// A SHA-256 in base64url.
pub(crate) fn thumbprint() -> Value {
    json!({"type": "string", "pattern": "^[A-Za-z0-9_-]{43}$"})
}

/// A JWK. What is wrong inside one the use case says, in words that help more than a schema's.
fn jwk() -> Value {
    json!({"type": "object", "description": "The public half of a P-256 or Ed25519 key (RFC 7517)."})
}

pub(crate) fn schemas() -> Vec<Named> {
    vec![
        (
            "PublicKey",
            object(&[
                ("id", id()),
                ("client_id", text()),
                ("thumbprint", thumbprint()),
                ("jwk", jwk()),
                ("created_at", moment()),
                ("retires_at", or_null(moment())),
                ("revoked_at", or_null(moment())),
                ("last_used_at", or_null(moment())),
                ("last_used_address", or_null(text())),
                ("last_used_agent", or_null(text())),
            ]),
        ),
        ("NewPublicKey", closed(&[("jwk", jwk())])),
    ]
}

/// The record keeps the JWK as text.
fn shown(key: &PublicKeyRow) -> Result<Value, Problem> {
    let mut thing = written(key)?;
    thing["jwk"] = serde_json::from_str(&key.jwk).map_err(|error| Problem::ours(&error))?;
    Ok(thing)
}

fn client(call: &Call) -> ClientId {
    ClientId::from(call.segment("client"))
}

/// `GET /clients/{client}/public-keys`
pub(crate) async fn list(call: &Call) -> Outcome {
    let keys = cases::list(call.app(), &call.actor, &client(call)).await?;
    call.page_of(keys.iter().map(shown).collect::<Result<_, _>>()?, "id")
}

/// `POST /clients/{client}/public-keys`
pub(crate) async fn add(call: &Call) -> Outcome {
    let id = client(call);
    let made = cases::add(call.app(), &call.actor, &id, &call.body["jwk"].to_string()).await.map_err(|error| match error {
        // The use case speaks of the field of a form.
        Error::Invalid { field: "public_key", mend } => Problem::body(vec![Wrong { at: "/jwk".to_owned(), what: mend }]),
        error => error.into(),
    })?;
    let thing = shown(&made)?;
    Ok(call.made(&format!("/clients/{id}/public-keys/{}", made.thumbprint), thing.clone()).tagged(&thing))
}

/// `GET /clients/{client}/public-keys/{thumbprint}`
pub(crate) async fn show(call: &Call) -> Outcome {
    let keys = cases::list(call.app(), &call.actor, &client(call)).await?;
    let found = keys.iter().find(|key| key.thumbprint == call.segment("thumbprint")).ok_or_else(Problem::not_found)?;
    Ok(Answer::one(shown(found)?))
}

/// `POST /clients/{client}/public-keys/{thumbprint}/remove`
pub(crate) async fn remove(call: &Call) -> Outcome {
    cases::remove(call.app(), &call.actor, &client(call), call.segment("thumbprint")).await?;
    show(call).await
}
