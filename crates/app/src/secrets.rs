//! Client secrets: two live ones at most, so that one can be replaced while the other still works.

use domain::{ApiName, ClientId, Environment, ProjectId, SecretId, contract::Standing, credential::SecretKind, role::Permission};
use serde_json::json;
use store::{
    Moment, Tx,
    clients::{ClientRow, NewSecret, SecretRow},
};

use crate::{
    Actor, App, Bounded, Error, Issued, Result, Rule, clients,
    notices::{Notice, notice},
    permission::{Hat, Needs},
    projects,
};

/// How many live secrets a client may have.
pub const MOST: i64 = 2;

/// How many secrets of a kind members may make for a project in a day: each stays in its history, and is told to those who build.
pub const MOST_A_DAY: i64 = 100;

/// Issues another secret. The ones before it live on, or stop opening anything in `overlap_seconds`; their tokens live out.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Refused`] while two secrets live, when the client is revoked, or when a program asks for a project that may
/// call the management API; [`Error::Rule`] when the project got too many today.
pub async fn create(app: &App, actor: &Actor, client: &ClientId, overlap_seconds: Option<u32>) -> Result<Issued<SecretRow>> {
    let (client, hat) = clients::reach(app, actor, client, Needs::Member(Permission::Develop)).await?;
    if client.status == Standing::Revoked {
        return Err(Error::refused(
            format!("El cliente {} está revocado para siempre: crea otro.", client.id),
            format!("client {} is revoked for good; create a new one", client.id),
        ));
    }
    let before = store::clients::secrets(app.db(), &client.id).await?;
    let mut before_until = None;
    let mut tx = app.begin().await?;
    projects::hold(&mut tx, client.project_id).await?;
    not_of_management(&mut tx, actor, client.project_id, client.environment).await?;
    bounded(app, &mut tx, hat, client.project_id).await?;
    // The ones before go first: who ends both at once may have a third.
    if let Some(seconds) = overlap_seconds {
        let at = Moment(app.now() + jiff::SignedDuration::from_secs(i64::from(seconds)));
        for secret in &before {
            if store::clients::retire_secret(&mut tx, secret, at).await? {
                before_until = Some(*at);
            }
        }
    }
    let issued = add(app, &mut tx, &client).await?;
    notice(app, &mut tx, Notice::SecretCreated { client: &client, secret: &issued.record, before_until }).await?;
    let detail = json!({"secret": issued.record.id, "prefix": issued.record.prefix, "overlap_seconds": overlap_seconds});
    app.commit(tx, actor, "secret.create", &client.id, detail).await?;
    Ok(issued)
}

/// A program makes no secret for a project that may call the management API: with it, it would be another program, with scopes of its own.
/// The project must be held.
pub(crate) async fn not_of_management(tx: &mut Tx, actor: &Actor, project: ProjectId, environment: Environment) -> Result<()> {
    let program = matches!(actor, Actor::Service { .. });
    if program && store::grants::live_of_api(tx, project, environment, &ApiName::from(domain::management::NAME)).await?.is_some() {
        return Err(Error::refused(
            "Este proyecto puede usar la API de gestión: sus clientes y claves los crean personas, en el portal o con `postigo`.",
            "this project may call the management API: its clients and secrets are made by people, in the portal or with `postigo`",
        ));
    }
    Ok(())
}

/// Whether members may make one more secret for a client of the project today. The project must be held.
pub(crate) async fn bounded(app: &App, tx: &mut Tx, hat: Hat, project: ProjectId) -> Result<()> {
    if hat == Hat::Member && store::clients::secrets_since(tx, project, a_day_ago(app)).await? >= MOST_A_DAY {
        return Err(Rule::TooMany(Bounded::Secrets, MOST_A_DAY).into());
    }
    Ok(())
}

pub(crate) fn a_day_ago(app: &App) -> Moment {
    Moment(app.now() - jiff::SignedDuration::from_hours(24))
}

pub(crate) async fn add(app: &App, tx: &mut Tx, client: &ClientRow) -> Result<Issued<SecretRow>> {
    let secret = SecretKind::Client.mint(client.environment, &app.entropy);
    let (id, created_at) = (SecretId::from(app.uuid()), app.moment());
    let new = NewSecret { id, hash: &app.hash_key.hash(secret.expose()), prefix: secret.prefix(), created_at };
    if !store::clients::insert_secret(tx, &client.id, &new, MOST).await? {
        return Err(Error::refused(
            format!("El cliente {} ya tiene {MOST} claves secretas en vigor, que es el máximo: retira o revoca antes una.", client.id),
            format!(
                "client {} has {MOST} live secrets, which is the most; retire or revoke one first: `postigo secret list --client {}`",
                client.id, client.id
            ),
        ));
    }
    let record = SecretRow {
        id,
        client_id: client.id.clone(),
        prefix: secret.prefix(),
        created_at,
        retires_at: None,
        revoked_at: None,
        last_used_at: None,
        last_used_address: None,
        last_used_agent: None,
    };
    Ok(Issued { record, secret })
}

/// The secret with this id, everything of it but the secret, for those who see its project.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn find(app: &App, actor: &Actor, id: SecretId) -> Result<SecretRow> {
    over(app, actor, id, Permission::See).await
}

/// The secrets of a client, oldest first, the dead ones too.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn list(app: &App, actor: &Actor, client: &ClientId) -> Result<Vec<SecretRow>> {
    let (client, _) = clients::reach(app, actor, client, Needs::Member(Permission::See)).await?;
    Ok(store::clients::secrets(app.db(), &client.id).await?)
}

/// Makes a secret stop opening anything, in `in_seconds` from now; its tokens live out.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Refused`] when it is dead already or stops earlier.
pub async fn retire(app: &App, actor: &Actor, id: SecretId, in_seconds: u32) -> Result<()> {
    let secret = reach(app, actor, id).await?;
    let at = Moment(app.now() + jiff::SignedDuration::from_secs(i64::from(in_seconds)));
    let mut tx = app.begin().await?;
    if !store::clients::retire_secret(&mut tx, &secret, at).await? {
        return Err(Error::refused(
            "Esa clave secreta está revocada, o deja de funcionar antes.",
            format!("secret {id} is revoked, or stops opening anything before that"),
        ));
    }
    app.commit(tx, actor, "secret.retire", &secret.client_id, json!({"secret": id, "at": at})).await
}

/// Kills a secret and, within a second on every node, every token it got.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn revoke(app: &App, actor: &Actor, id: SecretId) -> Result<()> {
    let secret = reach(app, actor, id).await?;
    let mut tx = app.begin().await?;
    store::clients::revoke_secret(&mut tx, &secret, app.moment()).await?;
    app.commit(tx, actor, "secret.revoke", &secret.client_id, json!({"secret": id})).await
}

/// The secret, for somebody who may end it.
async fn reach(app: &App, actor: &Actor, id: SecretId) -> Result<SecretRow> {
    over(app, actor, id, Permission::Develop).await
}

async fn over(app: &App, actor: &Actor, id: SecretId, permission: Permission) -> Result<SecretRow> {
    let absent = || Error::not_found("secret", id);
    let secret = store::clients::secret(app.db(), id).await?.ok_or_else(absent)?;
    let client = store::clients::find(app.db(), &secret.client_id).await?.ok_or_else(absent)?;
    projects::reach_for(app, actor, client.project_id, Needs::Member(permission), ("secret", &id)).await?;
    Ok(secret)
}
