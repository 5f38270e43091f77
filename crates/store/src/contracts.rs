//! Transport contracts.

use domain::{ContractId, OrganisationId, contract::ContractStatus};
use serde::Serialize;
use sqlx::FromRow;

use crate::{Db, Moment, Result, Tx};

sql! {
    INSERT = "INSERT INTO contracts (id, organisation_id, number, client_number, labeller, status, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    BY_ID = "SELECT id, organisation_id, number, client_number, labeller, status, created_at, reason FROM contracts WHERE id = $1";
    OF_ORGANISATION = "SELECT id, organisation_id, number, client_number, labeller, status, created_at, reason FROM contracts WHERE organisation_id = $1 ORDER BY number";
    WITH_STATUS = "SELECT id, organisation_id, number, client_number, labeller, status, created_at, reason FROM contracts WHERE status = $1 ORDER BY created_at LIMIT 1000";
    /// From one state to another, so that of two who decide at once only one does.
    MOVE = "UPDATE contracts SET status = $3, reason = $4 WHERE id = $1 AND status = $2";
    /// What has ended can be linked anew, with the numbers put right.
    RELINK = "UPDATE contracts SET client_number = $3, labeller = $4, status = 'pending', reason = NULL, created_at = $5
        WHERE organisation_id = $1 AND number = $2 AND status = 'ended' RETURNING id";
    COUNT = "SELECT COUNT(*) FROM contracts WHERE organisation_id = $1";
}

/// A contract number an organisation ships under.
#[derive(Debug, Clone, FromRow, Serialize)]
pub struct Contract {
    /// Its id here.
    #[sqlx(try_from = "String")]
    pub id: ContractId,
    /// Whose it is.
    #[sqlx(try_from = "String")]
    pub organisation_id: OrganisationId,
    /// The contract's number at the carrier, 8 digits.
    pub number: String,
    /// The client's number at the carrier, 8 digits.
    pub client_number: String,
    /// The labeller's code, 4 characters.
    pub labeller: String,
    /// Its state.
    #[sqlx(try_from = "String")]
    pub status: ContractStatus,
    /// Since when it is linked.
    pub created_at: Moment,
    /// Why it was refused, suspended or ended, in words for the organisation.
    pub reason: Option<String>,
}

/// Links a contract.
///
/// # Errors
/// [`Error::Taken`](crate::Error::Taken) when the organisation has it already.
pub async fn insert(tx: &mut Tx, contract: &Contract) -> Result<()> {
    on_tx!(tx, on => sqlx::query(INSERT).bind(contract.id.to_string()).bind(contract.organisation_id.to_string()).bind(&contract.number)
        .bind(&contract.client_number).bind(&contract.labeller).bind(contract.status.as_str()).bind(contract.created_at)
        .execute(on).await.map(drop))?;
    Ok(())
}

/// The contract with this id.
///
/// # Errors
/// When the database cannot be read.
pub async fn find(db: &Db, id: ContractId) -> Result<Option<Contract>> {
    Ok(on_db!(db, on => sqlx::query_as(BY_ID).bind(id.to_string()).fetch_optional(on).await)?)
}

/// The contracts of an organisation, by number.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_organisation(db: &Db, organisation: OrganisationId) -> Result<Vec<Contract>> {
    Ok(on_db!(db, on => sqlx::query_as(OF_ORGANISATION).bind(organisation.to_string()).fetch_all(on).await)?)
}

/// The contracts in one state, oldest first, at most 1000.
///
/// # Errors
/// When the database cannot be read.
pub async fn with_status(db: &Db, status: ContractStatus) -> Result<Vec<Contract>> {
    Ok(on_db!(db, on => sqlx::query_as(WITH_STATUS).bind(status.as_str()).fetch_all(on).await)?)
}

/// Moves a contract from one state to another, with a reason for the organisation. `false`: it was not, or no longer, in the first.
///
/// # Errors
/// When the database cannot be written.
pub async fn set_status(tx: &mut Tx, id: ContractId, from: ContractStatus, to: ContractStatus, reason: Option<&str>) -> Result<bool> {
    let done = on_tx!(tx, on => sqlx::query(MOVE).bind(id.to_string()).bind(from.as_str()).bind(to.as_str()).bind(reason)
        .execute(on).await.map(|r| r.rows_affected()))?;
    Ok(done == 1)
}

/// Puts an ended contract of this organisation and number back to pending, with the other numbers of `contract`. `None`: there is none.
///
/// # Errors
/// When the database cannot be written.
pub async fn relink(tx: &mut Tx, contract: &Contract) -> Result<Option<ContractId>> {
    let id: Option<String> = on_tx!(tx, on => sqlx::query_scalar(RELINK).bind(contract.organisation_id.to_string()).bind(&contract.number)
        .bind(&contract.client_number).bind(&contract.labeller).bind(contract.created_at).fetch_optional(on).await)?;
    Ok(id.map(|id| id.parse()).transpose()?)
}

/// How many contracts an organisation has, the ended ones too.
///
/// # Errors
/// When the database cannot be read.
pub async fn count(tx: &mut Tx, organisation: OrganisationId) -> Result<i64> {
    Ok(on_tx!(tx, on => sqlx::query_scalar(COUNT).bind(organisation.to_string()).fetch_one(on).await)?)
}
