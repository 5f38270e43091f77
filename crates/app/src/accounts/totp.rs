//! The authenticator app (RFC 6238): SHA-1, six digits, 30 seconds, because apps quietly fall back to these.

use domain::{AccountId, secret::Secret};
use serde_json::json;
use store::{
    Tx,
    accounts::{self, Account},
    recovery_codes,
};
use totp_rs::{Algorithm, Builder, Totp};
use zeroize::Zeroizing;

use super::{Enroller, Opened, Refusal, SignedIn, codes, sessions};
use crate::{Actor, App, Result, mail};

/// How many digits a code has.
pub(super) const DIGITS: usize = 6;
/// As apps show it beside the code.
const ISSUER: &str = "Postigo";
/// The length of the secret, in bytes (RFC 4226, section 4: 160 bits).
const SECRET: usize = 20;

/// What an authenticator app is told, once.
pub struct Enrolment {
    /// `otpauth://totp/...`, as a link and as a QR code.
    pub uri: Secret,
    /// The secret in base 32, for typing.
    pub secret: Secret,
}

/// A second factor that is set up.
pub struct Confirmed {
    /// The recovery codes, to be shown this once; empty when the account has some.
    pub codes: Vec<Secret>,
    /// The session under its new value, when it was half until now.
    pub opened: Option<Opened>,
}

/// Begins to set up an authenticator app. It opens nothing until a code of it was shown ([`confirm_totp`]); beginning again draws another secret.
///
/// # Errors
/// [`Refusal::HasTotp`].
pub async fn enrol_totp(app: &App, who: &Enroller<'_>) -> Result<Enrolment> {
    let account = who.account;
    let secret = Zeroizing::new(app.entropy.bytes::<SECRET>());
    let wrapped = app.master.wrap(&name(account.id), secret.as_slice(), &app.entropy);
    let mut tx = app.begin().await?;
    if !accounts::enrol_totp(&mut tx, account.id, &wrapped).await? {
        return Err(Refusal::HasTotp.into());
    }
    app.commit(tx, &Actor::Account(account.id), "account.enrol_totp", account.id, json!({})).await?;
    let totp = build(secret.as_slice(), account.email.as_str())?;
    let uri = totp.to_url().map_err(|_| store::Error::Corrupt("an address that no app takes"))?;
    Ok(Enrolment { uri: Secret::new(uri), secret: Secret::new(totp.secret().to_base32()) })
}

/// Shows that the app has the secret: from now on it is the second factor. Other sessions end, because they were begun without it.
///
/// # Errors
/// [`Refusal::Code`]; [`Refusal::NoSecondFactor`] when nothing was begun; [`Refusal::HasTotp`].
pub async fn confirm_totp(app: &App, who: &Enroller<'_>, code: &str) -> Result<Confirmed> {
    let account = who.account;
    let proofs = accounts::proofs(app.db(), account.id).await?.ok_or(Refusal::Ended)?;
    if proofs.totp_since.is_some() {
        return Err(Refusal::HasTotp.into());
    }
    let wrapped = proofs.totp.ok_or(Refusal::NoSecondFactor)?;
    let step = step(app, account, &wrapped, code)?.ok_or(Refusal::Code)?;
    let mut tx = app.begin().await?;
    if !accounts::confirm_totp(&mut tx, account.id, &wrapped, app.moment(), step).await? {
        return Err(Refusal::Code.into());
    }
    let confirmed = set_up(app, &mut tx, who).await?;
    app.commit(tx, &Actor::Account(account.id), "account.confirm_totp", account.id, json!({})).await?;
    Ok(confirmed)
}

/// What follows whenever a second factor was set up: codes for when it is lost, other sessions end, the session becomes whole, a mail.
pub(super) async fn set_up(app: &App, tx: &mut Tx, who: &Enroller<'_>) -> Result<Confirmed> {
    let codes = codes::if_none(app, tx, who.account.id).await?;
    store::sessions::end_others(tx, who.account.id, who.session.id).await?;
    let account = accounts::find_in(tx, who.account.id).await?.ok_or(Refusal::Ended)?;
    // A session that was whole until its account became staff is half without its row saying so: it keeps its value.
    let opened = match who.completes && who.session.half {
        true => Some(sessions::complete(app, tx, &account, who.session).await?),
        false => None,
    };
    mail::queue(app, tx, &mail::To::from(&account), &mail::Text::SecondFactorAdded).await?;
    Ok(Confirmed { codes, opened })
}

/// Forgets the authenticator app, and the recovery codes when no second factor is left.
///
/// # Errors
/// [`Error::Unproved`](crate::Error::Unproved); [`Refusal::NoSecondFactor`].
pub async fn disable_totp(app: &App, who: &SignedIn) -> Result<()> {
    who.must_be_proved(app)?;
    let mut tx = app.begin().await?;
    if !accounts::remove_totp(&mut tx, who.id()).await? {
        return Err(Refusal::NoSecondFactor.into());
    }
    taken_away(app, &mut tx, who.id()).await?;
    app.commit(tx, &who.actor(), "account.disable_totp", who.id(), json!({})).await
}

/// What follows whenever a second factor was taken away.
pub(super) async fn taken_away(app: &App, tx: &mut Tx, id: AccountId) -> Result<()> {
    let account = accounts::find_in(tx, id).await?.ok_or(Refusal::Ended)?;
    if !account.has_second_factor() {
        recovery_codes::replace(tx, id, &[]).await?;
    }
    mail::queue(app, tx, &mail::To::from(&account), &mail::Text::SecondFactorRemoved).await
}

/// Uses a code of the account's app up.
///
/// # Errors
/// [`Refusal::Code`] when it is wrong, or its time step was used.
pub(super) async fn use_code(app: &App, tx: &mut Tx, account: &Account, code: &str) -> Result<()> {
    let proofs = accounts::proofs_in(tx, account.id).await?.filter(|proofs| proofs.totp_since.is_some());
    let wrapped = proofs.and_then(|proofs| proofs.totp).ok_or(Refusal::Code)?;
    let step = step(app, account, &wrapped, code)?.ok_or(Refusal::Code)?;
    if accounts::use_totp_step(tx, account.id, step).await? { Ok(()) } else { Err(Refusal::Code.into()) }
}

/// The time step that `code` belongs to, when it is one of now, the step before or the one after (RFC 6238, section 5.2).
fn step(app: &App, account: &Account, wrapped: &[u8], code: &str) -> Result<Option<i64>> {
    let secret = app.master.unwrap("the secret of an authenticator app", &name(account.id), wrapped)?;
    let totp = build(&secret, account.email.as_str())?;
    let now = u64::try_from(app.now().as_second()).unwrap_or(0);
    Ok(totp.check(code.trim(), now).and_then(|step| i64::try_from(step).ok()))
}

fn build(secret: &[u8], account: &str) -> Result<Totp> {
    let builder = Builder::new().with_algorithm(Algorithm::SHA1).with_secret(secret.to_vec()).with_account_name(account);
    builder.with_issuer(Some(ISSUER)).build().map_err(|_| store::Error::Corrupt("a secret that no app takes").into())
}

/// Under which name the secret is wrapped: that of one account does not open another's.
fn name(account: AccountId) -> String {
    format!("totp:{account}")
}
