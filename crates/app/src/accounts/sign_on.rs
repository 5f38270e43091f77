//! Staff sign on by the operator's own OpenID Connect provider: authorization code, PKCE, state and nonce (OpenID Connect Core 1.0, section 3.1).
//!
//! Somebody is sent with a state that is good for ten minutes, for one answer and for one browser. What comes back names a person by issuer and
//! subject; that, never an address of mail, is whose account it is. What the person is among the staff is what the provider says, at each sign-on.

mod logout;
mod person;
mod provider;

use domain::{Language, SessionId, Timestamp, openid, secret::SecretHash};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use store::{Moment, sign_ons};

use super::{
    Opened, Refusal, SignedIn, Visit,
    second_factor::{BY_PROVIDER, proved},
    sessions, tries,
};
use crate::{App, Error, Result};

pub use logout::{leave_provider, sign_on_logout};
pub use person::{Linking, link_sign_on, linking};
pub use provider::{Answer, Asking, Line, Question, SignOn, Terms, Unreachable};

/// Where the provider sends people back to, under the portal's own address.
pub const CALLBACK: &str = "/sign-in/staff/callback";
/// For how many seconds somebody may stay at the provider.
const SECONDS: i64 = 600;
/// The longest code or state that is looked at, in bytes.
const LONGEST: usize = 4096;

/// Why the provider's word does not let somebody in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignOnRefusal {
    /// There is no provider.
    #[error("nobody signs on by a provider here")]
    None,
    /// The answer is to no question of this browser, or came too late, or twice.
    #[error("this sign-on was begun in another browser, took more than ten minutes, or was used before: begin again")]
    State,
    /// The person said no, or the provider did.
    #[error("the provider did not let you through: nothing was changed")]
    Denied,
    /// The provider does not answer, or says that something is wrong with it or with what it was asked.
    #[error("the provider cannot be used at the moment: try again, and tell whoever runs it if it stays so")]
    Provider,
    /// Its word is not in order.
    #[error("what the provider said cannot be believed: tell whoever runs this portal")]
    Token,
    /// The person is nobody among the staff.
    #[error("the provider gives you no role here: ask whoever looks after your account there")]
    NoRole,
    /// The provider does not know that the address is the person's.
    #[error("the provider does not vouch for your e-mail address: confirm it there first")]
    Unverified,
    /// There is an account with the address, and nobody showed that it is the same person.
    #[error("there is an account with your address already: show that it is yours, as ever, and sign on once more to link both")]
    AddressTaken,
    /// Somebody else signed on than who is signed in here.
    #[error("somebody else signed on at the provider than is signed in here")]
    OtherPerson,
    /// The provider did not ask again.
    #[error("the provider did not ask you again who you are: try once more")]
    NotAsked,
}

impl From<SignOnRefusal> for Error {
    fn from(refusal: SignOnRefusal) -> Self {
        Refusal::SignOn(refusal).into()
    }
}

/// What comes back from the provider (OpenID Connect Core 1.0, sections 3.1.2.5 and 3.1.2.6; RFC 9207, section 2).
#[derive(Clone, Copy)]
pub struct Returned<'a> {
    /// What we gave along.
    pub state: &'a str,
    /// What can be made into tokens; empty on failures.
    pub code: &'a str,
    /// Why there is none; empty when there is.
    pub error: &'a str,
    /// Who answers; empty when it does not say.
    pub issuer: &'a str,
}

/// Somebody who came back.
pub enum Arrived {
    /// Signed on, and on the way to `next`.
    In {
        /// The session.
        opened: Box<Opened>,
        /// Where to.
        next: String,
    },
    /// Proved again who it is.
    Proved {
        /// Where to.
        next: String,
    },
    /// Somebody who may link the account of this browser to what the provider calls the person; a page asks first.
    Linking {
        /// What the page's form brings back.
        ticket: String,
    },
}

/// What the provider vouched for.
pub(super) struct Vouched<'a> {
    pub(super) issuer: &'a str,
    pub(super) both_factors: bool,
    pub(super) session: &'a str,
    /// When the person last showed who it is.
    pub(super) proved_at: Timestamp,
}

/// What must be known when somebody comes back.
#[derive(Serialize, Deserialize)]
struct State {
    next: String,
    /// When the person was sent, in seconds since 1970.
    at: i64,
    /// The session that is to be proved.
    session: Option<SessionId>,
}

/// Where a browser is sent to sign on, or, with somebody signed in, to prove again who it is. `next` is where to go afterwards, `browser` what tells
/// this browser apart from all others.
///
/// # Errors
/// [`SignOnRefusal::None`], [`SignOnRefusal::Provider`]; [`Error::Wait`] when that network address asks too often, [`Error::Busy`].
pub async fn begin_sign_on(app: &App, who: Option<&SignedIn>, next: &str, browser: &str, visit: Visit<'_>) -> Result<String> {
    let on = app.sign_on().ok_or(SignOnRefusal::None)?;
    tries::ask(app, visit).await?;
    let provider = on.provider(app.now()).await?;
    let state = State { next: next.to_owned(), at: app.now().as_second(), session: who.map(|who| who.session.id) };
    let purpose = if who.is_some() { "prove" } else { "sign_in" };
    let given = send(app, purpose, &serde_json::to_string(&state).map_err(|_| store::Error::Corrupt("a state"))?, browser).await?;
    let (verifier, nonce) = (derived(app, "verifier", &given), derived(app, "nonce", &given));
    let (redirect, challenge) = (redirect_uri(app), openid::challenge(&verifier));
    let terms = on.terms();
    let mut parameters = vec![
        ("response_type", "code"),
        ("client_id", terms.client_id.as_str()),
        ("redirect_uri", redirect.as_str()),
        ("scope", terms.scopes.as_str()),
        ("state", given.as_str()),
        ("nonce", nonce.as_str()),
        ("code_challenge", challenge.as_str()),
        ("code_challenge_method", "S256"),
    ];
    if who.is_some() {
        // Asked again, whatever the provider remembers; `auth_time` says whether it was.
        parameters.extend([("prompt", "login"), ("max_age", "0")]);
    }
    Ok(provider.authorization_url(&parameters))
}

/// What becomes of somebody who came back. `who` is signed in in this browser, if anybody; `language` is the page's.
///
/// # Errors
/// [`Refusal::SignOn`].
pub async fn finish_sign_on(
    app: &App,
    returned: Returned<'_>,
    who: Option<&SignedIn>,
    browser: &str,
    language: Language,
    visit: Visit<'_>,
) -> Result<Arrived> {
    let on = app.sign_on().ok_or(SignOnRefusal::None)?;
    let (purpose, state) = taken(app, returned.state, browser).await?;
    let state: State = serde_json::from_str(&state).map_err(|_| SignOnRefusal::State)?;
    let provider = on.provider(app.now()).await?;
    // A code of another provider must not be taken to this one (RFC 9207, section 2.4).
    if (provider.names_itself || !returned.issuer.is_empty()) && returned.issuer != provider.issuer {
        tracing::warn!("an answer to a sign-on names another issuer than it was begun at");
        return Err(SignOnRefusal::Token.into());
    }
    if !returned.error.is_empty() {
        return Err(denied(returned.error));
    }
    if returned.code.is_empty() || returned.code.len() > LONGEST {
        return Err(SignOnRefusal::State.into());
    }
    let (verifier, nonce) = (derived(app, "verifier", returned.state), derived(app, "nonce", returned.state));
    let (id_token, access_token) = on.redeem(&provider, returned.code, &redirect_uri(app), &verifier).await?;
    let claims = on.judge(app.now(), &provider, |keys, expected| openid::verify(&id_token, keys, expected, &nonce)).await?;
    let claims = on.completed(&provider, claims, &access_token).await?;
    let arrived = person::Person { role: on.role(&claims), issuer: &provider.issuer, claims: &claims, language };
    match purpose.as_str() {
        "sign_in" => arrived.enter(app, who, &state.next, browser, visit).await,
        "prove" => {
            let who = who.filter(|who| Some(who.session.id) == state.session).ok_or(SignOnRefusal::State)?;
            if claims.proved_at().is_none_or(|at| at < state.at - openid::LEEWAY_SECONDS) {
                return Err(SignOnRefusal::NotAsked.into());
            }
            arrived.prove(app, who).await?;
            Ok(Arrived::Proved { next: state.next })
        }
        _ => Err(SignOnRefusal::State.into()),
    }
}

/// Whether somebody signed in proves again who it is by the provider.
#[must_use]
pub fn proves_by_sign_on(who: &SignedIn) -> bool {
    !who.session.issuer.is_empty()
}

/// What the provider's error means for whoever sees it. Its text is never shown.
fn denied(error: &str) -> Error {
    let known =
        matches!(error, "access_denied" | "login_required" | "interaction_required" | "consent_required" | "account_selection_required");
    if known {
        return SignOnRefusal::Denied.into();
    }
    let error: String = error.chars().filter(|c| c.is_ascii_graphic()).take(60).collect();
    tracing::warn!(error, "the staff's provider refused a sign-on");
    SignOnRefusal::Provider.into()
}

fn redirect_uri(app: &App) -> String {
    format!("{}{CALLBACK}", app.settings().portal_url)
}

/// What goes with a state and is kept nowhere: whoever reads the database learns neither the verifier nor the nonce.
fn derived(app: &App, what: &str, state: &str) -> String {
    domain::digest::hex(app.hash_key.hash(&format!("sign-on {what}:{state}")).as_bytes())
}

fn hash(app: &App, state: &str) -> SecretHash {
    app.hash_key.hash(&format!("sign-on:{state}"))
}

fn browser_hash(app: &App, browser: &str) -> SecretHash {
    app.hash_key.hash(&format!("sign-on browser:{browser}"))
}

/// Keeps what must be known when this browser comes back; under which value it is.
async fn send(app: &App, purpose: &str, state: &str, browser: &str) -> Result<String> {
    let value = sessions::draw(app);
    let until = Moment(app.now() + SignedDuration::from_secs(SECONDS));
    let mut tx = app.begin().await?;
    if !sign_ons::insert(&mut tx, &hash(app, value.expose()), &browser_hash(app, browser), purpose, state, until).await? {
        return Err(Error::Busy);
    }
    tx.commit(app.now()).await?;
    Ok(value.expose().to_owned())
}

/// Takes what was kept under a value, once, whoever brings it; it is only good for the browser that was sent, and in time.
async fn taken(app: &App, value: &str, browser: &str) -> Result<(String, String)> {
    if value.is_empty() || value.len() > LONGEST {
        return Err(SignOnRefusal::State.into());
    }
    let mut tx = app.begin().await?;
    let found = sign_ons::take(&mut tx, &hash(app, value)).await?;
    tx.commit(app.now()).await?;
    let found = found.filter(|found| found.is_of(&browser_hash(app, browser)) && app.now() < *found.expires_at);
    found.map(|found| (found.purpose, found.state)).ok_or_else(|| SignOnRefusal::State.into())
}
