//! Signing in by password.

use domain::{Email, account::Patience, password::LONGEST};
use serde_json::json;
use store::accounts::{self, Account};

use super::{
    Opened, Refusal, Visit,
    hashing::Verdict,
    sessions,
    tries::{self, At},
};
use crate::{Actor, App, Result};

/// Signs in by address and password. Whether there is such an account shows neither in the answer nor in the time it takes nor in the waits.
///
/// # Errors
/// [`Refusal::Credentials`]; [`Refusal::Unverified`], to who knows the password; [`Error::Wait`](crate::Error::Wait),
/// [`Error::Busy`](crate::Error::Busy).
pub async fn sign_in(app: &App, email: &str, password: &str, visit: Visit<'_>) -> Result<Opened> {
    let Ok(email) = email.parse::<Email>() else { return Err(Refusal::Credentials.into()) };
    let at = At::Password(&email);
    let failures = tries::take(app, &at, visit).await?;
    let account = accounts::find_by_email(app.db(), &email).await?;
    let stored = match &account {
        Some(account) => accounts::proofs(app.db(), account.id).await?.and_then(|proofs| proofs.password),
        None => None,
    };
    // No password is longer, and what is hashed stays bounded.
    let password = if password.len() <= LONGEST { password } else { "" };
    let verdict = app.arranged.desk.verify(stored.as_deref(), password, &app.entropy).await?;
    let (hash, account) = match (verdict, stored, account) {
        (Verdict::Right, Some(hash), Some(account)) => ((hash.clone(), hash), account),
        (Verdict::RightRehashed(new), Some(hash), Some(account)) => ((hash, new), account),
        (_, _, account) => {
            slowed(app, failures, account.as_ref()).await?;
            return Err(Refusal::Credentials.into());
        }
    };
    let mut tx = app.begin().await?;
    tries::right(app, &mut tx, &at, visit).await?;
    // Over the hash that was checked: a password that was changed while we looked opens nothing.
    if !accounts::rehash(&mut tx, account.id, &hash.0, &hash.1).await? {
        return Err(Refusal::Credentials.into());
    }
    if account.verified_at.is_none() {
        app.commit(tx, &Actor::Account(account.id), "account.sign_in_unverified", account.id, json!({})).await?;
        return Err(Refusal::Unverified.into());
    }
    let id = account.id;
    let opened = sessions::open(app, &mut tx, account, false, visit).await?;
    let whole = opened.session.whole().is_ok();
    app.commit(tx, &Actor::Account(id), "account.sign_in", id, json!({"by": "password", "whole": whole})).await?;
    Ok(opened)
}

/// Notes once that somebody guesses; also of accounts that are not there, because the time it takes would tell.
async fn slowed(app: &App, failures: i64, account: Option<&Account>) -> Result<()> {
    if failures != Patience::ACCOUNT.free + 1 {
        return Ok(());
    }
    let subject = account.map_or_else(|| "unknown".to_owned(), |account| account.id.to_string());
    let tx = app.begin().await?;
    app.commit(tx, &Actor::System, "account.sign_in_slowed", subject, json!({"failures": failures})).await
}
