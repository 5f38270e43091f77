//! Clients: a project's credentials in one environment.

use domain::{
    ClientId, Environment, ProjectId,
    client::GrantType,
    contract::Standing,
    credential,
    token::{DEFAULT_LIFETIME, MAX_LIFETIME},
};
use serde_json::json;
use store::{
    Tx,
    clients::{ClientRow, SecretRow},
};

use crate::{Actor, App, Error, Issued, Result, contracts, projects, secrets};

/// A client with its first secret.
pub struct Created {
    /// The client.
    pub client: ClientRow,
    /// Its secret.
    pub secret: Issued<SecretRow>,
}

/// Creates a client of a project. For production, the organisation needs an active contract.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Refused`].
pub async fn create(app: &App, actor: &Actor, project: ProjectId, environment: Environment) -> Result<Created> {
    let owner = projects::find(app, project).await?.organisation_id;
    if environment == Environment::Production && !contracts::any_active(app, owner).await? {
        return Err(Error::Refused(
            "production needs an active contract: link one with `postigo contract create` and activate it with `postigo contract activate`"
                .into(),
        ));
    }
    let mut tx = app.begin().await?;
    let created = add(app, &mut tx, project, environment).await?;
    app.commit(tx, actor, "client.create", &created.client.id, json!({"project": project, "environment": environment})).await?;
    Ok(created)
}

pub(crate) async fn add(app: &App, tx: &mut Tx, project: ProjectId, environment: Environment) -> Result<Created> {
    let client = ClientRow {
        id: credential::client_id(environment, &app.entropy),
        project_id: project,
        environment,
        status: Standing::Active,
        grant_types: None,
        token_lifetime: i64::from(DEFAULT_LIFETIME),
        created_at: app.moment(),
    };
    store::clients::insert(tx, &client).await?;
    let secret = secrets::add(app, tx, &client).await?;
    Ok(Created { client, secret })
}

/// The client with this identifier.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn find(app: &App, id: &ClientId) -> Result<ClientRow> {
    store::clients::find(app.db(), id).await?.ok_or_else(|| Error::not_found("client", id))
}

/// Stops, resumes or revokes a client; its tokens follow within a second on every node.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Refused`] when it is revoked for good.
pub async fn set_status(app: &App, actor: &Actor, id: &ClientId, status: Standing) -> Result<()> {
    let current = find(app, id).await?;
    let mut tx = app.begin().await?;
    if !store::clients::set_status(&mut tx, id, status).await? && status != Standing::Revoked {
        return Err(Error::Refused(format!("client {id} is revoked for good; create a new one with `postigo client create`")));
    }
    app.commit(tx, actor, "client.set_status", id, json!({"from": current.status, "to": status})).await
}

/// Narrows a client to some grants (`None`: all of its customer type) and sets the life of its tokens, in seconds.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Invalid`].
pub async fn set_rules(app: &App, actor: &Actor, id: &ClientId, grant_types: Option<&[GrantType]>, token_lifetime: u32) -> Result<()> {
    if !(60..=MAX_LIFETIME).contains(&token_lifetime) {
        return Err(Error::Invalid { field: "token_lifetime", mend: format!("60 to {MAX_LIFETIME} seconds") });
    }
    if grant_types.is_some_and(<[_]>::is_empty) {
        return Err(Error::Invalid { field: "grant_types", mend: "name at least one grant, or suspend the client".into() });
    }
    let written = grant_types.map(|list| list.iter().map(|grant| grant.as_str()).collect::<Vec<_>>().join(" "));
    let mut tx = app.begin().await?;
    if !store::clients::set_rules(&mut tx, id, written.as_deref(), token_lifetime).await? {
        return Err(Error::not_found("client", id));
    }
    app.commit(tx, actor, "client.set_rules", id, json!({"grant_types": written, "token_lifetime": token_lifetime})).await
}
