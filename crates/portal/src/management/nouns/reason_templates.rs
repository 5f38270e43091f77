//! Words for a rejection that staff begin with.

use app::{
    reason_templates::{self as cases, Wanted},
    records::ReasonTemplate,
};
use serde_json::json;

use super::queues::queues;
use crate::management::{
    answer::Answer,
    call::{Call, Outcome, written},
    problem::Problem,
    schema::{Named, closed, id, moment, object, one_of, reason, text},
};

pub(crate) fn schemas() -> Vec<Named> {
    let name = json!({"type": "string", "minLength": 1, "maxLength": 80});
    vec![
        (
            "ReasonTemplate",
            object(&[
                ("id", id()),
                ("queue", one_of(queues())),
                ("name", text()),
                ("spanish", text()),
                ("english", text()),
                ("updated_at", moment()),
            ]),
        ),
        ("PutReasonTemplate", closed(&[("queue", one_of(queues())), ("name", name), ("spanish", reason()), ("english", reason())])),
    ]
}

async fn now(call: &Call) -> Result<ReasonTemplate, Problem> {
    Ok(cases::find(call.app(), &call.actor, call.id("template")?).await?)
}

fn wanted(call: &Call) -> Result<Wanted, Problem> {
    Ok(Wanted {
        queue: call.choice("queue")?,
        name: call.text("name").to_owned(),
        spanish: call.text("spanish").to_owned(),
        english: call.text("english").to_owned(),
    })
}

/// `GET /reason-templates`
pub(crate) async fn list(call: &Call) -> Outcome {
    let all = cases::list(call.app(), &call.actor, call.word("queue")).await?;
    call.page_of(all.iter().map(written).collect::<Result<_, _>>()?, "id")
}

/// `POST /reason-templates`
pub(crate) async fn create(call: &Call) -> Outcome {
    let made = cases::put(call.app(), &call.actor, None, &wanted(call)?).await?;
    let thing = written(&made)?;
    Ok(call.made(&format!("/reason-templates/{}", made.id), thing.clone()).tagged(&thing))
}

/// `GET /reason-templates/{template}`
pub(crate) async fn show(call: &Call) -> Outcome {
    Ok(Answer::one(written(&now(call).await?)?))
}

/// `PUT /reason-templates/{template}`
pub(crate) async fn change(call: &Call) -> Outcome {
    let seen = now(call).await?;
    call.must_match(&written(&seen)?)?;
    Ok(Answer::one(written(&cases::put(call.app(), &call.actor, Some(seen.id), &wanted(call)?).await?)?))
}

/// `DELETE /reason-templates/{template}`
pub(crate) async fn remove(call: &Call) -> Outcome {
    let seen = now(call).await?;
    call.must_match(&written(&seen)?)?;
    cases::remove(call.app(), &call.actor, seen.id).await?;
    Ok(Answer::nothing())
}
