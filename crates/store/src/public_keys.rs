//! Public keys of clients.

use domain::{ClientId, Environment, ProjectId, SecretId, client::ClientPublicKey, public_key::PublicKey};
use serde::Serialize;
use sqlx::FromRow;

use crate::{Db, Error, Moment, Result, Tx, changes::Change};

sql! {
    INSERT = "INSERT INTO client_public_keys (id, client_id, thumbprint, jwk, created_at) VALUES ($1, $2, $3, $4, $5)";
    OF_CLIENT = "SELECT id, client_id, thumbprint, jwk, created_at, retires_at, revoked_at, last_used_at, last_used_address, last_used_agent
        FROM client_public_keys WHERE client_id = $1 ORDER BY created_at, id";
    OF_PROJECT = "SELECT k.id, k.client_id, k.thumbprint, k.jwk, k.created_at, k.retires_at, k.revoked_at, k.last_used_at, k.last_used_address, k.last_used_agent
        FROM client_public_keys k JOIN clients c ON c.id = k.client_id WHERE c.project_id = $1 AND k.revoked_at IS NULL ORDER BY k.created_at, k.id";
    /// Retired ones stay for as long as a token got with them may live.
    RECORD = "SELECT id, jwk, retires_at FROM client_public_keys
        WHERE client_id = $1 AND revoked_at IS NULL AND (retires_at IS NULL OR retires_at > $2)";
    LIVE = "SELECT COUNT(*) FROM client_public_keys WHERE client_id = $1 AND revoked_at IS NULL AND (retires_at IS NULL OR retires_at > $2)";
    SINCE = "SELECT COUNT(*) FROM client_public_keys k JOIN clients c ON c.id = k.client_id WHERE c.project_id = $1 AND k.created_at > $2";
    REMOVED = "SELECT COUNT(*) FROM client_public_keys k JOIN clients c ON c.id = k.client_id
        WHERE c.project_id = $1 AND c.environment = $2 AND k.thumbprint = $3 AND k.revoked_at IS NOT NULL";
    LIVE_OF_PROJECT = "SELECT COUNT(*) FROM client_public_keys k JOIN clients c ON c.id = k.client_id
        WHERE c.project_id = $1 AND c.environment = $2 AND c.status <> 'revoked' AND k.thumbprint = $3
        AND k.revoked_at IS NULL AND (k.retires_at IS NULL OR k.retires_at > $4)";
    RETIRE = "UPDATE client_public_keys SET retires_at = $2 WHERE client_id = $1 AND revoked_at IS NULL AND (retires_at IS NULL OR retires_at > $2)";
    REMOVE = "UPDATE client_public_keys SET revoked_at = $3 WHERE client_id = $1 AND thumbprint = $2 AND revoked_at IS NULL";
}

/// A public key as administration sees it.
#[derive(Debug, Clone, FromRow, Serialize)]
pub struct PublicKeyRow {
    /// Its id, which the tokens carry that it got.
    #[sqlx(try_from = "String")]
    pub id: SecretId,
    /// Its client.
    #[sqlx(try_from = "String")]
    pub client_id: ClientId,
    /// Its name (RFC 7638): what an assertion says in `kid`.
    pub thumbprint: String,
    /// The key as a JWK.
    pub jwk: String,
    /// Since when.
    pub created_at: Moment,
    /// When it stops opening anything.
    pub retires_at: Option<Moment>,
    /// When it was removed, its tokens with it.
    pub revoked_at: Option<Moment>,
    /// When it last got a token.
    pub last_used_at: Option<Moment>,
    /// From where.
    pub last_used_address: Option<String>,
    /// With what program.
    pub last_used_agent: Option<String>,
}

/// Adds a public key.
///
/// # Errors
/// [`Error::Taken`] when the client has this one; [`Error::Dangling`] when there is no such client.
pub async fn insert(tx: &mut Tx, row: &PublicKeyRow) -> Result<()> {
    on_tx!(tx, on => sqlx::query(INSERT).bind(row.id.to_string()).bind(row.client_id.as_str()).bind(&row.thumbprint).bind(&row.jwk)
        .bind(row.created_at).execute(on).await.map(drop))?;
    tx.change(Change::Client(row.client_id.clone()));
    Ok(())
}

/// The public keys of a client, oldest first, those that are over too.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_client(db: &Db, client: &ClientId) -> Result<Vec<PublicKeyRow>> {
    Ok(on_db!(db, on => sqlx::query_as(OF_CLIENT).bind(client.as_str()).fetch_all(on).await)?)
}

/// The public keys of all clients of a project that were not removed, oldest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_project(db: &Db, project: ProjectId) -> Result<Vec<PublicKeyRow>> {
    Ok(on_db!(db, on => sqlx::query_as(OF_PROJECT).bind(project.to_string()).fetch_all(on).await)?)
}

/// What the hot path must know of a client's public keys. Those that ended before `oldest_token` have no living tokens.
pub(crate) async fn record(db: &Db, client: &ClientId, oldest_token: Moment) -> Result<Vec<ClientPublicKey>> {
    let rows: Vec<(String, String, Option<Moment>)> =
        on_db!(db, on => sqlx::query_as(RECORD).bind(client.as_str()).bind(oldest_token).fetch_all(on).await)?;
    let keys = rows.into_iter().map(|(id, jwk, retires_at)| {
        let key = PublicKey::read(&jwk).map_err(|_| Error::Corrupt("a public key that is none"))?;
        Ok(ClientPublicKey { id: id.parse()?, key, retires_at: retires_at.map(|at| at.0) })
    });
    keys.collect()
}

/// How many public keys of a client open anything at `now`.
///
/// # Errors
/// When the database cannot be read.
pub async fn live(tx: &mut Tx, client: &ClientId, now: Moment) -> Result<i64> {
    Ok(on_tx!(tx, on => sqlx::query_scalar(LIVE).bind(client.as_str()).bind(now).fetch_one(on).await)?)
}

/// How many public keys were added to the clients of a project since `since`.
///
/// # Errors
/// When the database cannot be read.
pub async fn since(tx: &mut Tx, project: ProjectId, since: Moment) -> Result<i64> {
    Ok(on_tx!(tx, on => sqlx::query_scalar(SINCE).bind(project.to_string()).bind(since).fetch_one(on).await)?)
}

/// Whether this public key was removed from a client of the project in this environment before.
///
/// # Errors
/// When the database cannot be read.
pub async fn was_removed(tx: &mut Tx, project: ProjectId, environment: Environment, thumbprint: &str) -> Result<bool> {
    let found: i64 = on_tx!(tx, on => sqlx::query_scalar(REMOVED).bind(project.to_string()).bind(environment.as_str()).bind(thumbprint)
        .fetch_one(on).await)?;
    Ok(found > 0)
}

/// Whether some client of the project in this environment can prove itself with this public key at `now`.
///
/// # Errors
/// When the database cannot be read.
pub async fn is_live(tx: &mut Tx, project: ProjectId, environment: Environment, thumbprint: &str, now: Moment) -> Result<bool> {
    let found: i64 = on_tx!(tx, on => sqlx::query_scalar(LIVE_OF_PROJECT).bind(project.to_string()).bind(environment.as_str())
        .bind(thumbprint).bind(now).fetch_one(on).await)?;
    Ok(found > 0)
}

/// Makes all public keys of a client stop opening anything at `at`; their tokens live out.
///
/// # Errors
/// When the database cannot be written.
pub async fn retire(tx: &mut Tx, client: &ClientId, at: Moment) -> Result<()> {
    on_tx!(tx, on => sqlx::query(RETIRE).bind(client.as_str()).bind(at).execute(on).await.map(drop))?;
    tx.change(Change::Client(client.clone()));
    Ok(())
}

/// Takes a public key off a client, with every token it got. `false`: the client does not have it.
///
/// # Errors
/// When the database cannot be written.
pub async fn remove(tx: &mut Tx, client: &ClientId, thumbprint: &str, at: Moment) -> Result<bool> {
    let done = on_tx!(tx, on => sqlx::query(REMOVE).bind(client.as_str()).bind(thumbprint).bind(at)
        .execute(on).await.map(|r| r.rows_affected()))?;
    tx.change(Change::Client(client.clone()));
    Ok(done == 1)
}
