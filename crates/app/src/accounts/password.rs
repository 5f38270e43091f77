//! Changing the password.

use domain::password;
use serde_json::json;
use store::{Tx, accounts, accounts::Account};

use super::{
    Refusal, SignedIn, Visit, links,
    second_factor::check_password,
    tries::{self, At},
};
use crate::{Actor, App, Result, mail};

/// What stands for the password that is replaced.
#[derive(Clone, Copy)]
pub enum Current<'a> {
    /// The password itself.
    Password(&'a str),
    /// A proof that is not older than ten minutes: for accounts without a password, and for who has just given it.
    Proof,
}

/// Sets another password. Every other session ends, links that would set one too, and a mail tells.
///
/// # Errors
/// [`Refusal::Weak`]; [`Refusal::Credentials`] when the current one is wrong; [`Error::Unproved`](crate::Error::Unproved);
/// [`Error::Wait`](crate::Error::Wait), [`Error::Busy`](crate::Error::Busy).
pub async fn change_password(app: &App, who: &SignedIn, current: Current<'_>, new: &str, visit: Visit<'_>) -> Result<()> {
    check(&who.account, new)?;
    let at = At::Proof(who.id());
    match current {
        Current::Proof => who.must_be_proved(app)?,
        Current::Password(password) => {
            tries::take(app, &at, visit).await?;
            check_password(app, who, password).await?;
        }
    }
    let hash = app.arranged.desk.hash(new, &app.entropy).await?;
    let mut tx = app.begin().await?;
    if matches!(current, Current::Password(_)) {
        tries::right(app, &mut tx, &at, visit).await?;
    }
    // The session may have ended while the password was hashed.
    if !store::sessions::prove(&mut tx, who.session.id, app.moment()).await? {
        return Err(Refusal::Ended.into());
    }
    store::sessions::end_others(&mut tx, who.id(), who.session.id).await?;
    set(app, &mut tx, &who.account, &hash).await?;
    app.commit(tx, &who.actor(), "account.change_password", who.id(), json!({})).await
}

/// Whether this may be the password of that account.
pub(super) fn check(account: &Account, new: &str) -> Result<()> {
    Ok(password::check(new, &[account.email.as_str(), &account.name]).map_err(Refusal::from)?)
}

/// What follows whenever a password is set: waits and links that belonged to the old one are over, and a mail tells.
pub(super) async fn set(app: &App, tx: &mut Tx, account: &Account, hash: &str) -> Result<()> {
    if !accounts::set_password(tx, account.id, hash).await? {
        return Err(Refusal::Ended.into());
    }
    tries::forget(app, tx, &At::Password(&account.email)).await?;
    links::end(app, tx, account.id, Some(links::Purpose::Recover)).await?;
    mail::queue(app, tx, &mail::To::from(account), &mail::Text::PasswordChanged).await
}

/// Sets the password of an account from outside; all its sessions end.
pub(super) async fn replace(app: &App, mut tx: Tx, actor: &Actor, action: &'static str, account: &Account, hash: &str) -> Result<()> {
    store::sessions::end_all(&mut tx, account.id).await?;
    set(app, &mut tx, account, hash).await?;
    app.commit(tx, actor, action, account.id, json!({})).await
}
