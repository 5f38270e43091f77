//! Answers kept for retries: the same key with the same request is answered as the first time, until it is too old.

use domain::Timestamp;
use sqlx::FromRow;

use crate::{Db, Moment, Result, Tx, shipments::Owner, tx::Inner};

sql! {
    /// A key past its time is free again. Its row is taken away first, so that the insert below finds the place empty;
    /// of two transactions at once the second waits here until the first ends.
    FREE = "DELETE FROM idempotency_keys WHERE environment = $1 AND project_id = $2 AND key = $3 AND created_at < $4";
    /// A second transaction with the same key waits here until the first ends, then finds the key taken (or free again).
    CLAIM = "INSERT INTO idempotency_keys (environment, project_id, key, fingerprint, status, body, created_at)
        VALUES ($1, $2, $3, $4, NULL, NULL, $5) ON CONFLICT (environment, project_id, key) DO NOTHING";
    SETTLE = "UPDATE idempotency_keys SET status = $4, body = $5
        WHERE environment = $1 AND project_id = $2 AND key = $3";
    FIND = "SELECT fingerprint, status, body FROM idempotency_keys
        WHERE environment = $1 AND project_id = $2 AND key = $3 AND created_at >= $4 AND status IS NOT NULL AND body IS NOT NULL";
    PRUNE_SQLITE = "DELETE FROM idempotency_keys WHERE (environment, project_id, key) IN
        (SELECT environment, project_id, key FROM idempotency_keys WHERE created_at < $1 ORDER BY created_at LIMIT $2)";
    /// Rows that another transaction is at are left to it: nobody waits to tidy up.
    PRUNE_POSTGRES = "DELETE FROM idempotency_keys WHERE (environment, project_id, key) IN
        (SELECT environment, project_id, key FROM idempotency_keys WHERE created_at < $1 ORDER BY created_at LIMIT $2
            FOR UPDATE SKIP LOCKED)";
}

/// What was answered under a key.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Answered {
    /// What the request was, as a digest.
    pub fingerprint: String,
    /// The status of the answer.
    pub status: i64,
    /// The body of the answer.
    pub body: String,
}

/// Claims `key` for this transaction; `false` when it is taken. A key that was claimed before `oldest` is free again.
///
/// # Errors
/// What the database says.
pub async fn claim(tx: &mut Tx, owner: Owner, key: &str, fingerprint: &str, at: Timestamp, oldest: Timestamp) -> Result<bool> {
    on_tx!(tx, on => sqlx::query(FREE)
        .bind(owner.environment.as_str()).bind(owner.project.to_string()).bind(key).bind(Moment(oldest))
        .execute(on).await.map(drop)?);
    let rows = on_tx!(tx, on => sqlx::query(CLAIM)
        .bind(owner.environment.as_str()).bind(owner.project.to_string())
        .bind(key).bind(fingerprint).bind(Moment(at))
        .execute(on).await?.rows_affected());
    Ok(rows == 1)
}

/// Keeps the answer under a key claimed in this transaction.
///
/// # Errors
/// What the database says.
pub async fn settle(tx: &mut Tx, owner: Owner, key: &str, status: i64, body: &str) -> Result<()> {
    on_tx!(tx, on => sqlx::query(SETTLE)
        .bind(owner.environment.as_str()).bind(owner.project.to_string())
        .bind(key).bind(status).bind(body)
        .execute(on).await.map(drop)?);
    Ok(())
}

/// The answer kept under `key`, unless it was claimed before `oldest`.
///
/// # Errors
/// What the database says.
pub async fn find(db: &Db, owner: Owner, key: &str, oldest: Timestamp) -> Result<Option<Answered>> {
    Ok(on_db!(db, on => sqlx::query_as(FIND)
        .bind(owner.environment.as_str()).bind(owner.project.to_string()).bind(key).bind(Moment(oldest))
        .fetch_optional(on).await?))
}

/// Forgets at most `many` answers of any project that were claimed before `oldest`, the oldest first; says how many.
///
/// # Errors
/// What the database says.
pub async fn prune(tx: &mut Tx, oldest: Timestamp, many: i64) -> Result<u64> {
    let done = match tx.inner() {
        Inner::Sqlite(tx) => sqlx::query(PRUNE_SQLITE).bind(Moment(oldest)).bind(many).execute(&mut **tx).await?.rows_affected(),
        Inner::Postgres(tx) => sqlx::query(PRUNE_POSTGRES).bind(Moment(oldest)).bind(many).execute(&mut **tx).await?.rows_affected(),
    };
    Ok(done)
}
