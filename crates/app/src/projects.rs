//! Projects.

use domain::{Environment, OrganisationId, ProjectId};
use serde_json::json;
use store::{Tx, projects::Project};

use crate::{Actor, App, Error, Result, clients, name};

/// A project with its sandbox client.
pub struct Created {
    /// The project.
    pub project: Project,
    /// Its client for the sandbox, with its first secret.
    pub client: clients::Created,
}

/// Creates a project with a client for the sandbox.
///
/// # Errors
/// [`Error::NotFound`] for the organisation, [`Error::Taken`] for the name.
pub async fn create(app: &App, actor: &Actor, organisation: OrganisationId, project: &str) -> Result<Created> {
    let mut tx = app.begin().await?;
    let created = add(app, &mut tx, organisation, project).await?;
    let detail = json!({"organisation": organisation, "name": created.project.name, "client_id": created.client.client.id});
    app.commit(tx, actor, "project.create", created.project.id, detail).await?;
    Ok(created)
}

pub(crate) async fn add(app: &App, tx: &mut Tx, organisation: OrganisationId, project: &str) -> Result<Created> {
    let project =
        Project { id: app.uuid().into(), organisation_id: organisation, name: name("name", project, 120)?, created_at: app.moment() };
    store::projects::insert(tx, &project).await.map_err(|error| match error {
        store::Error::Dangling => Error::not_found("organisation", organisation),
        error => Error::taken(error, "a project of that name", &project.name),
    })?;
    let client = clients::add(app, tx, project.id, Environment::Sandbox).await?;
    Ok(Created { project, client })
}

/// The project with this id.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn find(app: &App, id: ProjectId) -> Result<Project> {
    store::projects::find(app.db(), id).await?.ok_or_else(|| Error::not_found("project", id))
}
