//! How much a customer key may ask for: as its project says for each of its keys, unless the key has limits of its own.

use domain::{
    ChildKey, Environment, ProjectId,
    customer_key::Limits,
    plan::LONGEST_WINDOW,
    role::{Duty, Permission},
};
use serde::Serialize;
use serde_json::json;
use store::customer_key_limits as stored;

use super::find;
use crate::{Actor, App, Error, Result, permission::Needs, projects};

/// Who sets limits: the project's own people, and the operator's.
const NEEDS: Needs = Needs::Either(Permission::Develop, Duty::Administer);

/// The limits of a customer key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Set {
    /// Its own; `None`: those of its project hold.
    pub own: Option<Limits>,
    /// What its project says for each of its keys in that environment.
    pub of_project: Limits,
}

impl Set {
    /// Those that hold.
    #[must_use]
    pub fn in_force(&self) -> Limits {
        self.own.unwrap_or(self.of_project)
    }
}

/// The limits of a customer key, for those who see its project.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn limits(app: &App, actor: &Actor, id: &ChildKey) -> Result<Set> {
    let key = find(app, actor, id).await?;
    let own = stored::of_key(app.db(), id).await?;
    Ok(Set { own, of_project: stored::of_project(app.db(), key.project_id, key.environment).await? })
}

/// Gives a customer key limits of its own, [`Limits::NONE`] too, or has those of its project hold for it (`None`); at the gateway within a second.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Invalid`] naming `rate_requests`, `rate_window` or `quota`; [`Error::Refused`] when it is revoked for good.
pub async fn set_limits(app: &App, actor: &Actor, id: &ChildKey, limits: Option<Limits>) -> Result<()> {
    let key = store::customer_keys::find(app.db(), id).await?.ok_or_else(|| Error::not_found("customer key", id))?;
    projects::reach_for(app, actor, key.project_id, NEEDS, ("customer key", id)).await?;
    limits.iter().try_for_each(check)?;
    let mut tx = app.begin().await?;
    if !stored::set(&mut tx, id, limits).await? {
        return Err(super::revoked(id));
    }
    app.commit(tx, actor, "customer_key.set_limits", id, json!({"limits": limits})).await
}

/// What a project says for each of its customer keys in an environment that has no limits of its own.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn project_limits(app: &App, actor: &Actor, project: ProjectId, environment: Environment) -> Result<Limits> {
    projects::reach(app, actor, project, Needs::Member(Permission::See)).await?;
    Ok(stored::of_project(app.db(), project, environment).await?)
}

/// Sets that, for however many keys; at the gateway within a second.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Invalid`] naming `rate_requests`, `rate_window` or `quota`.
pub async fn set_project_limits(app: &App, actor: &Actor, project: ProjectId, environment: Environment, limits: Limits) -> Result<()> {
    projects::reach(app, actor, project, NEEDS).await?;
    check(&limits)?;
    let mut tx = app.begin().await?;
    projects::hold(&mut tx, project).await?;
    stored::set_of_project(&mut tx, project, environment, limits).await?;
    app.commit(tx, actor, "customer_key.set_project_limits", project, json!({"environment": environment, "limits": limits})).await
}

/// A limit of nothing would be a key that is stopped without saying so.
fn check(limits: &Limits) -> Result<()> {
    let nothing = |field| {
        Error::invalid(
            field,
            "Al menos 1; para no dejar pasar nada, suspende la clave.",
            "at least 1; to let nothing pass, suspend the key",
        )
    };
    if let Some(rate) = limits.rate {
        if !rate.lets_pass() {
            return Err(nothing("rate_requests"));
        }
        if !rate.has_window() {
            return Err(Error::invalid(
                "rate_window",
                format!("De 1 a {LONGEST_WINDOW} segundos."),
                format!("1 to {LONGEST_WINDOW} seconds"),
            ));
        }
    }
    if limits.quota.is_some_and(|quota| !quota.lets_pass()) {
        return Err(nothing("quota"));
    }
    Ok(())
}
