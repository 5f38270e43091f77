//! Who asks: `client_secret_post` and `client_secret_basic` (RFC 6749, section 2.3.1).
//!
//! Every failure takes the same steps - one look-up, one hash, one comparison - and ends in the same refusal, so that nobody can
//! learn from an answer, or from how long it took, which client ids exist.

use std::{hint::black_box, sync::Arc};

use domain::{
    SecretId,
    client::Client,
    contract::Standing,
    secret::{Secret, SecretHash},
};
use http::{HeaderMap, header::AUTHORIZATION};
use web::{Visit, failures::Verdict};

use crate::{
    House,
    basic::{self, Authorization},
    form::Form,
    refusal::Refusal,
};

/// The longest public identifier that is looked for, in bytes. Longer ones do not exist, and the database is not asked.
const LONGEST_ID: usize = 128;

const MISSING: Refusal =
    Refusal::Unproven("Client authentication is missing or incomplete. Send client_id and client_secret, in the body or by HTTP Basic.");

/// What to do when credentials come in the header and in the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TwoMethods {
    /// RFC 6749, section 2.3: a client uses one method in each request.
    Refused,
    /// Users of the carriers' routes send both; it is harmless while both say the same. A header of another scheme says nothing.
    WhenTheyAgree,
}

/// What a client presents. No `Debug`.
pub(crate) struct Presented {
    pub(crate) id: String,
    secret: Secret,
}

/// A client that proved who it is, and the secret it did it with.
pub(crate) struct Proven {
    pub(crate) client: Arc<Client>,
    pub(crate) secret: SecretId,
}

impl Presented {
    /// Reads the credentials of a request.
    pub(crate) fn read(headers: &HeaderMap, form: &Form<'_>, two_methods: TwoMethods) -> Result<Self, Refusal> {
        let (id, secret) = (form.get("client_id"), form.get("client_secret"));
        let mut authorizations = headers.get_all(AUTHORIZATION).iter();
        let header = authorizations.next().map(|value| basic::read(value.as_bytes()));
        if authorizations.next().is_some() {
            return Err(Refusal::Malformed("The request has more than one Authorization header."));
        }
        match header {
            None => Self::complete(id, secret),
            Some(Authorization::Other) if two_methods == TwoMethods::WhenTheyAgree => Self::complete(id, secret),
            Some(Authorization::Other) => Err(Refusal::Unproven(
                "The Authorization header has a scheme that is not supported here. Use Basic, or send client_id and client_secret in the \
                 body.",
            )),
            Some(Authorization::Malformed) => Err(Refusal::Unproven(
                "The Authorization header is not valid HTTP Basic: it must be the Base64 of client_id:client_secret, each form-urlencoded.",
            )),
            Some(Authorization::Basic(..)) if two_methods == TwoMethods::Refused && secret.is_some() => {
                Err(Refusal::Malformed("The client authenticates twice. Use HTTP Basic or client_secret in the body, not both."))
            }
            Some(Authorization::Basic(basic_id, basic_secret)) => {
                let agree = id.is_none_or(|id| id == basic_id) && secret.is_none_or(|secret| secret == basic_secret.expose());
                if !agree {
                    return Err(Refusal::Malformed("The Authorization header and the body name different credentials."));
                }
                if basic_id.is_empty() || basic_secret.expose().is_empty() {
                    return Err(MISSING);
                }
                Ok(Self { id: basic_id, secret: basic_secret })
            }
        }
    }

    fn complete(id: Option<&str>, secret: Option<&str>) -> Result<Self, Refusal> {
        let (Some(id), Some(secret)) = (id, secret) else { return Err(MISSING) };
        Ok(Self { id: id.to_owned(), secret: Secret::new(secret.to_owned()) })
    }

    /// The client, when it is who it says and may act.
    pub(crate) async fn prove(&self, house: &House, visit: &Visit) -> Result<Option<Proven>, Refusal> {
        let hash = house.directory.hash_key().hash(self.secret.expose());
        let known = if plausible(&self.id) {
            let found = house.directory.client(house.settings.environment, &self.id).await;
            found.map_err(|error| Refusal::unavailable(visit, &error))?
        } else {
            None
        };
        let Some(client) = known else {
            black_box(SecretHash::NOBODY.matches(&hash));
            return Ok(None);
        };
        let secret = client.secret(&hash, visit.at).map(|secret| secret.id);
        Ok(secret.filter(|_| client.standing == Standing::Active).map(|secret| Proven { client, secret }))
    }

    /// The client, or the refusal.
    pub(crate) async fn require(&self, house: &House, visit: &Visit) -> Result<Proven, Refusal> {
        self.prove(house, visit).await?.ok_or_else(|| self.failed(house, visit))
    }

    /// Counts a failure and says how to answer it.
    pub(crate) fn failed(&self, house: &House, visit: &Visit) -> Refusal {
        match house.failures.count(&self.id, visit.address, visit.at) {
            Verdict::Refuse => Refusal::WrongCredentials,
            Verdict::Wait(seconds) => Refusal::TooManyFailures(seconds),
        }
    }
}

/// Whether a public identifier can exist at all. Imported ones may look in many ways; none is endless or has control characters.
pub(crate) fn plausible(id: &str) -> bool {
    id.len() <= LONGEST_ID && !id.chars().any(char::is_control)
}
