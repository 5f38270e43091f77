//! Registering, and showing that the address is one's own.

use domain::{Email, Language, account::LONGEST_NAME, password};
use serde_json::json;
use store::{
    Tx,
    accounts::{self, Account, NewAccount},
};

use super::{Opened, Purpose, Refusal, Visit, links, sessions, tries};
use crate::{Actor, App, Error, Result, mail, name};

/// What somebody who registers says.
#[derive(Clone, Copy)]
pub struct Registration<'a> {
    /// The address.
    pub email: &'a str,
    /// The person's name.
    pub name: &'a str,
    /// The password; `None`: a passkey will be set up once the address is verified.
    pub password: Option<&'a str>,
    /// The language of the page.
    pub language: Option<Language>,
}

/// An address that was shown to be its owner's.
pub struct Verified {
    /// The account.
    pub account: Account,
    /// A session, when there is no other way in yet: to set up a passkey or a password.
    pub opened: Option<Opened>,
}

/// Registers an account and mails a link that verifies its address. When the address has an account already, its owner gets another mail
/// that says so, and the answer here is the same, as is the work.
///
/// # Errors
/// [`Error::Invalid`], [`Refusal::Weak`]: by what was said alone; [`Error::Wait`], [`Error::Busy`].
pub async fn register(app: &App, registration: Registration<'_>, visit: Visit<'_>) -> Result<()> {
    let email = parse(registration.email)?;
    let name = name("name", registration.name, LONGEST_NAME)?;
    if let Some(password) = registration.password {
        password::check(password, &[email.as_str(), &name]).map_err(Refusal::from)?;
    }
    tries::bother(app, visit).await?;
    let hash = match registration.password {
        Some(password) => Some(app.arranged.desk.hash(password, &app.entropy).await?),
        None => None,
    };
    let wish = Wish { email: &email, name: &name, hash: hash.as_deref(), language: registration.language };
    match once(app, &wish).await {
        // Somebody registered the same address in this moment: now it is there.
        Err(Error::Store(store::Error::Taken(_))) => once(app, &wish).await,
        done => done,
    }
}

struct Wish<'a> {
    email: &'a Email,
    name: &'a str,
    hash: Option<&'a str>,
    language: Option<Language>,
}

async fn once(app: &App, wish: &Wish<'_>) -> Result<()> {
    let mut tx = app.begin().await?;
    let (id, action) = match accounts::find_by_email_in(&mut tx, wish.email).await? {
        None => {
            let new = NewAccount {
                id: app.uuid().into(),
                email: wish.email,
                name: wish.name,
                password: wish.hash,
                language: wish.language,
                staff: None,
                verified_at: None,
                created_at: app.moment(),
            };
            accounts::insert(&mut tx, &new).await?;
            (new.id, "account.register")
        }
        Some(account) => {
            // Whoever registered before with this address and never opened its mail has no claim on it: the links sent then die with the
            // password chosen then, or the owner would verify somebody else's.
            let anew = accounts::replace(&mut tx, account.id, wish.name, wish.hash, wish.language).await?;
            if !anew {
                if mail::has_room(app, &mut tx, wish.email).await? {
                    mail::queue(app, &mut tx, &mail::To::from(&account), &mail::Text::AlreadyRegistered).await?;
                }
                return app.commit(tx, &Actor::System, "account.register_again", account.id, json!({})).await;
            }
            links::end(app, &mut tx, account.id, None).await?;
            (account.id, "account.register")
        }
    };
    let to = mail::To { email: wish.email, name: wish.name, language: wish.language.unwrap_or(mail::DEFAULT_LANGUAGE) };
    links::send(app, &mut tx, id, &to, Purpose::Verify).await?;
    app.commit(tx, &Actor::System, action, id, json!({})).await
}

/// Mails another link that verifies the address, if it has an account that needs one. The answer never tells.
///
/// # Errors
/// [`Error::Invalid`] when it is no address; [`Error::Wait`].
pub async fn resend(app: &App, email: &str, visit: Visit<'_>) -> Result<()> {
    let email = parse(email)?;
    tries::bother(app, visit).await?;
    let mut tx = app.begin().await?;
    let waiting = accounts::find_by_email_in(&mut tx, &email).await?.filter(|account| account.verified_at.is_none());
    if let Some(account) = &waiting {
        links::send(app, &mut tx, account.id, &mail::To::from(account), Purpose::Verify).await?;
    }
    asked(app, tx, "account.resend", waiting.as_ref()).await
}

/// Ends a request that must look alike whether or not there is an account: both write one entry.
pub(super) async fn asked(app: &App, tx: Tx, action: &'static str, account: Option<&Account>) -> Result<()> {
    let subject = account.map_or_else(|| "unknown".to_owned(), |account| account.id.to_string());
    app.commit(tx, &Actor::System, action, subject, json!({})).await
}

/// Opens a link that verifies an address.
///
/// # Errors
/// [`Refusal::Link`].
pub async fn verify(app: &App, token: &str, visit: Visit<'_>) -> Result<Verified> {
    let mut tx = app.begin().await?;
    let (mut account, email) = links::use_up(app, &mut tx, token, Purpose::Verify).await?;
    if account.email != email {
        return Err(Refusal::Link.into());
    }
    if accounts::verify(&mut tx, account.id, app.moment()).await? {
        account.verified_at = Some(app.moment());
    }
    let opened = match !account.has_password && account.passkeys == 0 {
        true => Some(sessions::open(app, &mut tx, account.clone(), false, visit).await?),
        false => None,
    };
    app.commit(tx, &Actor::Account(account.id), "account.verify", account.id, json!({})).await?;
    Ok(Verified { account, opened })
}

pub(super) fn parse(email: &str) -> Result<Email> {
    email.parse().map_err(|error: domain::email::NotAnEmail| {
        Error::invalid("email", "Escribe una dirección de correo, como ana@example.com.", error.to_string())
    })
}
