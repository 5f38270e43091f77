//! Access requests: a project asks for scopes of an API.

use domain::{AccessRequestId, ApiName, Environment, ProjectId, ScopeSet};
use serde::Serialize;
use sqlx::FromRow;

use crate::{Db, Moment, Result, Tx};

sql! {
    INSERT = "INSERT INTO access_requests (id, project_id, environment, api, scopes, plan, reason, status, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    BY_ID = "SELECT id, project_id, environment, api, scopes, plan, reason, status, created_at, decided_at, decided_by, decision_reason FROM access_requests WHERE id = $1";
    OF_PROJECT = "SELECT id, project_id, environment, api, scopes, plan, reason, status, created_at, decided_at, decided_by, decision_reason FROM access_requests WHERE project_id = $1 ORDER BY created_at, id";
    WITH_STATUS = "SELECT id, project_id, environment, api, scopes, plan, reason, status, created_at, decided_at, decided_by, decision_reason FROM access_requests WHERE status = $1 ORDER BY created_at, id LIMIT 1000";
    COUNTS = "SELECT COUNT(*), COUNT(*) FILTER (WHERE status = 'pending') FROM access_requests WHERE project_id = $1";
    /// One conditional update, so that of two who decide at once only one does.
    DECIDE = "UPDATE access_requests SET status = $3, decided_at = $4, decided_by = $5, decision_reason = $6 WHERE id = $1 AND status = $2";
}

/// The state of an access request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Waiting for the operator.
    Pending,
    /// Granted.
    Approved,
    /// Refused, with a reason.
    Rejected,
    /// Granted once, taken back.
    Revoked,
}

impl Status {
    /// Its word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Revoked => "revoked",
        }
    }
}

impl std::str::FromStr for Status {
    type Err = String;
    fn from_str(word: &str) -> Result<Self, String> {
        [Self::Pending, Self::Approved, Self::Rejected, Self::Revoked]
            .into_iter()
            .find(|status| status.as_str() == word)
            .ok_or_else(|| format!("{word:?} is not a state of an access request; use pending, approved, rejected or revoked"))
    }
}

impl TryFrom<String> for Status {
    type Error = String;
    fn try_from(word: String) -> Result<Self, String> {
        word.parse()
    }
}

/// A project's request for scopes of an API under a plan.
#[derive(Debug, Clone, FromRow, Serialize)]
pub struct AccessRequest {
    /// Its id.
    #[sqlx(try_from = "String")]
    pub id: AccessRequestId,
    /// Who asks.
    #[sqlx(try_from = "String")]
    pub project_id: ProjectId,
    /// Where.
    #[sqlx(try_from = "String")]
    pub environment: Environment,
    /// For which API.
    #[sqlx(try_from = "String")]
    pub api: ApiName,
    /// For which of its scopes.
    #[sqlx(try_from = "String")]
    pub scopes: ScopeSet,
    /// Under which plan.
    pub plan: String,
    /// Why.
    pub reason: String,
    /// Its state.
    #[sqlx(try_from = "String")]
    pub status: Status,
    /// Since when it waits, or waited.
    pub created_at: Moment,
    /// When it was decided.
    pub decided_at: Option<Moment>,
    /// By whom.
    pub decided_by: Option<String>,
    /// Why.
    pub decision_reason: Option<String>,
}

/// Adds a request.
///
/// # Errors
/// [`Error::Dangling`](crate::Error::Dangling) when there is no such project or API.
pub async fn insert(tx: &mut Tx, request: &AccessRequest) -> Result<()> {
    on_tx!(tx, on => sqlx::query(INSERT).bind(request.id.to_string()).bind(request.project_id.to_string()).bind(request.environment.as_str())
        .bind(request.api.as_str()).bind(request.scopes.to_string()).bind(&request.plan).bind(&request.reason)
        .bind(request.status.as_str()).bind(request.created_at).execute(on).await.map(drop))?;
    Ok(())
}

/// The request with this id.
///
/// # Errors
/// When the database cannot be read.
pub async fn find(db: &Db, id: AccessRequestId) -> Result<Option<AccessRequest>> {
    Ok(on_db!(db, on => sqlx::query_as(BY_ID).bind(id.to_string()).fetch_optional(on).await)?)
}

/// The requests of a project, oldest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_project(db: &Db, project: ProjectId) -> Result<Vec<AccessRequest>> {
    Ok(on_db!(db, on => sqlx::query_as(OF_PROJECT).bind(project.to_string()).fetch_all(on).await)?)
}

/// The requests in one state, oldest first, at most 1000.
///
/// # Errors
/// When the database cannot be read.
pub async fn with_status(db: &Db, status: Status) -> Result<Vec<AccessRequest>> {
    Ok(on_db!(db, on => sqlx::query_as(WITH_STATUS).bind(status.as_str()).fetch_all(on).await)?)
}

/// How many requests a project ever made, and how many of them wait.
///
/// # Errors
/// When the database cannot be read.
pub async fn counts(tx: &mut Tx, project: ProjectId) -> Result<(i64, i64)> {
    Ok(on_tx!(tx, on => sqlx::query_as(COUNTS).bind(project.to_string()).fetch_one(on).await)?)
}

/// Moves a request from one state to another. `false`: it was not, or no longer, in the first.
///
/// # Errors
/// When the database cannot be written.
pub async fn decide(
    tx: &mut Tx,
    id: AccessRequestId,
    from: Status,
    to: Status,
    at: Moment,
    by: &str,
    reason: Option<&str>,
) -> Result<bool> {
    let done = on_tx!(tx, on => sqlx::query(DECIDE).bind(id.to_string()).bind(from.as_str()).bind(to.as_str()).bind(at).bind(by).bind(reason)
        .execute(on).await.map(|r| r.rows_affected()))?;
    Ok(done == 1)
}
