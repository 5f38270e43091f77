//! The sandbox carrier's clocks: how far a project's time stands before the real one.

use crate::{Db, Result, Tx, shipments::Owner};

sql! {
    AHEAD = "SELECT ahead FROM carrier_clocks WHERE environment = $1 AND project_id = $2";
    /// Touching the row locks it, and makes it where there is none: two moves at the same time both count.
    LOCK = "INSERT INTO carrier_clocks (environment, project_id, ahead) VALUES ($1, $2, 0)
        ON CONFLICT (environment, project_id) DO UPDATE SET ahead = carrier_clocks.ahead
        RETURNING ahead";
    SET = "UPDATE carrier_clocks SET ahead = $3 WHERE environment = $1 AND project_id = $2";
}

/// By how many microseconds the project's time is ahead of the real one; 0 when it was never moved.
///
/// # Errors
/// What the database says.
pub async fn ahead(db: &Db, owner: Owner) -> Result<i64> {
    let ahead: Option<i64> = on_db!(db, on => sqlx::query_scalar(AHEAD)
        .bind(owner.environment.as_str()).bind(owner.project.to_string())
        .fetch_optional(on).await?);
    Ok(ahead.unwrap_or(0))
}

/// The same, and keeps others from moving the clock until the transaction ends.
///
/// # Errors
/// What the database says.
pub async fn lock(tx: &mut Tx, owner: Owner) -> Result<i64> {
    Ok(on_tx!(tx, on => sqlx::query_scalar(LOCK)
        .bind(owner.environment.as_str()).bind(owner.project.to_string())
        .fetch_one(on).await?))
}

/// Sets the clock that [`lock`] holds, in microseconds ahead of the real time.
///
/// # Errors
/// What the database says.
pub async fn set(tx: &mut Tx, owner: Owner, ahead: i64) -> Result<()> {
    on_tx!(tx, on => sqlx::query(SET)
        .bind(owner.environment.as_str()).bind(owner.project.to_string()).bind(ahead)
        .execute(on).await.map(drop)?);
    Ok(())
}
