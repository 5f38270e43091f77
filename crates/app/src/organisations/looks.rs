//! Staff on the pages of an organisation's members: they say first why they look, and the entry of that in the audit log is what opens them.

use domain::{
    OrganisationId, ProjectId,
    role::{Duty, Permission},
};
use jiff::SignedDuration;
use serde_json::json;
use store::{looks, memberships};

use super::reach;
use crate::{Actor, App, Error, Result, permission::Needs, projects};

/// For how long a reason is good.
pub const LOOK: SignedDuration = SignedDuration::from_mins(30);
/// What the audit log calls the beginning of a look.
const BEGUN: &str = "organisation.look";
/// How long it may be, in characters.
const LONGEST: usize = 200;

/// Whose pages somebody goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pages {
    /// An organisation's own.
    Organisation(OrganisationId),
    /// Those of one of its projects.
    Project(ProjectId),
}

/// As who somebody is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// As a member, with the role they have.
    Member,
    /// As staff who said why they look at this organisation, and only look.
    Looking(OrganisationId),
    /// As staff of whom nobody knows why they come to it.
    Unsaid(OrganisationId),
}

/// As who the actor is on pages of an organisation's members. Staff who are members are members there; a look is over [`LOOK`] after its
/// reason was given.
///
/// # Errors
/// [`Error::NotFound`] for strangers.
pub async fn sight(app: &App, actor: &Actor, pages: Pages) -> Result<Sight> {
    let see = Needs::Member(Permission::See);
    let id = match pages {
        Pages::Organisation(id) => reach(app, actor, id, see).await?.id,
        Pages::Project(id) => projects::reach(app, actor, id, see).await?.0.organisation_id,
    };
    if let Actor::Account(account) = actor
        && memberships::place(app.db(), id, *account).await?.is_some_and(|place| place.role.is_some())
    {
        return Ok(Sight::Member);
    }
    let last = looks::last(app.db(), &actor.to_string(), id).await?;
    let looks = last.is_some_and(|(action, at)| action == BEGUN && app.now() < *at + LOOK);
    Ok(if looks { Sight::Looking(id) } else { Sight::Unsaid(id) })
}

/// Notes that somebody of the staff goes to see an organisation as its members do, and why. Of a member there is nothing to note.
///
/// # Errors
/// [`Error::NotFound`], [`Error::StaffOnly`]; [`Error::Invalid`] without a reason of 1 to 200 characters.
pub async fn look(app: &App, actor: &Actor, id: OrganisationId, why: &str) -> Result<()> {
    let current = reach(app, actor, id, Needs::Staff(Duty::See)).await?;
    let why = why.trim();
    if why.is_empty() || why.chars().count() > LONGEST || why.chars().any(char::is_control) {
        return Err(Error::invalid(
            "reason",
            "Di para qué, en una línea de 200 caracteres como mucho.",
            "say what for, in one line of at most 200 characters",
        ));
    }
    if sight(app, actor, Pages::Organisation(id)).await? == Sight::Member {
        return Ok(());
    }
    let tx = app.begin().await?;
    app.commit(tx, actor, BEGUN, id, json!({"name": current.name, "reason": why})).await
}

/// Notes that they are done; of somebody who does not look there is nothing to note.
///
/// # Errors
/// [`Error::NotFound`], [`Error::StaffOnly`].
pub async fn look_away(app: &App, actor: &Actor, id: OrganisationId) -> Result<()> {
    let current = reach(app, actor, id, Needs::Staff(Duty::See)).await?;
    if sight(app, actor, Pages::Organisation(id)).await? != Sight::Looking(id) {
        return Ok(());
    }
    let tx = app.begin().await?;
    app.commit(tx, actor, "organisation.look_end", id, json!({"name": current.name})).await
}
