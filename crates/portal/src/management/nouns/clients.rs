//! Clients: a project's credentials in one environment.

use app::{clients as cases, records::ClientRow, view};
use domain::ClientId;
use serde_json::{Value, json};

use crate::management::{
    answer::Answer,
    call::{Call, Outcome, with, words, written},
    problem::Problem,
    schema::{Named, closed, environment, id, list as list_of, moment, object, or_null, standing, text},
};

fn shape() -> Vec<(&'static str, Value)> {
    vec![
        ("id", text()),
        ("project_id", id()),
        ("environment", environment()),
        ("status", standing()),
        ("grant_types", or_null(list_of(text()))),
        ("token_lifetime", json!({"type": "integer", "description": "Seconds."})),
        ("created_at", moment()),
    ]
}

pub(crate) fn schemas() -> Vec<Named> {
    let mut created = shape();
    created.push(("secret", json!({"$ref": "#/components/schemas/CreatedSecret"})));
    vec![
        ("Client", object(&shape())),
        ("CreatedClient", object(&created)),
        ("NewClient", closed(&[("environment", environment())])),
        ("SetClientStatus", closed(&[("status", standing())])),
    ]
}

fn shown(client: &ClientRow) -> Result<Value, Problem> {
    let grant_types = client.grant_types.as_deref().map_or(Value::Null, words);
    Ok(with(written(client)?, [("grant_types", grant_types)]))
}

/// A client that was just made, with the one showing of its secret.
pub(super) fn created(created: &cases::Created) -> Result<Value, Problem> {
    Ok(with(shown(&created.client)?, [("secret", super::secrets::issued(&created.secret)?)]))
}

async fn now(call: &Call) -> Result<(ClientId, Value), Problem> {
    let id = ClientId::from(call.segment("client"));
    let found = cases::find(call.app(), &call.actor, &id).await?;
    Ok((id, shown(&found)?))
}

/// `GET /projects/{project}/clients`
pub(crate) async fn list(call: &Call) -> Outcome {
    let page = view::project(call.app(), &call.actor, call.id("project")?).await?;
    call.page_of(page.clients.iter().map(|page| shown(&page.client)).collect::<Result<_, _>>()?, "id")
}

/// `POST /projects/{project}/clients`
pub(crate) async fn create(call: &Call) -> Outcome {
    let made = cases::create(call.app(), &call.actor, call.id("project")?, call.choice("environment")?).await?;
    let thing = shown(&made.client)?;
    Ok(call.made(&format!("/clients/{}", made.client.id), created(&made)?).tagged(&thing))
}

/// `GET /clients/{client}`
pub(crate) async fn show(call: &Call) -> Outcome {
    Ok(Answer::one(now(call).await?.1))
}

/// `PUT /clients/{client}/status`
pub(crate) async fn set_status(call: &Call) -> Outcome {
    let (id, present) = now(call).await?;
    call.must_match(&present)?;
    cases::set_status(call.app(), &call.actor, &id, call.choice("status")?).await?;
    show(call).await
}
