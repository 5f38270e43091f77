//! Tokens revoked one by one. Whatever kills many at once - a secret, a client, a customer key - is not here: the gateway asks for those
//! themselves.

use domain::ClientId;
use uuid::Uuid;

use crate::{Db, Moment, Result, Tx, changes::Change};

sql! {
    INSERT = "INSERT INTO revoked_tokens (id, client_id, expires_at, revoked_at) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING";
    BY_ID = "SELECT expires_at FROM revoked_tokens WHERE id = $1";
    LIVE = "SELECT id, expires_at FROM revoked_tokens WHERE expires_at > $1";
    HELD = "SELECT COUNT(*) FROM revoked_tokens WHERE client_id = $1 AND expires_at > $2";
    PRUNE = "DELETE FROM revoked_tokens WHERE expires_at <= $1";
}

/// Revokes a token until it would have expired.
///
/// # Errors
/// When the database cannot be written.
pub async fn insert(tx: &mut Tx, id: Uuid, client: Option<&ClientId>, expires_at: Moment, at: Moment) -> Result<()> {
    on_tx!(tx, on => sqlx::query(INSERT).bind(id.to_string()).bind(client.map(ClientId::as_str)).bind(expires_at).bind(at).execute(on).await.map(drop))?;
    tx.change(Change::RevokedToken(id));
    Ok(())
}

/// Until when a token must stay refused.
///
/// # Errors
/// When the database cannot be read.
pub async fn find(db: &Db, id: Uuid) -> Result<Option<Moment>> {
    Ok(on_db!(db, on => sqlx::query_scalar(BY_ID).bind(id.to_string()).fetch_optional(on).await)?)
}

/// Every revoked token that has not expired at `now`.
///
/// # Errors
/// When the database cannot be read.
pub async fn live(db: &Db, now: Moment) -> Result<Vec<(Uuid, Moment)>> {
    let rows: Vec<(String, Moment)> = on_db!(db, on => sqlx::query_as(LIVE).bind(now).fetch_all(on).await)?;
    rows.into_iter().map(|(id, expires_at)| Ok((id.parse()?, expires_at))).collect()
}

/// How many revoked tokens of a client have not expired at `now`.
///
/// # Errors
/// When the database cannot be read.
pub async fn held(db: &Db, client: &ClientId, now: Moment) -> Result<i64> {
    Ok(on_db!(db, on => sqlx::query_scalar(HELD).bind(client.as_str()).bind(now).fetch_one(on).await)?)
}

/// Removes those that expired before `before`.
///
/// # Errors
/// When the database cannot be written.
pub async fn prune(tx: &mut Tx, before: Moment) -> Result<()> {
    on_tx!(tx, on => sqlx::query(PRUNE).bind(before).execute(on).await.map(drop))?;
    Ok(())
}
