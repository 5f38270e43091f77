//! Customer keys: a platform's project acts for an account number.

use app::{acting, acting::Stopped, consents, customer_keys as cases};
use domain::{ChildKey, Environment, ProjectId, customer_key::Limits, plan::LONGEST_WINDOW, rotation::Overlap};
use http::StatusCode;
use serde_json::{Value, json};

use crate::management::{
    answer::Answer,
    call::{Call, Outcome, with, written},
    problem::Problem,
    schema::{Named, Wrong, closed, environment, id, integer, list as list_of, moment, object, one_of, or_null, standing, text},
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
        ("rotated_at", or_null(moment())),
        ("previous_prefix", or_null(text())),
        ("previous_until", or_null(moment())),
    ]
}

pub(crate) fn schemas() -> Vec<Named> {
    let mut created = shape();
    created.push(("child_secret", json!({"type": "string", "description": "Shown once: keep it now."})));
    let many = integer(1, u32::MAX.into());
    let limits = closed(&[
        ("rate", or_null(closed(&[("requests", many.clone()), ("window_seconds", integer(1, LONGEST_WINDOW.into()))]))),
        ("quota", or_null(closed(&[("requests", many)]))),
    ]);
    let day = object(&[
        ("date", json!({"type": "string", "format": "date"})),
        ("passed", integer(0, i64::MAX)),
        ("refused", integer(0, i64::MAX)),
    ]);
    let stop =
        object(&[("at", moment()), ("reason", or_null(text())), ("organisation_id", or_null(id())), ("organisation", or_null(text()))]);
    let mut whole = shape();
    whole.push(("consent", described(super::consents::whole(), "What its account holder agreed to; null: nobody asked it.")));
    whole.push(("stopped", described(stop, "That whoever holds its account number stopped it for good.")));
    let account = json!({"type": "string", "pattern": "^[A-Za-z0-9]{1,32}$"});
    vec![
        ("CustomerKeyInShort", object(&shape())),
        ("CustomerKey", object(&whole)),
        ("CreatedCustomerKey", object(&created)),
        ("KeyRotation", closed(&[("overlap", one_of(Overlap::ALL.iter().map(|overlap| overlap.as_str())))])),
        ("KeyLimits", limits.clone()),
        ("SetKeyLimits", closed(&[("own", or_null(limits.clone()))])),
        ("KeyLimitsSet", object(&[("own", or_null(limits.clone())), ("of_project", limits)])),
        ("KeyUsage", object(&[("last_used_at", or_null(moment())), ("days", list_of(day))])),
        ("Binding", closed(&[("thumbprint", super::public_keys::thumbprint())])),
        ("NewCustomerKey", closed(&[("environment", environment()), ("account_number", account)])),
    ]
}

fn described(shape: Value, what: &str) -> Value {
    with(or_null(shape), [("description", what.into())])
}

/// The key itself, of which its tag is: what it stands on is its holder's, and a stop shows in its status.
async fn now(call: &Call) -> Result<(ChildKey, Value), Problem> {
    let id = ChildKey::from(call.segment("key"));
    Ok((id.clone(), written(&cases::find(call.app(), &call.actor, &id).await?)?))
}

/// `GET /projects/{project}/customer-keys`
pub(crate) async fn list(call: &Call) -> Outcome {
    let project: ProjectId = call.id("project")?;
    let filter = cases::Filter {
        environment: call.word("environment"),
        status: call.word("status"),
        text: call.parameter("account_number").to_owned(),
        after: Some(call.parameter("after")).filter(|after| !after.is_empty()).map(ChildKey::from),
    };
    let (rows, next) = cases::list(call.app(), &call.actor, project, &filter, call.limit()).await?;
    let rows = rows.iter().map(|row| written(&row.key)).collect::<Result<_, _>>()?;
    Ok(call.page_with(rows, next.map(|next| next.to_string())))
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
    let (id, key) = now(call).await?;
    let consent = consents::of_key(call.app(), &call.actor, &id).await?;
    let stopped = acting::stopped(call.app(), &call.actor, &id).await?;
    let whole = with(key.clone(), [("consent", written(&consent)?), ("stopped", stopped.map_or(Value::Null, said))]);
    Ok(Answer::one(whole).tagged(&key))
}

fn said(Stopped { at, reason, holder }: Stopped) -> Value {
    let (id, name) = holder.map(|holder| (holder.id, holder.name)).unzip();
    json!({"at": at, "reason": reason, "organisation_id": id, "organisation": name})
}

/// `POST /customer-keys/{key}/rotate`
pub(crate) async fn rotate(call: &Call) -> Outcome {
    let id = ChildKey::from(call.segment("key"));
    let made = cases::rotate(call.app(), &call.actor, &id, call.choice("overlap")?).await?;
    let thing = written(&made.record)?;
    let answer = with(thing.clone(), [("child_secret", made.secret.expose().into())]);
    Ok(Answer::of(StatusCode::OK, answer).tagged(&thing))
}

/// `PUT /customer-keys/{key}/status`
pub(crate) async fn set_status(call: &Call) -> Outcome {
    let (id, present) = now(call).await?;
    call.must_match(&present)?;
    cases::set_status(call.app(), &call.actor, &id, call.choice("status")?).await?;
    show(call).await
}

/// `GET /customer-keys/{key}/limits`
pub(crate) async fn limits(call: &Call) -> Outcome {
    let id = ChildKey::from(call.segment("key"));
    Ok(Answer::one(written(&cases::limits(call.app(), &call.actor, &id).await?)?))
}

/// `PUT /customer-keys/{key}/limits`
pub(crate) async fn set_limits(call: &Call) -> Outcome {
    let id = ChildKey::from(call.segment("key"));
    call.must_match(&written(&cases::limits(call.app(), &call.actor, &id).await?)?)?;
    let own = call.body.get("own").cloned().unwrap_or_default();
    let own: Option<Limits> = serde_json::from_value(own).map_err(|error| wrong("/own", &error))?;
    cases::set_limits(call.app(), &call.actor, &id, own).await?;
    limits(call).await
}

/// `GET /projects/{project}/customer-key-limits/{environment}`
pub(crate) async fn project_limits(call: &Call) -> Outcome {
    let (project, environment) = of_all(call)?;
    Ok(Answer::one(written(&cases::project_limits(call.app(), &call.actor, project, environment).await?)?))
}

/// `PUT /projects/{project}/customer-key-limits/{environment}`
pub(crate) async fn set_project_limits(call: &Call) -> Outcome {
    let (project, environment) = of_all(call)?;
    call.must_match(&written(&cases::project_limits(call.app(), &call.actor, project, environment).await?)?)?;
    let limits: Limits = serde_json::from_value(call.body.clone()).map_err(|error| wrong("", &error))?;
    cases::set_project_limits(call.app(), &call.actor, project, environment, limits).await?;
    project_limits(call).await
}

fn of_all(call: &Call) -> Result<(ProjectId, Environment), Problem> {
    Ok((call.id("project")?, call.segment("environment").parse().map_err(|_| Problem::not_found())?))
}

/// What passed the schema and is not read all the same.
fn wrong(at: &str, error: &serde_json::Error) -> Problem {
    Problem::body(vec![Wrong::new(at, error.to_string(), error.to_string())])
}

/// `GET /customer-keys/{key}/usage`
pub(crate) async fn usage(call: &Call) -> Outcome {
    let id = ChildKey::from(call.segment("key"));
    Ok(Answer::one(written(&cases::usage(call.app(), &call.actor, &id).await?)?))
}

/// `PUT /customer-keys/{key}/binding`
pub(crate) async fn bind(call: &Call) -> Outcome {
    let (id, present) = now(call).await?;
    call.must_match(&present)?;
    cases::bind(call.app(), &call.actor, &id, call.text("thumbprint")).await?;
    show(call).await
}

/// `DELETE /customer-keys/{key}/binding`
pub(crate) async fn unbind(call: &Call) -> Outcome {
    let (id, present) = now(call).await?;
    call.must_match(&present)?;
    cases::unbind(call.app(), &call.actor, &id).await?;
    Ok(Answer::nothing())
}
