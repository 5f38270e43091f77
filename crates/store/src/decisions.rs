//! Decisions kept for those they belong to.

use domain::{Environment, ProjectId, decision::Decision, request_id::RequestId, token_refusal::TokenRefusal};
use serde_json::Value;
use sqlx::FromRow;
use uuid::Uuid;

use crate::{Db, Moment, Result, Tx};

sql! {
    INSERT = "INSERT INTO decisions (id, at, environment, project_id, detail) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING";
    BY_ID = "SELECT id, at, environment, project_id, detail FROM decisions WHERE id = $1";
    OF_PROJECT = "SELECT id, at, environment, project_id, detail FROM decisions WHERE project_id = $1 ORDER BY at DESC LIMIT $2";
    LAST = "SELECT id, at, environment, project_id, detail FROM decisions WHERE project_id = $1 AND environment = $2 ORDER BY at DESC LIMIT 1";
    /// In slices: one long transaction would keep everybody else from writing.
    PRUNE = "DELETE FROM decisions WHERE id IN (SELECT id FROM decisions WHERE at < $1 ORDER BY at LIMIT 2000)";
    /// The moment of the newest decision that is one too many.
    SURPLUS = "SELECT at FROM decisions ORDER BY at DESC LIMIT 1 OFFSET $1";
}

/// A decision as it was kept.
#[derive(Debug, Clone, FromRow)]
pub struct Kept {
    /// The request id.
    pub id: String,
    /// When.
    pub at: Moment,
    /// Where.
    pub environment: String,
    /// Whose; `None` when the request named nobody.
    pub project_id: Option<String>,
    /// [`Decision::report`] or [`TokenRefusal::report`] as JSON text.
    pub detail: String,
}

/// Keeps a decision.
///
/// # Errors
/// When the database cannot be written.
pub async fn insert(tx: &mut Tx, decision: &Decision) -> Result<()> {
    let project = decision.caller.as_ref().map(|caller| caller.project);
    keep(tx, decision.id, Moment(decision.at), decision.environment, project, &decision.report()).await
}

/// Keeps the refusal of a token request.
///
/// # Errors
/// When the database cannot be written.
pub async fn insert_token_refusal(tx: &mut Tx, refusal: &TokenRefusal) -> Result<()> {
    keep(tx, refusal.id, Moment(refusal.at), refusal.environment, Some(refusal.caller.project), &refusal.report()).await
}

async fn keep(tx: &mut Tx, id: RequestId, at: Moment, environment: Environment, project: Option<ProjectId>, report: &Value) -> Result<()> {
    let project = project.map(|project| project.to_string());
    on_tx!(tx, on => sqlx::query(INSERT).bind(id.to_string()).bind(at).bind(environment.as_str())
        .bind(project).bind(report.to_string()).execute(on).await.map(drop))?;
    Ok(())
}

/// The decision on the request with this id.
///
/// # Errors
/// When the database cannot be read.
pub async fn find(db: &Db, id: Uuid) -> Result<Option<Kept>> {
    Ok(on_db!(db, on => sqlx::query_as(BY_ID).bind(id.to_string()).fetch_optional(on).await)?)
}

/// The last decisions on a project's requests, newest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_project(db: &Db, project: ProjectId, limit: i64) -> Result<Vec<Kept>> {
    Ok(on_db!(db, on => sqlx::query_as(OF_PROJECT).bind(project.to_string()).bind(limit).fetch_all(on).await)?)
}

/// The last decision on a project's requests in an environment.
///
/// # Errors
/// When the database cannot be read.
pub async fn last(db: &Db, project: ProjectId, environment: Environment) -> Result<Option<Kept>> {
    Ok(on_db!(db, on => sqlx::query_as(LAST).bind(project.to_string()).bind(environment.as_str()).fetch_optional(on).await)?)
}

/// How many decisions are kept at most, however young they are.
pub const MOST: i64 = 1_000_000;

/// Removes a slice of those older than `before`; how many.
///
/// # Errors
/// When the database cannot be written.
pub async fn prune(tx: &mut Tx, before: Moment) -> Result<u64> {
    Ok(on_tx!(tx, on => sqlx::query(PRUNE).bind(before).execute(on).await.map(|r| r.rows_affected()))?)
}

/// Before which moment there are more than [`MOST`] younger ones; `None`: there are fewer.
///
/// # Errors
/// When the database cannot be read.
pub async fn surplus(db: &Db) -> Result<Option<Moment>> {
    Ok(on_db!(db, on => sqlx::query_scalar(SURPLUS).bind(MOST).fetch_optional(on).await)?)
}
