//! Clients: a project's credentials in one environment.

use app::{clients as cases, records::ClientRow, view};
use domain::{
    ClientId,
    client::GrantType,
    token::{DEFAULT_LIFETIME, MAX_LIFETIME},
};
use serde_json::{Value, json};

use crate::management::{
    answer::Answer,
    call::{Call, Outcome, with, words, written},
    problem::Problem,
    schema::{Named, closed, environment, id, integer, list as list_of, moment, object, one_of, or_null, standing, text},
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
    let grants = json!({"anyOf": [
        {"type": "array", "items": one_of(GrantType::ALL.iter().map(|grant| grant.as_str())), "minItems": 1, "uniqueItems": true},
        {"type": "null"},
    ], "description": "null: all of its organisation's customer type."});
    let mut rules = closed(&[("grant_types?", grants), ("token_lifetime?", integer(60, MAX_LIFETIME.into()))]);
    rules["minProperties"] = 1.into();
    vec![
        ("Client", object(&shape())),
        ("CreatedClient", object(&created)),
        ("NewClient", closed(&[("environment", environment())])),
        ("SetClientRules", rules),
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

/// `PATCH /clients/{client}`
pub(crate) async fn set_rules(call: &Call) -> Outcome {
    let id = ClientId::from(call.segment("client"));
    let found = cases::find(call.app(), &call.actor, &id).await?;
    let present = shown(&found)?;
    call.must_match(&present)?;
    // What is left out stays as it is.
    let wanted = call.body.get("grant_types").unwrap_or(&present["grant_types"]);
    let grants: Option<Vec<GrantType>> =
        wanted.as_array().map(|grants| grants.iter().filter_map(|grant| grant.as_str()?.parse().ok()).collect());
    let lifetime = call.number("token_lifetime").or_else(|| u32::try_from(found.token_lifetime).ok()).unwrap_or(DEFAULT_LIFETIME);
    cases::set_rules(call.app(), &call.actor, &id, grants.as_deref(), lifetime).await?;
    show(call).await
}
