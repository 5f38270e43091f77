//! API credentials: the second pair, sent with every call to the APIs that ask for it.

use domain::{
    ApiCredentialId, Environment, ProjectId,
    credential::{self, SecretKind},
    role::{Duty, Permission},
};
use serde_json::json;
use store::{Tx, api_credentials::ApiCredentialRow};

use crate::{
    Actor, App, Bounded, Error, Issued, Result, Rule,
    notices::{Notice, notice},
    permission::{Hat, Needs},
    projects, secrets,
};

/// How many live ones a project may have in one environment.
pub const MOST: i64 = 2;

/// Issues another API credential to a project, so that it can replace the first without an outage.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Refused`] while two live; [`Error::Rule`] when the project got too many today.
pub async fn create(app: &App, actor: &Actor, project: ProjectId, environment: Environment) -> Result<Issued<ApiCredentialRow>> {
    let (_, hat) = projects::reach(app, actor, project, Needs::Member(Permission::Develop)).await?;
    let mut tx = app.begin().await?;
    projects::hold(&mut tx, project).await?;
    if hat == Hat::Member && store::api_credentials::since(&mut tx, project, secrets::a_day_ago(app)).await? >= secrets::MOST_A_DAY {
        return Err(Rule::TooMany(Bounded::Secrets, secrets::MOST_A_DAY).into());
    }
    if store::api_credentials::live(&mut tx, project, environment).await? >= MOST {
        return Err(Error::refused(
            format!("El proyecto ya tiene {MOST} credenciales de API en vigor en este entorno, que es el máximo: revoca antes una."),
            format!("project {project} has {MOST} live API credentials in {environment}, which is the most; revoke one first"),
        ));
    }
    let issued = add(app, &mut tx, project, environment).await?;
    notice(app, &mut tx, Notice::ApiCredentialCreated { credential: &issued.record }).await?;
    app.commit(tx, actor, "api_credential.create", &issued.record.id, json!({"project": project, "environment": environment})).await?;
    Ok(issued)
}

pub(crate) async fn add(app: &App, tx: &mut Tx, project: ProjectId, environment: Environment) -> Result<Issued<ApiCredentialRow>> {
    let secret = SecretKind::Api.mint(environment, &app.entropy);
    let record = ApiCredentialRow {
        id: credential::api_credential_id(environment, &app.entropy),
        project_id: project,
        environment,
        prefix: secret.prefix(),
        created_at: app.moment(),
        revoked_at: None,
    };
    store::api_credentials::insert(tx, &record, &app.hash_key.hash(secret.expose())).await?;
    Ok(Issued { record, secret })
}

/// The API credentials of a project, those that have ended too.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn list(app: &App, actor: &Actor, project: ProjectId) -> Result<Vec<ApiCredentialRow>> {
    projects::reach(app, actor, project, Needs::Member(Permission::See)).await?;
    Ok(store::api_credentials::of_project(app.db(), project).await?)
}

/// One API credential.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn find(app: &App, actor: &Actor, id: &ApiCredentialId) -> Result<ApiCredentialRow> {
    let found = store::api_credentials::find(app.db(), id).await?.ok_or_else(|| Error::not_found("API credential", id))?;
    projects::reach_for(app, actor, found.project_id, Needs::Member(Permission::See), ("API credential", id)).await?;
    Ok(found)
}

/// Ends an API credential.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn revoke(app: &App, actor: &Actor, id: &ApiCredentialId) -> Result<()> {
    let found = store::api_credentials::find(app.db(), id).await?.ok_or_else(|| Error::not_found("live API credential", id))?;
    let needs = Needs::Either(Permission::Develop, Duty::Administer);
    projects::reach_for(app, actor, found.project_id, needs, ("live API credential", id)).await?;
    let mut tx = app.begin().await?;
    if !store::api_credentials::revoke(&mut tx, id, app.moment()).await? {
        return Err(Error::not_found("live API credential", id));
    }
    app.commit(tx, actor, "api_credential.revoke", id, json!({})).await
}
