//! Signing keys, wrapped.

use domain::{Environment, KeyId};
use serde::Serialize;
use sqlx::FromRow;

use crate::{
    Db, Moment, Result, Tx,
    changes::Change,
    locks::{self, Lock},
};

sql! {
    INSERT = "INSERT INTO signing_keys (id, environment, algorithm, public_jwk, wrapped, created_at, activates_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    OF_ENVIRONMENT = "SELECT id, environment, algorithm, public_jwk, wrapped, created_at, activates_at, retires_at FROM signing_keys WHERE environment = $1 ORDER BY activates_at DESC";
    RETIRE_OTHERS = "UPDATE signing_keys SET retires_at = $3 WHERE environment = $1 AND id <> $2 AND retires_at IS NULL";
    RETIRE = "UPDATE signing_keys SET retires_at = $2 WHERE id = $1 AND (retires_at IS NULL OR retires_at > $2)";
    STAY = "UPDATE signing_keys SET retires_at = NULL WHERE id = $1";
    ACTIVATE = "UPDATE signing_keys SET activates_at = $2 WHERE id = $1 AND activates_at > $2";
    COUNT = "SELECT COUNT(*) FROM signing_keys WHERE environment = $1";
}

/// A signing key as it lies in the database.
#[derive(Debug, Clone, FromRow, Serialize)]
pub struct SigningKeyRow {
    /// Its `kid`.
    #[sqlx(try_from = "String")]
    pub id: KeyId,
    /// Whose tokens it signs.
    #[sqlx(try_from = "String")]
    pub environment: Environment,
    /// Its algorithm (RFC 7518).
    pub algorithm: String,
    /// Its public half.
    pub public_jwk: String,
    /// Its private half, wrapped by the master key.
    #[serde(skip)]
    pub wrapped: Vec<u8>,
    /// Since when it exists.
    pub created_at: Moment,
    /// Since when it signs.
    pub activates_at: Moment,
    /// Until when it verifies.
    pub retires_at: Option<Moment>,
}

/// Adds a key and lets every other one of its environment retire at `others_retire_at`.
///
/// # Errors
/// When the database cannot be written.
pub async fn insert(tx: &mut Tx, key: &SigningKeyRow, others_retire_at: Moment) -> Result<()> {
    on_tx!(tx, on => sqlx::query(INSERT).bind(key.id.as_str()).bind(key.environment.as_str()).bind(&key.algorithm).bind(&key.public_jwk)
        .bind(&key.wrapped).bind(key.created_at).bind(key.activates_at).execute(on).await.map(drop))?;
    on_tx!(tx, on => sqlx::query(RETIRE_OTHERS).bind(key.environment.as_str()).bind(key.id.as_str()).bind(others_retire_at).execute(on).await.map(drop))?;
    tx.change(Change::SigningKeys(key.environment));
    Ok(())
}

/// The keys of an environment, newest first, the retired ones too.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_environment(db: &Db, environment: Environment) -> Result<Vec<SigningKeyRow>> {
    Ok(on_db!(db, on => sqlx::query_as(OF_ENVIRONMENT).bind(environment.as_str()).fetch_all(on).await)?)
}

/// The same where nobody else changes keys until the transaction ends.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_environment_in(tx: &mut Tx, environment: Environment) -> Result<Vec<SigningKeyRow>> {
    Ok(on_tx!(tx, on => sqlx::query_as(OF_ENVIRONMENT).bind(environment.as_str()).fetch_all(on).await)?)
}

/// Ends a key at `at`: from then on it neither signs nor verifies. `false`: it ended before.
///
/// # Errors
/// When the database cannot be written.
pub async fn retire(tx: &mut Tx, key: &SigningKeyRow, at: Moment) -> Result<bool> {
    let done = on_tx!(tx, on => sqlx::query(RETIRE).bind(key.id.as_str()).bind(at).execute(on).await.map(|r| r.rows_affected()))?;
    tx.change(Change::SigningKeys(key.environment));
    Ok(done == 1)
}

/// Takes back that a key retires: what was to follow it does not come.
///
/// # Errors
/// When the database cannot be written.
pub async fn stay(tx: &mut Tx, key: &SigningKeyRow) -> Result<()> {
    on_tx!(tx, on => sqlx::query(STAY).bind(key.id.as_str()).execute(on).await.map(drop))?;
    tx.change(Change::SigningKeys(key.environment));
    Ok(())
}

/// Lets an announced key sign from `at` on.
///
/// # Errors
/// When the database cannot be written.
pub async fn activate(tx: &mut Tx, key: &SigningKeyRow, at: Moment) -> Result<()> {
    on_tx!(tx, on => sqlx::query(ACTIVATE).bind(key.id.as_str()).bind(at).execute(on).await.map(drop))?;
    tx.change(Change::SigningKeys(key.environment));
    Ok(())
}

/// How many keys an environment has; nobody else can add one until this transaction ends.
///
/// # Errors
/// When the database cannot be read.
pub async fn count(tx: &mut Tx, environment: Environment) -> Result<i64> {
    // Of two nodes that start at once only one draws the first key.
    locks::hold(tx, Lock::SigningKeys).await?;
    Ok(on_tx!(tx, on => sqlx::query_scalar(COUNT).bind(environment.as_str()).fetch_one(on).await)?)
}
