//! API credentials: the second pair, sent with every call to the APIs that ask for it.

use app::{Issued, api_credentials as cases, records::ApiCredentialRow};
use domain::ApiCredentialId;
use serde_json::{Value, json};

use crate::management::{
    answer::Answer,
    call::{Call, Outcome, with, written},
    problem::Problem,
    schema::{Named, closed, environment, id, moment, object, or_null, text},
};

fn shape() -> Vec<(&'static str, Value)> {
    vec![
        ("id", text()),
        ("project_id", id()),
        ("environment", environment()),
        ("prefix", text()),
        ("created_at", moment()),
        ("revoked_at", or_null(moment())),
    ]
}

/// One that was just issued.
pub(super) fn issued_shape() -> Value {
    let mut created = shape();
    created.push(("secret", json!({"type": "string", "description": "Shown once: keep it now."})));
    object(&created)
}

pub(crate) fn schemas() -> Vec<Named> {
    vec![
        ("ApiCredential", object(&shape())),
        ("CreatedApiCredential", issued_shape()),
        ("NewApiCredential", closed(&[("environment", environment())])),
    ]
}

/// One that was just issued, with the one showing of its secret.
pub(super) fn issued(issued: &Issued<ApiCredentialRow>) -> Result<Value, Problem> {
    Ok(with(written(&issued.record)?, [("secret", issued.secret.expose().into())]))
}

async fn now(call: &Call) -> Result<(ApiCredentialId, ApiCredentialRow), Problem> {
    let id = ApiCredentialId::from(call.segment("credential"));
    let found = cases::find(call.app(), &call.actor, &id).await?;
    Ok((id, found))
}

/// `GET /projects/{project}/api-credentials`
pub(crate) async fn list(call: &Call) -> Outcome {
    let all = cases::list(call.app(), &call.actor, call.id("project")?).await?;
    call.page_of(all.iter().map(written).collect::<Result<_, _>>()?, "id")
}

/// `POST /projects/{project}/api-credentials`
pub(crate) async fn create(call: &Call) -> Outcome {
    let made = cases::create(call.app(), &call.actor, call.id("project")?, call.choice("environment")?).await?;
    let thing = written(&made.record)?;
    Ok(call.made(&format!("/api-credentials/{}", made.record.id), issued(&made)?).tagged(&thing))
}

/// `GET /api-credentials/{credential}`
pub(crate) async fn show(call: &Call) -> Outcome {
    Ok(Answer::one(written(&now(call).await?.1)?))
}

/// `POST /api-credentials/{credential}/revoke`
pub(crate) async fn revoke(call: &Call) -> Outcome {
    let (id, _) = now(call).await?;
    cases::revoke(call.app(), &call.actor, &id).await?;
    show(call).await
}
