//! Projects.

use domain::{ApiCredentialId, ClientId, Environment, OrganisationId, ProjectId};
use serde::Serialize;
use sqlx::FromRow;

use crate::{Db, Moment, Result, Tx, changes::Change};

sql! {
    INSERT = "INSERT INTO projects (id, organisation_id, name, created_at) VALUES ($1, $2, $3, $4)";
    BY_ID = "SELECT id, organisation_id, name, created_at FROM projects WHERE id = $1";
    OF_ORGANISATION = "SELECT id, organisation_id, name, created_at FROM projects WHERE organisation_id = $1 ORDER BY name";
    ALL = "SELECT id, organisation_id, name, created_at FROM projects WHERE id > $1 ORDER BY id LIMIT $2";
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
}

/// Adds a project.
///
/// # Errors
/// [`Error::Taken`](crate::Error::Taken) when the organisation has one of this name.
pub async fn insert(tx: &mut Tx, project: &Project) -> Result<()> {
    on_tx!(tx, on => sqlx::query(INSERT).bind(project.id.to_string()).bind(project.organisation_id.to_string()).bind(&project.name)
        .bind(project.created_at).execute(on).await.map(drop))?;
    Ok(())
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
