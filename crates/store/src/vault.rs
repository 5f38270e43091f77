//! Keys wrapped by the master key.

use crate::{Db, Moment, Result, Tx};

sql! {
    /// The first to write wins; the others read what it wrote.
    PUT = "INSERT INTO vault (name, wrapped, created_at) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING";
    FIRST = "SELECT MIN(created_at) FROM vault";
    GET = "SELECT wrapped FROM vault WHERE name = $1";
}

/// Keeps a wrapped key under `name` unless there is one.
///
/// # Errors
/// When the database cannot be written.
pub async fn put(tx: &mut Tx, name: &str, wrapped: &[u8], at: Moment) -> Result<()> {
    on_tx!(tx, on => sqlx::query(PUT).bind(name).bind(wrapped).bind(at).execute(on).await.map(drop))?;
    Ok(())
}

/// The wrapped key under `name`.
///
/// # Errors
/// When the database cannot be read.
pub async fn get(db: &Db, name: &str) -> Result<Option<Vec<u8>>> {
    Ok(on_db!(db, on => sqlx::query_scalar(GET).bind(name).fetch_optional(on).await)?)
}

/// When the first key was wrapped: since then at least there is a master key.
///
/// # Errors
/// When the database cannot be read.
pub async fn first(db: &Db) -> Result<Option<Moment>> {
    Ok(on_db!(db, on => sqlx::query_scalar(FIRST).fetch_one(on).await)?)
}
