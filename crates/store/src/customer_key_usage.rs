//! How much customer keys are used, by day. Nothing is decided by it.

use domain::{ChildKey, Timestamp};
use serde::Serialize;
use sqlx::FromRow;

use crate::{Db, Result, Tx};

sql! {
    ADD = "INSERT INTO customer_key_usage (customer_key_id, day, passed, refused) VALUES ($1, $2, $3, $4)
        ON CONFLICT (customer_key_id, day) DO UPDATE SET passed = customer_key_usage.passed + excluded.passed,
        refused = customer_key_usage.refused + excluded.refused";
    OF_KEY = "SELECT day, passed, refused FROM customer_key_usage WHERE customer_key_id = $1 ORDER BY day DESC LIMIT $2";
    /// A few at a time, so that nobody waits long for the writer.
    PRUNE = "DELETE FROM customer_key_usage WHERE (customer_key_id, day) IN (
        SELECT customer_key_id, day FROM customer_key_usage WHERE day < $1 ORDER BY day LIMIT 5000)";
}

/// The day that a moment lies in, counted from 1970 in UTC.
#[must_use]
pub fn day(at: Timestamp) -> i64 {
    at.as_second().div_euclid(86_400)
}

/// What was done with a customer key in a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow, Serialize)]
pub struct Day {
    /// Which day, from [`day`].
    pub day: i64,
    /// Requests that passed.
    pub passed: i64,
    /// Requests that were refused.
    pub refused: i64,
}

/// Adds to what is known of a key's day.
///
/// # Errors
/// When the database cannot be written.
pub async fn add(tx: &mut Tx, key: &ChildKey, used: &Day) -> Result<()> {
    on_tx!(tx, on => sqlx::query(ADD).bind(key.as_str()).bind(used.day).bind(used.passed).bind(used.refused)
        .execute(on).await.map(drop))?;
    Ok(())
}

/// The last days on which a key was used, the latest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_key(db: &Db, key: &ChildKey, limit: i64) -> Result<Vec<Day>> {
    Ok(on_db!(db, on => sqlx::query_as(OF_KEY).bind(key.as_str()).bind(limit).fetch_all(on).await)?)
}

/// Removes some of what is of before `before`, a day. Zero: there is no more.
///
/// # Errors
/// When the database cannot be written.
pub async fn prune(tx: &mut Tx, before: i64) -> Result<u64> {
    Ok(on_tx!(tx, on => sqlx::query(PRUNE).bind(before).execute(on).await.map(|r| r.rows_affected()))?)
}
