//! Signing keys; their private halves never leave the database, where they are wrapped.

use app::{records::SigningKeyRow, signing_keys as cases};
use domain::{Environment, KeyId};
use serde_json::{Value, json};

use crate::management::{
    answer::Answer,
    call::{Call, Outcome, with, written},
    problem::Problem,
    schema::{Named, closed, environment, moment, object, one_of, or_null, text},
};

pub(crate) fn environments() -> Vec<&'static str> {
    Environment::ALL.iter().map(|environment| environment.as_str()).collect()
}

pub(crate) fn schemas() -> Vec<Named> {
    let key = vec![
        ("id", text()),
        ("environment", environment()),
        ("algorithm", text()),
        ("public_jwk", json!({"type": "object"})),
        ("created_at", moment()),
        ("activates_at", moment()),
        ("retires_at", or_null(moment())),
    ];
    let mut listed = key.clone();
    listed.push(("state", one_of(["announced", "signing", "verifying", "retired"])));
    vec![
        ("SigningKey", object(&key)),
        ("ListedSigningKey", object(&listed)),
        ("EndedKey", object(&[("id", text()), ("successor", or_null(text()))])),
        ("MasterKey", object(&[("since", or_null(moment()))])),
        ("Rotation", closed(&[("environment", environment())])),
    ]
}

fn shown(key: &SigningKeyRow) -> Result<Value, Problem> {
    let jwk = serde_json::from_str(&key.public_jwk).unwrap_or_else(|_| json!({}));
    Ok(with(written(key)?, [("public_jwk", jwk)]))
}

/// `GET /signing-keys`
pub(crate) async fn list(call: &Call) -> Outcome {
    let environment = call.word("environment").unwrap_or(Environment::Production);
    let keys = cases::list(call.app(), &call.actor, environment).await?;
    let listed = |key: &cases::Listed| Ok(with(shown(&key.key)?, [("state", written(&key.state)?)]));
    call.page_of(keys.iter().map(listed).collect::<Result<_, Problem>>()?, "id")
}

/// `POST /signing-keys/rotate`
pub(crate) async fn rotate(call: &Call) -> Outcome {
    let key = cases::rotate(call.app(), &call.actor, call.choice("environment")?).await?;
    Ok(Answer::one(shown(&key)?))
}

/// `POST /signing-keys/{key}/retire`
pub(crate) async fn retire(call: &Call) -> Outcome {
    let ended = cases::retire(call.app(), &call.actor, &KeyId::from(call.segment("key"))).await?;
    Ok(Answer::one(json!({"id": ended.key.id, "successor": ended.successor})))
}

/// `GET /master-key`
pub(crate) async fn master(call: &Call) -> Outcome {
    Ok(Answer::one(json!({"since": cases::master_key_since(call.app(), &call.actor).await?})))
}
