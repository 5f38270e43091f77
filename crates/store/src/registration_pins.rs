//! PINs that were sent to account holders.

use domain::secret::SecretHash;
use uuid::Uuid;

use crate::{Moment, Result, Tx};

sql! {
    INSERT = "INSERT INTO registration_pins (id, key, counted, hash, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)";
    SENT_SINCE = "SELECT created_at FROM registration_pins WHERE counted = $1 AND created_at > $2 ORDER BY created_at";
    /// The last one sent is the only one that is good.
    LAST = "SELECT id, hash, expires_at, used_at FROM registration_pins WHERE key = $1 ORDER BY created_at DESC, id DESC LIMIT 1";
    USE = "UPDATE registration_pins SET used_at = $2 WHERE id = $1 AND used_at IS NULL";
    PRUNE = "DELETE FROM registration_pins WHERE id IN (SELECT id FROM registration_pins WHERE created_at <= $1 ORDER BY created_at LIMIT 2000)";
}

/// Adds a PIN: under which key it is redeemed, and under which it is counted.
///
/// # Errors
/// When the database cannot be written.
pub async fn insert(
    tx: &mut Tx,
    id: Uuid,
    (key, counted): (&SecretHash, &SecretHash),
    hash: &SecretHash,
    now: Moment,
    until: Moment,
) -> Result<()> {
    on_tx!(tx, on => sqlx::query(INSERT).bind(id.to_string()).bind(key.as_bytes()).bind(counted.as_bytes()).bind(hash.as_bytes()).bind(now)
        .bind(until).execute(on).await.map(drop))?;
    Ok(())
}

/// When PINs that are counted under `counted` were sent after `since`, oldest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn sent_since(tx: &mut Tx, counted: &SecretHash, since: Moment) -> Result<Vec<Moment>> {
    Ok(on_tx!(tx, on => sqlx::query_scalar(SENT_SINCE).bind(counted.as_bytes()).bind(since).fetch_all(on).await)?)
}

/// Whether `hash` is that of the last PIN sent, which was not used and is good at `now`; from then on it is used.
///
/// # Errors
/// When the database cannot be written.
pub async fn redeem(tx: &mut Tx, key: &SecretHash, hash: &SecretHash, now: Moment) -> Result<bool> {
    let last: Option<(String, Vec<u8>, Moment, Option<Moment>)> =
        on_tx!(tx, on => sqlx::query_as(LAST).bind(key.as_bytes()).fetch_optional(on).await)?;
    let Some((id, known, until, used)) = last else { return Ok(false) };
    let same = SecretHash::try_from(known.as_slice()).is_ok_and(|known| known.matches(hash));
    if !same || used.is_some() || until <= now {
        return Ok(false);
    }
    let done = on_tx!(tx, on => sqlx::query(USE).bind(&id).bind(now).execute(on).await.map(|r| r.rows_affected()))?;
    Ok(done == 1)
}

/// Removes a slice of those sent no later than `before`; how many.
///
/// # Errors
/// When the database cannot be written.
pub async fn prune(tx: &mut Tx, before: Moment) -> Result<u64> {
    Ok(on_tx!(tx, on => sqlx::query(PRUNE).bind(before).execute(on).await.map(|r| r.rows_affected()))?)
}
