//! Answers of the management API kept for retries under the same `Idempotency-Key`: their bodies wrapped by the master key, because some
//! hold a secret that is shown once.

use domain::ClientId;
use sqlx::FromRow;

use crate::{Db, Moment, Result, Tx, tx::Inner};

sql! {
    /// A key past its time, and one whose request never came to an end, is free again.
    FREE = "DELETE FROM management_answers WHERE client_id = $1 AND key = $2 AND (created_at < $3 OR (status IS NULL AND created_at < $4))";
    CLAIM = "INSERT INTO management_answers (client_id, key, fingerprint, status, body, created_at)
        VALUES ($1, $2, $3, NULL, NULL, $4) ON CONFLICT (client_id, key) DO NOTHING";
    SETTLE = "UPDATE management_answers SET status = $3, body = $4 WHERE client_id = $1 AND key = $2 AND created_at = $5 AND status IS NULL";
    RELEASE = "DELETE FROM management_answers WHERE client_id = $1 AND key = $2 AND created_at = $3 AND status IS NULL";
    FIND = "SELECT fingerprint, status, body FROM management_answers WHERE client_id = $1 AND key = $2";
    COUNT = "SELECT COUNT(*) FROM management_answers WHERE client_id = $1";
    FORGET_OLDEST = "DELETE FROM management_answers WHERE client_id = $1 AND key IN
        (SELECT key FROM management_answers WHERE client_id = $1 AND status IS NOT NULL ORDER BY created_at LIMIT $2)";
    PRUNE_SQLITE = "DELETE FROM management_answers WHERE (client_id, key) IN
        (SELECT client_id, key FROM management_answers WHERE created_at < $1 ORDER BY created_at LIMIT 100)";
    /// Rows that another transaction is at are left to it: nobody waits to tidy up.
    PRUNE_POSTGRES = "DELETE FROM management_answers WHERE (client_id, key) IN
        (SELECT client_id, key FROM management_answers WHERE created_at < $1 ORDER BY created_at LIMIT 100 FOR UPDATE SKIP LOCKED)";
}

/// What stands under a key.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Kept {
    /// What the request was, as a digest.
    pub fingerprint: String,
    /// The status of the answer; `None`: it is still being made.
    pub status: Option<i64>,
    /// The answer, wrapped.
    pub body: Option<Vec<u8>>,
}

/// Claims `key` for this client; `false` when it is taken. One that was claimed before `oldest`, or before `given_up` without ever being
/// answered, is free again.
///
/// # Errors
/// When the database cannot be written.
pub async fn claim(
    tx: &mut Tx,
    client: &ClientId,
    key: &str,
    fingerprint: &str,
    at: Moment,
    oldest: Moment,
    given_up: Moment,
) -> Result<bool> {
    on_tx!(tx, on => sqlx::query(FREE).bind(client.as_str()).bind(key).bind(oldest).bind(given_up).execute(on).await.map(drop))?;
    let rows = on_tx!(tx, on => sqlx::query(CLAIM).bind(client.as_str()).bind(key).bind(fingerprint).bind(at)
        .execute(on).await.map(|r| r.rows_affected()))?;
    Ok(rows == 1)
}

/// How many keys of a client are kept.
///
/// # Errors
/// When the database cannot be read.
pub async fn count(tx: &mut Tx, client: &ClientId) -> Result<i64> {
    Ok(on_tx!(tx, on => sqlx::query_scalar(COUNT).bind(client.as_str()).fetch_one(on).await)?)
}

/// Forgets the oldest answers of a client, at most `surplus`; how many. What is under way stays.
///
/// # Errors
/// When the database cannot be written.
pub async fn forget_oldest(tx: &mut Tx, client: &ClientId, surplus: i64) -> Result<u64> {
    Ok(on_tx!(tx, on => sqlx::query(FORGET_OLDEST).bind(client.as_str()).bind(surplus).execute(on).await.map(|r| r.rows_affected()))?)
}

/// Keeps the answer, wrapped, under a key that was claimed at `at` and is still that request's.
///
/// # Errors
/// When the database cannot be written.
pub async fn settle(tx: &mut Tx, client: &ClientId, key: &str, at: Moment, status: i64, body: &[u8]) -> Result<()> {
    on_tx!(tx, on => sqlx::query(SETTLE).bind(client.as_str()).bind(key).bind(status).bind(body).bind(at).execute(on).await.map(drop))?;
    Ok(())
}

/// Lets go of a key that was claimed at `at`, whose request changed nothing.
///
/// # Errors
/// When the database cannot be written.
pub async fn release(tx: &mut Tx, client: &ClientId, key: &str, at: Moment) -> Result<()> {
    on_tx!(tx, on => sqlx::query(RELEASE).bind(client.as_str()).bind(key).bind(at).execute(on).await.map(drop))?;
    Ok(())
}

/// What stands under a key of a client.
///
/// # Errors
/// When the database cannot be read.
pub async fn find(db: &Db, client: &ClientId, key: &str) -> Result<Option<Kept>> {
    Ok(on_db!(db, on => sqlx::query_as(FIND).bind(client.as_str()).bind(key).fetch_optional(on).await)?)
}

/// Forgets some of what was claimed before `oldest`; how many.
///
/// # Errors
/// When the database cannot be written.
pub async fn prune(tx: &mut Tx, oldest: Moment) -> Result<u64> {
    let done = match tx.inner() {
        Inner::Sqlite(tx) => sqlx::query(PRUNE_SQLITE).bind(oldest).execute(&mut **tx).await?.rows_affected(),
        Inner::Postgres(tx) => sqlx::query(PRUNE_POSTGRES).bind(oldest).execute(&mut **tx).await?.rows_affected(),
    };
    Ok(done)
}
