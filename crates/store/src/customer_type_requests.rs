//! Organisations that ask to be another customer type.

use domain::{CustomerType, CustomerTypeRequestId, OrganisationId};
use serde::Serialize;
use sqlx::FromRow;

use crate::{Db, Moment, Result, Tx, access_requests::Status};

sql! {
    INSERT = "INSERT INTO customer_type_requests (id, organisation_id, customer_type, reason, status, created_at) VALUES ($1, $2, $3, $4, $5, $6)";
    BY_ID = "SELECT id, organisation_id, customer_type, reason, status, created_at, decided_at, decided_by, decision_reason FROM customer_type_requests WHERE id = $1";
    OF_ORGANISATION = "SELECT id, organisation_id, customer_type, reason, status, created_at, decided_at, decided_by, decision_reason
        FROM customer_type_requests WHERE organisation_id = $1 ORDER BY created_at DESC, id DESC LIMIT 100";
    /// One conditional update, so that of two who decide at once only one does.
    DECIDE = "UPDATE customer_type_requests SET status = $2, decided_at = $3, decided_by = $4, decision_reason = $5 WHERE id = $1 AND status = 'pending'";
}

/// An organisation's request to be another customer type.
#[derive(Debug, Clone, FromRow, Serialize)]
pub struct CustomerTypeRequest {
    /// Its id.
    #[sqlx(try_from = "String")]
    pub id: CustomerTypeRequestId,
    /// Who asks.
    #[sqlx(try_from = "String")]
    pub organisation_id: OrganisationId,
    /// To be what.
    #[sqlx(try_from = "String")]
    pub customer_type: CustomerType,
    /// Why.
    pub reason: String,
    /// Its state; never revoked.
    #[sqlx(try_from = "String")]
    pub status: Status,
    /// Since when it waits, or waited.
    pub created_at: Moment,
    /// When it was decided.
    pub decided_at: Option<Moment>,
    /// By whom.
    pub decided_by: Option<String>,
    /// Why.
    pub decision_reason: Option<String>,
}

/// Adds a request.
///
/// # Errors
/// [`Error::Taken`](crate::Error::Taken) while another one of the organisation waits.
pub async fn insert(tx: &mut Tx, request: &CustomerTypeRequest) -> Result<()> {
    on_tx!(tx, on => sqlx::query(INSERT).bind(request.id.to_string()).bind(request.organisation_id.to_string())
        .bind(request.customer_type.as_str()).bind(&request.reason).bind(request.status.as_str()).bind(request.created_at)
        .execute(on).await.map(drop))?;
    Ok(())
}

/// The request with this id.
///
/// # Errors
/// When the database cannot be read.
pub async fn find(db: &Db, id: CustomerTypeRequestId) -> Result<Option<CustomerTypeRequest>> {
    Ok(on_db!(db, on => sqlx::query_as(BY_ID).bind(id.to_string()).fetch_optional(on).await)?)
}

/// The last requests of an organisation, newest first, at most 100.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_organisation(db: &Db, organisation: OrganisationId) -> Result<Vec<CustomerTypeRequest>> {
    Ok(on_db!(db, on => sqlx::query_as(OF_ORGANISATION).bind(organisation.to_string()).fetch_all(on).await)?)
}

/// Decides a waiting request. `false`: it does not wait any more.
///
/// # Errors
/// When the database cannot be written.
pub async fn decide(tx: &mut Tx, id: CustomerTypeRequestId, to: Status, at: Moment, by: &str, reason: Option<&str>) -> Result<bool> {
    let done = on_tx!(tx, on => sqlx::query(DECIDE).bind(id.to_string()).bind(to.as_str()).bind(at).bind(by).bind(reason)
        .execute(on).await.map(|r| r.rows_affected()))?;
    Ok(done == 1)
}
