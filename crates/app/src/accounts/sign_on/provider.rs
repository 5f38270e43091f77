//! The operator's provider: what the configuration says of it, what it says of itself, and how it is asked.
//!
//! Nothing here opens a connection: the binary hands in a [`Line`]. What the provider publishes is kept for an hour; a key nobody knows is looked for
//! once a minute, so that neither a key that was changed keeps people out nor made-up keys make us ask for ever.

use std::{fmt, pin::Pin, sync::Arc};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::{
    Timestamp,
    openid::{self, Claims, Expected, Keys, Provider, Unfit, form, metadata_url},
    percent::encoded,
    role::Staff,
    secret::Secret,
};
use serde_json::Value;
use tokio::sync::Mutex;

use super::SignOnRefusal;
use crate::{App, Result};

/// For so many seconds what a provider published is not asked for again.
const FRESH: i64 = 3600;
/// A key nobody knows makes us ask again after so many seconds, and so does a provider that did not answer.
const AGAIN: i64 = 60;
/// After a failure the provider is left alone for so many seconds.
const PAUSE: i64 = 5;

/// What the configuration says of the operator's provider.
pub struct Terms {
    /// Who it is, as it writes itself.
    pub issuer: String,
    /// What it calls us.
    pub client_id: String,
    /// What proves to it that we are that client.
    pub client_secret: Secret,
    /// What is asked for, separated by spaces; `openid` is among it.
    pub scopes: String,
    /// What people call it.
    pub name: String,
    /// The claim that says what somebody is.
    pub role_claim: String,
    /// What its values mean here.
    pub roles: Vec<(String, Staff)>,
    /// Whether staff can sign in by nothing else.
    pub only: bool,
    /// Whether the provider asks everybody for a second factor, whatever its tokens say.
    pub second_factor: bool,
}

/// Something to ask the provider.
pub struct Question<'q> {
    /// Where.
    pub url: &'q str,
    /// The header `Authorization`.
    pub authorization: Option<&'q str>,
    /// A form to post; `None`: a document to get.
    pub form: Option<String>,
}

/// What it answered.
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

/// The provider does not answer, or longer than anybody wants to read. Why, for the log.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Unreachable(pub String);

/// A question under way.
pub type Asking<'l> = Pin<Box<dyn Future<Output = Result<Answer, Unreachable>> + Send + 'l>>;

/// The way to the provider. Answers of more than [`openid::LONGEST_DOCUMENT`] bytes and those that take long are failures; redirections are not
/// followed.
pub trait Line: Send + Sync {
    /// Asks, once.
    fn ask<'l>(&'l self, question: Question<'l>) -> Asking<'l>;
}

/// The operator's provider. Cloning is cheap.
#[derive(Clone)]
pub struct SignOn(Arc<Inner>);

struct Inner {
    terms: Terms,
    line: Arc<dyn Line>,
    known: Mutex<Known>,
}

/// What was learnt, and when.
#[derive(Default)]
struct Known {
    provider: Option<(Arc<Provider>, Timestamp)>,
    keys: Option<(Arc<Keys>, Timestamp)>,
    failed_at: Option<Timestamp>,
}

impl fmt::Debug for SignOn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignOn").field("issuer", &self.0.terms.issuer).finish_non_exhaustive()
    }
}

impl SignOn {
    /// The provider that these terms name, reached over this line.
    #[must_use]
    pub fn new(terms: Terms, line: Arc<dyn Line>) -> Self {
        Self(Arc::new(Inner { terms, line, known: Mutex::new(Known::default()) }))
    }

    /// What the configuration says of it.
    #[must_use]
    pub fn terms(&self) -> &Terms {
        &self.0.terms
    }

    /// What the provider says about itself now.
    ///
    /// # Errors
    /// Why it cannot be used, for the operator.
    pub async fn look(&self) -> Result<Provider, String> {
        let answer = self.get(&metadata_url(&self.0.terms.issuer)).await?;
        Provider::read(&self.0.terms.issuer, &answer).map_err(|error| error.to_string())
    }

    /// The keys that the provider publishes now.
    ///
    /// # Errors
    /// Why there are none, for the operator.
    pub async fn look_for_keys(&self, provider: &Provider) -> Result<Keys, String> {
        let document = self.get(&provider.jwks_uri).await?;
        Keys::read(&document).map_err(|_| "its jwks_uri holds no set of keys".to_owned())
    }

    /// What the provider said about itself within the hour.
    pub(super) async fn provider(&self, now: Timestamp) -> Result<Arc<Provider>> {
        let mut known = self.0.known.lock().await;
        if let Some((provider, at)) = &known.provider
            && is_within(*at, now, FRESH)
        {
            return Ok(Arc::clone(provider));
        }
        known.may_ask(now)?;
        match self.look().await {
            Ok(provider) => {
                let provider = Arc::new(provider);
                known.provider = Some((Arc::clone(&provider), now));
                Ok(provider)
            }
            Err(cause) => Err(known.failed(&cause, now)),
        }
    }

    /// The claims of a token, after a look for new keys when it names one nobody knows.
    pub(super) async fn judge(
        &self,
        now: Timestamp,
        provider: &Provider,
        judge: impl Fn(&Keys, &Expected<'_>) -> Result<Claims, Unfit>,
    ) -> Result<Claims> {
        let expected = Expected { issuer: &self.0.terms.issuer, client_id: &self.0.terms.client_id, now };
        let mut judged = judge(self.keys(now, provider, FRESH).await?.as_ref(), &expected);
        if matches!(judged, Err(Unfit::UnknownKey)) {
            judged = judge(self.keys(now, provider, AGAIN).await?.as_ref(), &expected);
        }
        judged.map_err(|unfit| {
            tracing::warn!(%unfit, "a token of the staff's provider proves nothing");
            SignOnRefusal::Token.into()
        })
    }

    async fn keys(&self, now: Timestamp, provider: &Provider, fresh: i64) -> Result<Arc<Keys>> {
        let mut known = self.0.known.lock().await;
        if let Some((keys, at)) = &known.keys
            && is_within(*at, now, fresh)
        {
            return Ok(Arc::clone(keys));
        }
        known.may_ask(now)?;
        match self.look_for_keys(provider).await {
            Ok(keys) => {
                let keys = Arc::new(keys);
                known.keys = Some((Arc::clone(&keys), now));
                Ok(keys)
            }
            Err(cause) => Err(known.failed(&cause, now)),
        }
    }

    /// Makes a code into an ID token and an access token (OpenID Connect Core 1.0, section 3.1.3; RFC 7636, section 4.5).
    pub(super) async fn redeem(&self, provider: &Provider, code: &str, redirect_uri: &str, verifier: &str) -> Result<(String, String)> {
        let terms = &self.0.terms;
        let mut fields =
            vec![("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirect_uri), ("code_verifier", verifier)];
        // Encoded before it is put together (RFC 6749, section 2.3.1).
        let basic = format!("{}:{}", encoded(&terms.client_id), encoded(terms.client_secret.expose()));
        let basic = format!("Basic {}", STANDARD.encode(basic));
        if provider.secret_in_form {
            fields.extend([("client_id", terms.client_id.as_str()), ("client_secret", terms.client_secret.expose())]);
        }
        let authorization = (!provider.secret_in_form).then_some(basic.as_str());
        let question = Question { url: &provider.token_endpoint, authorization, form: Some(form(&fields)) };
        let answer = self.0.line.ask(question).await.map_err(|error| unreachable(&error.to_string()))?;
        let said: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        if answer.status != 200 {
            let error: String = said["error"].as_str().unwrap_or_default().chars().filter(|c| !c.is_control()).take(60).collect();
            tracing::warn!(status = answer.status, error, "the staff's provider gave no token");
            // A code that is no good is the visitor's; all else is between the operator and the provider.
            return Err(if error == "invalid_grant" { SignOnRefusal::State } else { SignOnRefusal::Provider }.into());
        }
        match (said["id_token"].as_str(), said["access_token"].as_str()) {
            (Some(id), access) => Ok((id.to_owned(), access.unwrap_or_default().to_owned())),
            _ => Err(unreachable("an answer without an ID token")),
        }
    }

    /// The claims with those the provider only tells when it is asked for them, where some are missing.
    pub(super) async fn completed(&self, provider: &Provider, claims: Claims, access_token: &str) -> Result<Claims> {
        let is_whole = claims.has_email() && !claims.values(&self.0.terms.role_claim).is_empty();
        let Some(url) = provider.userinfo_endpoint.as_deref().filter(|_| !is_whole && is_bearer(access_token)) else { return Ok(claims) };
        let bearer = format!("Bearer {access_token}");
        let question = Question { url, authorization: Some(&bearer), form: None };
        let answer = self.0.line.ask(question).await.map_err(|error| unreachable(&error.to_string()))?;
        if answer.status != 200 {
            tracing::warn!(status = answer.status, "the staff's provider told nothing about a person");
            return Ok(claims);
        }
        openid::read_user_info(&answer.body, &claims).map_err(|unfit| {
            tracing::warn!(%unfit, "what the staff's provider told about a person is not usable");
            SignOnRefusal::Token.into()
        })
    }

    async fn get(&self, url: &str) -> Result<Vec<u8>, String> {
        match self.0.line.ask(Question { url, authorization: None, form: None }).await {
            Ok(answer) if answer.status == 200 => Ok(answer.body),
            Ok(answer) => Err(format!("{url} answers {}", answer.status)),
            Err(error) => Err(format!("{url}: {error}")),
        }
    }

    /// What somebody with these claims is here: the first of the roles, from the mightiest, that one of the values means.
    pub(super) fn role(&self, claims: &Claims) -> Option<Staff> {
        let values = claims.values(&self.0.terms.role_claim);
        let mightiest = [Staff::Administrator, Staff::Publisher, Staff::Support, Staff::Viewer];
        mightiest.into_iter().find(|role| self.0.terms.roles.iter().any(|(value, meant)| meant == role && values.contains(&value.as_str())))
    }
}

impl Known {
    /// A provider that just failed is left alone for a moment: people who wait must not wait one after the other.
    fn may_ask(&self, now: Timestamp) -> Result<()> {
        match self.failed_at {
            Some(at) if is_within(at, now, PAUSE) => Err(SignOnRefusal::Provider.into()),
            _ => Ok(()),
        }
    }

    fn failed(&mut self, cause: &str, now: Timestamp) -> crate::Error {
        self.failed_at = Some(now);
        unreachable(cause)
    }
}

fn unreachable(cause: &str) -> crate::Error {
    tracing::warn!(cause, "the staff's provider cannot be used");
    SignOnRefusal::Provider.into()
}

fn is_within(at: Timestamp, now: Timestamp, seconds: i64) -> bool {
    now.duration_since(at).as_secs() < seconds
}

/// Whether a text can stand in a header (RFC 6750, section 2.1).
fn is_bearer(token: &str) -> bool {
    !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic())
}

impl App {
    /// The operator's provider, where staff sign on by one.
    #[must_use]
    pub fn sign_on(&self) -> Option<&SignOn> {
        self.settings().sign_on.as_ref()
    }
}
