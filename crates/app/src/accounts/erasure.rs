//! Deleting an account.
//!
//! What identifies the person goes: address, name, proofs, sessions with their network addresses, mails, memberships. What happened stays: the audit log
//! names accounts by their id only, so nothing in its chain has to be changed, and nobody can tell any more whose id it was.

use serde_json::json;
use store::{accounts, ceremonies, invitations, mail_links, mails, memberships, passkeys, recovery_codes, sessions, staff_identities};

use super::{
    Refusal, SignedIn,
    tries::{self, At},
};
use crate::{Actor, App, Error, Result, mail};

/// Deletes the account.
///
/// # Errors
/// [`Error::Unproved`]; [`Refusal::SoleOwner`] while an organisation would have no owner; [`Error::Refused`] to the last administrator of the
/// staff.
pub async fn delete(app: &App, who: &SignedIn) -> Result<()> {
    who.must_be_proved(app)?;
    erase(app, &who.actor(), who.id()).await
}

pub(super) async fn erase(app: &App, actor: &Actor, id: domain::AccountId) -> Result<()> {
    let mut tx = app.begin().await?;
    store::staff::hold(&mut tx).await?;
    // Read where the staff is held: whoever was made the last administrator a moment ago stays.
    let account = accounts::find_in(&mut tx, id).await?.ok_or_else(|| Error::not_found("account", id))?;
    crate::staff::must_not_be_the_last(&mut tx, id, account.staff()).await?;
    let alone = accounts::sole_owner_of(&mut tx, id).await?;
    if !alone.is_empty() {
        return Err(Refusal::SoleOwner(alone).into());
    }
    // An invitation sent by who goes would be a way back in.
    for organisation in memberships::organisations(&mut tx, id).await? {
        invitations::withdraw_of_inviter(&mut tx, organisation, &Actor::Account(id).to_string(), app.moment()).await?;
    }
    store::staff::withdraw_of_inviter(&mut tx, &Actor::Account(id).to_string(), app.moment()).await?;
    // First, as a sign-on begins with this row and goes on to the account: it is over, and its session ends below, or finds nobody.
    staff_identities::remove_all(&mut tx, id).await?;
    if !accounts::erase(&mut tx, id, app.moment()).await? {
        return Err(Error::not_found("account", id));
    }
    sessions::end_all(&mut tx, id).await?;
    recovery_codes::replace(&mut tx, id, &[]).await?;
    passkeys::remove_all(&mut tx, id).await?;
    ceremonies::remove_all(&mut tx, id).await?;
    mail_links::remove_all(&mut tx, id).await?;
    tries::forget(app, &mut tx, &At::Password(&account.email)).await?;
    tries::forget(app, &mut tx, &At::Proof(id)).await?;
    mails::remove_to(&mut tx, &account.email).await?;
    // The last one, which says that it is done; it goes like all the others when it is old.
    mail::queue(app, &mut tx, &mail::To::from(&account), &mail::Text::AccountDeleted).await?;
    app.commit(tx, actor, "account.delete", id, json!({})).await
}
