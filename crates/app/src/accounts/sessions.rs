//! Sessions: begun, recognised, listed, ended.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    AccountId, SessionId,
    account::{HALF_SECONDS, IDLE_SECONDS, NOTE_SECONDS, SESSION_SECONDS, SIGN_ON_SECONDS},
    secret::{Secret, SecretHash},
};
use jiff::SignedDuration;
use serde_json::json;
use store::{Moment, Tx, accounts::Account, sessions, staff_identities};
use zeroize::Zeroizing;

use super::{Half, Needs, Opened, Refusal, Session, SignedIn, Visit, sign_on::Vouched};
use crate::{Actor, App, Error, Result};

/// Random bytes in a cookie's value or a link.
const RANDOM: usize = 32;
/// Their length in base64url.
const LENGTH: usize = 43;
/// How much of a program's name is kept, in characters.
const AGENT: usize = 200;

/// What a cookie's value stands for: one query. `None`: it never was one of ours, has ended, or was not used for too long.
///
/// # Errors
/// When the database cannot be read.
pub async fn session(app: &App, cookie: &str) -> Result<Option<Session>> {
    let Some(found) = live(app, cookie).await? else { return Ok(None) };
    if app.now().duration_since(*found.session.last_used_at).as_secs() >= NOTE_SECONDS
        && let Err(error) = note_use(app, found.session.id).await
    {
        // A page that could be shown is shown.
        tracing::warn!(%error, "the use of a session could not be noted");
    }
    Ok(classify(app, found.account, found.session))
}

/// The same for what a page asks of its own accord while nobody may be there: it does not count as a use.
///
/// # Errors
/// When the database cannot be read.
pub async fn session_unused(app: &App, cookie: &str) -> Result<Option<Session>> {
    Ok(live(app, cookie).await?.and_then(|found| classify(app, found.account, found.session)))
}

async fn live(app: &App, cookie: &str) -> Result<Option<sessions::Found>> {
    // Whatever arrives is bounded before it is hashed.
    if cookie.len() != LENGTH {
        return Ok(None);
    }
    Ok(sessions::live(app.db(), &hash(app, cookie), app.moment(), used_since(app)).await?)
}

async fn note_use(app: &App, id: SessionId) -> Result<()> {
    let mut tx = app.begin().await?;
    sessions::note_use(&mut tx, id, app.moment()).await?;
    Ok(tx.commit(app.now()).await?)
}

/// Ends the session with this cookie. A value that stands for nothing is no error: what was wanted is so.
///
/// # Errors
/// When the database cannot be written.
pub async fn sign_out(app: &App, cookie: &str) -> Result<()> {
    if cookie.len() != LENGTH {
        return Ok(());
    }
    let mut tx = app.begin().await?;
    match sessions::end_by_hash(&mut tx, &hash(app, cookie)).await? {
        Some(account) => app.commit(tx, &Actor::Account(account), "account.sign_out", account, json!({})).await,
        None => Ok(()),
    }
}

/// The live sessions of the account, the last used first.
///
/// # Errors
/// When the database cannot be read.
pub async fn list_sessions(app: &App, who: &SignedIn) -> Result<Vec<sessions::Session>> {
    Ok(sessions::of_account(app.db(), who.id(), app.moment(), used_since(app)).await?)
}

/// Whether this session of the account lives and is whole.
pub(crate) async fn has_session(app: &App, account: AccountId, id: SessionId) -> Result<bool> {
    let live = sessions::of_account(app.db(), account, app.moment(), used_since(app)).await?;
    Ok(live.iter().any(|session| session.id == id && !session.half))
}

/// Ends one session of the account.
///
/// # Errors
/// [`Error::NotFound`] when the account has no such session.
pub async fn end_session(app: &App, who: &SignedIn, id: SessionId) -> Result<()> {
    let mut tx = app.begin().await?;
    if !sessions::end(&mut tx, who.id(), id).await? {
        return Err(Error::not_found("session", id));
    }
    app.commit(tx, &who.actor(), "account.end_session", who.id(), json!({"session": id})).await
}

/// Ends every session of the account but this one; how many.
///
/// # Errors
/// When the database cannot be written.
pub async fn end_all_others(app: &App, who: &SignedIn) -> Result<u64> {
    let mut tx = app.begin().await?;
    let ended = sessions::end_others(&mut tx, who.id(), who.session.id).await?;
    app.commit(tx, &who.actor(), "account.end_other_sessions", who.id(), json!({"ended": ended})).await?;
    Ok(ended)
}

/// Begins a session. `strong`: two factors were proved, or one that counts as both.
pub(super) async fn open(app: &App, tx: &mut Tx, account: Account, strong: bool, visit: Visit<'_>) -> Result<Opened> {
    let half = must_enrol(app, &account) || (account.has_second_factor() && !strong);
    begin(app, tx, account, half, &Vouched { issuer: "", both_factors: false, session: "", proved_at: app.now() }, visit).await
}

/// Begins a session by the word of the operator's provider.
pub(super) async fn open_vouched(app: &App, tx: &mut Tx, account: Account, vouched: &Vouched<'_>, visit: Visit<'_>) -> Result<Opened> {
    let half = !vouched.both_factors && (must_enrol(app, &account) || account.has_second_factor());
    begin(app, tx, account, half, vouched, visit).await
}

async fn begin(app: &App, tx: &mut Tx, account: Account, half: bool, vouched: &Vouched<'_>, visit: Visit<'_>) -> Result<Opened> {
    // Who has the role by the provider's word has it by that word each time: a password of somebody who left the house opens no console.
    let is_provider_due = match app.sign_on().filter(|_| vouched.issuer.is_empty() && account.staff().is_some()) {
        Some(on) => on.terms().only || staff_identities::is_linked(tx, account.id, &on.terms().issuer).await?,
        None => false,
    };
    if is_provider_due {
        return Err(Refusal::SignOnOnly.into());
    }
    let (cookie, now) = (draw(app), app.now());
    let session = sessions::Session {
        id: app.uuid().into(),
        half,
        created_at: Moment(now),
        last_used_at: Moment(now),
        expires_at: Moment(now + SignedDuration::from_secs(if half { HALF_SECONDS } else { longest(vouched.issuer) })),
        // A provider that remembered somebody has asked for nothing: the proof is as old as what it last asked for, and never of the future.
        proved_at: Moment(vouched.proved_at.min(now)),
        address: visit.address.to_canonical().to_string(),
        agent: visit.agent.unwrap_or_default().chars().filter(|c| !c.is_control()).take(AGENT).collect(),
        issuer: vouched.issuer.to_owned(),
        both_factors: vouched.both_factors,
        provider_session: vouched.session.to_owned(),
    };
    sessions::insert(tx, account.id, &session, &hash(app, cookie.expose())).await?;
    let session = classify(app, account, session).ok_or(Refusal::Ended)?;
    Ok(Opened { cookie, session })
}

/// Makes half a session whole, under a new value: the old one is dead.
pub(super) async fn complete(app: &App, tx: &mut Tx, account: &Account, session: &sessions::Session) -> Result<Opened> {
    let (cookie, now) = (draw(app), app.now());
    let expires_at = Moment(now + SignedDuration::from_secs(longest(&session.issuer)));
    if !sessions::complete(tx, session.id, &hash(app, cookie.expose()), Moment(now), expires_at).await? {
        return Err(Refusal::Ended.into());
    }
    let session = sessions::Session { half: false, last_used_at: Moment(now), expires_at, proved_at: Moment(now), ..session.clone() };
    Ok(Opened { cookie, session: Session::Whole(SignedIn { account: account.clone(), session }) })
}

/// For how many seconds a session lasts, by who began it.
const fn longest(issuer: &str) -> i64 {
    if issuer.is_empty() { SESSION_SECONDS } else { SIGN_ON_SECONDS }
}

/// Whether this account can be used by a session of the operator's provider only, and this is none.
fn is_only_for_provider(app: &App, account: &Account, issuer: &str) -> bool {
    issuer.is_empty() && account.staff().is_some() && app.sign_on().is_some_and(|on| on.terms().only)
}

/// Whether this account must set up a second factor before it may act.
fn must_enrol(app: &App, account: &Account) -> bool {
    account.staff().is_some() && app.settings().staff_second_factor && !account.has_second_factor()
}

/// What the account may do with this session now. Roles and factors may have changed since it began.
fn classify(app: &App, account: Account, session: sessions::Session) -> Option<Session> {
    // The word of a provider that is none any more counts for nothing, nor does one's own where only the provider's counts.
    let is_strange = !session.issuer.is_empty() && app.sign_on().is_none_or(|on| on.terms().issuer != session.issuer);
    if is_strange || is_only_for_provider(app, &account, &session.issuer) {
        return None;
    }
    if must_enrol(app, &account) && !session.both_factors {
        return Some(Session::Half(Half { account, session, needs: Needs::Enrolment }));
    }
    if !session.half {
        return Some(Session::Whole(SignedIn { account, session }));
    }
    // What was awaited was taken away meanwhile: the password comes first again.
    account.has_second_factor().then(|| {
        let needs = Needs::SecondFactor { totp: account.has_totp, passkey: account.passkeys > 0 };
        Session::Half(Half { account, session, needs })
    })
}

fn used_since(app: &App) -> Moment {
    Moment(app.now() - SignedDuration::from_secs(IDLE_SECONDS))
}

/// A new secret value for a cookie or a link.
pub(super) fn draw(app: &App) -> Secret {
    let bytes = Zeroizing::new(app.entropy.bytes::<RANDOM>());
    Secret::new(URL_SAFE_NO_PAD.encode(bytes.as_slice()))
}

fn hash(app: &App, cookie: &str) -> SecretHash {
    app.hash_key.hash(&format!("session:{cookie}"))
}
