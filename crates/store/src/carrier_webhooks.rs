//! Where the sandbox carrier's projects want to hear of tracking events, and which of them they have been told of.

use domain::{Environment, ProjectId, Timestamp};
use sqlx::FromRow;

use crate::{
    Db, Moment, Result, Tx,
    shipments::{self, Owner, Parcel},
};

sql! {
    INSERT = "INSERT INTO carrier_webhooks (environment, project_id, id, url, created_at, failures, last_at, last_result)
        VALUES ($1, $2, $3, $4, $5, 0, NULL, NULL)";
    LIST = "SELECT id, url, created_at, failures, last_at, last_result FROM carrier_webhooks
        WHERE environment = $1 AND project_id = $2 ORDER BY created_at, id";
    REMOVE = "DELETE FROM carrier_webhooks WHERE environment = $1 AND project_id = $2 AND id = $3";
    SUCCEEDED = "UPDATE carrier_webhooks SET failures = 0, last_at = $4, last_result = $5
        WHERE environment = $1 AND project_id = $2 AND id = $3";
    FAILED = "UPDATE carrier_webhooks SET failures = failures + 1, last_at = $4, last_result = $5
        WHERE environment = $1 AND project_id = $2 AND id = $3";
    LISTENERS = "SELECT DISTINCT w.environment, w.project_id, COALESCE(c.ahead, 0) AS ahead FROM carrier_webhooks w
        LEFT JOIN carrier_clocks c ON c.environment = w.environment AND c.project_id = w.project_id";
    /// The latest first: what happened before anybody listened must not hold up what happens now.
    DUE = "SELECT code, events_told, next_event_at FROM parcels
        WHERE environment = $1 AND project_id = $2 AND next_event_at <= $3 ORDER BY next_event_at DESC, code LIMIT $4";
    /// Conditional, so that of two nodes exactly one tells. The row stays locked, so that nothing more can happen to the parcel
    /// between reading its events and saying how many of them were told.
    CLAIM = "UPDATE parcels SET next_event_at = NULL
        WHERE environment = $1 AND project_id = $2 AND code = $3 AND events_told = $4 AND next_event_at = $5";
    SETTLE = "UPDATE parcels SET events_told = $4, next_event_at = $5 WHERE environment = $1 AND project_id = $2 AND code = $3";
}

/// A URL that wants to hear of events.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Webhook {
    /// Its id.
    pub id: String,
    /// Where to send.
    pub url: String,
    /// When it was registered, in the project's time. It hears of what happens from then on.
    pub created_at: Moment,
    /// How many deliveries in a row went wrong.
    pub failures: i64,
    /// When the last delivery was made.
    pub last_at: Option<Moment>,
    /// What came of it: a status, or why there was none.
    pub last_result: Option<String>,
}

/// A project that has a webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listener {
    /// The project.
    pub owner: Owner,
    /// How far its time stands before the real one, in microseconds.
    pub ahead: i64,
}

/// A parcel to which something happened that its project was not told of.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Due {
    /// The parcel's code.
    pub code: String,
    /// How many of its events the project knows.
    pub events_told: i64,
    /// When the first that it does not know happened.
    pub next_event_at: Moment,
}

/// Registers a URL.
///
/// # Errors
/// What the database says.
pub async fn insert(tx: &mut Tx, owner: Owner, id: &str, url: &str, at: Timestamp) -> Result<()> {
    on_tx!(tx, on => sqlx::query(INSERT)
        .bind(owner.environment.as_str()).bind(owner.project.to_string()).bind(id).bind(url).bind(Moment(at))
        .execute(on).await.map(drop)?);
    Ok(())
}

/// The project's webhooks, the oldest first.
///
/// # Errors
/// What the database says.
pub async fn list(db: &Db, owner: Owner) -> Result<Vec<Webhook>> {
    Ok(on_db!(db, on => sqlx::query_as(LIST)
        .bind(owner.environment.as_str()).bind(owner.project.to_string())
        .fetch_all(on).await?))
}

/// The same within a transaction that registers another. Until it ends nobody else can: a counter's row, which is touched
/// first, is the lock.
///
/// # Errors
/// What the database says.
pub async fn lock(tx: &mut Tx, owner: Owner) -> Result<Vec<Webhook>> {
    shipments::take_numbers(tx, owner, "webhooks", 0).await?;
    Ok(on_tx!(tx, on => sqlx::query_as(LIST)
        .bind(owner.environment.as_str()).bind(owner.project.to_string())
        .fetch_all(on).await?))
}

/// Forgets a URL; `false` when the project has none with that id.
///
/// # Errors
/// What the database says.
pub async fn remove(tx: &mut Tx, owner: Owner, id: &str) -> Result<bool> {
    let rows = on_tx!(tx, on => sqlx::query(REMOVE)
        .bind(owner.environment.as_str()).bind(owner.project.to_string()).bind(id)
        .execute(on).await?.rows_affected());
    Ok(rows == 1)
}

/// Notes what came of a delivery. A webhook that is gone meanwhile is left alone.
///
/// # Errors
/// What the database says.
pub async fn told(tx: &mut Tx, owner: Owner, id: &str, good: bool, result: &str, at: Timestamp) -> Result<()> {
    on_tx!(tx, on => sqlx::query(if good { SUCCEEDED } else { FAILED })
        .bind(owner.environment.as_str()).bind(owner.project.to_string()).bind(id).bind(Moment(at)).bind(result)
        .execute(on).await.map(drop)?);
    Ok(())
}

/// Every project that has a webhook, with its time.
///
/// # Errors
/// What the database says.
pub async fn listeners(db: &Db) -> Result<Vec<Listener>> {
    let rows: Vec<(String, String, i64)> = on_db!(db, on => sqlx::query_as(LISTENERS).fetch_all(on).await?);
    // What no program of ours wrote is nobody's.
    let read = rows.into_iter().filter_map(|(environment, project, ahead)| {
        let (environment, project): (Environment, ProjectId) = (environment.parse().ok()?, project.parse().ok()?);
        Some(Listener { owner: Owner { environment, project }, ahead })
    });
    Ok(read.collect())
}

/// Parcels to which something happened up to `now`, in the project's time, that it was not told of: `limit` of them.
///
/// # Errors
/// What the database says.
pub async fn due(db: &Db, owner: Owner, now: Timestamp, limit: i64) -> Result<Vec<Due>> {
    Ok(on_db!(db, on => sqlx::query_as(DUE)
        .bind(owner.environment.as_str()).bind(owner.project.to_string()).bind(Moment(now)).bind(limit)
        .fetch_all(on).await?))
}

/// Takes it on to tell what happened to a parcel: the parcel as it is now, which stays as it is until the transaction ends; `None` when
/// somebody else has told it. What was taken on must be settled.
///
/// # Errors
/// What the database says.
pub async fn claim(tx: &mut Tx, owner: Owner, due: &Due) -> Result<Option<Parcel>> {
    let rows = on_tx!(tx, on => sqlx::query(CLAIM)
        .bind(owner.environment.as_str()).bind(owner.project.to_string())
        .bind(&due.code).bind(due.events_told).bind(due.next_event_at)
        .execute(on).await?.rows_affected());
    if rows != 1 {
        return Ok(None);
    }
    shipments::parcel_within(tx, owner, &due.code).await
}

/// Says how many events the project will have been told of, and when the next one comes, if one does.
///
/// # Errors
/// What the database says.
pub async fn settle(tx: &mut Tx, owner: Owner, code: &str, told: i64, next: Option<Timestamp>) -> Result<()> {
    on_tx!(tx, on => sqlx::query(SETTLE)
        .bind(owner.environment.as_str()).bind(owner.project.to_string()).bind(code).bind(told).bind(next.map(Moment))
        .execute(on).await.map(drop)?);
    Ok(())
}
