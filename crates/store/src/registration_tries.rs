//! Tries at proving to be an account holder, counted before they are checked. The row stays taken until the transaction ends, so that many tries at
//! once are one after another.

use domain::secret::SecretHash;
use jiff::SignedDuration;

use crate::{Db, Moment, Result, Tx};

sql! {
    /// Counts a try unless there were too many; an old count starts anew. No row: too many.
    TAKE = "INSERT INTO registration_tries (key, failures, last_at) VALUES ($1, 1, $2)
        ON CONFLICT (key) DO UPDATE SET failures = CASE WHEN registration_tries.last_at <= $3 THEN 1 ELSE registration_tries.failures + 1 END,
            last_at = excluded.last_at
        WHERE registration_tries.failures < $4 OR registration_tries.last_at <= $3
        RETURNING failures";
    LAST = "SELECT last_at FROM registration_tries WHERE key = $1";
    LOCKED = "SELECT last_at FROM registration_tries WHERE key = $1 AND failures >= $3 AND last_at > $2";
    CLEAR = "DELETE FROM registration_tries WHERE key = $1";
    PRUNE = "DELETE FROM registration_tries WHERE key IN (SELECT key FROM registration_tries WHERE last_at <= $1 ORDER BY last_at LIMIT 2000)";
}

/// Whether one may try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Try {
    /// Yes, and it was counted; so many in a row by now.
    Now(i64),
    /// Not before this moment.
    Locked(Moment),
}

/// Counts a try under `key`. After `most` in a row nobody may try for `lock` seconds, and a count is forgotten as long after its last try.
///
/// # Errors
/// When the database cannot be written.
pub async fn take(tx: &mut Tx, key: &SecretHash, most: i64, lock: i64, now: Moment) -> Result<Try> {
    let forgotten = Moment(*now - SignedDuration::from_secs(lock));
    let failures: Option<i64> = on_tx!(tx, on => sqlx::query_scalar(TAKE).bind(key.as_bytes()).bind(now).bind(forgotten).bind(most)
        .fetch_optional(on).await)?;
    if let Some(failures) = failures {
        return Ok(Try::Now(failures));
    }
    let last: Option<Moment> = on_tx!(tx, on => sqlx::query_scalar(LAST).bind(key.as_bytes()).fetch_optional(on).await)?;
    Ok(Try::Locked(Moment(*last.unwrap_or(now) + SignedDuration::from_secs(lock))))
}

/// Until when nobody may try under `key`; `None`: one may. Nothing is counted.
///
/// # Errors
/// When the database cannot be read.
pub async fn locked(tx: &mut Tx, key: &SecretHash, most: i64, lock: i64, now: Moment) -> Result<Option<Moment>> {
    let forgotten = Moment(*now - SignedDuration::from_secs(lock));
    let last: Option<Moment> = on_tx!(tx, on => sqlx::query_scalar(LOCKED).bind(key.as_bytes()).bind(forgotten).bind(most)
        .fetch_optional(on).await)?;
    Ok(last.map(|last| Moment(*last + SignedDuration::from_secs(lock))))
}

/// The same outside a transaction, for whoever would do work in vain.
///
/// # Errors
/// When the database cannot be read.
pub async fn is_locked(db: &Db, key: &SecretHash, most: i64, lock: i64, now: Moment) -> Result<Option<Moment>> {
    let forgotten = Moment(*now - SignedDuration::from_secs(lock));
    let last: Option<Moment> = on_db!(db, on => sqlx::query_scalar(LOCKED).bind(key.as_bytes()).bind(forgotten).bind(most)
        .fetch_optional(on).await)?;
    Ok(last.map(|last| Moment(*last + SignedDuration::from_secs(lock))))
}

/// Forgets all tries under `key`.
///
/// # Errors
/// When the database cannot be written.
pub async fn clear(tx: &mut Tx, key: &SecretHash) -> Result<()> {
    on_tx!(tx, on => sqlx::query(CLEAR).bind(key.as_bytes()).execute(on).await.map(drop))?;
    Ok(())
}

/// Removes a slice of those whose last try was no later than `before`; how many.
///
/// # Errors
/// When the database cannot be written.
pub async fn prune(tx: &mut Tx, before: Moment) -> Result<u64> {
    Ok(on_tx!(tx, on => sqlx::query(PRUNE).bind(before).execute(on).await.map(|r| r.rows_affected()))?)
}
