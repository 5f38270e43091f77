//! One entry of the catalogue at a time: what the management API does, and the entry that is the management API's own.

use domain::{
    ApiName,
    api::{Api, Life, Status},
    management,
    plan::Plans,
    role::Duty,
};
use serde_json::{Value, json};
use store::apis::{ApiRow, Entry};

use super::{Change, apply::take_away, difference, files, publish::served};
use crate::{Actor, App, Error, Result, Rule, permission};

/// How many entries are listed at once at most.
pub const LISTED: i64 = 201;

/// Entries with their lives by name, those after `after`, at most `limit` (1 to [`LISTED`]): with the addresses of the upstreams, which are for staff only.
///
/// # Errors
/// [`Error::NotFound`] for those who are not staff.
pub async fn list(app: &App, actor: &Actor, after: &str, limit: i64) -> Result<Vec<Entry>> {
    permission::staff(app, actor, Duty::See).await?;
    Ok(store::apis::page(app.db(), after, limit.clamp(1, LISTED)).await?)
}

/// The entry of that name.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn find(app: &App, actor: &Actor, name: &ApiName) -> Result<ApiRow> {
    permission::staff(app, actor, Duty::See).await?;
    store::apis::find(app.db(), name).await?.ok_or_else(|| Error::not_found("API", name))
}

/// What whoever puts a document knows to stand under its name.
#[derive(Debug, Clone, Copy)]
pub enum Before<'a> {
    /// They did not look.
    Whatever,
    /// Nothing.
    Nothing,
    /// This document, as it is stored.
    Document(&'a str),
}

/// Publishes one document under its name, beside what is there: `None` when it is served exactly so. What was retired is served again.
///
/// # Errors
/// [`Error::Rule`] when something else than `before` stands there; [`Error::Faults`] with every fault, those against other documents included;
/// [`Error::Invalid`] when it names itself otherwise.
pub async fn put(app: &App, actor: &Actor, name: &ApiName, content: Value, before: Before<'_>) -> Result<Option<Change>> {
    permission::staff(app, actor, Duty::Publish).await?;
    let mut tx = app.begin().await?;
    store::apis::hold(&mut tx).await?;
    let plans = store::plans::held(&mut tx).await?.into_iter().map(|row| row.plan).collect();
    let wanted = read(&[(name.as_str(), &content)], &plans)?;
    if wanted.iter().any(|(api, _)| api.name != *name) {
        return Err(Error::invalid(
            "x-postigo",
            format!("El documento tiene que llamarse {name} en x-postigo.name."),
            format!("the document must be named {name} in x-postigo.name"),
        ));
    }
    let entries = store::apis::entries_held(&mut tx).await?;
    let live = entries.iter().find(|entry| entry.row.name == *name);
    match (before, live) {
        (Before::Nothing, Some(_)) | (Before::Document(_), None) => return Err(Rule::AlreadyDecided.into()),
        (Before::Document(seen), Some(live)) if live.row.document != seen => return Err(Rule::AlreadyDecided.into()),
        _ => {}
    }
    let others = entries.iter().filter(|entry| entry.status != Status::Retired && entry.row.name != *name);
    let others: Vec<(&str, Value)> = others
        .filter(|entry| entry.row.name.as_str() != management::NAME)
        .map(|entry| Ok((entry.row.name.as_str(), serde_json::from_str(&entry.row.document)?)))
        .collect::<std::result::Result<_, serde_json::Error>>()
        .map_err(|_| store::Error::Corrupt("a catalogue entry that is not JSON"))?;
    let mut all = vec![(name.as_str(), &content)];
    all.extend(others.iter().map(|(name, content)| (*name, content)));
    // Its paths must be its own among all others.
    read(&all, &plans)?;
    // What is retired is not there for those who call it.
    let retired = live.filter(|live| live.status == Status::Retired);
    let present: Vec<ApiRow> = live.filter(|live| live.status != Status::Retired).map(|live| live.row.clone()).into_iter().collect();
    let Some(change) = difference::apis(&present, &wanted, &plans).into_iter().next() else { return Ok(None) };
    let row = ApiRow { name: name.clone(), document: content.to_string(), updated_at: app.moment() };
    let version = store::apis::put_by(&mut tx, &row, &actor.to_string(), "").await?;
    if let Some(retired) = retired {
        let retired = Life { version, ..retired.life() };
        store::apis::set_life(&mut tx, name, &retired, &served(&retired)).await?;
    }
    app.commit(tx, actor, "catalogue.put", name, json!({ "change": change })).await?;
    Ok(Some(change))
}

/// Takes one entry out of the catalogue.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Refused`] while projects have asked for access to it, and for the management API's own.
pub async fn remove(app: &App, actor: &Actor, name: &ApiName) -> Result<()> {
    permission::staff(app, actor, Duty::Publish).await?;
    if name.as_str() == management::NAME {
        return Err(Error::refused(
            "La entrada de la API de gestión es del propio programa y no se quita.",
            "the management API's entry is the program's own and is not removed",
        ));
    }
    let mut tx = app.begin().await?;
    store::apis::hold(&mut tx).await?;
    if !take_away(&mut tx, name.as_str()).await? {
        return Err(Error::not_found("API", name));
    }
    app.commit(tx, actor, "catalogue.remove", name, json!({})).await
}

/// Keeps the management API's own entry as this program has it. Nothing happens when it is so already; of two nodes that start at once, one
/// writes it.
///
/// # Errors
/// [`Error::Faults`] when it is no catalogue entry of that name, which the first test of the portal would have shown.
pub async fn keep_management(app: &App, document: &Value) -> Result<bool> {
    let api = domain::openapi::read(document, &Plans::default())
        .map_err(|faults| Error::Faults(faults.iter().map(ToString::to_string).collect()))?;
    if !api.is_management() {
        return Err(Error::Faults(vec![format!("{} is not the name of the management API", api.name)]));
    }
    let row = ApiRow { name: api.name, document: document.to_string(), updated_at: app.moment() };
    // Looked at first, because a node that starts writes nothing when there is nothing to write.
    if store::apis::find(app.db(), &row.name).await?.is_some_and(|before| before.document == row.document) {
        return Ok(false);
    }
    let mut tx = app.begin().await?;
    if !store::apis::keep(&mut tx, &row).await? {
        return Ok(false);
    }
    app.commit(tx, &Actor::System, "catalogue.keep_management", &row.name, json!({"operations": api.operations.len()})).await?;
    Ok(true)
}

/// Reads documents and checks them against each other.
fn read<'d>(documents: &[(&'d str, &'d Value)], plans: &Plans) -> Result<Vec<(Api, &'d Value)>> {
    let mut faults = Vec::new();
    let read = files::apis(documents, plans, &mut faults);
    if faults.is_empty() { Ok(read) } else { Err(Error::Faults(faults)) }
}
