//! What an organisation is to the carrier, as it asks to be and the operator decides.

use domain::{
    CustomerType, CustomerTypeRequestId, OrganisationId,
    queue::Queue,
    role::{Duty, Permission},
};
use serde_json::json;
use store::{access_requests::Status, customer_type_requests::CustomerTypeRequest};

use crate::{
    Actor, App, Error, REASON, Result, Rule,
    notices::{Notice, notice},
    organisations,
    permission::{self, Needs},
    reason,
};

/// Asks to be another customer type; one request at a time waits for the operator.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Invalid`] without a reason, or for a type that is not asked for; [`Error::Rule`] when it is that type, or a
/// request waits.
pub async fn request(
    app: &App,
    actor: &Actor,
    organisation: OrganisationId,
    customer_type: CustomerType,
    why: &str,
) -> Result<CustomerTypeRequest> {
    let current = organisations::reach(app, actor, organisation, Needs::Member(Permission::Administer)).await?;
    if customer_type == CustomerType::Internal {
        return Err(Error::invalid(
            "customer_type",
            "El uso interno es para la propia empresa de transporte, y solo ella lo concede.",
            "internal is for the carrier itself, and only the operator sets it",
        ));
    }
    let why = reason(
        why,
        ("Cuéntanos qué haces y para quién, para que podamos decidir.", "say what you do for whom, so that the operator can decide"),
    )?;
    if current.customer_type == customer_type {
        return Err(Rule::SameCustomerType(customer_type).into());
    }
    let request = CustomerTypeRequest {
        id: app.uuid().into(),
        organisation_id: organisation,
        customer_type,
        reason: why,
        status: Status::Pending,
        created_at: app.moment(),
        decided_at: None,
        decided_by: None,
        decision_reason: None,
    };
    let mut tx = app.begin().await?;
    store::customer_type_requests::insert(&mut tx, &request).await.map_err(|error| match error {
        store::Error::Taken(_) => Rule::AlreadyAsked.into(),
        error => Error::from(error),
    })?;
    let detail = json!({"organisation": organisation, "customer_type": customer_type});
    app.commit(tx, actor, "customer_type.request", request.id, detail).await?;
    Ok(request)
}

/// The request with this id, for those who see its organisation.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn find(app: &App, actor: &Actor, id: CustomerTypeRequestId) -> Result<CustomerTypeRequest> {
    reach(app, actor, id, Needs::Member(Permission::See)).await
}

/// Agrees: the organisation is that type from now on, and its clients may use the grants of it within a second on every node.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Rule`] when it does not wait any more.
pub async fn approve(app: &App, actor: &Actor, id: CustomerTypeRequestId, why: Option<&str>) -> Result<CustomerTypeRequest> {
    let request = reach(app, actor, id, Needs::Staff(Duty::Decide)).await?;
    let why = why.map(|why| reason(why, REASON)).transpose()?;
    decide(app, actor, request, Status::Approved, why).await
}

/// Refuses, with a reason the organisation will read.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Invalid`] without a reason; [`Error::Rule`] when it does not wait any more.
pub async fn reject(app: &App, actor: &Actor, id: CustomerTypeRequestId, why: &str) -> Result<CustomerTypeRequest> {
    let request = reach(app, actor, id, Needs::Staff(Duty::Decide)).await?;
    let why =
        reason(why, ("Di por qué, para que la organización sepa qué cambiar.", "say why, so that the organisation knows what to change"))?;
    decide(app, actor, request, Status::Rejected, Some(why)).await
}

async fn decide(
    app: &App,
    actor: &Actor,
    mut request: CustomerTypeRequest,
    to: Status,
    why: Option<String>,
) -> Result<CustomerTypeRequest> {
    let (by, now) = (actor.to_string(), app.moment());
    let mut tx = app.begin().await?;
    if !store::customer_type_requests::decide(&mut tx, request.id, to, now, &by, why.as_deref()).await? {
        return Err(Rule::AlreadyDecided.into());
    }
    if to == Status::Approved {
        store::organisations::set_customer_type(&mut tx, request.organisation_id, request.customer_type).await?;
    }
    store::queue_owners::leave(&mut tx, Queue::CustomerTypes, &request.id.to_string()).await?;
    request.status = to;
    (request.decided_at, request.decided_by, request.decision_reason) = (Some(now), Some(by), why);
    notice(app, &mut tx, Notice::CustomerTypeDecided { request: &request }).await?;
    let action = if to == Status::Approved { "customer_type.approve" } else { "customer_type.reject" };
    let detail =
        json!({"organisation": request.organisation_id, "customer_type": request.customer_type, "reason": request.decision_reason});
    app.commit(tx, actor, action, request.id, detail).await?;
    Ok(request)
}

/// The request, for somebody who has what it takes.
async fn reach(app: &App, actor: &Actor, id: CustomerTypeRequestId, needs: Needs) -> Result<CustomerTypeRequest> {
    let request = store::customer_type_requests::find(app.db(), id).await?;
    let request = request.ok_or_else(|| Error::not_found("customer type request", id))?;
    permission::over(app, actor, request.organisation_id, needs, ("customer type request", &id)).await?;
    Ok(request)
}
