//! The sandbox carrier's expeditions and their parcels.

use domain::{Environment, OrganisationId, ProjectId, Timestamp};
use sqlx::FromRow;

use crate::{Db, Moment, Result, Tx};

sql! {
    /// The row is locked from here to the commit, so two transactions never hand out the same number.
    TAKE_NUMBERS = "INSERT INTO carrier_counters (environment, project_id, name, value) VALUES ($1, $2, $3, $4)
        ON CONFLICT (environment, project_id, name) DO UPDATE SET value = carrier_counters.value + excluded.value
        RETURNING value";
    INSERT = "INSERT INTO shipments (environment, project_id, code, product, declaration, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $6)";
    SET_JOURNEY = "UPDATE shipments SET journey = $4 WHERE environment = $1 AND project_id = $2 AND code = $3";
    INSERT_PARCEL = "INSERT INTO parcels (environment, project_id, code, shipment_code, number, annulled_at)
        VALUES ($1, $2, $3, $4, $5, NULL)";
    PARCEL = "SELECT p.code, p.shipment_code, p.number, p.annulled_at, s.product, s.declaration, s.journey, s.created_at
        FROM parcels p
        JOIN shipments s ON s.environment = p.environment AND s.project_id = p.project_id AND s.code = p.shipment_code
        WHERE p.environment = $1 AND p.project_id = $2 AND p.code = $3";
    PARCELS_OF = "SELECT p.code, p.shipment_code, p.number, p.annulled_at, s.product, s.declaration, s.journey, s.created_at
        FROM parcels p
        JOIN shipments s ON s.environment = p.environment AND s.project_id = p.project_id AND s.code = p.shipment_code
        WHERE p.environment = $1 AND p.project_id = $2 AND p.shipment_code = $3
        ORDER BY p.number";
    /// Conditional, so that of two annulments at the same time exactly one finds the parcel alive.
    ANNUL = "UPDATE parcels SET annulled_at = $4
        WHERE environment = $1 AND project_id = $2 AND code = $3 AND annulled_at IS NULL";
    /// Touching the row first locks it on both engines: what is read here is what the rewrite starts from.
    LOCK_DECLARATION = "UPDATE shipments SET updated_at = $4
        WHERE environment = $1 AND project_id = $2 AND code = $3 RETURNING declaration";
    REWRITE = "UPDATE shipments SET declaration = $4 WHERE environment = $1 AND project_id = $2 AND code = $3";
    ACTIVE_CONTRACT = "SELECT client_number, labeller FROM contracts
        WHERE organisation_id = $1 AND number = $2 AND status = 'active'";
}

/// Whose data: one project in one environment. Nothing is ever looked up without it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owner {
    /// The world the call was made in.
    pub environment: Environment,
    /// The project that called.
    pub project: ProjectId,
}

/// A parcel together with its expedition.
#[derive(Debug, Clone, FromRow)]
pub struct Parcel {
    /// The parcel's own code.
    pub code: String,
    /// The expedition's code.
    pub shipment_code: String,
    /// Which parcel of the expedition, from 1.
    pub number: i64,
    /// The product code as declared.
    pub product: String,
    /// The expedition as declared, JSON.
    pub declaration: String,
    /// The journey that was asked for; empty when none was.
    pub journey: String,
    /// When it was preregistered.
    pub created_at: Moment,
    /// When it was annulled, if it was.
    pub annulled_at: Option<Moment>,
}

/// What a contract demands of a declaration beside its number.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct ContractTerms {
    /// The client number of the contract.
    pub client_number: String,
    /// The labeller code of the contract.
    pub labeller: String,
}

/// Takes `many` consecutive numbers of the project's counter `name` and answers the first; counters start at 1.
///
/// # Errors
/// What the database says.
pub async fn take_numbers(tx: &mut Tx, owner: Owner, name: &str, many: i64) -> Result<i64> {
    let last: i64 = on_tx!(tx, on => sqlx::query_scalar(TAKE_NUMBERS)
        .bind(owner.environment.as_str()).bind(owner.project.to_string()).bind(name).bind(many)
        .fetch_one(on).await?);
    Ok(last - many + 1)
}

/// Writes a new expedition.
///
/// # Errors
/// [`Error::Taken`](crate::Error::Taken) when the project has an expedition under that code.
pub async fn insert(tx: &mut Tx, owner: Owner, code: &str, product: &str, declaration: &str, at: Timestamp) -> Result<()> {
    on_tx!(tx, on => sqlx::query(INSERT)
        .bind(owner.environment.as_str()).bind(owner.project.to_string())
        .bind(code).bind(product).bind(declaration).bind(Moment(at))
        .execute(on).await.map(drop)?);
    Ok(())
}

/// Sends a new expedition on a journey other than its usual one.
///
/// # Errors
/// What the database says.
pub async fn set_journey(tx: &mut Tx, owner: Owner, code: &str, journey: &str) -> Result<()> {
    on_tx!(tx, on => sqlx::query(SET_JOURNEY)
        .bind(owner.environment.as_str()).bind(owner.project.to_string()).bind(code).bind(journey)
        .execute(on).await.map(drop)?);
    Ok(())
}

/// Writes one parcel of an expedition.
///
/// # Errors
/// [`Error::Taken`](crate::Error::Taken) when the project has a parcel under that code.
pub async fn insert_parcel(tx: &mut Tx, owner: Owner, shipment_code: &str, code: &str, number: i64) -> Result<()> {
    on_tx!(tx, on => sqlx::query(INSERT_PARCEL)
        .bind(owner.environment.as_str()).bind(owner.project.to_string())
        .bind(code).bind(shipment_code).bind(number)
        .execute(on).await.map(drop)?);
    Ok(())
}

/// The project's parcel with that code.
///
/// # Errors
/// What the database says.
pub async fn parcel(db: &Db, owner: Owner, code: &str) -> Result<Option<Parcel>> {
    Ok(on_db!(db, on => sqlx::query_as(PARCEL)
        .bind(owner.environment.as_str()).bind(owner.project.to_string()).bind(code)
        .fetch_optional(on).await?))
}

/// The parcels of an expedition in their order; none when the project has no such expedition.
///
/// # Errors
/// What the database says.
pub async fn parcels_of(db: &Db, owner: Owner, shipment_code: &str) -> Result<Vec<Parcel>> {
    Ok(on_db!(db, on => sqlx::query_as(PARCELS_OF)
        .bind(owner.environment.as_str()).bind(owner.project.to_string()).bind(shipment_code)
        .fetch_all(on).await?))
}

/// Annuls a parcel that is alive; `false` when there is none, or it is annulled already.
///
/// # Errors
/// What the database says.
pub async fn annul(tx: &mut Tx, owner: Owner, code: &str, at: Timestamp) -> Result<bool> {
    let rows = on_tx!(tx, on => sqlx::query(ANNUL)
        .bind(owner.environment.as_str()).bind(owner.project.to_string()).bind(code).bind(Moment(at))
        .execute(on).await?.rows_affected());
    Ok(rows == 1)
}

/// Reads an expedition's declaration and keeps others from changing it until the transaction ends.
///
/// # Errors
/// What the database says.
pub async fn lock_declaration(tx: &mut Tx, owner: Owner, code: &str, at: Timestamp) -> Result<Option<String>> {
    Ok(on_tx!(tx, on => sqlx::query_scalar(LOCK_DECLARATION)
        .bind(owner.environment.as_str()).bind(owner.project.to_string()).bind(code).bind(Moment(at))
        .fetch_optional(on).await?))
}

/// Replaces an expedition's declaration; see [`lock_declaration`].
///
/// # Errors
/// What the database says.
pub async fn rewrite(tx: &mut Tx, owner: Owner, code: &str, declaration: &str) -> Result<()> {
    on_tx!(tx, on => sqlx::query(REWRITE)
        .bind(owner.environment.as_str()).bind(owner.project.to_string()).bind(code).bind(declaration)
        .execute(on).await.map(drop)?);
    Ok(())
}

/// What the organisation's contract `number` demands, when it has one that is active.
///
/// # Errors
/// What the database says.
pub async fn active_contract(db: &Db, organisation: OrganisationId, number: &str) -> Result<Option<ContractTerms>> {
    Ok(on_db!(db, on => sqlx::query_as(ACTIVE_CONTRACT)
        .bind(organisation.to_string()).bind(number)
        .fetch_optional(on).await?))
}
