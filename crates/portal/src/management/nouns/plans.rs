//! Plans of the house: limits that are written once and named by the APIs that offer them.

use app::{Error, plans as cases, plans::PlanInUse};
use domain::plan::{HousePlan, LONGEST_TITLE, LONGEST_WINDOW};
use serde_json::{Value, json};

use crate::management::{
    answer::Answer,
    call::{Call, Outcome, with, written},
    problem::Problem,
    schema::{Named, Wrong, closed, integer, list as list_of, moment, object, text},
};

pub(crate) fn schemas() -> Vec<Named> {
    let title = json!({"type": "string", "minLength": 1, "maxLength": LONGEST_TITLE});
    let many = integer(1, u32::MAX.into());
    let limits = || {
        [
            ("title", closed(&[("es", title.clone()), ("en", title.clone())])),
            ("rate?", closed(&[("requests", many.clone()), ("window_seconds?", integer(1, LONGEST_WINDOW.into()))])),
            ("quota?", closed(&[("requests", many.clone())])),
        ]
    };
    let mut plan = vec![("name", text())];
    plan.extend(limits());
    plan.extend([
        ("version", integer(1, i64::MAX)),
        ("updated_at", moment()),
        ("apis", list_of(text())),
        ("projects", json!({"type": "integer", "description": "How many projects hold it; 1001 stands for more than 1,000."})),
    ]);
    vec![("Plan", object(&plan)), ("PutPlan", closed(&limits()))]
}

/// What the tag of a plan is of: who uses it comes and goes without a change of the plan.
fn state(found: &PlanInUse) -> Value {
    json!({"plan": found.plan, "version": found.version})
}

async fn now(call: &Call) -> Result<Option<PlanInUse>, Problem> {
    match cases::find(call.app(), &call.actor, call.segment("name")).await {
        Ok(found) => Ok(Some(found)),
        Err(Error::NotFound { what: "plan", .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// `GET /plans`
pub(crate) async fn list(call: &Call) -> Outcome {
    let plans = cases::list(call.app(), &call.actor).await?;
    call.page_of(plans.iter().map(written).collect::<Result<_, _>>()?, "name")
}

/// `GET /plans/{name}`
pub(crate) async fn show(call: &Call) -> Outcome {
    let found = now(call).await?.ok_or_else(Problem::not_found)?;
    Ok(Answer::one(written(&found)?).tagged(&state(&found)))
}

/// `PUT /plans/{name}`
pub(crate) async fn put(call: &Call) -> Outcome {
    let seen = now(call).await?;
    match &seen {
        Some(present) => call.must_match(&state(present))?,
        None => call.must_be_new()?,
    }
    let name = call.segment("name").to_owned();
    let plan: HousePlan = serde_json::from_value(with(call.body.clone(), [("name", Value::from(name.as_str()))]))
        .map_err(|error| Problem::body(vec![Wrong::new("", error.to_string(), error.to_string())]))?;
    cases::put(call.app(), &call.actor, plan, seen.as_ref().map(|seen| seen.version)).await.map_err(|error| match error {
        // The use case speaks of the fields of a form. A name comes in the path.
        Error::Invalid { field: "name", mend } => Problem::parameter("name", mend.spanish, mend.english),
        Error::Invalid { field, mend } => Problem::body(vec![Wrong { at: format!("/{}", field.replacen('_', "/", 1)), what: mend }]),
        error => error.into(),
    })?;
    let there = now(call).await?.ok_or_else(Problem::not_found)?;
    Ok(match seen {
        None => call.made(&format!("/plans/{name}"), written(&there)?).tagged(&state(&there)),
        Some(_) => Answer::one(written(&there)?).tagged(&state(&there)),
    })
}

/// `DELETE /plans/{name}`
pub(crate) async fn delete(call: &Call) -> Outcome {
    let present = now(call).await?.ok_or_else(Problem::not_found)?;
    call.must_match(&state(&present))?;
    cases::remove(call.app(), &call.actor, call.segment("name")).await?;
    Ok(Answer::nothing())
}
