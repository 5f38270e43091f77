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

use serde::Serialize;

use crate::{Actor, App, Error, Result, permission};

/// What a key does at a moment. It follows from its times and from the other keys of its environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It is published and signs from its moment on.
    Announced,
    /// It signs.
    Signing,
    /// It signed, and what it signed may still live.
    Verifying,
    /// What it signed opens nothing.
    Retired,
}

/// A key with what it does now.
#[derive(Debug, Clone, Serialize)]
pub struct Listed {
    /// The key, without its private half.
    #[serde(flatten)]
    pub key: SigningKeyRow,
    /// What it does.
    pub state: State,
}

/// What ending a key at once led to.
pub struct Ended {
    /// The key, which neither signs nor verifies any more.
    pub key: SigningKeyRow,
    /// The key that signs in its place, where it was the one that signed.
    pub successor: Option<KeyId>,
}

/// The keys of an environment, newest first.
///
/// # Errors
/// [`Error::NotFound`] for those who are not staff.
pub async fn list(app: &App, actor: &Actor, environment: Environment) -> Result<Vec<Listed>> {
    permission::staff(app, actor, Duty::See).await?;
    Ok(listed(app, store::signing_keys::of_environment(app.db(), environment).await?))
}

/// Since when there has been a master key at least: when the first key was wrapped by one. Which file wraps them now, no table knows.
///
/// # Errors
/// [`Error::NotFound`] for those who are not staff.
pub async fn master_key_since(app: &App, actor: &Actor) -> Result<Option<Moment>> {
    permission::staff(app, actor, Duty::See).await?;
    Ok(store::vault::first(app.db()).await?)
}

/// The same inside the transaction that changes them: another connection might be waited for by those that wait for this one.
async fn read(app: &App, tx: &mut Tx, environment: Environment) -> Result<Vec<Listed>> {
    Ok(listed(app, store::signing_keys::of_environment_in(tx, environment).await?))
}

fn listed(app: &App, keys: Vec<SigningKeyRow>) -> Vec<Listed> {
    let now = app.now();
    let is_retired = |key: &SigningKeyRow| key.retires_at.is_some_and(|at| *at <= now);
    // The newest of those that may: the rows come in that order.
    let signing = keys.iter().find(|key| *key.activates_at <= now && !is_retired(key)).map(|key| key.id.clone());
    let state = |key: &SigningKeyRow| match () {
        () if is_retired(key) => State::Retired,
        () if *key.activates_at > now => State::Announced,
        () if signing.as_ref() == Some(&key.id) => State::Signing,
        () => State::Verifying,
    };
    let mut listed: Vec<Listed> = keys.iter().map(|key| Listed { state: state(key), key: key.clone() }).collect();
    listed.sort_by_key(|listed| std::cmp::Reverse(listed.key.created_at));
    listed
}

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
    if let Some(Listed { key: next, .. }) = read(app, &mut tx, environment).await?.iter().find(|listed| listed.state == State::Announced) {
        return Err(Error::refused(
            format!("La clave {} ya está anunciada y firmará a partir de {}.", next.id, next.activates_at),
            format!("key {} is announced already and signs from {} on", next.id, next.activates_at),
        ));
    }
    let key = add(app, &mut tx, environment, Moment(now + SignedDuration::from_secs(ANNOUNCED_FOR))).await?;
    app.commit(tx, actor, "signing_key.rotate", &key.id, json!({"environment": environment, "activates_at": key.activates_at})).await?;
    Ok(key)
}

/// Ends a key at once, because somebody else has it: every token it signed stops within a second on every node. When it was the one that
/// signs, the announced one takes its place now, or a new one that nobody has seen yet.
///
/// # Errors
/// [`Error::NotFound`] when there is no such key, or for those who are not staff; [`Error::StaffOnly`]; [`Error::Refused`] when it ended before.
pub async fn retire(app: &App, actor: &Actor, id: &KeyId) -> Result<Ended> {
    permission::staff(app, actor, Duty::Administer).await?;
    let mut tx = app.begin().await?;
    // Whoever changes keys waits here, so that what is read now holds until the end.
    store::signing_keys::count(&mut tx, Environment::Sandbox).await?;
    let mut keys = Vec::new();
    for environment in Environment::ALL {
        keys.extend(read(app, &mut tx, *environment).await?);
    }
    let Listed { key, state } =
        keys.iter().find(|listed| listed.key.id == *id).cloned().ok_or_else(|| Error::not_found("signing key", id))?;
    // A little earlier than now: clocks of nodes differ, and one that is behind must not sign with it once more.
    let at = Moment(app.now() - SignedDuration::from_secs(LEEWAY));
    if state == State::Retired || !store::signing_keys::retire(&mut tx, &key, at).await? {
        return Err(Error::refused(format!("La clave {id} ya está retirada."), format!("key {id} is retired already")));
    }
    let other = |wanted: State| keys.iter().find(|other| other.key.environment == key.environment && other.state == wanted);
    let successor = match (state, other(State::Announced), other(State::Signing)) {
        (State::Signing, Some(next), _) => {
            store::signing_keys::activate(&mut tx, &next.key, at).await?;
            Some(next.key.id.clone())
        }
        (State::Signing, None, _) => Some(add(app, &mut tx, key.environment, at).await?.id),
        // The one that signs was to go when this one came.
        (State::Announced, _, Some(signing)) => {
            store::signing_keys::stay(&mut tx, &signing.key).await?;
            None
        }
        _ => None,
    };
    let detail = json!({"environment": key.environment, "state": state, "successor": successor});
    app.commit(tx, actor, "signing_key.retire", id, detail).await?;
    Ok(Ended { key: SigningKeyRow { retires_at: Some(at), ..key }, successor })
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
