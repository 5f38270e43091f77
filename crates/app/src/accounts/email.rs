//! Moving to another address.

use serde_json::json;
use store::accounts;

use super::{Purpose, Refusal, SignedIn, links, register::parse, tries};
use crate::{Actor, App, Error, Result, mail};

/// Mails a link to the new address; opening it moves the account there. When the address has an account already, that one's owner gets another
/// mail, and the answer here is the same.
///
/// # Errors
/// [`Error::Invalid`]; [`Error::Unproved`]; [`Error::Wait`] when the account wrote to too many.
pub async fn change_email(app: &App, who: &SignedIn, email: &str) -> Result<()> {
    let email = parse(email)?;
    who.must_be_proved(app)?;
    let mut tx = app.begin().await?;
    tries::letter(app, &mut tx, who.id()).await?;
    match accounts::find_by_email_in(&mut tx, &email).await? {
        Some(other) => {
            if mail::has_room(app, &mut tx, &email).await? {
                mail::queue(app, &mut tx, &mail::To::from(&other), &mail::Text::AlreadyRegistered).await?;
            }
        }
        None => {
            links::end(app, &mut tx, who.id(), Some(Purpose::Email)).await?;
            let to = mail::To { email: &email, ..mail::To::from(&who.account) };
            links::send(app, &mut tx, who.id(), &to, Purpose::Email).await?;
        }
    }
    app.commit(tx, &who.actor(), "account.change_email", who.id(), json!({})).await
}

/// Moves the account to the address that the link was sent to. The old address is told; links sent to it do not work any more.
///
/// # Errors
/// [`Refusal::Link`]; [`Error::Taken`] when that address has an account by now.
pub async fn confirm_email(app: &App, token: &str) -> Result<()> {
    let mut tx = app.begin().await?;
    let (account, email) = links::use_up(app, &mut tx, token, Purpose::Email).await?;
    if !accounts::set_email(&mut tx, account.id, &email).await.map_err(|e| Error::taken(e, "an account with that address", &email))? {
        return Err(Refusal::Link.into());
    }
    accounts::verify(&mut tx, account.id, app.moment()).await?;
    links::end(app, &mut tx, account.id, None).await?;
    mail::queue(app, &mut tx, &mail::To::from(&account), &mail::Text::AddressChanged).await?;
    app.commit(tx, &Actor::Account(account.id), "account.confirm_email", account.id, json!({})).await
}
