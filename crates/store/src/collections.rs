//! The sandbox carrier's collection requests.

use domain::Timestamp;
use sqlx::FromRow;

use crate::{Db, Moment, Result, Tx, shipments::Owner};

sql! {
    INSERT = "INSERT INTO collections (environment, project_id, code, state, declaration, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $6)";
    BY_CODE = "SELECT code, state, declaration, created_at, updated_at FROM collections
        WHERE environment = $1 AND project_id = $2 AND code = $3";
    /// An empty state means any.
    LIST = "SELECT code, state, declaration, created_at, updated_at FROM collections
        WHERE environment = $1 AND project_id = $2 AND ($3 = '' OR state = $3)
        ORDER BY created_at DESC, code DESC LIMIT $4 OFFSET $5";
    /// Conditional, so that of two conflicting changes at the same time exactly one happens.
    MOVE = "UPDATE collections SET state = $5, updated_at = $6
        WHERE environment = $1 AND project_id = $2 AND code = $3 AND state = $4";
}

/// A collection request.
#[derive(Debug, Clone, FromRow)]
pub struct Collection {
    /// Its code.
    pub code: String,
    /// Where it stands.
    pub state: String,
    /// As declared, JSON.
    pub declaration: String,
    /// When it was asked for.
    pub created_at: Moment,
    /// When it last changed.
    pub updated_at: Moment,
}

/// Writes a new request.
///
/// # Errors
/// [`Error::Taken`](crate::Error::Taken) when the project has a request under that code.
pub async fn insert(tx: &mut Tx, owner: Owner, code: &str, state: &str, declaration: &str, at: Timestamp) -> Result<()> {
    on_tx!(tx, on => sqlx::query(INSERT)
        .bind(owner.environment.as_str()).bind(owner.project.to_string())
        .bind(code).bind(state).bind(declaration).bind(Moment(at))
        .execute(on).await.map(drop)?);
    Ok(())
}

/// The project's request with that code.
///
/// # Errors
/// What the database says.
pub async fn by_code(db: &Db, owner: Owner, code: &str) -> Result<Option<Collection>> {
    Ok(on_db!(db, on => sqlx::query_as(BY_CODE)
        .bind(owner.environment.as_str()).bind(owner.project.to_string()).bind(code)
        .fetch_optional(on).await?))
}

/// The project's requests, newest first, in one `state` or (when it is empty) in any.
///
/// # Errors
/// What the database says.
pub async fn list(db: &Db, owner: Owner, state: &str, limit: i64, offset: i64) -> Result<Vec<Collection>> {
    Ok(on_db!(db, on => sqlx::query_as(LIST)
        .bind(owner.environment.as_str()).bind(owner.project.to_string())
        .bind(state).bind(limit).bind(offset)
        .fetch_all(on).await?))
}

/// Moves a request from one state to another; `false` when it is not in the first.
///
/// # Errors
/// What the database says.
pub async fn move_state(tx: &mut Tx, owner: Owner, code: &str, from: &str, to: &str, at: Timestamp) -> Result<bool> {
    let rows = on_tx!(tx, on => sqlx::query(MOVE)
        .bind(owner.environment.as_str()).bind(owner.project.to_string())
        .bind(code).bind(from).bind(to).bind(Moment(at))
        .execute(on).await?.rows_affected());
    Ok(rows == 1)
}
