//! Who accepted which version of the usage policies, for a project in an environment.

use domain::{AccountId, Environment, ProjectId};
use serde::Serialize;
use sqlx::FromRow;

use crate::{Db, Moment, Result, Tx};

sql! {
    /// The first acceptance of a version stands.
    INSERT = "INSERT INTO policy_acceptances (project_id, environment, version, account_id, address, accepted_at) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (project_id, environment, version) DO NOTHING";
    OF_PROJECT = "SELECT environment, version, account_id, address, accepted_at FROM policy_acceptances WHERE project_id = $1 ORDER BY accepted_at DESC";
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
