//! Who of the operator's staff takes care of something that waits.

use domain::{AccountId, queue::Queue};

use crate::{Db, Moment, Result, Tx};

sql! {
    TAKE = "INSERT INTO queue_owners (queue, id, account_id, since) VALUES ($1, $2, $3, $4)
        ON CONFLICT (queue, id) DO UPDATE SET account_id = excluded.account_id, since = excluded.since";
    /// These take the row's lock, so that what is decided in this moment is either seen here or comes after.
    ACCESS_WAITS = "UPDATE access_requests SET status = status WHERE id = $1 AND status = 'pending'";
    CONTRACT_WAITS = "UPDATE contracts SET status = status WHERE id = $1 AND status = 'pending'";
    CUSTOMER_TYPE_WAITS = "UPDATE customer_type_requests SET status = status WHERE id = $1 AND status = 'pending'";
    LEAVE = "DELETE FROM queue_owners WHERE queue = $1 AND id = $2";
    OF = "SELECT a.id, a.name FROM queue_owners q JOIN accounts a ON a.id = q.account_id WHERE q.queue = $1 AND q.id = $2";
}

/// Keeps what waits from being decided until the transaction ends. `false`: it does not wait any more.
///
/// # Errors
/// When the database cannot be written.
pub async fn hold(tx: &mut Tx, queue: Queue, id: &str) -> Result<bool> {
    let waits = match queue {
        Queue::Access => ACCESS_WAITS,
        Queue::Contracts => CONTRACT_WAITS,
        Queue::CustomerTypes => CUSTOMER_TYPE_WAITS,
    };
    let done = on_tx!(tx, on => sqlx::query(waits).bind(id).execute(on).await.map(|r| r.rows_affected()))?;
    Ok(done == 1)
}

/// From now on this account takes care of it, whoever did before.
///
/// # Errors
/// When the database cannot be written.
pub async fn take(tx: &mut Tx, queue: Queue, id: &str, account: AccountId, since: Moment) -> Result<()> {
    on_tx!(tx, on => sqlx::query(TAKE).bind(queue.as_str()).bind(id).bind(account.to_string()).bind(since).execute(on).await.map(drop))?;
    Ok(())
}

/// Nobody takes care of it any more. `false`: nobody did.
///
/// # Errors
/// When the database cannot be written.
pub async fn leave(tx: &mut Tx, queue: Queue, id: &str) -> Result<bool> {
    let done = on_tx!(tx, on => sqlx::query(LEAVE).bind(queue.as_str()).bind(id).execute(on).await.map(|r| r.rows_affected()))?;
    Ok(done == 1)
}

/// The id and name of who takes care of it.
///
/// # Errors
/// When the database cannot be read.
pub async fn of(db: &Db, queue: Queue, id: &str) -> Result<Option<(AccountId, String)>> {
    let found: Option<(String, String)> = on_db!(db, on => sqlx::query_as(OF).bind(queue.as_str()).bind(id).fetch_optional(on).await)?;
    found.map(|(account, name)| Ok((account.parse()?, name))).transpose()
}
