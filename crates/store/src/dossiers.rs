//! What the operator's staff see of one organisation beside what its members see: everything of all its projects at once, bounded.

use domain::{AccessRequestId, ApiName, ClientId, Environment, GrantId, OrganisationId, ProjectId, ScopeSet, contract::Standing};
use serde::Serialize;
use sqlx::FromRow;

use crate::{Db, Moment, Result, audit::Recorded, decisions::Kept};

sql! {
    CLIENTS = "SELECT c.id, c.project_id, c.environment, c.status, (SELECT MAX(s.last_used_at) FROM client_secrets s WHERE s.client_id = c.id) AS last_used_at
        FROM clients c JOIN projects p ON p.id = c.project_id WHERE p.organisation_id = $1 ORDER BY c.created_at, c.id LIMIT $2";
    GRANTS = "SELECT g.id, g.project_id, p.name AS project, g.environment, g.api, g.scopes, g.plan, g.created_at
        FROM grants g JOIN projects p ON p.id = g.project_id WHERE p.organisation_id = $1 AND g.revoked_at IS NULL
        ORDER BY g.api, g.environment DESC, p.name, p.id LIMIT $2";
    WAITING = "SELECT r.id, r.api, r.environment, p.name AS project, r.created_at FROM access_requests r JOIN projects p ON p.id = r.project_id
        WHERE p.organisation_id = $1 AND r.status = 'pending' ORDER BY r.created_at, r.id LIMIT $2";
    LIVE_CLIENTS = "SELECT COUNT(*) FROM clients c JOIN projects p ON p.id = c.project_id
        WHERE p.organisation_id = $1 AND c.environment = $2 AND c.status = 'active'";
    LIVE_API_CREDENTIALS = "SELECT COUNT(*) FROM (SELECT 1 AS one FROM api_credentials a JOIN projects p ON p.id = a.project_id
        WHERE p.organisation_id = $1 AND a.environment = $2 AND a.revoked_at IS NULL LIMIT $3) AS counted";
    CUSTOMER_KEYS = "SELECT COUNT(*) FROM (SELECT 1 AS one FROM customer_keys k JOIN projects p ON p.id = k.project_id
        WHERE p.organisation_id = $1 AND k.environment = $2 AND k.status = $3 LIMIT $4) AS counted";
    /// Among the last of one project, so that a busy one costs no more than another.
    REFUSED = "SELECT id, at, environment, project_id, detail FROM
        (SELECT id, at, environment, project_id, detail FROM decisions WHERE project_id = $1 ORDER BY at DESC LIMIT 200) AS last
        WHERE detail LIKE '%\"verdict\":\"refused\"%' ORDER BY at DESC LIMIT $2";
    AUDIT = "SELECT seq, at, actor, action, subject, detail, digest FROM audit WHERE subject IN (SELECT CAST($1 AS TEXT)
        UNION ALL SELECT id FROM projects WHERE organisation_id = $1 UNION ALL SELECT id FROM contracts WHERE organisation_id = $1
        UNION ALL SELECT c.id FROM clients c JOIN projects p ON p.id = c.project_id WHERE p.organisation_id = $1
        UNION ALL SELECT r.id FROM access_requests r JOIN projects p ON p.id = r.project_id WHERE p.organisation_id = $1
        UNION ALL SELECT id FROM customer_type_requests WHERE organisation_id = $1) ORDER BY seq DESC LIMIT $2";
}

/// A client in short.
#[derive(Debug, Clone, FromRow, Serialize)]
pub struct ClientInShort {
    /// Its public identifier.
    #[sqlx(try_from = "String")]
    pub id: ClientId,
    /// Of which project.
    #[sqlx(try_from = "String")]
    pub project_id: ProjectId,
    /// Where.
    #[sqlx(try_from = "String")]
    pub environment: Environment,
    /// Whether it may act.
    #[sqlx(try_from = "String")]
    pub status: Standing,
    /// When one of its secrets last got a token; it may be some seconds behind.
    pub last_used_at: Option<Moment>,
}

/// A live grant, with its project's name.
#[derive(Debug, Clone, FromRow, Serialize)]
pub struct GrantInShort {
    /// Its id.
    #[sqlx(try_from = "String")]
    pub id: GrantId,
    /// Of which project.
    #[sqlx(try_from = "String")]
    pub project_id: ProjectId,
    /// That project's name.
    pub project: String,
    /// Where.
    #[sqlx(try_from = "String")]
    pub environment: Environment,
    /// Of which API.
    #[sqlx(try_from = "String")]
    pub api: ApiName,
    /// What it allows.
    #[sqlx(try_from = "String")]
    pub scopes: ScopeSet,
    /// Under which plan.
    pub plan: String,
    /// Since when.
    pub created_at: Moment,
}

/// An access request that waits.
#[derive(Debug, Clone, FromRow, Serialize)]
pub struct WaitingInShort {
    /// Its id.
    #[sqlx(try_from = "String")]
    pub id: AccessRequestId,
    /// For which API.
    #[sqlx(try_from = "String")]
    pub api: ApiName,
    /// Where.
    #[sqlx(try_from = "String")]
    pub environment: Environment,
    /// The name of the project that asks.
    pub project: String,
    /// Since when.
    pub created_at: Moment,
}

/// What an organisation holds in one environment, each counted up to a bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Holdings {
    /// Clients that may act.
    pub clients: i64,
    /// API credentials that are not revoked.
    pub api_credentials: i64,
    /// Customer keys that may act.
    pub customer_keys: i64,
    /// Customer keys that may not act for now.
    pub suspended_keys: i64,
}

/// The clients of an organisation, oldest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn clients(db: &Db, organisation: OrganisationId, limit: i64) -> Result<Vec<ClientInShort>> {
    Ok(on_db!(db, on => sqlx::query_as(CLIENTS).bind(organisation.to_string()).bind(limit).fetch_all(on).await)?)
}

/// The live grants of an organisation, by API.
///
/// # Errors
/// When the database cannot be read.
pub async fn grants(db: &Db, organisation: OrganisationId, limit: i64) -> Result<Vec<GrantInShort>> {
    Ok(on_db!(db, on => sqlx::query_as(GRANTS).bind(organisation.to_string()).bind(limit).fetch_all(on).await)?)
}

/// The access requests of an organisation that wait, oldest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn waiting(db: &Db, organisation: OrganisationId, limit: i64) -> Result<Vec<WaitingInShort>> {
    Ok(on_db!(db, on => sqlx::query_as(WAITING).bind(organisation.to_string()).bind(limit).fetch_all(on).await)?)
}

/// What an organisation holds in an environment, each counted up to `most`.
///
/// # Errors
/// When the database cannot be read.
pub async fn holdings(db: &Db, organisation: OrganisationId, environment: Environment, most: i64) -> Result<Holdings> {
    let (id, of) = (organisation.to_string(), environment.as_str());
    let keys = async |standing: Standing| -> Result<i64> {
        Ok(on_db!(db, on => sqlx::query_scalar(CUSTOMER_KEYS).bind(&id).bind(of).bind(standing.as_str()).bind(most).fetch_one(on).await)?)
    };
    Ok(Holdings {
        clients: on_db!(db, on => sqlx::query_scalar(LIVE_CLIENTS).bind(&id).bind(of).fetch_one(on).await)?,
        api_credentials: on_db!(db, on => sqlx::query_scalar(LIVE_API_CREDENTIALS).bind(&id).bind(of).bind(most).fetch_one(on).await)?,
        customer_keys: keys(Standing::Active).await?,
        suspended_keys: keys(Standing::Suspended).await?,
    })
}

/// The last refusals among the last decisions on a project's requests, newest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn refused(db: &Db, project: ProjectId, limit: i64) -> Result<Vec<Kept>> {
    Ok(on_db!(db, on => sqlx::query_as(REFUSED).bind(project.to_string()).bind(limit).fetch_all(on).await)?)
}

/// The last entries of the audit log about an organisation, its projects, contracts, clients and requests, newest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn audit(db: &Db, organisation: OrganisationId, limit: i64) -> Result<Vec<Recorded>> {
    Ok(on_db!(db, on => sqlx::query_as(AUDIT).bind(organisation.to_string()).bind(limit).fetch_all(on).await)?)
}
