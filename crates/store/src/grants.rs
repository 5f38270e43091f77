//! Grants: what approved access requests allow.

use domain::{AccessRequestId, ApiName, Environment, GrantId, ProjectId, ScopeSet, client::Grant};
use serde::Serialize;
use sqlx::FromRow;

use crate::{Db, Moment, Result, Tx, projects};

sql! {
    INSERT = "INSERT INTO grants (id, access_request_id, project_id, environment, api, scopes, plan, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    BY_ID = "SELECT id, access_request_id, project_id, environment, api, scopes, plan, created_at, revoked_at FROM grants WHERE id = $1";
    OF_PROJECT = "SELECT id, access_request_id, project_id, environment, api, scopes, plan, created_at, revoked_at FROM grants WHERE project_id = $1 ORDER BY environment, api, created_at";
    LIVE = "SELECT id, api, scopes, plan FROM grants WHERE project_id = $1 AND environment = $2 AND revoked_at IS NULL ORDER BY api";
    LIVE_OF_API = "SELECT id, access_request_id, project_id, environment, api, scopes, plan, created_at, revoked_at FROM grants WHERE project_id = $1 AND environment = $2 AND api = $3 AND revoked_at IS NULL";
    REVOKE = "UPDATE grants SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL";
}

/// A grant as administration sees it.
#[derive(Debug, Clone, FromRow, Serialize)]
pub struct GrantRow {
    /// Its id.
    #[sqlx(try_from = "String")]
    pub id: GrantId,
    /// The request it came from.
    #[sqlx(try_from = "String")]
    pub access_request_id: AccessRequestId,
    /// Whose it is.
    #[sqlx(try_from = "String")]
    pub project_id: ProjectId,
    /// Where it is good.
    #[sqlx(try_from = "String")]
    pub environment: Environment,
    /// The API.
    #[sqlx(try_from = "String")]
    pub api: ApiName,
    /// Its scopes.
    #[sqlx(try_from = "String")]
    pub scopes: ScopeSet,
    /// The plan's name.
    pub plan: String,
    /// Since when.
    pub created_at: Moment,
    /// Until when it was.
    pub revoked_at: Option<Moment>,
}

/// Adds a grant.
///
/// # Errors
/// [`Error::Taken`](crate::Error::Taken) while another grant for this API lives.
pub async fn insert(tx: &mut Tx, grant: &GrantRow) -> Result<()> {
    on_tx!(tx, on => sqlx::query(INSERT).bind(grant.id.to_string()).bind(grant.access_request_id.to_string()).bind(grant.project_id.to_string())
        .bind(grant.environment.as_str()).bind(grant.api.as_str()).bind(grant.scopes.to_string()).bind(&grant.plan).bind(grant.created_at)
        .execute(on).await.map(drop))?;
    projects::announce(tx, grant.project_id, grant.environment).await
}

/// The grant with this id.
///
/// # Errors
/// When the database cannot be read.
pub async fn find(db: &Db, id: GrantId) -> Result<Option<GrantRow>> {
    Ok(on_db!(db, on => sqlx::query_as(BY_ID).bind(id.to_string()).fetch_optional(on).await)?)
}

/// The grants of a project, the dead ones too.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_project(db: &Db, project: ProjectId) -> Result<Vec<GrantRow>> {
    Ok(on_db!(db, on => sqlx::query_as(OF_PROJECT).bind(project.to_string()).fetch_all(on).await)?)
}

/// The live grant of a project for one API, read inside the transaction that is about to replace it.
///
/// # Errors
/// When the database cannot be read.
pub async fn live_of_api(tx: &mut Tx, project: ProjectId, environment: Environment, api: &ApiName) -> Result<Option<GrantRow>> {
    Ok(
        on_tx!(tx, on => sqlx::query_as(LIVE_OF_API).bind(project.to_string()).bind(environment.as_str()).bind(api.as_str()).fetch_optional(on).await)?,
    )
}

/// The live grants of a project in one environment, for the hot path.
///
/// # Errors
/// When the database cannot be read.
pub async fn live(db: &Db, project: ProjectId, environment: Environment) -> Result<Vec<Grant>> {
    #[derive(FromRow)]
    struct Row {
        #[sqlx(try_from = "String")]
        id: GrantId,
        #[sqlx(try_from = "String")]
        api: ApiName,
        #[sqlx(try_from = "String")]
        scopes: ScopeSet,
        plan: String,
    }
    let rows: Vec<Row> = on_db!(db, on => sqlx::query_as(LIVE).bind(project.to_string()).bind(environment.as_str()).fetch_all(on).await)?;
    Ok(rows.into_iter().map(|row| Grant { id: row.id, api: row.api, scopes: row.scopes, plan: row.plan }).collect())
}

/// Ends a grant: its scopes vanish from living tokens too. `false`: it had ended before.
///
/// # Errors
/// When the database cannot be written.
pub async fn revoke(tx: &mut Tx, grant: &GrantRow, at: Moment) -> Result<bool> {
    let done = on_tx!(tx, on => sqlx::query(REVOKE).bind(grant.id.to_string()).bind(at).execute(on).await.map(|r| r.rows_affected()))?;
    projects::announce(tx, grant.project_id, grant.environment).await?;
    Ok(done == 1)
}
