//! Verified tokens, remembered.
//!
//! A signature costs a hundred microseconds, a look-up less than one. Only what verified is remembered, so that nobody can fill the
//! memory with forgeries; and only that it verified: whether it was revoked, and whether its client may still act, is asked each time.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use directory::Keys;
use domain::{
    ChildKey, Environment, OrganisationId, ProjectId, Timestamp,
    client::Client,
    decision::{Caller, Refusal},
    digest,
    token::{Claims, Invalid},
};
use http::HeaderValue;

/// How many tokens are remembered.
const CAPACITY: u64 = 100_000;
/// After this long a token is verified again, so that a key that retires meanwhile takes its tokens along.
const AGAIN: Duration = Duration::from_secs(300);

/// A token that verified, with what every request with it needs.
pub(crate) struct Verified {
    pub(crate) claims: Claims,
    /// Its claims as the upstream gets them.
    pub(crate) client: HeaderValue,
    pub(crate) scope: HeaderValue,
    pub(crate) account: Option<HeaderValue>,
    /// Whose it is; known once the client has been looked up.
    owner: OnceLock<Owner>,
    /// The keys it was verified with.
    keys: Arc<Keys>,
}

/// An organisation and its project, as text for headers.
#[derive(Clone)]
pub(crate) struct Owner {
    ids: (OrganisationId, ProjectId),
    pub(crate) organisation: HeaderValue,
    pub(crate) project: HeaderValue,
}

impl Verified {
    fn new(claims: Claims, keys: Arc<Keys>) -> Self {
        let client = value(claims.client_id.as_str());
        let scope = value(&claims.scope.to_string());
        let account = claims.account.as_deref().map(value);
        Self { claims, client, scope, account, owner: OnceLock::new(), keys }
    }

    /// The token's customer key, when it was obtained with one.
    pub(crate) fn customer_key(&self) -> Option<&str> {
        (self.claims.act.is_some() || self.claims.account.is_some()).then_some(&*self.claims.sub)
    }

    /// Whose request this is.
    pub(crate) fn caller(&self, client: &Client) -> Caller {
        Caller {
            organisation: client.organisation,
            project: client.project,
            client: client.id.clone(),
            customer_key: self.customer_key().map(|_| ChildKey(Arc::clone(&self.claims.sub))),
        }
    }

    /// The owner of `client`, written once for all requests of this token.
    pub(crate) fn owner(&self, client: &Client) -> Owner {
        let ids = (client.organisation, client.project);
        let write = || Owner { ids, organisation: value(&ids.0.to_string()), project: value(&ids.1.to_string()) };
        let known = self.owner.get_or_init(write);
        if known.ids == ids { known.clone() } else { write() }
    }
}

/// A claim of ours as a header's value. Claims are signed by us; one that no header can hold is passed on as nothing.
pub(crate) fn value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static(""))
}

/// The memory of verified tokens.
pub(crate) struct Verifier {
    known: moka::sync::Cache<[u8; 32], Arc<Verified>>,
    issuer: Arc<str>,
    environment: Environment,
}

impl Verifier {
    pub(crate) fn new(issuer: Arc<str>, environment: Environment) -> Self {
        Self { known: moka::sync::Cache::builder().max_capacity(CAPACITY).time_to_live(AGAIN).build(), issuer, environment }
    }

    /// The claims of `token` if it is one of ours and its time is not over.
    pub(crate) fn verify(&self, token: &str, keys: &Arc<Keys>, now: Timestamp) -> Result<Arc<Verified>, Refusal> {
        let name = digest::sha256(token.as_bytes());
        if let Some(known) = self.known.get(&name).filter(|known| Arc::ptr_eq(&known.keys, keys)) {
            return if known.claims.expired(now) { Err(Refusal::TokenExpired) } else { Ok(known) };
        }
        let claims = Claims::verify(token, &keys.access, &self.issuer, self.environment, now).map_err(|invalid| match invalid {
            Invalid::Malformed => Refusal::TokenMalformed,
            Invalid::Foreign => Refusal::TokenForeign,
            Invalid::Expired => Refusal::TokenExpired,
            Invalid::Audience => Refusal::WrongAudience,
        })?;
        let verified = Arc::new(Verified::new(claims, Arc::clone(keys)));
        self.known.insert(name, Arc::clone(&verified));
        Ok(verified)
    }
}
