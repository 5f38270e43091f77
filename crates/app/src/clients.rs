//! Clients: a project's credentials in one environment.

use domain::{
    ClientId, Environment, ProjectId,
    client::GrantType,
    contract::Standing,
    credential,
    role::{Duty, Permission},
    rotation::Overlap,
    token::{DEFAULT_LIFETIME, MAX_LIFETIME},
};
use serde_json::json;
use store::{
    Moment, Tx,
    clients::{ClientRow, SecretRow},
};

use crate::{
    Actor, App, Bounded, Error, Issued, Result, Rule, contracts,
    notices::{Notice, notice},
    permission::{Hat, Needs},
    policies, projects, secrets,
};

/// How many clients that can get a token members may give a project in one environment.
pub const MOST: i64 = 5;

/// A client with its first secret.
pub struct Created {
    /// The client.
    pub client: ClientRow,
    /// Its secret.
    pub secret: Issued<SecretRow>,
}

/// Creates a client of a project. For production, the organisation needs an active contract and somebody of it must have accepted the usage
/// policies. The operator's command line needs the contract only: what it does is answered for elsewhere.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Refused`], [`Error::Rule`].
pub async fn create(app: &App, actor: &Actor, project: ProjectId, environment: Environment) -> Result<Created> {
    let permission = if environment == Environment::Production { Permission::Administer } else { Permission::Develop };
    let (owner, hat) = projects::reach(app, actor, project, Needs::Member(permission)).await?;
    let production = environment == Environment::Production;
    if production && !contracts::any_active(app, owner.organisation_id).await? {
        if hat == Hat::Member {
            return Err(Rule::NoContract.into());
        }
        return Err(Error::refused(
            Rule::NoContract.spanish(),
            "production needs an active contract: link one with `postigo contract create` and activate it with `postigo contract activate`",
        ));
    }
    if production && hat == Hat::Member && !policies::accepted(app, project, environment).await? {
        return Err(Rule::PoliciesNotAccepted.into());
    }
    let mut tx = app.begin().await?;
    projects::hold(&mut tx, project).await?;
    secrets::not_of_management(&mut tx, actor, project, environment).await?;
    bounded(app, &mut tx, hat, project, environment).await?;
    let created = add(app, &mut tx, project, environment).await?;
    app.commit(tx, actor, "client.create", &created.client.id, json!({"project": project, "environment": environment})).await?;
    Ok(created)
}

async fn bounded(app: &App, tx: &mut Tx, hat: Hat, project: ProjectId, environment: Environment) -> Result<()> {
    if hat == Hat::Member && store::clients::live(tx, project, environment, app.moment()).await? >= MOST {
        return Err(Rule::TooMany(Bounded::Clients, MOST).into());
    }
    secrets::bounded(app, tx, hat, project).await
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
    add_like(app, tx, client).await
}

async fn add_like(app: &App, tx: &mut Tx, client: ClientRow) -> Result<Created> {
    let client = ClientRow { created_at: app.moment(), ..client };
    store::clients::insert(tx, &client).await?;
    let secret = secrets::add(app, tx, &client).await?;
    Ok(Created { client, secret })
}

/// The client with this identifier.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn find(app: &App, actor: &Actor, id: &ClientId) -> Result<ClientRow> {
    Ok(reach(app, actor, id, Needs::Member(Permission::See)).await?.0)
}

/// The client, for somebody who has what it takes.
pub(crate) async fn reach(app: &App, actor: &Actor, id: &ClientId, needs: Needs) -> Result<(ClientRow, Hat)> {
    let client = store::clients::find(app.db(), id).await?.ok_or_else(|| Error::not_found("client", id))?;
    let (_, hat) = projects::reach_for(app, actor, client.project_id, needs, ("client", id)).await?;
    Ok((client, hat))
}

/// Replaces the key itself: a new client with the same rules and a first secret. The secrets and public keys of the old one stop opening anything after
/// the overlap and their tokens live out, so that the old client is over without being revoked.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Refused`] unless the old client is active; [`Error::Rule`].
pub async fn replace(app: &App, actor: &Actor, id: &ClientId, overlap: Overlap) -> Result<Created> {
    let (old, hat) = reach(app, actor, id, Needs::Member(Permission::Develop)).await?;
    if old.status != Standing::Active {
        return Err(Error::refused(
            format!("El cliente {id} no está activo, y solo uno activo se puede reemplazar."),
            format!("client {id} is {}; only an active one can be replaced", old.status),
        ));
    }
    let retires_at = Moment(app.now() + jiff::SignedDuration::from_secs(i64::from(overlap.seconds())));
    let mut tx = app.begin().await?;
    projects::hold(&mut tx, old.project_id).await?;
    secrets::not_of_management(&mut tx, actor, old.project_id, old.environment).await?;
    for secret in store::clients::secrets(app.db(), id).await? {
        store::clients::retire_secret(&mut tx, &secret, retires_at).await?;
    }
    store::public_keys::retire(&mut tx, id, retires_at).await?;
    bounded(app, &mut tx, hat, old.project_id, old.environment).await?;
    let created = add_like(app, &mut tx, ClientRow { id: credential::client_id(old.environment, &app.entropy), ..old.clone() }).await?;
    notice(app, &mut tx, Notice::ClientReplaced { old: &old, new: &created.client, until: *retires_at }).await?;
    let detail = json!({"replaces": id, "overlap": overlap, "retires_at": retires_at});
    app.commit(tx, actor, "client.replace", &created.client.id, detail).await?;
    Ok(created)
}

/// Stops, resumes or revokes a client; its tokens follow within a second on every node.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Refused`] when it is revoked for good; [`Error::Rule`] when a member would undo what the operator did.
pub async fn set_status(app: &App, actor: &Actor, id: &ClientId, status: Standing) -> Result<()> {
    let (current, hat) = reach(app, actor, id, Needs::Either(Permission::Develop, Duty::Administer)).await?;
    let mut tx = app.begin().await?;
    let done = match hat {
        Hat::Operator => store::clients::set_status(&mut tx, id, status).await?,
        Hat::Member => store::clients::set_status_by_owner(&mut tx, id, status).await?,
    };
    if !done && status != Standing::Revoked {
        if current.status == Standing::Suspended {
            return Err(Rule::SuspendedByOperator.into());
        }
        return Err(Error::refused(
            format!("El cliente {id} está revocado para siempre: crea otro."),
            format!("client {id} is revoked for good; create a new one with `postigo client create`"),
        ));
    }
    app.commit(tx, actor, "client.set_status", id, json!({"from": current.status, "to": status})).await
}

/// Narrows a client to some grants (`None`: all of its customer type) and sets the life of its tokens, in seconds.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Invalid`]; [`Error::Refused`] to a program, of a project that may call the management API.
pub async fn set_rules(app: &App, actor: &Actor, id: &ClientId, grant_types: Option<&[GrantType]>, token_lifetime: u32) -> Result<()> {
    let (client, _) = reach(app, actor, id, Needs::Member(Permission::Develop)).await?;
    if !(60..=MAX_LIFETIME).contains(&token_lifetime) {
        return Err(Error::invalid("token_lifetime", format!("De 60 a {MAX_LIFETIME} segundos."), format!("60 to {MAX_LIFETIME} seconds")));
    }
    if grant_types.is_some_and(<[_]>::is_empty) {
        return Err(Error::invalid(
            "grant_types",
            "Elige al menos un tipo de concesión, o suspende el cliente.",
            "name at least one grant, or suspend the client",
        ));
    }
    let written = grant_types.map(|list| list.iter().map(|grant| grant.as_str()).collect::<Vec<_>>().join(" "));
    let mut tx = app.begin().await?;
    projects::hold(&mut tx, client.project_id).await?;
    secrets::not_of_management(&mut tx, actor, client.project_id, client.environment).await?;
    if !store::clients::set_rules(&mut tx, id, written.as_deref(), token_lifetime).await? {
        return Err(Error::not_found("client", id));
    }
    app.commit(tx, actor, "client.set_rules", id, json!({"grant_types": written, "token_lifetime": token_lifetime})).await
}
