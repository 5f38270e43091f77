//! Tries at signing in, counted before they are checked, so that many at once are no way around the count.

use domain::{account::Patience, secret::SecretHash};
use jiff::SignedDuration;

use crate::{Moment, Result, Tx};

sql! {
    /// Counts a try unless one has to wait; an old count starts anew. No row: one has to wait.
    TAKE = "INSERT INTO sign_in_tries (key, failures, last_at, locked_until) VALUES ($1, 1, $2, NULL)
        ON CONFLICT (key) DO UPDATE SET failures = CASE WHEN sign_in_tries.last_at < $3 THEN 1 ELSE sign_in_tries.failures + 1 END,
            last_at = excluded.last_at, locked_until = NULL
        WHERE sign_in_tries.locked_until IS NULL OR sign_in_tries.locked_until <= $2
        RETURNING failures";
    LOCKED_UNTIL = "SELECT locked_until FROM sign_in_tries WHERE key = $1";
    LOCK = "UPDATE sign_in_tries SET locked_until = $2 WHERE key = $1";
    GIVE_BACK = "UPDATE sign_in_tries SET failures = failures - 1, locked_until = NULL WHERE key = $1 AND failures > 0";
    CLEAR = "DELETE FROM sign_in_tries WHERE key = $1";
    PRUNE = "DELETE FROM sign_in_tries WHERE key IN (SELECT key FROM sign_in_tries WHERE last_at < $1 ORDER BY last_at LIMIT 2000)";
}

/// Whether one may try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Try {
    /// Yes, and it was counted; so many in a row by now.
    Now(i64),
    /// Not before this moment.
    Wait(Moment),
}

/// Counts a try under `key`, or says until when one has to wait.
///
/// # Errors
/// When the database cannot be written.
pub async fn take(tx: &mut Tx, key: &SecretHash, patience: Patience, now: Moment) -> Result<Try> {
    let forgotten = Moment(*now - SignedDuration::from_secs(patience.memory));
    let failures: Option<i64> =
        on_tx!(tx, on => sqlx::query_scalar(TAKE).bind(key.as_bytes()).bind(now).bind(forgotten).fetch_optional(on).await)?;
    let Some(failures) = failures else {
        let until: Option<Option<Moment>> =
            on_tx!(tx, on => sqlx::query_scalar(LOCKED_UNTIL).bind(key.as_bytes()).fetch_optional(on).await)?;
        return Ok(Try::Wait(until.flatten().unwrap_or(now)));
    };
    if let Some(wait) = patience.wait_after(failures) {
        let until = Moment(*now + SignedDuration::from_secs(wait));
        on_tx!(tx, on => sqlx::query(LOCK).bind(key.as_bytes()).bind(until).execute(on).await.map(drop))?;
    }
    Ok(Try::Now(failures))
}

/// Takes back one try that turned out right.
///
/// # Errors
/// When the database cannot be written.
pub async fn give_back(tx: &mut Tx, key: &SecretHash) -> Result<()> {
    on_tx!(tx, on => sqlx::query(GIVE_BACK).bind(key.as_bytes()).execute(on).await.map(drop))?;
    Ok(())
}

/// Forgets all tries under `key`.
///
/// # Errors
/// When the database cannot be written.
pub async fn clear(tx: &mut Tx, key: &SecretHash) -> Result<()> {
    on_tx!(tx, on => sqlx::query(CLEAR).bind(key.as_bytes()).execute(on).await.map(drop))?;
    Ok(())
}

/// Removes a slice of those whose last try was before `before`; how many.
///
/// # Errors
/// When the database cannot be written.
pub async fn prune(tx: &mut Tx, before: Moment) -> Result<u64> {
    Ok(on_tx!(tx, on => sqlx::query(PRUNE).bind(before).execute(on).await.map(|r| r.rows_affected()))?)
}
