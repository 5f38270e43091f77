//! Accounts from outside: by the operator, on the command line or in the console.

use domain::{
    AccountId, Email, Language,
    account::LONGEST_NAME,
    password,
    role::{Duty, Staff},
    secret::Secret,
};
use serde_json::json;
use store::accounts::{self, Account, NewAccount};

use super::{Refusal, codes, erasure, links, password as passwords, register::parse, totp};
use crate::{Actor, App, Error, Result, name, permission};

/// Groups of letters in a drawn password: 125 bits.
const GROUPS: usize = 5;

/// An account that was made, with the password that was drawn for it when none was given.
pub struct Created {
    /// The account.
    pub account: Account,
    /// Its password, the only time it can be shown; `None` when it was given.
    pub drawn: Option<Secret>,
}

/// Makes an account whose address is taken for its owner's. No mail is sent.
///
/// # Errors
/// [`Error::Taken`], [`Error::Invalid`], [`Refusal::Weak`]; [`Error::NotFound`] or [`Error::StaffOnly`] to who may not.
pub async fn create_verified(
    app: &App,
    actor: &Actor,
    email: &str,
    person: &str,
    password: Option<&str>,
    language: Option<Language>,
    staff: Option<Staff>,
) -> Result<Created> {
    permission::staff(app, actor, Duty::Administer).await?;
    let (email, person) = (parse(email)?, name("name", person, LONGEST_NAME)?);
    let drawn = given_or_drawn(app, password, &email, &person)?;
    let clear = drawn.as_ref().map_or(password.unwrap_or_default(), Secret::expose);
    let hash = app.arranged.desk.hash(clear, &app.entropy).await?;
    let new = NewAccount {
        id: app.uuid().into(),
        email: &email,
        name: &person,
        password: Some(&hash),
        language,
        staff,
        verified_at: Some(app.moment()),
        created_at: app.moment(),
    };
    let mut tx = app.begin().await?;
    accounts::insert(&mut tx, &new).await.map_err(|e| Error::taken(e, "an account with that address", &email))?;
    app.commit(tx, actor, "account.create", new.id, json!({"staff": staff})).await?;
    let account = find(app, &new.id.to_string()).await?;
    Ok(Created { account, drawn })
}

/// The account with this id or address.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn find(app: &App, id_or_email: &str) -> Result<Account> {
    let found = match (id_or_email.parse::<AccountId>(), id_or_email.parse::<Email>()) {
        (Ok(id), _) => accounts::find(app.db(), id).await?,
        (_, Ok(email)) => accounts::find_by_email(app.db(), &email).await?,
        _ => None,
    };
    found.ok_or_else(|| Error::not_found("account", id_or_email))
}

/// Takes the address of an account for its owner's, without a link.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Refused`] when it is verified; [`Error::StaffOnly`] to staff who may not, and [`Error::NotFound`] to everybody else.
pub async fn verify_by(app: &App, actor: &Actor, id: AccountId) -> Result<()> {
    permission::staff(app, actor, Duty::Administer).await?;
    let mut tx = app.begin().await?;
    let account = accounts::find_in(&mut tx, id).await?.ok_or_else(|| Error::not_found("account", id))?;
    if !accounts::verify(&mut tx, id, app.moment()).await? {
        return Err(Error::refused(
            format!("La dirección {} ya está verificada.", account.email),
            format!("the address {} is verified already", account.email),
        ));
    }
    links::end(app, &mut tx, id, Some(super::Purpose::Verify)).await?;
    app.commit(tx, actor, "account.verify_by", id, json!({})).await
}

/// Sets the password of an account (`None`: one is drawn and answered) and ends its sessions. Its second factor still stands.
///
/// # Errors
/// [`Error::NotFound`]; [`Refusal::Weak`]; [`Error::NotFound`] or [`Error::StaffOnly`] to who may not.
pub async fn set_password_by(app: &App, actor: &Actor, id: AccountId, password: Option<&str>) -> Result<Option<Secret>> {
    permission::staff(app, actor, Duty::Administer).await?;
    let account = find(app, &id.to_string()).await?;
    let drawn = given_or_drawn(app, password, &account.email, &account.name)?;
    let clear = drawn.as_ref().map_or(password.unwrap_or_default(), Secret::expose);
    let hash = app.arranged.desk.hash(clear, &app.entropy).await?;
    let tx = app.begin().await?;
    passwords::replace(app, tx, actor, "account.set_password_by", &account, &hash).await?;
    Ok(drawn)
}

/// Forgets the second factor of somebody who lost it together with the recovery codes, and ends the sessions.
///
/// # Errors
/// [`Error::NotFound`]; [`Refusal::NoSecondFactor`]; [`Error::StaffOnly`] to staff who may not, and [`Error::NotFound`] to everybody else.
pub async fn remove_second_factor(app: &App, actor: &Actor, id: AccountId) -> Result<()> {
    permission::staff(app, actor, Duty::Administer).await?;
    let mut tx = app.begin().await?;
    let account = accounts::find_in(&mut tx, id).await?.ok_or_else(|| Error::not_found("account", id))?;
    if !account.has_second_factor() {
        return Err(Refusal::NoSecondFactor.into());
    }
    accounts::remove_totp(&mut tx, id).await?;
    store::passkeys::remove_all(&mut tx, id).await?;
    store::sessions::end_all(&mut tx, id).await?;
    totp::taken_away(app, &mut tx, id).await?;
    app.commit(tx, actor, "account.remove_second_factor", id, json!({})).await
}

/// Forgets what the operator's provider calls somebody, who got another name there or leaves it, and ends the sessions. The role stays.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Refused`] when nothing is linked; [`Error::StaffOnly`] to staff who may not, and [`Error::NotFound`] to everybody else.
pub async fn unlink_sign_on(app: &App, actor: &Actor, id: AccountId) -> Result<()> {
    permission::staff(app, actor, Duty::Administer).await?;
    let mut tx = app.begin().await?;
    let account = accounts::find_in(&mut tx, id).await?.ok_or_else(|| Error::not_found("account", id))?;
    if store::staff_identities::remove_all(&mut tx, id).await? == 0 {
        return Err(Error::refused(
            format!("{} no está enlazada con ningún proveedor.", account.email),
            format!("{} is not linked to a provider", account.email),
        ));
    }
    store::sessions::end_all(&mut tx, id).await?;
    app.commit(tx, actor, "account.unlink_sign_on", id, json!({})).await
}

/// Deletes an account.
///
/// # Errors
/// [`Error::NotFound`]; [`Refusal::SoleOwner`]; [`Error::StaffOnly`] to staff who may not, and [`Error::NotFound`] to everybody else.
pub async fn delete_by(app: &App, actor: &Actor, id: AccountId) -> Result<()> {
    permission::staff(app, actor, Duty::Administer).await?;
    erasure::erase(app, actor, id).await
}

fn given_or_drawn(app: &App, password: Option<&str>, email: &Email, person: &str) -> Result<Option<Secret>> {
    match password {
        Some(password) => {
            password::check(password, &[email.as_str(), person]).map_err(Refusal::from)?;
            Ok(None)
        }
        None => Ok(Some(codes::letters(app, GROUPS))),
    }
}
