//! What organisations ask to be to the carrier.

use app::{customer_types as cases, queues, view};
use domain::CustomerTypeRequestId;

use super::{access_requests::state, organisations::customer_types};
use crate::management::{
    answer::Answer,
    call::{Call, Outcome, written},
    schema::{Named, id, moment, object, one_of, or_null, text},
};

pub(crate) fn schemas() -> Vec<Named> {
    vec![(
        "CustomerTypeRequest",
        object(&[
            ("id", id()),
            ("organisation_id", id()),
            ("customer_type", one_of(customer_types())),
            ("reason", text()),
            ("status", state()),
            ("created_at", moment()),
            ("decided_at", or_null(moment())),
            ("decided_by", or_null(text())),
            ("decision_reason", or_null(text())),
        ]),
    )]
}

/// `GET /customer-type-requests`
pub(crate) async fn list(call: &Call) -> Outcome {
    let query = queues::Query {
        organisation: call.parameter("organisation").to_owned(),
        after: call.after()?,
        limit: call.limit(),
        ..Default::default()
    };
    let page = queues::customer_types(call.app(), &call.actor, &query).await?;
    let rows = page.rows.iter().map(|row| written(&row.what)).collect::<Result<_, _>>()?;
    Ok(call.page_with(rows, page.next.map(|next| next.to_string())))
}

/// `GET /organisations/{organisation}/customer-type-requests`
pub(crate) async fn of_organisation(call: &Call) -> Outcome {
    let page = view::organisation(call.app(), &call.actor, call.id("organisation")?).await?;
    call.page_of(page.customer_types.iter().map(written).collect::<Result<_, _>>()?, "id")
}

/// `GET /customer-type-requests/{request}`
pub(crate) async fn show(call: &Call) -> Outcome {
    let id: CustomerTypeRequestId = call.id("request")?;
    Ok(Answer::one(written(&cases::find(call.app(), &call.actor, id).await?)?))
}

/// `POST /customer-type-requests/{request}/approve`
pub(crate) async fn approve(call: &Call) -> Outcome {
    let request = cases::approve(call.app(), &call.actor, call.id("request")?, call.optional("reason")).await?;
    Ok(Answer::one(written(&request)?))
}

/// `POST /customer-type-requests/{request}/reject`
pub(crate) async fn reject(call: &Call) -> Outcome {
    let request = cases::reject(call.app(), &call.actor, call.id("request")?, call.text("reason")).await?;
    Ok(Answer::one(written(&request)?))
}
