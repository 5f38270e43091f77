//! API credentials: the second pair that Correos-shaped APIs demand on every call.

use domain::{
    ApiCredentialId, ApiName, Environment, OrganisationId, ProjectId, client::ApiCredential, contract::Standing, secret::SecretHash,
};
use serde::Serialize;
use sqlx::FromRow;

use crate::{Db, Error, Moment, Result, Tx, changes::Change};

sql! {
    INSERT = "INSERT INTO api_credentials (id, project_id, environment, hash, prefix, created_at) VALUES ($1, $2, $3, $4, $5, $6)";
    BY_ID = "SELECT id, project_id, environment, prefix, created_at, revoked_at FROM api_credentials WHERE id = $1";
    OF_PROJECT = "SELECT id, project_id, environment, prefix, created_at, revoked_at FROM api_credentials WHERE project_id = $1 ORDER BY environment, created_at";
    LIVE = "SELECT COUNT(*) FROM api_credentials WHERE project_id = $1 AND environment = $2 AND revoked_at IS NULL";
    SINCE = "SELECT COUNT(*) FROM api_credentials WHERE project_id = $1 AND created_at > $2";
    RECORD = "SELECT a.project_id, a.hash, a.revoked_at, p.organisation_id, o.status AS organisation_status
        FROM api_credentials a JOIN projects p ON p.id = a.project_id JOIN organisations o ON o.id = p.organisation_id
        WHERE a.id = $1 AND a.environment = $2";
    RECORD_APIS = "SELECT api FROM grants WHERE project_id = $1 AND environment = $2 AND revoked_at IS NULL";
    REVOKE = "UPDATE api_credentials SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL";
}

/// An API credential as administration sees it: everything but the secret.
#[derive(Debug, Clone, FromRow, Serialize)]
pub struct ApiCredentialRow {
    /// Its public identifier.
    #[sqlx(try_from = "String")]
    pub id: ApiCredentialId,
    /// Whose it is.
    #[sqlx(try_from = "String")]
    pub project_id: ProjectId,
    /// Where it is good.
    #[sqlx(try_from = "String")]
    pub environment: Environment,
    /// The first characters of its secret.
    pub prefix: String,
    /// Since when.
    pub created_at: Moment,
    /// Until when it was.
    pub revoked_at: Option<Moment>,
}

/// Adds an API credential.
///
/// # Errors
/// [`Error::Dangling`] when there is no such project.
pub async fn insert(tx: &mut Tx, row: &ApiCredentialRow, hash: &SecretHash) -> Result<()> {
    on_tx!(tx, on => sqlx::query(INSERT).bind(row.id.as_str()).bind(row.project_id.to_string()).bind(row.environment.as_str())
        .bind(hash.as_bytes()).bind(&row.prefix).bind(row.created_at).execute(on).await.map(drop))?;
    tx.change(Change::ApiCredential(row.id.clone()));
    Ok(())
}

/// How many were made for a project since `since`.
///
/// # Errors
/// When the database cannot be read.
pub async fn since(tx: &mut Tx, project: ProjectId, since: Moment) -> Result<i64> {
    Ok(on_tx!(tx, on => sqlx::query_scalar(SINCE).bind(project.to_string()).bind(since).fetch_one(on).await)?)
}

/// The API credential with this public identifier, in whichever environment, dead or alive.
///
/// # Errors
/// When the database cannot be read.
pub async fn find(db: &Db, id: &ApiCredentialId) -> Result<Option<ApiCredentialRow>> {
    Ok(on_db!(db, on => sqlx::query_as(BY_ID).bind(id.as_str()).fetch_optional(on).await)?)
}

/// The API credentials of a project, the dead ones too.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_project(db: &Db, project: ProjectId) -> Result<Vec<ApiCredentialRow>> {
    Ok(on_db!(db, on => sqlx::query_as(OF_PROJECT).bind(project.to_string()).fetch_all(on).await)?)
}

/// How many live API credentials a project has in one environment.
///
/// # Errors
/// When the database cannot be read.
pub async fn live(tx: &mut Tx, project: ProjectId, environment: Environment) -> Result<i64> {
    Ok(on_tx!(tx, on => sqlx::query_scalar(LIVE).bind(project.to_string()).bind(environment.as_str()).fetch_one(on).await)?)
}

/// Everything the hot path must know of an API credential.
///
/// # Errors
/// When the database cannot be read.
pub async fn record(db: &Db, environment: Environment, id: &ApiCredentialId) -> Result<Option<ApiCredential>> {
    #[derive(FromRow)]
    struct Row {
        #[sqlx(try_from = "String")]
        project_id: ProjectId,
        hash: Vec<u8>,
        revoked_at: Option<Moment>,
        #[sqlx(try_from = "String")]
        organisation_id: OrganisationId,
        #[sqlx(try_from = "String")]
        organisation_status: Standing,
    }
    let row: Option<Row> = on_db!(db, on => sqlx::query_as(RECORD).bind(id.as_str()).bind(environment.as_str()).fetch_optional(on).await)?;
    let Some(row) = row else { return Ok(None) };
    let apis: Vec<String> =
        on_db!(db, on => sqlx::query_scalar(RECORD_APIS).bind(row.project_id.to_string()).bind(environment.as_str()).fetch_all(on).await)?;
    Ok(Some(ApiCredential {
        id: id.clone(),
        environment,
        project: row.project_id,
        organisation: row.organisation_id,
        hash: SecretHash::try_from(row.hash.as_slice()).map_err(|_| Error::Corrupt("a secret's hash of the wrong length"))?,
        standing: if row.revoked_at.is_some() { Standing::Revoked } else { row.organisation_status },
        apis: apis.into_iter().map(ApiName::from).collect(),
    }))
}

/// Ends an API credential. `false`: there was no live one.
///
/// # Errors
/// When the database cannot be written.
pub async fn revoke(tx: &mut Tx, id: &ApiCredentialId, at: Moment) -> Result<bool> {
    let done = on_tx!(tx, on => sqlx::query(REVOKE).bind(id.as_str()).bind(at).execute(on).await.map(|r| r.rows_affected()))?;
    tx.change(Change::ApiCredential(id.clone()));
    Ok(done == 1)
}
