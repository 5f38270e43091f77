//! Clients and their secrets.

use domain::{
    ClientId, CustomerType, Environment, OrganisationId, ProjectId, SecretId,
    client::{Client, ClientSecret, GrantType},
    contract::Standing,
    secret::SecretHash,
};
use serde::Serialize;
use sqlx::FromRow;

use crate::{Db, Error, Moment, Result, Tx, changes::Change, customer_key_limits, grants, public_keys};

sql! {
    INSERT = "INSERT INTO clients (id, project_id, environment, status, grant_types, token_lifetime, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    BY_ID = "SELECT id, project_id, environment, status, grant_types, token_lifetime, created_at FROM clients WHERE id = $1";
    OF_PROJECT = "SELECT id, project_id, environment, status, grant_types, token_lifetime, created_at FROM clients WHERE project_id = $1 ORDER BY environment, created_at";
    /// What is revoked stays revoked, whoever decides at once.
    SET_STATUS = "UPDATE clients SET status = $2, suspended_by = 'operator' WHERE id = $1 AND status <> 'revoked'";
    /// Its owner may end what the operator suspended, and nothing else of it.
    SET_STATUS_BY_OWNER = "UPDATE clients SET status = $2, suspended_by = 'owner' WHERE id = $1 AND status <> 'revoked'
        AND ($2 = 'revoked' OR status <> 'suspended' OR suspended_by = 'owner')";
    /// Clients that can still get a token.
    LIVE = "SELECT COUNT(*) FROM clients c WHERE c.project_id = $1 AND c.environment = $2 AND c.status <> 'revoked' AND (EXISTS (
        SELECT 1 FROM client_secrets s WHERE s.client_id = c.id AND s.revoked_at IS NULL AND (s.retires_at IS NULL OR s.retires_at > $3))
        OR EXISTS (SELECT 1 FROM client_public_keys k
        WHERE k.client_id = c.id AND k.revoked_at IS NULL AND (k.retires_at IS NULL OR k.retires_at > $3)))";
    SET_RULES = "UPDATE clients SET grant_types = $2, token_lifetime = $3 WHERE id = $1";
    RECORD = "SELECT c.project_id, c.status, c.grant_types, c.token_lifetime, o.id AS organisation_id, o.customer_type, o.status AS organisation_status
        FROM clients c JOIN projects p ON p.id = c.project_id JOIN organisations o ON o.id = p.organisation_id
        WHERE c.id = $1 AND c.environment = $2";
    /// Retired secrets stay for as long as a token got with them may live.
    RECORD_SECRETS = "SELECT id, hash, retires_at FROM client_secrets
        WHERE client_id = $1 AND revoked_at IS NULL AND (retires_at IS NULL OR retires_at > $2)";
    INSERT_SECRET = "INSERT INTO client_secrets (id, client_id, hash, prefix, created_at) VALUES ($1, $2, $3, $4, $5)";
    SECRET = "SELECT id, client_id, prefix, created_at, retires_at, revoked_at, last_used_at, last_used_address, last_used_agent FROM client_secrets WHERE id = $1";
    SECRETS = "SELECT id, client_id, prefix, created_at, retires_at, revoked_at, last_used_at, last_used_address, last_used_agent FROM client_secrets WHERE client_id = $1 ORDER BY created_at, id";
    SECRETS_OF_PROJECT = "SELECT s.id, s.client_id, s.prefix, s.created_at, s.retires_at, s.revoked_at, s.last_used_at, s.last_used_address, s.last_used_agent
        FROM client_secrets s JOIN clients c ON c.id = s.client_id WHERE c.project_id = $1 ORDER BY s.created_at, s.id";
    SECRETS_SINCE = "SELECT COUNT(*) FROM client_secrets s JOIN clients c ON c.id = s.client_id WHERE c.project_id = $1 AND s.created_at > $2";
    LAST_USE = "SELECT s.last_used_at FROM client_secrets s JOIN clients c ON c.id = s.client_id
        WHERE c.project_id = $1 AND c.environment = $2 AND s.last_used_at IS NOT NULL ORDER BY s.last_used_at DESC LIMIT 1";
    /// Takes the client's row, so that two who add a secret at once cannot both be the second.
    LOCK = "UPDATE clients SET status = status WHERE id = $1";
    LIVE_SECRETS = "SELECT COUNT(*) FROM client_secrets WHERE client_id = $1 AND revoked_at IS NULL AND (retires_at IS NULL OR retires_at > $2)";
    RETIRE_SECRET = "UPDATE client_secrets SET retires_at = $2 WHERE id = $1 AND revoked_at IS NULL AND (retires_at IS NULL OR retires_at > $2)";
    REVOKE_SECRET = "UPDATE client_secrets SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL";
}

/// A client as administration sees it.
#[derive(Debug, Clone, FromRow, Serialize)]
pub struct ClientRow {
    /// Its public identifier.
    #[sqlx(try_from = "String")]
    pub id: ClientId,
    /// Its project.
    #[sqlx(try_from = "String")]
    pub project_id: ProjectId,
    /// Where it is good.
    #[sqlx(try_from = "String")]
    pub environment: Environment,
    /// Whether it may act.
    #[sqlx(try_from = "String")]
    pub status: Standing,
    /// The grants it is narrowed to, space-separated; `None`: all of its customer type.
    pub grant_types: Option<String>,
    /// The life of its tokens, in seconds.
    pub token_lifetime: i64,
    /// Since when.
    pub created_at: Moment,
}

/// A secret as administration sees it: everything but the secret.
#[derive(Debug, Clone, FromRow, Serialize)]
pub struct SecretRow {
    /// Its id.
    #[sqlx(try_from = "String")]
    pub id: SecretId,
    /// Its client.
    #[sqlx(try_from = "String")]
    pub client_id: ClientId,
    /// Its first characters.
    pub prefix: String,
    /// Since when.
    pub created_at: Moment,
    /// When it stops opening anything.
    pub retires_at: Option<Moment>,
    /// When it was revoked, its tokens with it.
    pub revoked_at: Option<Moment>,
    /// When it last got a token.
    pub last_used_at: Option<Moment>,
    /// From where.
    pub last_used_address: Option<String>,
    /// With what program.
    pub last_used_agent: Option<String>,
}

#[derive(FromRow)]
struct Record {
    #[sqlx(try_from = "String")]
    project_id: ProjectId,
    #[sqlx(try_from = "String")]
    status: Standing,
    grant_types: Option<String>,
    token_lifetime: i64,
    #[sqlx(try_from = "String")]
    organisation_id: OrganisationId,
    #[sqlx(try_from = "String")]
    customer_type: CustomerType,
    #[sqlx(try_from = "String")]
    organisation_status: Standing,
}

/// Adds a client.
///
/// # Errors
/// [`Error::Taken`] when the identifier is; [`Error::Dangling`] when there is no such project.
pub async fn insert(tx: &mut Tx, client: &ClientRow) -> Result<()> {
    on_tx!(tx, on => sqlx::query(INSERT).bind(client.id.as_str()).bind(client.project_id.to_string()).bind(client.environment.as_str())
        .bind(client.status.as_str()).bind(&client.grant_types).bind(client.token_lifetime).bind(client.created_at)
        .execute(on).await.map(drop))?;
    // It may have been asked for before it existed.
    tx.change(Change::Client(client.id.clone()));
    Ok(())
}

/// The client with this identifier, in whichever environment.
///
/// # Errors
/// When the database cannot be read.
pub async fn find(db: &Db, id: &ClientId) -> Result<Option<ClientRow>> {
    Ok(on_db!(db, on => sqlx::query_as(BY_ID).bind(id.as_str()).fetch_optional(on).await)?)
}

/// The clients of a project.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_project(db: &Db, project: ProjectId) -> Result<Vec<ClientRow>> {
    Ok(on_db!(db, on => sqlx::query_as(OF_PROJECT).bind(project.to_string()).fetch_all(on).await)?)
}

/// Everything the hot path must know of a client, in one value. `oldest_token`: secrets retired before that moment have no living
/// tokens and are left out.
///
/// # Errors
/// When the database cannot be read.
pub async fn record(db: &Db, environment: Environment, id: &ClientId, oldest_token: Moment) -> Result<Option<Client>> {
    let record: Option<Record> =
        on_db!(db, on => sqlx::query_as(RECORD).bind(id.as_str()).bind(environment.as_str()).fetch_optional(on).await)?;
    let Some(record) = record else { return Ok(None) };
    let secrets: Vec<(String, Vec<u8>, Option<Moment>)> =
        on_db!(db, on => sqlx::query_as(RECORD_SECRETS).bind(id.as_str()).bind(oldest_token).fetch_all(on).await)?;
    let secrets = secrets.into_iter().map(|(id, hash, retires_at)| {
        let hash = SecretHash::try_from(hash.as_slice()).map_err(|_| Error::Corrupt("a secret's hash of the wrong length"))?;
        Ok(ClientSecret { id: id.parse()?, hash, retires_at: retires_at.map(|at| at.0) })
    });
    Ok(Some(Client {
        id: id.clone(),
        environment,
        project: record.project_id,
        organisation: record.organisation_id,
        customer_type: record.customer_type,
        standing: record.status.max(record.organisation_status),
        grant_types: record.grant_types.as_deref().map(grant_types).transpose()?,
        token_lifetime: u32::try_from(record.token_lifetime).map_err(|_| Error::Corrupt("a token lifetime out of range"))?,
        secrets: secrets.collect::<Result<_>>()?,
        public_keys: public_keys::record(db, id, oldest_token).await?,
        grants: grants::live(db, record.project_id, environment).await?,
        key_limits: customer_key_limits::of_project(db, record.project_id, environment).await?,
    }))
}

fn grant_types(text: &str) -> Result<Vec<GrantType>> {
    text.split_whitespace().map(|word| word.parse().map_err(|_| Error::Corrupt("an unknown grant type"))).collect()
}

/// Sets whether the client may act.
///
/// # Errors
/// When the database cannot be written.
pub async fn set_status(tx: &mut Tx, id: &ClientId, status: Standing) -> Result<bool> {
    let done =
        on_tx!(tx, on => sqlx::query(SET_STATUS).bind(id.as_str()).bind(status.as_str()).execute(on).await.map(|r| r.rows_affected()))?;
    tx.change(Change::Client(id.clone()));
    Ok(done == 1)
}

/// The same by the hand of its owner. `false`: also when the operator suspended it, which only the operator undoes.
///
/// # Errors
/// When the database cannot be written.
pub async fn set_status_by_owner(tx: &mut Tx, id: &ClientId, status: Standing) -> Result<bool> {
    let done = on_tx!(tx, on => sqlx::query(SET_STATUS_BY_OWNER).bind(id.as_str()).bind(status.as_str())
        .execute(on).await.map(|r| r.rows_affected()))?;
    tx.change(Change::Client(id.clone()));
    Ok(done == 1)
}

/// How many clients of a project in one environment can still get a token at `now`.
///
/// # Errors
/// When the database cannot be read.
pub async fn live(tx: &mut Tx, project: ProjectId, environment: Environment, now: Moment) -> Result<i64> {
    Ok(on_tx!(tx, on => sqlx::query_scalar(LIVE).bind(project.to_string()).bind(environment.as_str()).bind(now).fetch_one(on).await)?)
}

/// Sets the grants a client is narrowed to and the life of its tokens.
///
/// # Errors
/// When the database cannot be written.
pub async fn set_rules(tx: &mut Tx, id: &ClientId, grant_types: Option<&str>, token_lifetime: u32) -> Result<bool> {
    let done = on_tx!(tx, on => sqlx::query(SET_RULES).bind(id.as_str()).bind(grant_types).bind(i64::from(token_lifetime)).execute(on).await.map(|r| r.rows_affected()))?;
    tx.change(Change::Client(id.clone()));
    Ok(done == 1)
}

/// A new secret, before it has a row.
pub struct NewSecret<'a> {
    /// Its id.
    pub id: SecretId,
    /// Its keyed hash.
    pub hash: &'a SecretHash,
    /// Its first characters.
    pub prefix: String,
    /// Since when.
    pub created_at: Moment,
}

/// Adds a secret to a client unless it has `most` live ones already. `false`: it has.
///
/// # Errors
/// [`Error::Dangling`] when there is no such client.
pub async fn insert_secret(tx: &mut Tx, client: &ClientId, secret: &NewSecret<'_>, most: i64) -> Result<bool> {
    on_tx!(tx, on => sqlx::query(LOCK).bind(client.as_str()).execute(on).await.map(drop))?;
    let live: i64 = on_tx!(tx, on => sqlx::query_scalar(LIVE_SECRETS).bind(client.as_str()).bind(secret.created_at).fetch_one(on).await)?;
    if live >= most {
        return Ok(false);
    }
    on_tx!(tx, on => sqlx::query(INSERT_SECRET).bind(secret.id.to_string()).bind(client.as_str()).bind(secret.hash.as_bytes())
        .bind(&secret.prefix).bind(secret.created_at).execute(on).await.map(drop))?;
    tx.change(Change::Client(client.clone()));
    Ok(true)
}

/// The secret with this id.
///
/// # Errors
/// When the database cannot be read.
pub async fn secret(db: &Db, id: SecretId) -> Result<Option<SecretRow>> {
    Ok(on_db!(db, on => sqlx::query_as(SECRET).bind(id.to_string()).fetch_optional(on).await)?)
}

/// The secrets of a client, oldest first, the dead ones too.
///
/// # Errors
/// When the database cannot be read.
pub async fn secrets(db: &Db, client: &ClientId) -> Result<Vec<SecretRow>> {
    Ok(on_db!(db, on => sqlx::query_as(SECRETS).bind(client.as_str()).fetch_all(on).await)?)
}

/// The secrets of all clients of a project, oldest first, the dead ones too.
///
/// # Errors
/// When the database cannot be read.
pub async fn secrets_of_project(db: &Db, project: ProjectId) -> Result<Vec<SecretRow>> {
    Ok(on_db!(db, on => sqlx::query_as(SECRETS_OF_PROJECT).bind(project.to_string()).fetch_all(on).await)?)
}

/// How many secrets were made for the clients of a project since `since`.
///
/// # Errors
/// When the database cannot be read.
pub async fn secrets_since(tx: &mut Tx, project: ProjectId, since: Moment) -> Result<i64> {
    Ok(on_tx!(tx, on => sqlx::query_scalar(SECRETS_SINCE).bind(project.to_string()).bind(since).fetch_one(on).await)?)
}

/// When a secret of the project was last used in an environment.
///
/// # Errors
/// When the database cannot be read.
pub async fn last_use(db: &Db, project: ProjectId, environment: Environment) -> Result<Option<Moment>> {
    Ok(on_db!(db, on => sqlx::query_scalar(LAST_USE).bind(project.to_string()).bind(environment.as_str()).fetch_optional(on).await)?)
}

/// Makes a secret stop opening anything at `at`; its tokens live out. `false`: it is dead already or stops earlier.
///
/// # Errors
/// When the database cannot be written.
pub async fn retire_secret(tx: &mut Tx, secret: &SecretRow, at: Moment) -> Result<bool> {
    let done =
        on_tx!(tx, on => sqlx::query(RETIRE_SECRET).bind(secret.id.to_string()).bind(at).execute(on).await.map(|r| r.rows_affected()))?;
    tx.change(Change::Client(secret.client_id.clone()));
    Ok(done == 1)
}

/// Kills a secret and every token it got. `false`: it was revoked before.
///
/// # Errors
/// When the database cannot be written.
pub async fn revoke_secret(tx: &mut Tx, secret: &SecretRow, at: Moment) -> Result<bool> {
    let done =
        on_tx!(tx, on => sqlx::query(REVOKE_SECRET).bind(secret.id.to_string()).bind(at).execute(on).await.map(|r| r.rows_affected()))?;
    tx.change(Change::Client(secret.client_id.clone()));
    Ok(done == 1)
}
