//! The second factor, and proving again who one is.

use serde_json::json;
use store::{Tx, accounts::Account, recovery_codes};

use super::{
    Half, Needs, Opened, Refusal, SignedIn, Visit, codes,
    hashing::Verdict,
    sessions,
    sign_on::proves_by_sign_on,
    totp,
    tries::{self, At},
};
use crate::{Actor, App, Result};

/// What a person shows to prove who it is. For a passkey see [`prove_passkey_finish`](super::prove_passkey_finish).
#[derive(Clone, Copy)]
pub enum Proof<'a> {
    /// The account's password.
    Password(&'a str),
    /// A code of the authenticator app, or a recovery code.
    Code(&'a str),
}

/// How a proof by the operator's provider is written down.
pub(super) const BY_PROVIDER: &str = "provider";

/// Makes half a session whole by a code of the authenticator app or a recovery code. The session's value changes.
///
/// # Errors
/// [`Refusal::Code`]; [`Refusal::Ended`]; [`Refusal::NoSecondFactor`] when one must be set up first; [`Error::Wait`](crate::Error::Wait).
pub async fn second_factor(app: &App, half: &Half, code: &str, visit: Visit<'_>) -> Result<Opened> {
    if !matches!(half.needs, Needs::SecondFactor { .. }) {
        return Err(Refusal::NoSecondFactor.into());
    }
    let at = At::Proof(half.account.id);
    tries::take(app, &at, visit).await?;
    let mut tx = app.begin().await?;
    let by = check_code(app, &mut tx, &half.account, code).await?;
    tries::right(app, &mut tx, &at, visit).await?;
    let opened = sessions::complete(app, &mut tx, &half.account, &half.session).await?;
    app.commit(tx, &Actor::Account(half.account.id), "account.second_factor", half.account.id, json!({"by": by})).await?;
    Ok(opened)
}

/// Proves again who one is: for ten minutes, dangerous things are allowed.
///
/// # Errors
/// [`Refusal::Credentials`], [`Refusal::Code`], [`Refusal::Ended`]; [`Error::Wait`](crate::Error::Wait), [`Error::Busy`](crate::Error::Busy).
pub async fn prove(app: &App, who: &SignedIn, proof: Proof<'_>, visit: Visit<'_>) -> Result<()> {
    let at = At::Proof(who.id());
    tries::take(app, &at, visit).await?;
    if let Proof::Password(password) = proof {
        check_password(app, who, password).await?;
    }
    let mut tx = app.begin().await?;
    let by = match proof {
        Proof::Password(_) => "password",
        Proof::Code(code) => check_code(app, &mut tx, &who.account, code).await?,
    };
    tries::right(app, &mut tx, &at, visit).await?;
    proved(app, tx, who, by).await
}

/// Notes the proof.
pub(super) async fn proved(app: &App, mut tx: Tx, who: &SignedIn, by: &str) -> Result<()> {
    // What the provider began, only the provider proves: who has left the house has no account there any more.
    if proves_by_sign_on(who) && by != BY_PROVIDER {
        return Err(Refusal::SignOnOnly.into());
    }
    if !store::sessions::prove(&mut tx, who.session.id, app.moment()).await? {
        return Err(Refusal::Ended.into());
    }
    app.commit(tx, &who.actor(), "account.prove", who.id(), json!({"by": by})).await
}

/// Whether this is the account's password. The caller has counted the try.
pub(super) async fn check_password(app: &App, who: &SignedIn, password: &str) -> Result<()> {
    let stored = store::accounts::proofs(app.db(), who.id()).await?.and_then(|proofs| proofs.password);
    let password = if password.len() <= domain::password::LONGEST { password } else { "" };
    match app.arranged.desk.verify(stored.as_deref(), password, &app.entropy).await? {
        Verdict::Wrong => Err(Refusal::Credentials.into()),
        Verdict::Right | Verdict::RightRehashed(_) => Ok(()),
    }
}

/// Uses a code up: six digits are of the authenticator app, all else is a recovery code. The caller has counted the try.
async fn check_code(app: &App, tx: &mut Tx, account: &Account, code: &str) -> Result<&'static str> {
    let plain: String = code.chars().filter(|c| !c.is_whitespace()).take(64).collect();
    if plain.len() == totp::DIGITS && plain.bytes().all(|byte| byte.is_ascii_digit()) {
        totp::use_code(app, tx, account, &plain).await?;
        return Ok("totp");
    }
    // Codes go with the second factor they stand in for.
    if account.has_second_factor() && recovery_codes::use_up(tx, account.id, &codes::hash(app, account.id, &plain), app.moment()).await? {
        return Ok("recovery_code");
    }
    Err(Refusal::Code.into())
}
