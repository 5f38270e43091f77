//! Transport contracts.

use domain::{ContractId, OrganisationId, contract::ContractStatus};
use serde::Serialize;
use sqlx::FromRow;

use crate::{Db, Moment, Result, Tx};

sql! {
    INSERT = "INSERT INTO contracts (id, organisation_id, number, client_number, labeller, status, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    BY_ID = "SELECT id, organisation_id, number, client_number, labeller, status, created_at FROM contracts WHERE id = $1";
    OF_ORGANISATION = "SELECT id, organisation_id, number, client_number, labeller, status, created_at FROM contracts WHERE organisation_id = $1 ORDER BY number";
    WITH_STATUS = "SELECT id, organisation_id, number, client_number, labeller, status, created_at FROM contracts WHERE status = $1 ORDER BY created_at LIMIT 1000";
    /// What is ended stays ended, whoever decides at once.
    SET_STATUS = "UPDATE contracts SET status = $2 WHERE id = $1 AND status <> 'ended'";
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

/// Sets the state. `false`: no such contract.
///
/// # Errors
/// When the database cannot be written.
pub async fn set_status(tx: &mut Tx, id: ContractId, status: ContractStatus) -> Result<bool> {
    let done =
        on_tx!(tx, on => sqlx::query(SET_STATUS).bind(id.to_string()).bind(status.as_str()).execute(on).await.map(|r| r.rows_affected()))?;
    Ok(done == 1)
}
