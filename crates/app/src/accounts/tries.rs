//! Counting guesses. A guess is counted before it is checked and taken back when it was right.

use std::net::IpAddr;

use domain::{AccountId, Email, account::Patience, secret::SecretHash};
use store::{
    Tx,
    sign_in_tries::{self, Try},
};

use super::Visit;
use crate::{App, Error, Result};

/// What is guessed at.
pub(super) enum At<'a> {
    /// The password of whoever has this address, if anybody.
    Password(&'a Email),
    /// What else proves an account: codes, and its password once signed in.
    Proof(AccountId),
}

impl At<'_> {
    pub(super) fn key(&self, app: &App) -> SecretHash {
        app.hash_key.hash(&match self {
            Self::Password(email) => format!("try:password:{email}"),
            Self::Proof(account) => format!("try:proof:{account}"),
        })
    }
}

/// Counts a guess at an account from a network address; how many in a row by now.
///
/// # Errors
/// [`Error::Wait`] when one has to, whether or not there is such an account.
pub(super) async fn take(app: &App, at: &At<'_>, visit: Visit<'_>) -> Result<i64> {
    let mut tx = app.begin().await?;
    let failures = one(app, &mut tx, &at.key(app), Patience::ACCOUNT).await?;
    one(app, &mut tx, &address(app, "guess", visit.address), Patience::ADDRESS).await?;
    tx.commit(app.now()).await?;
    Ok(failures)
}

/// Counts something that makes us write to people (registering, recovering), by network address only.
///
/// # Errors
/// [`Error::Wait`] when one has to.
pub(super) async fn bother(app: &App, visit: Visit<'_>) -> Result<()> {
    let mut tx = app.begin().await?;
    one(app, &mut tx, &address(app, "bother", visit.address), Patience::ADDRESS).await?;
    Ok(tx.commit(app.now()).await?)
}

/// Counts something by which an account makes us write to an address that is not its own (inviting, moving there), whatever organisation
/// it does it for: those are made and closed at will.
///
/// # Errors
/// [`Error::Wait`] when one has to.
pub(crate) async fn letter(app: &App, tx: &mut Tx, account: AccountId) -> Result<()> {
    one(app, tx, &app.hash_key.hash(&format!("try:letter:{account}")), Patience::ADDRESS).await.map(drop)
}

/// Counts a question that costs us a row (a challenge for a passkey), by network address only.
///
/// # Errors
/// [`Error::Wait`] when one has to.
pub(super) async fn ask(app: &App, visit: Visit<'_>) -> Result<()> {
    let mut tx = app.begin().await?;
    one(app, &mut tx, &address(app, "ask", visit.address), Patience::ADDRESS).await?;
    Ok(tx.commit(app.now()).await?)
}

/// The guess was right: the account's count starts anew, the network's is one less.
pub(super) async fn right(app: &App, tx: &mut Tx, at: &At<'_>, visit: Visit<'_>) -> Result<()> {
    sign_in_tries::clear(tx, &at.key(app)).await?;
    Ok(sign_in_tries::give_back(tx, &address(app, "guess", visit.address)).await?)
}

/// Nobody has to wait for this any more.
pub(super) async fn forget(app: &App, tx: &mut Tx, at: &At<'_>) -> Result<()> {
    Ok(sign_in_tries::clear(tx, &at.key(app)).await?)
}

async fn one(app: &App, tx: &mut Tx, key: &SecretHash, patience: Patience) -> Result<i64> {
    match sign_in_tries::take(tx, key, patience, app.moment()).await? {
        Try::Now(failures) => Ok(failures),
        Try::Wait(until) => Err(Error::Wait { until: *until }),
    }
}

/// Whoever has one IPv6 address has its whole /64.
fn address(app: &App, what: &str, address: IpAddr) -> SecretHash {
    let network = match address.to_canonical() {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => format!("{:x}/64", u128::from(v6) >> 64),
    };
    app.hash_key.hash(&format!("try:{what}:{network}"))
}
