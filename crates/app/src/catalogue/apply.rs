//! The catalogue made equal to files.

use std::collections::HashMap;

use domain::{api::Api, management, openapi, role::Duty};
use serde::Serialize;
use serde_json::{Value, json};
use store::{Tx, apis::ApiRow};

use super::Document;
use crate::{Actor, App, Error, Result, permission};

/// One difference between the catalogue and the files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// `add`, `change` or `remove`.
    pub action: &'static str,
    /// The API's name.
    pub api: String,
    /// What is different, operation by operation.
    pub detail: Vec<String>,
}

/// Compares the catalogue with `documents` and, unless it is a `dry_run`, makes it equal to them.
///
/// # Errors
/// [`Error::Faults`] with every fault of every document; nothing is changed then. [`Error::Refused`] when an API that is to go still has
/// access requests.
pub async fn apply(app: &App, actor: &Actor, documents: Vec<Document>, dry_run: bool) -> Result<Vec<Change>> {
    permission::staff(app, actor, Duty::Publish).await?;
    let wanted = read(&documents)?;
    let mut present = store::apis::all(app.db()).await?;
    present.retain(|row| row.name.as_str() != management::NAME);
    let changes = difference(&present, &wanted);
    if dry_run || changes.is_empty() {
        return Ok(changes);
    }
    let mut tx = app.begin().await?;
    for change in &changes {
        if change.action == "remove" {
            take_away(&mut tx, &change.api).await?;
        } else if let Some((api, document)) = wanted.iter().find(|(api, _)| api.name.as_str() == change.api) {
            let row = ApiRow { name: api.name.clone(), document: document.to_string(), updated_at: app.moment() };
            store::apis::put_by(&mut tx, &row, &actor.to_string(), "").await?;
        }
    }
    app.commit(tx, actor, "catalogue.apply", "catalogue", json!({ "changes": changes })).await?;
    Ok(changes)
}

/// Removes an entry that nobody has asked for; `false`: there was none.
pub(super) async fn take_away(tx: &mut Tx, api: &str) -> Result<bool> {
    store::apis::remove(tx, &api.into()).await.map_err(|error| match error {
        store::Error::Dangling => Error::refused(
            format!("{api} no se puede quitar: hay proyectos que han pedido acceso; conserva su fichero."),
            format!("{api} cannot be removed: projects have asked for access to it; keep its file"),
        ),
        error => error.into(),
    })
}

/// Reads every document and checks them against each other.
pub(super) fn read(documents: &[Document]) -> Result<Vec<(Api, &Value)>> {
    let mut faults = Vec::new();
    let mut wanted: Vec<(Api, &Value)> = Vec::new();
    let mut paths: HashMap<String, &str> = HashMap::new();
    let mut names: HashMap<String, &str> = HashMap::new();
    for document in documents {
        match openapi::read(&document.content) {
            Err(found) => faults.extend(found.iter().map(|fault| format!("{}: {fault}", document.file))),
            Ok(api) if api.is_management() => {
                faults.push(format!(
                    "{}: /x-postigo/name: {} is the program's own entry, which it writes itself; choose another name",
                    document.file,
                    management::NAME
                ));
            }
            Ok(api) => {
                if let Some(other) = names.insert(api.name.to_string(), &document.file) {
                    faults.push(format!("{}: /x-postigo/name: {} is also the name in {other}", document.file, api.name));
                }
                for operation in &api.operations {
                    // A path belongs to one API. Two templates that differ in the names of their parameters only are one path.
                    let other = paths.insert(shape(&operation.path), &document.file);
                    if let Some(other) = other.filter(|other| *other != document.file) {
                        faults.push(format!(
                            "{}: {} is also a path of {other}; an API has its paths for itself",
                            document.file, operation.path
                        ));
                    }
                }
                wanted.push((api, &document.content));
            }
        }
    }
    if faults.is_empty() { Ok(wanted) } else { Err(Error::Faults(faults)) }
}

fn shape(path: &str) -> String {
    path.split('/').map(|segment| if segment.starts_with('{') { "{}" } else { segment }).collect::<Vec<_>>().join("/")
}

pub(super) fn difference(present: &[ApiRow], wanted: &[(Api, &Value)]) -> Vec<Change> {
    let mut changes = Vec::new();
    for (api, document) in wanted {
        match present.iter().find(|row| row.name == api.name) {
            None => {
                let detail = api.operations.iter().map(|operation| format!("+ {} {}", operation.method, operation.path)).collect();
                changes.push(Change { action: "add", api: api.name.to_string(), detail });
            }
            Some(row) => {
                let before: Value = serde_json::from_str(&row.document).unwrap_or_default();
                if before != **document {
                    changes.push(Change { action: "change", api: api.name.to_string(), detail: compare(&before, api) });
                }
            }
        }
    }
    for row in present {
        if !wanted.iter().any(|(api, _)| api.name == row.name) {
            changes.push(Change { action: "remove", api: row.name.to_string(), detail: Vec::new() });
        }
    }
    changes
}

/// What an integrator would notice: operations gone or new, scopes changed.
fn compare(before: &Value, after: &Api) -> Vec<String> {
    let before = openapi::read(before).map(|api| api.operations).unwrap_or_default();
    let mut lines = Vec::new();
    for old in &before {
        match after.operations.iter().find(|new| new.method == old.method && new.path == old.path) {
            None => lines.push(format!("- {} {}", old.method, old.path)),
            Some(new) if new.scopes != old.scopes => lines.push(format!("~ {} {}: other scopes", old.method, old.path)),
            Some(_) => {}
        }
    }
    for new in &after.operations {
        if !before.iter().any(|old| old.method == new.method && old.path == new.path) {
            lines.push(format!("+ {} {}", new.method, new.path));
        }
    }
    if lines.is_empty() {
        lines.push("~ texts, schemas or settings".to_owned());
    }
    lines
}
