//! Customer keys: a platform's project acts for an account number.

use app::{customer_keys as cases, view};
use domain::{ChildKey, ProjectId};
use serde_json::{Value, json};

use crate::management::{
    answer::Answer,
    call::{Call, Outcome, with, written},
    problem::Problem,
    schema::{Named, closed, environment, id, moment, object, or_null, standing, text},
};

fn shape() -> Vec<(&'static str, Value)> {
    vec![
        ("id", text()),
        ("project_id", id()),
        ("environment", environment()),
        ("account_number", text()),
        ("prefix", text()),
        ("status", standing()),
        ("bound_to", or_null(text())),
        ("created_at", moment()),
    ]
}

pub(crate) fn schemas() -> Vec<Named> {
    let mut created = shape();
    created.push(("child_secret", json!({"type": "string", "description": "Shown once: keep it now."})));
    let account = json!({"type": "string", "pattern": "^[A-Za-z0-9]{1,32}$"});
    vec![
        ("CustomerKey", object(&shape())),
        ("CreatedCustomerKey", object(&created)),
        ("NewCustomerKey", closed(&[("environment", environment()), ("account_number", account)])),
    ]
}

async fn now(call: &Call) -> Result<(ChildKey, Value), Problem> {
    let id = ChildKey::from(call.segment("key"));
    Ok((id.clone(), written(&cases::find(call.app(), &call.actor, &id).await?)?))
}

/// `GET /projects/{project}/customer-keys`
pub(crate) async fn list(call: &Call) -> Outcome {
    let project: ProjectId = call.id("project")?;
    let rows = view::customer_keys(call.app(), &call.actor, project, call.parameter("after"), call.limit() + 1).await?;
    Ok(call.page(rows.iter().map(written).collect::<Result<_, _>>()?, "id"))
}

/// `POST /projects/{project}/customer-keys`
pub(crate) async fn create(call: &Call) -> Outcome {
    let (project, environment) = (call.id("project")?, call.choice("environment")?);
    let made = cases::create(call.app(), &call.actor, project, environment, call.text("account_number")).await?;
    let thing = written(&made.record)?;
    let answer = with(thing.clone(), [("child_secret", made.secret.expose().into())]);
    Ok(call.made(&format!("/customer-keys/{}", made.record.id), answer).tagged(&thing))
}

/// `GET /customer-keys/{key}`
pub(crate) async fn show(call: &Call) -> Outcome {
    Ok(Answer::one(now(call).await?.1))
}

/// `PUT /customer-keys/{key}/status`
pub(crate) async fn set_status(call: &Call) -> Outcome {
    let (id, present) = now(call).await?;
    call.must_match(&present)?;
    cases::set_status(call.app(), &call.actor, &id, call.choice("status")?).await?;
    show(call).await
}
