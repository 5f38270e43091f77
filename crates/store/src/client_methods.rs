//! By which methods clients prove themselves, and when they last did.

use domain::{ClientId, Environment, OrganisationId, ProjectId, client_method::ClientMethod, contract::Standing};
use serde::Serialize;
use sqlx::FromRow;

use crate::{Db, Moment, Result, Tx, tx::Inner};

sql! {
    /// What is younger stays, however late something older arrives.
    NOTE = "INSERT INTO client_methods (client_id, method, first_at, last_at, address, agent)
        SELECT id, CAST($2 AS TEXT), CAST($3 AS BIGINT), CAST($3 AS BIGINT), CAST($4 AS TEXT), CAST($5 AS TEXT) FROM clients WHERE id = $1
        ON CONFLICT (client_id, method) DO UPDATE SET last_at = excluded.last_at, address = excluded.address, agent = excluded.agent
        WHERE client_methods.last_at < excluded.last_at";
    OF_CLIENT = "SELECT client_id, method, first_at AS first_used_at, last_at AS last_used_at, address AS last_used_address, agent AS last_used_agent
        FROM client_methods WHERE client_id = $1 ORDER BY last_at DESC, method";
    OF_PROJECT = "SELECT m.client_id, m.method, m.first_at AS first_used_at, m.last_at AS last_used_at, m.address AS last_used_address,
        m.agent AS last_used_agent
        FROM clients c JOIN client_methods m ON m.client_id = c.id WHERE c.project_id = $1 ORDER BY m.last_at DESC, m.method";
    /// Whoever may never act again needs no letter.
    USERS = "SELECT m.client_id, m.method, m.first_at AS first_used_at, m.last_at AS last_used_at, m.address AS last_used_address,
        m.agent AS last_used_agent, c.environment, c.status, p.id AS project_id, p.name AS project, o.id AS organisation_id, o.name AS organisation
        FROM client_methods m JOIN clients c ON c.id = m.client_id JOIN projects p ON p.id = c.project_id
        JOIN organisations o ON o.id = p.organisation_id
        WHERE m.method = $1 AND m.last_at >= $2 AND (m.last_at, m.client_id) < ($3, $4) AND c.status <> 'revoked' AND o.status <> 'revoked'
        ORDER BY m.last_at DESC, m.client_id DESC LIMIT $5";
    PRUNE_SQLITE = "DELETE FROM client_methods WHERE method = $1 AND last_at < $2 AND client_id IN
        (SELECT client_id FROM client_methods WHERE method = $1 AND last_at < $2 ORDER BY last_at LIMIT 2000)";
    /// Rows that another transaction is at are left to it: nobody waits to tidy up, least of all in a circle.
    PRUNE_POSTGRES = "DELETE FROM client_methods WHERE method = $1 AND last_at < $2 AND client_id IN
        (SELECT client_id FROM client_methods WHERE method = $1 AND last_at < $2 ORDER BY last_at LIMIT 2000 FOR UPDATE SKIP LOCKED)";
}

/// That a client used a method.
#[derive(Debug, Clone, FromRow, Serialize)]
pub struct MethodUse {
    /// The client.
    #[sqlx(try_from = "String")]
    pub client_id: ClientId,
    /// How it proved itself.
    #[sqlx(try_from = "String")]
    pub method: ClientMethod,
    /// Since when, as far as it is remembered.
    pub first_used_at: Moment,
    /// Until when; it may be some minutes behind.
    pub last_used_at: Moment,
    /// From where.
    pub last_used_address: String,
    /// With what program.
    pub last_used_agent: Option<String>,
}

/// The same with whose client it is.
#[derive(Debug, Clone, FromRow, Serialize)]
pub struct MethodUser {
    /// The use.
    #[sqlx(flatten)]
    #[serde(flatten)]
    pub used: MethodUse,
    /// Where the client is good.
    #[sqlx(try_from = "String")]
    pub environment: Environment,
    /// Whether it may act.
    #[sqlx(try_from = "String")]
    pub status: Standing,
    /// Its project.
    #[sqlx(try_from = "String")]
    pub project_id: ProjectId,
    /// That project's name.
    pub project: String,
    /// Whose it is.
    #[sqlx(try_from = "String")]
    pub organisation_id: OrganisationId,
    /// The name of that organisation.
    pub organisation: String,
}

/// Notes that a client used a method. One that does not exist is passed over. Not a change: nothing is decided by it.
///
/// # Errors
/// When the database cannot be written.
pub async fn note(tx: &mut Tx, client: &ClientId, method: ClientMethod, at: Moment, address: &str, agent: Option<&str>) -> Result<()> {
    on_tx!(tx, on => sqlx::query(NOTE).bind(client.as_str()).bind(method.as_str()).bind(at).bind(address).bind(agent)
        .execute(on).await.map(drop))?;
    Ok(())
}

/// What a client used, the latest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_client(db: &Db, client: &ClientId) -> Result<Vec<MethodUse>> {
    Ok(on_db!(db, on => sqlx::query_as(OF_CLIENT).bind(client.as_str()).fetch_all(on).await)?)
}

/// What the clients of a project used, the latest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_project(db: &Db, project: ProjectId) -> Result<Vec<MethodUse>> {
    Ok(on_db!(db, on => sqlx::query_as(OF_PROJECT).bind(project.to_string()).fetch_all(on).await)?)
}

/// The clients that used a method since `since`, the latest use first, at most `limit` of them; `before`: only those after this place, a moment
/// and a client.
///
/// # Errors
/// When the database cannot be read.
pub async fn users(db: &Db, method: ClientMethod, since: Moment, before: (Moment, &str), limit: i64) -> Result<Vec<MethodUser>> {
    Ok(on_db!(db, on => sqlx::query_as(USERS).bind(method.as_str()).bind(since).bind(before.0).bind(before.1).bind(limit)
        .fetch_all(on).await)?)
}

/// Removes a slice of the uses of a method that ended before `before`; how many.
///
/// # Errors
/// When the database cannot be written.
pub async fn prune(tx: &mut Tx, method: ClientMethod, before: Moment) -> Result<u64> {
    Ok(match tx.inner() {
        Inner::Sqlite(tx) => sqlx::query(PRUNE_SQLITE).bind(method.as_str()).bind(before).execute(&mut **tx).await?.rows_affected(),
        Inner::Postgres(tx) => sqlx::query(PRUNE_POSTGRES).bind(method.as_str()).bind(before).execute(&mut **tx).await?.rows_affected(),
    })
}
