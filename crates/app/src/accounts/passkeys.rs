//! Passkeys: one is both factors, because the authenticator verifies its user.
//!
//! Each use is a ceremony: we ask ([`Ceremony::options`] go to the browser as they are), the authenticator answers, and what was asked is gone with the
//! first answer, right or wrong. The options are what `PublicKeyCredential.parseCreationOptionsFromJSON` and `parseRequestOptionsFromJSON` take, the
//! answers what a credential's `toJSON()` gives (Web Authentication Level 3, sections 5.1.8 to 5.1.10).

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    AccountId,
    webauthn::{ALGORITHMS, RelyingParty},
};
use jiff::SignedDuration;
use serde_json::{Value, json};
use store::{Moment, Tx, accounts, ceremonies, passkeys, passkeys::Passkey};
use uuid::Uuid;

use super::{Confirmed, Enroller, Half, Needs, Opened, Refusal, SignedIn, Visit, second_factor::proved, sessions, totp, tries};
use crate::{
    Actor, App, Error, Result, name,
    rule::{Bounded, Rule},
};

/// How long an answer may take, in seconds.
const SECONDS: i64 = 300;
/// Random bytes in a challenge.
const CHALLENGE: usize = 32;
/// How many passkeys an account may have.
const MOST: i64 = 20;
/// The longest name of a passkey, in characters.
const LONGEST_NAME: usize = 60;

/// What is asked of an authenticator.
#[derive(Debug, Clone)]
pub struct Ceremony {
    /// To be sent back with the answer.
    pub id: Uuid,
    /// For the browser.
    pub options: Value,
}

/// What a ceremony is for; an answer to one is none to another.
#[derive(Clone, Copy)]
enum Purpose {
    Register,
    SignIn,
    SecondFactor,
    Prove,
}

impl Purpose {
    const fn word(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::SignIn => "sign_in",
            Self::SecondFactor => "second_factor",
            Self::Prove => "prove",
        }
    }
}

/// Whether passkeys can be used here: browsers bind them to the name of a host, never to a bare address.
#[must_use]
pub fn passkeys_possible(app: &App) -> bool {
    party(app).is_ok()
}

/// Begins to set up a passkey.
///
/// # Errors
/// [`Error::Refused`] where the portal has no name.
pub async fn register_passkey(app: &App, who: &Enroller<'_>) -> Result<Ceremony> {
    let (party, account) = (party(app)?, who.account);
    let known = passkeys::of_account(app.db(), account.id).await?;
    let known: Vec<_> = known.iter().map(|passkey| json!({"type": "public-key", "id": passkey.id})).collect();
    let (id, challenge) = ask(app, Purpose::Register, Some(account.id)).await?;
    let options = json!({
        "rp": {"id": party.id, "name": "Postigo"},
        "user": {"id": URL_SAFE_NO_PAD.encode(account.id.0.as_bytes()), "name": account.email, "displayName": account.name},
        "challenge": challenge,
        "pubKeyCredParams": ALGORITHMS.map(|alg| json!({"type": "public-key", "alg": alg})),
        "timeout": SECONDS * 1000,
        "excludeCredentials": known,
        "authenticatorSelection": {"residentKey": "required", "requireResidentKey": true, "userVerification": "required"},
        "attestation": "none",
    });
    Ok(Ceremony { id, options })
}

/// Keeps the passkey that was made, under a name. What follows is as with an authenticator app: recovery codes, other sessions end, a mail.
///
/// # Errors
/// [`Refusal::Passkey`]; [`Error::Taken`] when it is known already; [`Error::Rule`] when the account has too many; [`Error::Invalid`].
pub async fn register_passkey_finish(app: &App, who: &Enroller<'_>, ceremony: Uuid, called: &str, answer: &Value) -> Result<Confirmed> {
    let (party, called) = (party(app)?, name("name", called, LONGEST_NAME)?);
    let challenge = answered(app, ceremony, Purpose::Register, Some(who.account.id)).await?;
    let (client, attestation) = (bytes(answer, "/response/clientDataJSON")?, bytes(answer, "/response/attestationObject")?);
    let made = party.register(&challenge, &client, &attestation).map_err(|_| Refusal::Passkey)?;
    let passkey = Passkey {
        id: made.id,
        account_id: who.account.id,
        name: called,
        credential: write(&made.credential)?,
        created_at: app.moment(),
        last_used_at: None,
    };
    let mut tx = app.begin().await?;
    if !passkeys::insert(&mut tx, &passkey, MOST).await.map_err(|e| Error::taken(e, "that passkey", &passkey.name))? {
        return Err(Rule::TooMany(Bounded::Passkeys, MOST).into());
    }
    let confirmed = totp::set_up(app, &mut tx, who).await?;
    app.commit(tx, &Actor::Account(who.account.id), "account.register_passkey", who.account.id, json!({"passkey": passkey.id})).await?;
    Ok(confirmed)
}

/// Asks whoever is there for a passkey: the authenticator knows the account.
///
/// # Errors
/// [`Error::Wait`] when that network address asks too often; [`Error::Refused`] where the portal has no name.
pub async fn passkey_sign_in(app: &App, visit: Visit<'_>) -> Result<Ceremony> {
    let party = party(app)?;
    tries::ask(app, visit).await?;
    let (id, challenge) = ask(app, Purpose::SignIn, None).await?;
    Ok(request(&party, id, &challenge, &[]))
}

/// Signs in by passkey. It is both factors, and waits for nothing: who guesses at the password does not hold it up.
///
/// # Errors
/// [`Refusal::Passkey`].
pub async fn passkey_sign_in_finish(app: &App, ceremony: Uuid, answer: &Value, visit: Visit<'_>) -> Result<Opened> {
    let challenge = answered(app, ceremony, Purpose::SignIn, None).await?;
    let (passkey, credential) = check(app, &challenge, answer).await?;
    let mut tx = app.begin().await?;
    used(app, &mut tx, &passkey, &credential).await?;
    let account = accounts::find_in(&mut tx, passkey.account_id).await?.filter(|account| account.verified_at.is_some());
    let account = account.ok_or(Refusal::Passkey)?;
    let id = account.id;
    let opened = sessions::open(app, &mut tx, account, true, visit).await?;
    app.commit(tx, &Actor::Account(id), "account.sign_in", id, json!({"by": "passkey", "whole": true})).await?;
    Ok(opened)
}

/// Asks for a passkey of the account as its second factor.
///
/// # Errors
/// [`Refusal::NoSecondFactor`] when it has none.
pub async fn second_factor_passkey(app: &App, half: &Half) -> Result<Ceremony> {
    match half.needs {
        Needs::SecondFactor { passkey: true, .. } => ask_for_one_of(app, Purpose::SecondFactor, half.account.id).await,
        _ => Err(Refusal::NoSecondFactor.into()),
    }
}

/// Makes half a session whole by a passkey. The session's value changes.
///
/// # Errors
/// [`Refusal::Passkey`], [`Refusal::Ended`].
pub async fn second_factor_passkey_finish(app: &App, half: &Half, ceremony: Uuid, answer: &Value) -> Result<Opened> {
    let account = half.account.id;
    let (passkey, credential) = answer_of(app, ceremony, Purpose::SecondFactor, account, answer).await?;
    let mut tx = app.begin().await?;
    used(app, &mut tx, &passkey, &credential).await?;
    let opened = sessions::complete(app, &mut tx, &half.account, &half.session).await?;
    app.commit(tx, &Actor::Account(account), "account.second_factor", account, json!({"by": "passkey"})).await?;
    Ok(opened)
}

/// Asks for a passkey of the account, to prove again who is there.
///
/// # Errors
/// [`Refusal::NoSecondFactor`] when it has none.
pub async fn prove_passkey(app: &App, who: &SignedIn) -> Result<Ceremony> {
    ask_for_one_of(app, Purpose::Prove, who.id()).await
}

/// Proves by a passkey who is there.
///
/// # Errors
/// [`Refusal::Passkey`], [`Refusal::Ended`].
pub async fn prove_passkey_finish(app: &App, who: &SignedIn, ceremony: Uuid, answer: &Value) -> Result<()> {
    let (passkey, credential) = answer_of(app, ceremony, Purpose::Prove, who.id(), answer).await?;
    let mut tx = app.begin().await?;
    used(app, &mut tx, &passkey, &credential).await?;
    proved(app, tx, who, "passkey").await
}

/// The passkeys of the account, oldest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn list_passkeys(app: &App, who: &SignedIn) -> Result<Vec<Passkey>> {
    Ok(passkeys::of_account(app.db(), who.id()).await?)
}

/// Calls a passkey something else.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Invalid`].
pub async fn rename_passkey(app: &App, who: &SignedIn, id: &str, called: &str) -> Result<()> {
    let called = name("name", called, LONGEST_NAME)?;
    let mut tx = app.begin().await?;
    if !passkeys::rename(&mut tx, who.id(), id, &called).await? {
        return Err(Error::not_found("passkey", id));
    }
    app.commit(tx, &who.actor(), "account.rename_passkey", who.id(), json!({"passkey": id})).await
}

/// Removes a passkey.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Unproved`]; [`Refusal::LastWayIn`] when nobody could sign in any more.
pub async fn remove_passkey(app: &App, who: &SignedIn, id: &str) -> Result<()> {
    who.must_be_proved(app)?;
    let mut tx = app.begin().await?;
    let left = passkeys::remove(&mut tx, who.id(), id).await?.ok_or_else(|| Error::not_found("passkey", id))?;
    let account = accounts::find_in(&mut tx, who.id()).await?.ok_or(Refusal::Ended)?;
    if left == 0 && !account.has_password {
        return Err(Refusal::LastWayIn.into());
    }
    totp::taken_away(app, &mut tx, who.id()).await?;
    app.commit(tx, &who.actor(), "account.remove_passkey", who.id(), json!({"passkey": id})).await
}

fn party(app: &App) -> Result<RelyingParty> {
    let party = RelyingParty::of(&app.settings().portal_url).filter(|party| !party.is_bare_address());
    party.ok_or_else(|| {
        Error::refused(
            "Las llaves de acceso necesitan un portal con nombre, y este solo tiene una dirección numérica: quien lo administra puede darle uno.",
            "passkeys need a portal with a name: set [portal] public_url to one, such as https://portal.example.com",
        )
    })
}

async fn ask(app: &App, purpose: Purpose, account: Option<AccountId>) -> Result<(Uuid, String)> {
    let (id, challenge) = (app.uuid(), URL_SAFE_NO_PAD.encode(app.entropy.bytes::<CHALLENGE>()));
    let until = Moment(app.now() + SignedDuration::from_secs(SECONDS));
    let mut tx = app.begin().await?;
    ceremonies::insert(&mut tx, id, account, purpose.word(), &challenge, until).await?;
    tx.commit(app.now()).await?;
    Ok((id, challenge))
}

async fn ask_for_one_of(app: &App, purpose: Purpose, account: AccountId) -> Result<Ceremony> {
    let known = passkeys::of_account(app.db(), account).await?;
    if known.is_empty() {
        return Err(Refusal::NoSecondFactor.into());
    }
    let party = party(app)?;
    let (id, challenge) = ask(app, purpose, Some(account)).await?;
    Ok(request(&party, id, &challenge, &known))
}

fn request(party: &RelyingParty, id: Uuid, challenge: &str, known: &[Passkey]) -> Ceremony {
    let known: Vec<_> = known.iter().map(|passkey| json!({"type": "public-key", "id": passkey.id})).collect();
    let options = json!({
        "challenge": challenge,
        "timeout": SECONDS * 1000,
        "rpId": party.id,
        "allowCredentials": known,
        "userVerification": "required",
    });
    Ceremony { id, options }
}

/// The challenge of a ceremony, which is over with this.
async fn answered(app: &App, id: Uuid, purpose: Purpose, account: Option<AccountId>) -> Result<Vec<u8>> {
    let mut tx = app.begin().await?;
    let ceremony = ceremonies::take(&mut tx, id, purpose.word(), app.moment()).await?;
    tx.commit(app.now()).await?;
    let ceremony = ceremony.ok_or(Refusal::Passkey)?;
    if ceremony.account()? != account {
        return Err(Refusal::Passkey.into());
    }
    Ok(URL_SAFE_NO_PAD.decode(&ceremony.state).map_err(|_| store::Error::Corrupt("a challenge that is none"))?)
}

/// An answer of a passkey of this account.
async fn answer_of(app: &App, ceremony: Uuid, purpose: Purpose, account: AccountId, answer: &Value) -> Result<(Passkey, String)> {
    let challenge = answered(app, ceremony, purpose, Some(account)).await?;
    let checked = check(app, &challenge, answer).await?;
    if checked.0.account_id == account { Ok(checked) } else { Err(Refusal::Passkey.into()) }
}

/// The passkey that answered, and what it is from now on.
async fn check(app: &App, challenge: &[u8], answer: &Value) -> Result<(Passkey, String)> {
    let id = URL_SAFE_NO_PAD.encode(bytes(answer, "/rawId")?);
    let passkey = passkeys::find(app.db(), &id).await?.ok_or(Refusal::Passkey)?;
    let credential = serde_json::from_str(&passkey.credential).map_err(|_| store::Error::Corrupt("a passkey that is none"))?;
    let (client, data) = (bytes(answer, "/response/clientDataJSON")?, bytes(answer, "/response/authenticatorData")?);
    let signature = bytes(answer, "/response/signature")?;
    let now = party(app)?.assert(challenge, &credential, &client, &data, &signature).map_err(|_| Refusal::Passkey)?;
    // Section 7.2, step 6: whoever it says it belongs to is whom it belongs to.
    if let Some(handle) = answer.pointer("/response/userHandle").and_then(Value::as_str)
        && handle != URL_SAFE_NO_PAD.encode(passkey.account_id.0.as_bytes())
    {
        return Err(Refusal::Passkey.into());
    }
    Ok((passkey, write(&now)?))
}

async fn used(app: &App, tx: &mut Tx, passkey: &Passkey, credential: &str) -> Result<()> {
    if passkeys::used(tx, passkey, credential, app.moment()).await? { Ok(()) } else { Err(Refusal::Passkey.into()) }
}

fn write(credential: &domain::webauthn::Credential) -> Result<String> {
    Ok(serde_json::to_string(credential).map_err(|_| store::Error::Corrupt("a passkey that cannot be written"))?)
}

fn bytes(answer: &Value, pointer: &str) -> Result<Vec<u8>> {
    let text = answer.pointer(pointer).and_then(Value::as_str).ok_or(Refusal::Passkey)?;
    Ok(URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).map_err(|_| Refusal::Passkey)?)
}
