//! Transport contracts.

use app::{contracts as cases, queues, view};
use domain::{ContractId, OrganisationId, contract::ContractStatus};
use serde_json::{Value, json};

use crate::management::{
    answer::Answer,
    call::{Call, Outcome, written},
    problem::Problem,
    schema::{Named, closed, id, moment, object, one_of, or_null, reason, text},
};

pub(crate) fn states() -> Vec<&'static str> {
    ContractStatus::ALL.iter().map(|status| status.as_str()).collect()
}

pub(crate) fn schemas() -> Vec<Named> {
    let digits = json!({"type": "string", "pattern": "^[0-9]{8}$"});
    vec![
        (
            "Contract",
            object(&[
                ("id", id()),
                ("organisation_id", id()),
                ("number", text()),
                ("client_number", text()),
                ("labeller", text()),
                ("status", one_of(states())),
                ("created_at", moment()),
                ("reason", or_null(text())),
            ]),
        ),
        (
            "NewContract",
            closed(&[
                ("number", digits.clone()),
                ("client_number", digits),
                ("labeller", json!({"type": "string", "pattern": "^[A-Z0-9]{4}$"})),
            ]),
        ),
        ("SetContractStatus", closed(&[("status", one_of(["active", "suspended", "ended"])), ("reason?", reason())])),
    ]
}

async fn now(call: &Call) -> Result<(ContractId, Value), Problem> {
    let id = call.id("contract")?;
    let found = cases::find(call.app(), &call.actor, id).await?;
    Ok((id, written(&found)?))
}

/// `GET /contracts`
pub(crate) async fn list(call: &Call) -> Outcome {
    let status = call.word("status").unwrap_or(ContractStatus::Pending);
    let query = queues::Query {
        organisation: call.parameter("organisation").to_owned(),
        after: call.after()?,
        limit: call.limit(),
        ..Default::default()
    };
    let page = queues::contracts(call.app(), &call.actor, status, &query).await?;
    let rows = page.rows.iter().map(|row| written(&row.what)).collect::<Result<_, _>>()?;
    Ok(call.page_with(rows, page.next.map(|next| next.to_string())))
}

/// `GET /organisations/{organisation}/contracts`
pub(crate) async fn of_organisation(call: &Call) -> Outcome {
    let page = view::organisation(call.app(), &call.actor, call.id("organisation")?).await?;
    call.page_of(page.contracts.iter().map(written).collect::<Result<_, _>>()?, "id")
}

/// `POST /organisations/{organisation}/contracts`
pub(crate) async fn create(call: &Call) -> Outcome {
    let organisation: OrganisationId = call.id("organisation")?;
    let (number, client, labeller) = (call.text("number"), call.text("client_number"), call.text("labeller"));
    let made = cases::link(call.app(), &call.actor, organisation, number, client, labeller).await?;
    let thing = written(&made)?;
    Ok(call.made(&format!("/contracts/{}", made.id), thing.clone()).tagged(&thing))
}

/// `GET /contracts/{contract}`
pub(crate) async fn show(call: &Call) -> Outcome {
    Ok(Answer::one(now(call).await?.1))
}

/// `PUT /contracts/{contract}/status`
pub(crate) async fn set_status(call: &Call) -> Outcome {
    let (id, present) = now(call).await?;
    call.must_match(&present)?;
    cases::set_status(call.app(), &call.actor, id, call.choice("status")?, call.optional("reason")).await?;
    show(call).await
}

/// `POST /contracts/{contract}/reject`
pub(crate) async fn reject(call: &Call) -> Outcome {
    cases::reject(call.app(), &call.actor, call.id("contract")?, call.text("reason")).await?;
    show(call).await
}
