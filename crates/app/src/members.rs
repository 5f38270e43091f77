//! Members of organisations: their roles, and how they go.
//!
//! Everything here happens while the organisation is held, so that of two owners who demote each other at once the second one hears that an
//! organisation always has an owner, or that the role is gone.

use domain::{
    AccountId, OrganisationId,
    role::{Permission, Role},
};
use serde_json::json;
use store::{Tx, memberships, memberships::Membership};

use crate::{
    Actor, App, Error, Result, Rule,
    permission::{self, Needs},
};

/// How many members an organisation may have.
pub const MOST: i64 = 500;

/// Gives a member another role. Only owners make and unmake owners.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Rule`] when it is the last owner's.
pub async fn set_role(app: &App, actor: &Actor, organisation: OrganisationId, account: AccountId, role: Role) -> Result<()> {
    let mut tx = app.begin().await?;
    let current = held(&mut tx, actor, organisation, account).await?;
    if role == Role::Owner || current == Role::Owner {
        permission::over_held(&mut tx, actor, organisation, Needs::Member(Permission::Own), ("organisation", &organisation)).await?;
    }
    if role == current {
        return Ok(());
    }
    if current == Role::Owner {
        not_the_last(&mut tx, organisation).await?;
    }
    memberships::set_role(&mut tx, organisation, account, role).await?;
    if role < current {
        forget_invitations(app, &mut tx, organisation, account).await?;
    }
    let detail = json!({"account": account, "from": current, "to": role});
    app.commit(tx, actor, "member.set_role", organisation, detail).await
}

/// Takes somebody out of an organisation, and what they invited with them. Only owners remove owners.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Rule`] for the last owner.
pub async fn remove(app: &App, actor: &Actor, organisation: OrganisationId, account: AccountId) -> Result<()> {
    let mut tx = app.begin().await?;
    let current = held(&mut tx, actor, organisation, account).await?;
    if current == Role::Owner {
        permission::over_held(&mut tx, actor, organisation, Needs::Member(Permission::Own), ("organisation", &organisation)).await?;
    }
    end(app, tx, actor, "member.remove", organisation, account, current).await
}

/// Leaves an organisation, whatever one's role, also a closed one.
///
/// # Errors
/// [`Error::NotFound`] for those who are no members; [`Error::Rule`] for the last owner.
pub async fn leave(app: &App, account: AccountId, organisation: OrganisationId) -> Result<()> {
    let mut tx = app.begin().await?;
    store::organisations::hold(&mut tx, organisation).await?;
    let place = memberships::place_held(&mut tx, organisation, account).await?;
    let role = place.and_then(|place| place.role).ok_or_else(|| Error::not_found("organisation", organisation))?;
    end(app, tx, &Actor::Account(account), "member.leave", organisation, account, role).await
}

/// The organisations that would be left without an owner if this account went: it cannot be deleted before.
///
/// # Errors
/// When the database cannot be read.
pub async fn owned_alone(app: &App, account: AccountId) -> Result<Vec<Membership>> {
    Ok(memberships::owned_alone(app.db(), account).await?)
}

/// Holds the organisation for somebody who may administer its members, and says what this one is.
async fn held(tx: &mut Tx, actor: &Actor, organisation: OrganisationId, account: AccountId) -> Result<Role> {
    if !store::organisations::hold(tx, organisation).await? {
        return Err(Error::not_found("organisation", organisation));
    }
    permission::over_held(tx, actor, organisation, Needs::Member(Permission::Administer), ("organisation", &organisation)).await?;
    let place = memberships::place_held(tx, organisation, account).await?;
    place.and_then(|place| place.role).ok_or_else(|| Error::not_found("member", account))
}

async fn end(
    app: &App,
    mut tx: Tx,
    actor: &Actor,
    action: &'static str,
    organisation: OrganisationId,
    account: AccountId,
    role: Role,
) -> Result<()> {
    if role == Role::Owner {
        not_the_last(&mut tx, organisation).await?;
    }
    memberships::remove(&mut tx, organisation, account).await?;
    forget_invitations(app, &mut tx, organisation, account).await?;
    app.commit(tx, actor, action, organisation, json!({"account": account, "role": role})).await
}

async fn not_the_last(tx: &mut Tx, organisation: OrganisationId) -> Result<()> {
    if memberships::owners(tx, organisation).await? > 1 { Ok(()) } else { Err(Rule::LastOwner.into()) }
}

/// Whoever loses power loses the invitations sent with it: they would be a way back in by another address.
async fn forget_invitations(app: &App, tx: &mut Tx, organisation: OrganisationId, account: AccountId) -> Result<()> {
    let inviter = Actor::Account(account).to_string();
    Ok(store::invitations::withdraw_of_inviter(tx, organisation, &inviter, app.moment()).await?)
}
