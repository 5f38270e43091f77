//! Whoever was sent to the operator's provider and has not come back.

use domain::secret::SecretHash;
use sqlx::FromRow;

use crate::{Moment, Result, Tx};

sql! {
    COUNT = "SELECT COUNT(*) FROM sign_ons";
    INSERT = "INSERT INTO sign_ons (hash, browser, purpose, state, expires_at) VALUES ($1, $2, $3, $4, $5)";
    /// Who presses the button again and again comes back to one of the last.
    TRIM = "DELETE FROM sign_ons WHERE hash IN (SELECT hash FROM sign_ons WHERE browser = $1 ORDER BY expires_at DESC, hash LIMIT 1000 OFFSET $2)";
    /// Gone with the first answer, right or wrong, whoever brings it.
    TAKE = "DELETE FROM sign_ons WHERE hash = $1 RETURNING browser, purpose, state, expires_at";
    PEEK = "SELECT browser, purpose, state, expires_at FROM sign_ons WHERE hash = $1";
    PRUNE = "DELETE FROM sign_ons WHERE hash IN (SELECT hash FROM sign_ons WHERE expires_at <= $1 ORDER BY expires_at LIMIT 2000)";
}

/// How many of one browser may be under way.
const MOST_OF_ONE: i64 = 5;
/// How many may be under way in all.
const MOST: i64 = 10_000;

/// Somebody who was sent.
#[derive(FromRow)]
pub struct SignOn {
    browser: Vec<u8>,
    /// What for.
    pub purpose: String,
    /// What must be known when they come back; JSON.
    pub state: String,
    /// Until when.
    pub expires_at: Moment,
}

impl SignOn {
    /// Whether this is the browser that was sent. Both are keyed hashes: how long it takes says nothing about what they are of.
    #[must_use]
    pub fn is_of(&self, browser: &SecretHash) -> bool {
        self.browser == browser.as_bytes()
    }
}

/// Notes that somebody was sent. `false`: too many are under way.
///
/// # Errors
/// When the database cannot be written.
pub async fn insert(tx: &mut Tx, hash: &SecretHash, browser: &SecretHash, purpose: &str, state: &str, expires_at: Moment) -> Result<bool> {
    let under_way: i64 = on_tx!(tx, on => sqlx::query_scalar(COUNT).fetch_one(on).await)?;
    if under_way >= MOST {
        return Ok(false);
    }
    on_tx!(tx, on => sqlx::query(INSERT).bind(hash.as_bytes()).bind(browser.as_bytes()).bind(purpose).bind(state).bind(expires_at)
        .execute(on).await.map(drop))?;
    on_tx!(tx, on => sqlx::query(TRIM).bind(browser.as_bytes()).bind(MOST_OF_ONE).execute(on).await.map(drop))?;
    Ok(true)
}

/// Takes who was sent under this hash, once.
///
/// # Errors
/// When the database cannot be written.
pub async fn take(tx: &mut Tx, hash: &SecretHash) -> Result<Option<SignOn>> {
    Ok(on_tx!(tx, on => sqlx::query_as(TAKE).bind(hash.as_bytes()).fetch_optional(on).await)?)
}

/// Looks at who was sent under this hash.
///
/// # Errors
/// When the database cannot be read.
pub async fn peek(tx: &mut Tx, hash: &SecretHash) -> Result<Option<SignOn>> {
    Ok(on_tx!(tx, on => sqlx::query_as(PEEK).bind(hash.as_bytes()).fetch_optional(on).await)?)
}

/// Removes a slice of those that expired before `before`; how many.
///
/// # Errors
/// When the database cannot be written.
pub async fn prune(tx: &mut Tx, before: Moment) -> Result<u64> {
    Ok(on_tx!(tx, on => sqlx::query(PRUNE).bind(before).execute(on).await.map(|r| r.rows_affected()))?)
}
