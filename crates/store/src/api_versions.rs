//! Every document an API ever had. A version that was never published is a draft.

use domain::{ApiName, Environment, GrantId, OrganisationId, ProjectId, ScopeSet};
use serde::Serialize;
use sqlx::FromRow;

use crate::{Db, Moment, Result, Tx};

sql! {
    APPEND = "INSERT INTO api_versions (api, number, document, created_at, created_by, note) SELECT CAST($1 AS TEXT), COALESCE(MAX(number), 0) + 1, CAST($2 AS TEXT), CAST($3 AS BIGINT), CAST($4 AS TEXT), CAST($5 AS TEXT) FROM api_versions WHERE api = $1 RETURNING number";
    /// One conditional update, so that a draft is published once.
    PUBLISH = "UPDATE api_versions SET published_at = $3, note = $4 WHERE api = $1 AND number = $2 AND published_at IS NULL RETURNING document";
    DISCARD = "DELETE FROM api_versions WHERE api = $1 AND number = $2 AND published_at IS NULL";
    FORGET = "DELETE FROM api_versions WHERE api = $1";
    ONE = "SELECT api, number, created_at, created_by, published_at, note, document FROM api_versions WHERE api = $1 AND number = $2";
    OF_API = "SELECT api, number, created_at, created_by, published_at, note FROM api_versions WHERE api = $1 ORDER BY number DESC LIMIT $2";
    DRAFTS = "SELECT api, number, created_at, created_by, published_at, note FROM api_versions WHERE published_at IS NULL ORDER BY created_at, api LIMIT 1000";
    PUBLISHED = "SELECT api, number, created_at, created_by, published_at, note, document FROM api_versions WHERE api = $1 AND published_at IS NOT NULL ORDER BY published_at DESC, number DESC LIMIT $2";
    BEFORE = "SELECT api, number, created_at, created_by, published_at, note, document FROM api_versions WHERE api = $1 AND published_at IS NOT NULL AND (published_at, number) < (CAST($2 AS BIGINT), CAST($3 AS BIGINT)) ORDER BY published_at DESC, number DESC LIMIT 1";
    DRAFTS_OF_API = "SELECT COUNT(*) FROM api_versions WHERE api = $1 AND published_at IS NULL";
    HOLDERS = "SELECT o.id AS organisation_id, o.name AS organisation, p.id AS project_id, p.name AS project, g.environment, g.scopes FROM grants g JOIN projects p ON p.id = g.project_id JOIN organisations o ON o.id = p.organisation_id WHERE g.api = $1 AND g.revoked_at IS NULL ORDER BY o.name, p.name, g.environment LIMIT 10000";
    /// A project has one live grant of an API in each environment, so that is a place. Names are looked up for the page alone.
    HELD = "SELECT g.id AS grant_id, o.id AS organisation_id, o.name AS organisation, p.id AS project_id, p.name AS project, g.environment, g.scopes, g.plan
        FROM (SELECT id, project_id, environment, scopes, plan FROM grants WHERE api = $1 AND revoked_at IS NULL
            AND (project_id, environment) > ($2, $3) ORDER BY project_id, environment LIMIT $4) AS g
        JOIN projects p ON p.id = g.project_id JOIN organisations o ON o.id = p.organisation_id ORDER BY g.project_id, g.environment";
}

/// A version without its document.
#[derive(Debug, Clone, FromRow, Serialize)]
pub struct Version {
    /// Whose it is.
    #[sqlx(try_from = "String")]
    pub api: ApiName,
    /// Counted from one for each API. That of the newest draft, once discarded, comes again with the next one: a draft is named by this and by
    /// `created_at`.
    pub number: i64,
    /// When it was written.
    pub created_at: Moment,
    /// By whom, as the audit log names them.
    pub created_by: String,
    /// When it became what is served; `None`: a draft.
    pub published_at: Option<Moment>,
    /// What is new in it, for those who call it.
    pub note: String,
}

/// A version with its document.
#[derive(Debug, Clone, FromRow, Serialize)]
pub struct Written {
    /// The version.
    #[sqlx(flatten)]
    #[serde(flatten)]
    pub version: Version,
    /// Its OpenAPI document, as JSON text.
    pub document: String,
}

/// A project that holds a live grant of an API.
#[derive(Debug, Clone, FromRow, Serialize)]
pub struct Holder {
    /// Whose project it is.
    #[sqlx(try_from = "String")]
    pub organisation_id: OrganisationId,
    /// The organisation's name.
    pub organisation: String,
    /// The project.
    #[sqlx(try_from = "String")]
    pub project_id: ProjectId,
    /// Its name.
    pub project: String,
    /// Where it holds the grant.
    #[sqlx(try_from = "String")]
    pub environment: Environment,
    /// What was granted.
    #[sqlx(try_from = "String")]
    pub scopes: ScopeSet,
}

/// A live grant of an API with who holds it.
#[derive(Debug, Clone, FromRow, Serialize)]
pub struct HeldGrant {
    /// The grant.
    #[sqlx(try_from = "String")]
    pub grant_id: GrantId,
    /// Who holds it, and where.
    #[sqlx(flatten)]
    #[serde(flatten)]
    pub holder: Holder,
    /// The plan's name.
    pub plan: String,
}

/// Adds a draft; its number. Whoever holds the catalogue gets one that nobody else takes.
///
/// # Errors
/// [`Error::Taken`](crate::Error::Taken) when another one was added in the same moment.
pub async fn append(tx: &mut Tx, api: &ApiName, document: &str, by: &str, note: &str, at: Moment) -> Result<i64> {
    Ok(on_tx!(tx, on => sqlx::query_scalar(APPEND).bind(api.as_str()).bind(document).bind(at).bind(by).bind(note).fetch_one(on).await)?)
}

/// Marks a draft as published, and answers its document. `None`: there is no such draft.
pub(crate) async fn publish(tx: &mut Tx, api: &ApiName, number: i64, note: &str, at: Moment) -> Result<Option<String>> {
    Ok(on_tx!(tx, on => sqlx::query_scalar(PUBLISH).bind(api.as_str()).bind(number).bind(at).bind(note).fetch_optional(on).await)?)
}

/// Throws a draft away. `false`: there is no such draft.
///
/// # Errors
/// When the database cannot be written.
pub async fn discard(tx: &mut Tx, api: &ApiName, number: i64) -> Result<bool> {
    let done = on_tx!(tx, on => sqlx::query(DISCARD).bind(api.as_str()).bind(number).execute(on).await.map(|r| r.rows_affected()))?;
    Ok(done == 1)
}

/// Forgets every version of an API that is removed.
pub(crate) async fn forget(tx: &mut Tx, api: &ApiName) -> Result<()> {
    on_tx!(tx, on => sqlx::query(FORGET).bind(api.as_str()).execute(on).await.map(drop))?;
    Ok(())
}

/// How many drafts of an API wait, inside the transaction that is about to add one.
///
/// # Errors
/// When the database cannot be read.
pub async fn waiting(tx: &mut Tx, api: &ApiName) -> Result<i64> {
    Ok(on_tx!(tx, on => sqlx::query_scalar(DRAFTS_OF_API).bind(api.as_str()).fetch_one(on).await)?)
}

/// One version with its document.
///
/// # Errors
/// When the database cannot be read.
pub async fn find(db: &Db, api: &ApiName, number: i64) -> Result<Option<Written>> {
    Ok(on_db!(db, on => sqlx::query_as(ONE).bind(api.as_str()).bind(number).fetch_optional(on).await)?)
}

/// The same, inside the transaction that is about to publish it.
///
/// # Errors
/// When the database cannot be read.
pub async fn find_in(tx: &mut Tx, api: &ApiName, number: i64) -> Result<Option<Written>> {
    Ok(on_tx!(tx, on => sqlx::query_as(ONE).bind(api.as_str()).bind(number).fetch_optional(on).await)?)
}

/// The versions of an API, the newest first, `limit` at most.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_api(db: &Db, api: &ApiName, limit: i64) -> Result<Vec<Version>> {
    Ok(on_db!(db, on => sqlx::query_as(OF_API).bind(api.as_str()).bind(limit).fetch_all(on).await)?)
}

/// What was published of an API with its documents, the newest first, `limit` at most.
///
/// # Errors
/// When the database cannot be read.
pub async fn published(db: &Db, api: &ApiName, limit: i64) -> Result<Vec<Written>> {
    Ok(on_db!(db, on => sqlx::query_as(PUBLISHED).bind(api.as_str()).bind(limit).fetch_all(on).await)?)
}

/// What was live before this version was published; `None`: nothing was, or it is a draft.
///
/// # Errors
/// When the database cannot be read.
pub async fn before(db: &Db, version: &Version) -> Result<Option<Written>> {
    let Some(published_at) = version.published_at else { return Ok(None) };
    Ok(
        on_db!(db, on => sqlx::query_as(BEFORE).bind(version.api.as_str()).bind(published_at).bind(version.number).fetch_optional(on).await)?,
    )
}

/// Every draft, the oldest first, 1,000 at most.
///
/// # Errors
/// When the database cannot be read.
pub async fn drafts(db: &Db) -> Result<Vec<Version>> {
    Ok(on_db!(db, on => sqlx::query_as(DRAFTS).fetch_all(on).await)?)
}

/// The projects that hold live grants of an API, by organisation and name, 10,000 at most.
///
/// # Errors
/// When the database cannot be read.
pub async fn holders(db: &Db, api: &ApiName) -> Result<Vec<Holder>> {
    Ok(on_db!(db, on => sqlx::query_as(HOLDERS).bind(api.as_str()).fetch_all(on).await)?)
}

/// The live grants of an API with who holds them, by project and environment, `limit` at most; `after`: only those after this place.
///
/// # Errors
/// When the database cannot be read.
pub async fn held(db: &Db, api: &ApiName, after: Option<(ProjectId, Environment)>, limit: i64) -> Result<Vec<HeldGrant>> {
    let (project, environment) = after.map_or_else(Default::default, |(project, environment)| (project.to_string(), environment.as_str()));
    Ok(on_db!(db, on => sqlx::query_as(HELD).bind(api.as_str()).bind(&project).bind(environment).bind(limit).fetch_all(on).await)?)
}
