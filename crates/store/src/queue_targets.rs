//! Within what time what waits should be decided, and for which weeks staff were written to about what was not.

use domain::queue::Queue;

use crate::{Db, Moment, Result, Tx};

sql! {
    SET = "INSERT INTO queue_targets (queue, hours) VALUES ($1, $2) ON CONFLICT (queue) DO UPDATE SET hours = excluded.hours";
    ALL = "SELECT queue, hours FROM queue_targets";
    CLAIM = "INSERT INTO queue_digests (week, sent_at) VALUES ($1, $2) ON CONFLICT (week) DO NOTHING";
}

/// Sets the target of a queue, in hours.
///
/// # Errors
/// When the database cannot be written.
pub async fn set(tx: &mut Tx, queue: Queue, hours: i64) -> Result<()> {
    on_tx!(tx, on => sqlx::query(SET).bind(queue.as_str()).bind(hours).execute(on).await.map(drop))?;
    Ok(())
}

/// The targets that were set, in hours.
///
/// # Errors
/// When the database cannot be read.
pub async fn all(db: &Db) -> Result<Vec<(Queue, i64)>> {
    Ok(known(on_db!(db, on => sqlx::query_as(ALL).fetch_all(on).await)?))
}

/// The same, inside the transaction that holds how the queues are worked ([`queues::hold`](crate::queues::hold)).
///
/// # Errors
/// When the database cannot be read.
pub async fn held(tx: &mut Tx) -> Result<Vec<(Queue, i64)>> {
    Ok(known(on_tx!(tx, on => sqlx::query_as(ALL).fetch_all(on).await)?))
}

/// A queue that only a newer version knows is not shown by this one.
fn known(rows: Vec<(String, i64)>) -> Vec<(Queue, i64)> {
    rows.into_iter().filter_map(|(queue, hours)| Some((queue.parse().ok()?, hours))).collect()
}

/// Claims the letter of a week (`2026-W47`). `false`: somebody did.
///
/// # Errors
/// When the database cannot be written.
pub async fn claim(tx: &mut Tx, week: &str, at: Moment) -> Result<bool> {
    let done = on_tx!(tx, on => sqlx::query(CLAIM).bind(week).bind(at).execute(on).await.map(|r| r.rows_affected()))?;
    Ok(done == 1)
}
