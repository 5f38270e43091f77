//! Access requests: what projects ask for and the operator decides.

use app::{access as cases, queues, records::AccessRequest};
use domain::{AccessRequestId, ApiName};
use serde_json::Value;

use crate::management::{
    answer::Answer,
    call::{Call, Outcome, with, words, written},
    problem::Problem,
    schema::{Named, closed, environment, id, list as list_of, moment, object, one_of, or_null, reason, text},
};

pub(super) fn state() -> Value {
    one_of(["pending", "approved", "rejected", "revoked"])
}

pub(crate) fn schemas() -> Vec<Named> {
    vec![
        (
            "AccessRequest",
            object(&[
                ("id", id()),
                ("project_id", id()),
                ("environment", environment()),
                ("api", text()),
                ("scopes", list_of(text())),
                ("plan", text()),
                ("reason", text()),
                ("status", state()),
                ("created_at", moment()),
                ("decided_at", or_null(moment())),
                ("decided_by", or_null(text())),
                ("decision_reason", or_null(text())),
            ]),
        ),
        ("Decision", closed(&[("reason?", reason())])),
        ("Refusal", closed(&[("reason", reason())])),
    ]
}

pub(super) fn shown(request: &AccessRequest) -> Result<Value, Problem> {
    Ok(with(written(request)?, [("scopes", words(&request.scopes.to_string()))]))
}

/// `GET /access-requests`
pub(crate) async fn list(call: &Call) -> Outcome {
    let api = call.parameter("api");
    let query = queues::Query {
        organisation: call.parameter("organisation").to_owned(),
        api: (!api.is_empty()).then(|| ApiName::from(api)),
        environment: call.word("environment"),
        after: call.after()?,
        limit: call.limit(),
        ..Default::default()
    };
    let page = queues::access(call.app(), &call.actor, &query).await?;
    let rows = page.rows.iter().map(|row| shown(&row.what)).collect::<Result<_, _>>()?;
    Ok(call.page_with(rows, page.next.map(|next| next.to_string())))
}

/// `GET /access-requests/{request}`
pub(crate) async fn show(call: &Call) -> Outcome {
    let id: AccessRequestId = call.id("request")?;
    Ok(Answer::one(shown(&cases::find(call.app(), &call.actor, id).await?)?))
}

/// `POST /access-requests/{request}/approve`
pub(crate) async fn approve(call: &Call) -> Outcome {
    let outcome = cases::approve(call.app(), &call.actor, call.id("request")?, call.optional("reason")).await?;
    Ok(Answer::one(shown(&outcome.request)?))
}

/// `POST /access-requests/{request}/reject`
pub(crate) async fn reject(call: &Call) -> Outcome {
    let request = cases::reject(call.app(), &call.actor, call.id("request")?, call.text("reason")).await?;
    Ok(Answer::one(shown(&request)?))
}
