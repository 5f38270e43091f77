//! Who accepted which version of the usage policies, for a project in an environment.

use domain::{AccountId, Environment, OrganisationId, ProjectId};
use serde::Serialize;
use sqlx::FromRow;

use crate::{
    Db, Moment, Result, Tx,
    owners::{Owners, these},
};

/// A page of acceptances, newest first, taken from `$rows`, as `a`, that fit `$which`.
macro_rules! page {
    ($rows:literal, $which:literal) => {
        concat!(
            "a.project_id, p.name AS project, o.id AS organisation_id, o.name AS organisation, a.environment, a.version, a.account_id,
            COALESCE(c.name, '') AS person, a.address, a.accepted_at
        FROM ",
            $rows,
            " a JOIN projects p ON p.id = a.project_id JOIN organisations o ON o.id = p.organisation_id
            LEFT JOIN accounts c ON c.id = a.account_id
        WHERE ",
            $which,
            " AND (a.accepted_at, a.project_id || a.environment || a.version) < ($3, $4)
        ORDER BY a.accepted_at DESC, a.project_id || a.environment || a.version DESC LIMIT $5"
        )
    };
}

/// The acceptances of a few organisations.
macro_rules! few {
    ($engine:ident) => {
        concat!(
            these!($engine, "$2"),
            ", mine AS MATERIALIZED (SELECT a.* FROM these CROSS JOIN projects p CROSS JOIN policy_acceptances a
            WHERE p.organisation_id = these.id AND a.project_id = p.id) "
        )
    };
}

sql! {
    /// The first acceptance of a version stands.
    INSERT = "INSERT INTO policy_acceptances (project_id, environment, version, account_id, address, accepted_at) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (project_id, environment, version) DO NOTHING";
    OF_PROJECT = "SELECT environment, version, account_id, address, accepted_at FROM policy_acceptances WHERE project_id = $1 ORDER BY accepted_at DESC";
    /// Of every version.
    PAGE = concat!("SELECT ", page!("policy_acceptances", "$1 = '' AND o.folded LIKE $2 ESCAPE '!'"));
    OF_VERSION = concat!("SELECT ", page!("policy_acceptances", "a.version = $1 AND o.folded LIKE $2 ESCAPE '!'"));
    FEW_SQLITE = concat!("WITH ", few!(sqlite), " SELECT ", page!("mine", "($1 = '' OR a.version = $1)"));
    FEW_POSTGRES = concat!("WITH ", few!(postgres), " SELECT ", page!("mine", "($1 = '' OR a.version = $1)"));
}

/// An acceptance with the names of what it is about.
#[derive(Debug, Clone, FromRow, Serialize)]
pub struct Signed {
    /// For which project.
    #[sqlx(try_from = "String")]
    pub project_id: ProjectId,
    /// The project's name.
    pub project: String,
    /// Whose it is.
    #[sqlx(try_from = "String")]
    pub organisation_id: OrganisationId,
    /// The name of that organisation.
    pub organisation: String,
    /// What was accepted, by whom, from where and when.
    #[sqlx(flatten)]
    pub acceptance: Acceptance,
    /// The person's name; empty once the account is gone.
    pub person: String,
}

/// Acceptances before a moment and a place among those of the same moment, newest first; `version` may be empty, which wants all.
///
/// # Errors
/// When the database cannot be read.
pub async fn page(db: &Db, version: &str, owners: &Owners, before: (Moment, &str), limit: i64) -> Result<Vec<Signed>> {
    let statement = match (owners, db) {
        (Owners::Nobody, _) => return Ok(Vec::new()),
        (Owners::Few(_), Db::Sqlite(_)) => FEW_SQLITE,
        (Owners::Few(_), Db::Postgres(_)) => FEW_POSTGRES,
        _ if version.is_empty() => PAGE,
        _ => OF_VERSION,
    };
    Ok(on_db!(db, on => sqlx::query_as(statement).bind(version).bind(owners.told()).bind(before.0).bind(before.1).bind(limit)
        .fetch_all(on).await)?)
}

/// An acceptance.
#[derive(Debug, Clone, FromRow, Serialize)]
pub struct Acceptance {
    /// For which environment.
    #[sqlx(try_from = "String")]
    pub environment: Environment,
    /// Of which version.
    pub version: String,
    /// By whom.
    #[sqlx(try_from = "String")]
    pub account_id: AccountId,
    /// From where: an IP address.
    pub address: String,
    /// When.
    pub accepted_at: Moment,
}

/// Keeps an acceptance. `false`: this version was accepted before, and that stands.
///
/// # Errors
/// [`Error::Dangling`](crate::Error::Dangling) when there is no such project.
pub async fn insert(tx: &mut Tx, project: ProjectId, acceptance: &Acceptance) -> Result<bool> {
    let done = on_tx!(tx, on => sqlx::query(INSERT).bind(project.to_string()).bind(acceptance.environment.as_str()).bind(&acceptance.version)
        .bind(acceptance.account_id.to_string()).bind(&acceptance.address).bind(acceptance.accepted_at)
        .execute(on).await.map(|r| r.rows_affected()))?;
    Ok(done == 1)
}

/// What was accepted for a project, newest first: one row for each version and environment.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_project(db: &Db, project: ProjectId) -> Result<Vec<Acceptance>> {
    Ok(on_db!(db, on => sqlx::query_as(OF_PROJECT).bind(project.to_string()).fetch_all(on).await)?)
}
