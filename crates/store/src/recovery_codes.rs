//! One-time codes for when the second factor is lost, stored as keyed hashes.

use domain::{AccountId, secret::SecretHash};

use crate::{Db, Moment, Result, Tx};

sql! {
    REMOVE_ALL = "DELETE FROM recovery_codes WHERE account_id = $1";
    INSERT = "INSERT INTO recovery_codes (account_id, hash) VALUES ($1, $2)";
    /// One statement and its row count: a code works once, however many come with it.
    USE_UP = "UPDATE recovery_codes SET used_at = $3 WHERE account_id = $1 AND hash = $2 AND used_at IS NULL";
    LEFT = "SELECT COUNT(*) FROM recovery_codes WHERE account_id = $1 AND used_at IS NULL";
}

/// Replaces the codes of an account by these.
///
/// # Errors
/// When the database cannot be written.
pub async fn replace(tx: &mut Tx, account: AccountId, hashes: &[SecretHash]) -> Result<()> {
    on_tx!(tx, on => sqlx::query(REMOVE_ALL).bind(account.to_string()).execute(on).await.map(drop))?;
    for hash in hashes {
        on_tx!(tx, on => sqlx::query(INSERT).bind(account.to_string()).bind(hash.as_bytes()).execute(on).await.map(drop))?;
    }
    Ok(())
}

/// Uses a code up. `false`: it is none, or was used.
///
/// # Errors
/// When the database cannot be written.
pub async fn use_up(tx: &mut Tx, account: AccountId, hash: &SecretHash, at: Moment) -> Result<bool> {
    let done = on_tx!(tx, on => sqlx::query(USE_UP).bind(account.to_string()).bind(hash.as_bytes()).bind(at)
        .execute(on).await.map(|r| r.rows_affected()))?;
    Ok(done == 1)
}

/// How many codes of an account still work.
///
/// # Errors
/// When the database cannot be read.
pub async fn left(db: &Db, account: AccountId) -> Result<i64> {
    Ok(on_db!(db, on => sqlx::query_scalar(LEFT).bind(account.to_string()).fetch_one(on).await)?)
}

/// The same, as this transaction sees it.
///
/// # Errors
/// When the database cannot be read.
pub async fn left_in(tx: &mut Tx, account: AccountId) -> Result<i64> {
    Ok(on_tx!(tx, on => sqlx::query_scalar(LEFT).bind(account.to_string()).fetch_one(on).await)?)
}
