//! Signing keys: announced before they sign, kept until the last token they signed is dead.

use domain::{
    Environment, KeyId,
    role::Duty,
    signing_key::{ANNOUNCED_FOR, SigningKey, draw, wrapping_name},
    token::{LEEWAY, MAX_LIFETIME},
};
use jiff::SignedDuration;
use serde_json::json;
use store::{Moment, Tx, signing_keys::SigningKeyRow};

use crate::{Actor, App, Error, Result, permission};

/// Makes the first key of an environment, active at once, when it has none.
pub(crate) async fn ensure(app: &App, environment: Environment) -> Result<()> {
    if !store::signing_keys::of_environment(app.db(), environment).await?.is_empty() {
        return Ok(());
    }
    let mut tx = app.begin().await?;
    if store::signing_keys::count(&mut tx, environment).await? > 0 {
        return Ok(());
    }
    let key = add(app, &mut tx, environment, app.moment()).await?;
    app.commit(tx, &Actor::System, "signing_key.create", &key.id, json!({"environment": environment})).await
}

/// The signing keys of an environment, the newest first; what is in them is wrapped.
///
/// # Errors
/// [`Error::NotFound`] for those who are not staff.
pub async fn list(app: &App, actor: &Actor, environment: Environment) -> Result<Vec<SigningKeyRow>> {
    permission::staff(app, actor, Duty::See).await?;
    Ok(store::signing_keys::of_environment(app.db(), environment).await?)
}

/// Draws a new key. It is published now, signs in ten minutes, when every cache has seen it, and the ones before it verify until the
/// last token they can have signed is dead.
///
/// # Errors
/// [`Error::Refused`] while another new key is announced but not yet active.
pub async fn rotate(app: &App, actor: &Actor, environment: Environment) -> Result<SigningKeyRow> {
    permission::staff(app, actor, Duty::Administer).await?;
    let now = app.now();
    let mut tx = app.begin().await?;
    store::signing_keys::count(&mut tx, environment).await?;
    if let Some(next) = store::signing_keys::of_environment(app.db(), environment).await?.iter().find(|key| key.activates_at.0 > now) {
        return Err(Error::refused(
            format!("La clave {} ya está anunciada y firmará a partir de {}.", next.id, next.activates_at),
            format!("key {} is announced already and signs from {} on", next.id, next.activates_at),
        ));
    }
    let key = add(app, &mut tx, environment, Moment(now + SignedDuration::from_secs(ANNOUNCED_FOR))).await?;
    app.commit(tx, actor, "signing_key.rotate", &key.id, json!({"environment": environment, "activates_at": key.activates_at})).await?;
    Ok(key)
}

async fn add(app: &App, tx: &mut Tx, environment: Environment, activates_at: Moment) -> Result<SigningKeyRow> {
    let id = KeyId::from(app.uuid().simple().to_string());
    let pkcs8 = draw();
    let key = SigningKey::read(id.clone(), environment, activates_at.0, None, &pkcs8)
        .map_err(|_| Error::refused("No se ha podido leer la clave recién creada.", "a new key could not be read back"))?;
    let row = SigningKeyRow {
        wrapped: app.master.wrap(&wrapping_name(&id), &pkcs8, &app.entropy),
        public_jwk: key.public_jwk().to_string(),
        algorithm: "ES256".into(),
        id,
        environment,
        created_at: app.moment(),
        activates_at,
        retires_at: None,
    };
    let last_token = i64::from(MAX_LIFETIME) + LEEWAY + 60;
    store::signing_keys::insert(tx, &row, Moment(activates_at.0 + SignedDuration::from_secs(last_token))).await?;
    Ok(row)
}
