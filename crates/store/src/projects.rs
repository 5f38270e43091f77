//! Projects.

use domain::{
    AccountId, ApiCredentialId, ChildKey, ClientId, Environment, OrganisationId, ProjectId, ScopeSet, folding::folded, role::Role,
};
use serde::Serialize;
use sqlx::FromRow;

use crate::{Db, Moment, Result, Tx, changes::Change, organisation_words};

sql! {
    INSERT = "INSERT INTO projects (id, organisation_id, name, created_at, folded) VALUES ($1, $2, $3, $4, $5)";
    BY_ID = "SELECT id, organisation_id, name, created_at, archived_at FROM projects WHERE id = $1";
    OF_ORGANISATION = "SELECT id, organisation_id, name, created_at, archived_at FROM projects WHERE organisation_id = $1 ORDER BY name";
    ALL = "SELECT id, organisation_id, name, created_at, archived_at FROM projects WHERE id > $1 ORDER BY id LIMIT $2";
    LIVE = "SELECT COUNT(*) FROM projects WHERE organisation_id = $1 AND archived_at IS NULL";
    /// What the API's grant allows stands beside each; one grant for an API lives at most.
    OF_ACCOUNT = "SELECT p.id, p.name, o.name AS organisation, m.role, COALESCE(g.scopes, '') AS scopes
        FROM memberships m JOIN organisations o ON o.id = m.organisation_id JOIN projects p ON p.organisation_id = o.id
        LEFT JOIN grants g ON g.project_id = p.id AND g.environment = $2 AND g.api = $3 AND g.revoked_at IS NULL
        WHERE m.account_id = $1 AND o.status <> 'revoked' AND p.archived_at IS NULL ORDER BY o.name, p.name, p.id LIMIT 200";
    RENAME = "UPDATE projects SET name = $2, folded = $3 WHERE id = $1 AND archived_at IS NULL";
    /// Takes the project's row, so that nothing is added to a project while it is being archived.
    HOLD = "UPDATE projects SET name = name WHERE id = $1 AND archived_at IS NULL";
    ARCHIVE = "UPDATE projects SET archived_at = $2 WHERE id = $1 AND archived_at IS NULL";
    END_CLIENTS = "UPDATE clients SET status = 'revoked' WHERE project_id = $1";
    END_API_CREDENTIALS = "UPDATE api_credentials SET revoked_at = $2 WHERE project_id = $1 AND revoked_at IS NULL";
    END_GRANTS = "UPDATE grants SET revoked_at = $2 WHERE project_id = $1 AND revoked_at IS NULL";
    /// Those that live: what is announced is what changes.
    END_CUSTOMER_KEYS = "UPDATE customer_keys SET status = 'revoked' WHERE project_id = $1 AND status <> 'revoked' RETURNING id";
    END_ACCESS_REQUESTS = "UPDATE access_requests SET status = CASE status WHEN 'pending' THEN 'rejected' ELSE 'revoked' END,
        decided_at = $2, decided_by = $3, decision_reason = $4 WHERE project_id = $1 AND status IN ('pending', 'approved')";
    /// Nobody takes care any more of what no longer waits.
    END_CARE = "DELETE FROM queue_owners WHERE queue = 'access' AND id IN (SELECT id FROM access_requests WHERE project_id = $1)";
    CLIENTS = "SELECT id FROM clients WHERE project_id = $1 AND environment = $2";
    API_CREDENTIALS = "SELECT id FROM api_credentials WHERE project_id = $1 AND environment = $2";
}

/// One application of an organisation.
#[derive(Debug, Clone, FromRow, Serialize)]
pub struct Project {
    /// Its id.
    #[sqlx(try_from = "String")]
    pub id: ProjectId,
    /// Whose it is.
    #[sqlx(try_from = "String")]
    pub organisation_id: OrganisationId,
    /// Its name, unique in its organisation.
    pub name: String,
    /// Since when.
    pub created_at: Moment,
    /// Since when it is history: its credentials are revoked and nothing can be added.
    pub archived_at: Option<Moment>,
}

/// A project as one of its people chooses it from a list.
#[derive(Debug, Clone, FromRow, Serialize)]
pub struct ProjectOfAccount {
    /// Its id.
    #[sqlx(try_from = "String")]
    pub id: ProjectId,
    /// Its name.
    pub name: String,
    /// Its organisation's name.
    pub organisation: String,
    /// What the account may do there.
    #[sqlx(try_from = "String")]
    pub role: Role,
    /// What it was granted of the API in the environment that was asked for; empty: nothing.
    #[sqlx(try_from = "String")]
    pub scopes: ScopeSet,
}

/// The live projects of an account's organisations, with what each may do with `api` in `environment`; 200 at most.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_account(db: &Db, account: AccountId, environment: Environment, api: &str) -> Result<Vec<ProjectOfAccount>> {
    Ok(on_db!(db, on => sqlx::query_as(OF_ACCOUNT).bind(account.to_string()).bind(environment.as_str()).bind(api).fetch_all(on).await)?)
}

/// Adds a project.
///
/// # Errors
/// [`Error::Taken`](crate::Error::Taken) when the organisation has one of this name.
pub async fn insert(tx: &mut Tx, project: &Project) -> Result<()> {
    on_tx!(tx, on => sqlx::query(INSERT).bind(project.id.to_string()).bind(project.organisation_id.to_string()).bind(&project.name)
        .bind(project.created_at).bind(folded(&project.name)).execute(on).await.map(drop))?;
    organisation_words::of_project(tx, project.id, &project.name).await
}

/// The project with this id.
///
/// # Errors
/// When the database cannot be read.
pub async fn find(db: &Db, id: ProjectId) -> Result<Option<Project>> {
    Ok(on_db!(db, on => sqlx::query_as(BY_ID).bind(id.to_string()).fetch_optional(on).await)?)
}

/// The projects of an organisation, by name.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_organisation(db: &Db, organisation: OrganisationId) -> Result<Vec<Project>> {
    Ok(on_db!(db, on => sqlx::query_as(OF_ORGANISATION).bind(organisation.to_string()).fetch_all(on).await)?)
}

/// Projects in the order they were made, those after the id `after`.
///
/// # Errors
/// When the database cannot be read.
pub async fn page(db: &Db, after: &str, limit: i64) -> Result<Vec<Project>> {
    Ok(on_db!(db, on => sqlx::query_as(ALL).bind(after).bind(limit).fetch_all(on).await)?)
}

/// How many projects of an organisation are not archived.
///
/// # Errors
/// When the database cannot be read.
pub async fn live(tx: &mut Tx, organisation: OrganisationId) -> Result<i64> {
    Ok(on_tx!(tx, on => sqlx::query_scalar(LIVE).bind(organisation.to_string()).fetch_one(on).await)?)
}

/// Renames a project. `false`: there is none, or it is archived.
///
/// # Errors
/// [`Error::Taken`](crate::Error::Taken) when the organisation has one of this name.
pub async fn rename(tx: &mut Tx, id: ProjectId, name: &str) -> Result<bool> {
    let done = on_tx!(tx, on => sqlx::query(RENAME).bind(id.to_string()).bind(name).bind(folded(name)).execute(on).await.map(|r| r.rows_affected()))?;
    if done == 1 {
        organisation_words::of_project(tx, id, name).await?;
    }
    Ok(done == 1)
}

/// Keeps a project from being archived until the transaction ends. `false`: there is none, or it is archived.
///
/// # Errors
/// When the database cannot be written.
pub async fn hold(tx: &mut Tx, id: ProjectId) -> Result<bool> {
    let done = on_tx!(tx, on => sqlx::query(HOLD).bind(id.to_string()).execute(on).await.map(|r| r.rows_affected()))?;
    Ok(done == 1)
}

/// Archives a project: every credential and grant of it ends in both environments, what waits for a decision is rejected, and every node
/// hears of it. `false`: there is none, or it is archived already.
///
/// # Errors
/// When the database cannot be written.
pub async fn archive(tx: &mut Tx, id: ProjectId, at: Moment, by: &str, reason: &str) -> Result<bool> {
    let project = id.to_string();
    if on_tx!(tx, on => sqlx::query(ARCHIVE).bind(&project).bind(at).execute(on).await.map(|r| r.rows_affected()))? == 0 {
        return Ok(false);
    }
    on_tx!(tx, on => sqlx::query(END_CLIENTS).bind(&project).execute(on).await.map(drop))?;
    on_tx!(tx, on => sqlx::query(END_API_CREDENTIALS).bind(&project).bind(at).execute(on).await.map(drop))?;
    on_tx!(tx, on => sqlx::query(END_GRANTS).bind(&project).bind(at).execute(on).await.map(drop))?;
    on_tx!(tx, on => sqlx::query(END_ACCESS_REQUESTS).bind(&project).bind(at).bind(by).bind(reason).execute(on).await.map(drop))?;
    on_tx!(tx, on => sqlx::query(END_CARE).bind(&project).execute(on).await.map(drop))?;
    let keys: Vec<String> = on_tx!(tx, on => sqlx::query_scalar(END_CUSTOMER_KEYS).bind(&project).fetch_all(on).await)?;
    for key in keys {
        tx.change(Change::CustomerKey(ChildKey::from(key)));
    }
    for environment in Environment::ALL {
        announce(tx, id, *environment).await?;
    }
    Ok(true)
}

/// Tells every node to look anew at the clients and API credentials of a project in one environment.
///
/// # Errors
/// When the database cannot be read.
pub async fn announce(tx: &mut Tx, project: ProjectId, environment: Environment) -> Result<()> {
    let clients: Vec<String> =
        on_tx!(tx, on => sqlx::query_scalar(CLIENTS).bind(project.to_string()).bind(environment.as_str()).fetch_all(on).await)?;
    let credentials: Vec<String> =
        on_tx!(tx, on => sqlx::query_scalar(API_CREDENTIALS).bind(project.to_string()).bind(environment.as_str()).fetch_all(on).await)?;
    for client in clients {
        tx.change(Change::Client(ClientId::from(client)));
    }
    for credential in credentials {
        tx.change(Change::ApiCredential(ApiCredentialId::from(credential)));
    }
    Ok(())
}
