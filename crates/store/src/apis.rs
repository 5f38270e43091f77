//! The catalogue: OpenAPI documents under their names.

use domain::ApiName;
use serde::Serialize;
use sqlx::FromRow;

use crate::{Db, Moment, Result, Tx, changes::Change};

sql! {
    PUT = "INSERT INTO apis (name, document, updated_at) VALUES ($1, $2, $3) ON CONFLICT (name) DO UPDATE SET document = excluded.document, updated_at = excluded.updated_at";
    REMOVE = "DELETE FROM apis WHERE name = $1";
    BY_NAME = "SELECT name, document, updated_at FROM apis WHERE name = $1";
    ALL = "SELECT name, document, updated_at FROM apis ORDER BY name";
}

/// A catalogue entry.
#[derive(Debug, Clone, FromRow, Serialize)]
pub struct ApiRow {
    /// Its name.
    #[sqlx(try_from = "String")]
    pub name: ApiName,
    /// Its OpenAPI document, as JSON text.
    pub document: String,
    /// When it last changed.
    pub updated_at: Moment,
}

/// Adds or replaces an entry.
///
/// # Errors
/// When the database cannot be written.
pub async fn put(tx: &mut Tx, api: &ApiRow) -> Result<()> {
    on_tx!(tx, on => sqlx::query(PUT).bind(api.name.as_str()).bind(&api.document).bind(api.updated_at).execute(on).await.map(drop))?;
    tx.change(Change::Catalogue);
    Ok(())
}

/// Removes an entry. `false`: there was none.
///
/// # Errors
/// [`Error::Dangling`](crate::Error::Dangling) while access requests or grants name it.
pub async fn remove(tx: &mut Tx, name: &ApiName) -> Result<bool> {
    let done = on_tx!(tx, on => sqlx::query(REMOVE).bind(name.as_str()).execute(on).await.map(|r| r.rows_affected()))?;
    tx.change(Change::Catalogue);
    Ok(done == 1)
}

/// The entry of that name.
///
/// # Errors
/// When the database cannot be read.
pub async fn find(db: &Db, name: &ApiName) -> Result<Option<ApiRow>> {
    Ok(on_db!(db, on => sqlx::query_as(BY_NAME).bind(name.as_str()).fetch_optional(on).await)?)
}

/// The whole catalogue, by name.
///
/// # Errors
/// When the database cannot be read.
pub async fn all(db: &Db) -> Result<Vec<ApiRow>> {
    Ok(on_db!(db, on => sqlx::query_as(ALL).fetch_all(on).await)?)
}

/// The whole catalogue, by name, read inside the transaction that is about to change it.
///
/// # Errors
/// When the database cannot be read.
pub async fn all_in(tx: &mut Tx) -> Result<Vec<ApiRow>> {
    Ok(on_tx!(tx, on => sqlx::query_as(ALL).fetch_all(on).await)?)
}
