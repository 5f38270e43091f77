//! Whether an organisation may act: the operator suspends and resumes it, an owner closes it, and of those who do so at once one does.

use domain::{
    Environment, OrganisationId,
    contract::Standing,
    role::{Duty, Permission},
};
use serde_json::json;
use store::{
    dossiers::{self, Holdings},
    organisations::{Organisation, Turn},
};

use super::reach;
use crate::{
    Actor, App, Error, Result, Rule,
    notices::{Notice, notice},
    permission::Needs,
    reason,
};

/// What is counted exactly; more is "more than".
pub const COUNTED: i64 = 10_000;

/// What stops when an organisation is suspended.
#[derive(Debug, Clone, Copy)]
pub struct Stake {
    /// What it holds in the sandbox, each counted up to [`COUNTED`] and one.
    pub sandbox: Holdings,
    /// The same in production.
    pub production: Holdings,
}

/// Closes an organisation for good, by the hand of an owner: all its clients stop within a second on every node, what it sent out to people
/// is withdrawn, and its members may look at it and change nothing.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Rule`] when it is closed, or somebody turned it in the same moment.
pub async fn close(app: &App, actor: &Actor, id: OrganisationId) -> Result<()> {
    let current = reach(app, actor, id, Needs::Member(Permission::Own)).await?;
    if current.status == Standing::Revoked {
        return Err(Rule::Closed.into());
    }
    let mut tx = app.begin().await?;
    let by = actor.to_string();
    let turn = Turn { from: current.status, to: Standing::Revoked, reason: None, by: &by, at: app.moment() };
    if !store::organisations::turn(&mut tx, id, turn).await? {
        return Err(Rule::AlreadyDecided.into());
    }
    store::invitations::withdraw_all(&mut tx, id, app.moment()).await?;
    app.commit(tx, actor, "organisation.close", id, json!({"from": current.status, "name": current.name})).await
}

/// Stops or resumes an organisation; all its clients stop within a second on every node, and closing it withdraws what it sent out to people.
/// Its owners and admins are told, and its members read the reason as long as it stands.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Invalid`] without a reason to suspend it, or with one of more than 2000 characters; [`Error::Refused`] when it
/// is in that state already or revoked for good; [`Error::Rule`] when somebody else turned it in the same moment.
pub async fn set_status(app: &App, actor: &Actor, id: OrganisationId, status: Standing, why: Option<&str>) -> Result<()> {
    let current = reach(app, actor, id, Needs::Staff(Duty::Administer)).await?;
    let why = why.map(str::trim).filter(|why| !why.is_empty());
    let why = match (status, why) {
        (Standing::Suspended, why) => Some(reason(
            why.unwrap_or_default(),
            (
                "Di por qué, en 2000 caracteres como mucho: lo lee la organización.",
                "say why, in at most 2000 characters: the organisation reads it",
            ),
        )?),
        (_, Some(why)) => Some(reason(why, crate::REASON)?),
        (_, None) => None,
    };
    if current.status == Standing::Revoked && status != Standing::Revoked {
        return Err(Error::refused(
            format!("La organización {} está cerrada para siempre: crea otra.", current.name),
            format!("organisation {} is revoked for good; create a new one", current.name),
        ));
    }
    if current.status == status {
        return already(&current);
    }
    let mut tx = app.begin().await?;
    let by = actor.to_string();
    let kept = why.as_deref().filter(|_| status != Standing::Active);
    let turn = Turn { from: current.status, to: status, reason: kept, by: &by, at: app.moment() };
    if !store::organisations::turn(&mut tx, id, turn).await? {
        return Err(Rule::AlreadyDecided.into());
    }
    if status == Standing::Revoked {
        store::invitations::withdraw_all(&mut tx, id, app.moment()).await?;
    }
    notice(app, &mut tx, Notice::OrganisationTurned { organisation: &current, to: status, reason: kept.unwrap_or_default() }).await?;
    app.commit(tx, actor, "organisation.set_status", id, json!({"from": current.status, "to": status, "reason": why})).await
}

/// To revoke what is revoked does no harm; the others say that somebody was there before.
fn already(current: &Organisation) -> Result<()> {
    let (spanish, english) = match current.status {
        Standing::Revoked => return Ok(()),
        Standing::Suspended => ("ya está suspendida", "is suspended already"),
        Standing::Active => ("ya puede actuar", "may act already"),
    };
    Err(Error::refused(format!("La organización {} {spanish}.", current.name), format!("organisation {} {english}", current.name)))
}

/// What would stop if the organisation were suspended.
///
/// # Errors
/// [`Error::NotFound`], [`Error::StaffOnly`].
pub async fn stake(app: &App, actor: &Actor, id: OrganisationId) -> Result<Stake> {
    reach(app, actor, id, Needs::Staff(Duty::See)).await?;
    let of = async |environment| dossiers::holdings(app.db(), id, environment, COUNTED + 1).await;
    Ok(Stake { sandbox: of(Environment::Sandbox).await?, production: of(Environment::Production).await? })
}
