//! Coming back without the password.

use store::accounts;

use super::{
    Purpose, Refusal, Visit, links, password,
    register::{asked, parse},
    tries,
};
use crate::{Actor, App, Result, mail};

/// Mails a link that sets a new password, if the address has an account. The answer never tells.
///
/// # Errors
/// [`Error::Invalid`](crate::Error::Invalid) when it is no address; [`Error::Wait`](crate::Error::Wait).
pub async fn recover(app: &App, email: &str, visit: Visit<'_>) -> Result<()> {
    let email = parse(email)?;
    tries::bother(app, visit).await?;
    let mut tx = app.begin().await?;
    let account = accounts::find_by_email_in(&mut tx, &email).await?;
    if let Some(account) = &account {
        links::send(app, &mut tx, account.id, &mail::To::from(account), Purpose::Recover).await?;
    }
    asked(app, tx, "account.recover", account.as_ref()).await
}

/// Sets a new password by a link. All sessions end; whoever waits for too many failures need not wait any longer. A second factor, when there is one,
/// still stands: this signs nobody in.
///
/// # Errors
/// [`Refusal::Link`], [`Refusal::Weak`] (the link still works); [`Error::Busy`](crate::Error::Busy).
pub async fn reset(app: &App, token: &str, new: &str) -> Result<()> {
    let account = links::peek(app, token, Purpose::Recover).await?;
    password::check(&account, new)?;
    let hash = app.arranged.desk.hash(new, &app.entropy).await?;
    let mut tx = app.begin().await?;
    let (account, email) = links::use_up(app, &mut tx, token, Purpose::Recover).await?;
    // Sent to an address that is the account's no more.
    if account.email != email {
        return Err(Refusal::Link.into());
    }
    // Whoever opens this mail has the address.
    accounts::verify(&mut tx, account.id, app.moment()).await?;
    password::replace(app, tx, &Actor::Account(account.id), "account.reset_password", &account, &hash).await
}
