//! From a draft to what is served, and to what is not served any more.

use domain::{
    ApiName, Timestamp,
    api::{Life, Status},
    management,
    openapi::compare::Kind,
    role::Duty,
};
use serde_json::json;

use super::{
    drafts::{conflicts, no_plan_is_gone},
    look,
};
use crate::{Actor, App, Error, REASON, Result, permission};

/// What somebody looked at who publishes a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LookedAt {
    /// The live version it was compared with, 0 for none.
    pub over: i64,
    /// When the draft was written, in microseconds since 1970: its number alone may be another draft's by now.
    pub written: i64,
}

/// Makes a draft what is served: the gateways follow within a second. `note` says to callers what is new. What was retired is served again.
///
/// # Errors
/// [`Error::NotFound`] when there is no such draft (any more); [`Error::Refused`] when another version went live since, or the draft is another one
/// than was looked at, or a plan that it names is gone; [`Error::Faults`] when another API took one of its paths since.
pub async fn publish(app: &App, actor: &Actor, name: &ApiName, number: i64, looked_at: LookedAt, note: &str) -> Result<()> {
    permission::staff(app, actor, Duty::Publish).await?;
    let note = if note.trim().is_empty() { String::new() } else { crate::reason(note, REASON).map_err(as_note)? };
    let mut tx = app.begin().await?;
    store::apis::hold(&mut tx).await?;
    let plans = store::plans::held(&mut tx).await?.into_iter().map(|row| row.plan).collect();
    // Read once nobody can discard it and write another one in its place.
    let seen = look::seen(store::api_versions::find_in(&mut tx, name, number).await?, name, number, &plans)?;
    if seen.version.created_at.as_microsecond() != looked_at.written {
        return Err(Error::refused(
            "Este borrador no es el que viste: mira otra vez qué cambia.",
            "this is not the draft that you looked at: look again at what changes",
        ));
    }
    let over = looked_at.over;
    let entries = store::apis::entries_held(&mut tx).await?;
    let live = entries.iter().find(|entry| entry.row.name == *name);
    let version = live.map_or(0, |live| live.version);
    if version != over {
        return Err(Error::refused(
            format!("Mientras tanto se publicó la versión {version}: mira otra vez qué cambia respecto a ella."),
            format!("version {version} was published meanwhile: look again at what changes compared with it"),
        ));
    }
    no_plan_is_gone(&seen.document, &plans)?;
    let taken = conflicts(&seen.api, &entries, &plans);
    if !taken.is_empty() {
        return Err(Error::Faults(taken.iter().map(ToString::to_string).collect()));
    }
    let breaking = look::differences(live, &seen, &plans).iter().filter(|difference| difference.kind == Kind::Breaking).count();
    if !store::apis::publish(&mut tx, name, number, &note, app.moment()).await? {
        return Err(Error::not_found("draft", format_args!("{number} of {name}")));
    }
    if let Some(live) = live.filter(|live| live.status == Status::Retired) {
        let retired = Life { version: number, ..live.life() };
        store::apis::set_life(&mut tx, name, &retired, &served(&retired)).await?;
    }
    let detail = json!({"version": number, "over": over, "note": note, "breaking": breaking});
    app.commit(tx, actor, "api.publish", name, detail).await
}

/// Tells those who call an API that it ends: its answers carry `Deprecation` and `Sunset` within a second, and nobody gets access any more.
/// Said again, it moves the sunset.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Invalid`] for a sunset that is not in the future; [`Error::Refused`] when it is retired, or somebody else
/// changed it in this moment.
pub async fn deprecate(app: &App, actor: &Actor, name: &ApiName, sunset: Timestamp) -> Result<()> {
    permission::staff(app, actor, Duty::Publish).await?;
    if sunset <= app.now() {
        return Err(Error::invalid("sunset", "Elige un día que esté por venir.", "choose a day that is to come"));
    }
    let life = life(app, name).await?;
    if life.status == Status::Retired {
        return Err(Error::refused("Esta API está retirada: ya no la sirve nadie.", "this API is retired: nothing serves it"));
    }
    let since = life.deprecated_at.unwrap_or(app.now());
    let after = Life { status: Status::Deprecated, deprecated_at: Some(since), sunset_at: Some(sunset), ..life };
    change(app, actor, name, "api.deprecate", &life, &after).await
}

/// Takes a deprecation back.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Refused`] when it is not deprecated.
pub async fn keep(app: &App, actor: &Actor, name: &ApiName) -> Result<()> {
    permission::staff(app, actor, Duty::Publish).await?;
    let life = life(app, name).await?;
    if life.status != Status::Deprecated {
        return Err(Error::refused("Esta API no está en desuso.", "this API is not deprecated"));
    }
    change(app, actor, name, "api.keep", &life, &served(&life)).await
}

/// Ends an API: no gateway routes it within a second. What was granted stays to be read and opens nothing; publishing a version again
/// brings it back.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Refused`] when it is retired already.
pub async fn retire(app: &App, actor: &Actor, name: &ApiName) -> Result<()> {
    permission::staff(app, actor, Duty::Publish).await?;
    let life = life(app, name).await?;
    if life.status == Status::Retired {
        return Err(Error::refused("Esta API ya está retirada.", "this API is retired already"));
    }
    let after = Life { status: Status::Retired, retired_at: Some(app.now()), ..life };
    change(app, actor, name, "api.retire", &life, &after).await
}

/// The same version, served as if nothing had been said.
pub(super) const fn served(life: &Life) -> Life {
    Life { status: Status::Published, deprecated_at: None, sunset_at: None, retired_at: None, ..*life }
}

async fn life(app: &App, name: &ApiName) -> Result<Life> {
    // The management API's entry is the program's own: whoever retired it would lock everybody out of it.
    if name.as_str() == management::NAME {
        return Err(Error::not_found("API", name));
    }
    Ok(store::apis::entry(app.db(), name).await?.ok_or_else(|| Error::not_found("API", name))?.life())
}

async fn change(app: &App, actor: &Actor, name: &ApiName, action: &'static str, before: &Life, after: &Life) -> Result<()> {
    let mut tx = app.begin().await?;
    if !store::apis::set_life(&mut tx, name, before, after).await? {
        return Err(Error::refused(
            "Otra persona la ha cambiado en este momento: vuelve a mirarla.",
            "somebody else changed it in this moment: look at it again",
        ));
    }
    let detail =
        json!({"version": before.version, "from": before.status, "to": after.status, "sunset": after.sunset_at.map(|at| at.to_string())});
    app.commit(tx, actor, action, name, detail).await
}

/// What is wrong with a reason is wrong with a note.
fn as_note(error: Error) -> Error {
    match error {
        Error::Invalid { mend, .. } => Error::Invalid { field: "note", mend },
        other => other,
    }
}
