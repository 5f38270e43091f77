//! Who asks: `client_secret_post` and `client_secret_basic` (RFC 6749, section 2.3.1), and `private_key_jwt` (RFC 7523, section 2.2).
//!
//! Every failure takes the same steps - one look-up, one hash, one comparison; or one look-up and one check of a signature - and ends in the
//! same refusal, so that nobody can learn from an answer, or from how long it took, which client ids exist.

use std::{hint::black_box, sync::Arc};

use domain::{
    SecretId,
    client::Client,
    client_assertion::{self, Assertion},
    client_method::ClientMethod,
    contract::Standing,
    secret::{Secret, SecretHash},
};
use http::{HeaderMap, HeaderValue, header::AUTHORIZATION};
use web::{Visit, failures::Verdict};

use crate::{
    House,
    assertions::Again,
    basic::{self, Authorization},
    form::Form,
    refusal::Refusal,
};

/// The longest public identifier that is looked for, in bytes. Longer ones do not exist, and the database is not asked.
const LONGEST_ID: usize = 128;

const MISSING: Refusal = Refusal::Unproven(
    "Client authentication is missing or incomplete. Send client_id and client_secret, in the body or by HTTP Basic, or a client_assertion.",
);

const TWICE: Refusal = Refusal::Malformed(
    "The client authenticates twice. Use HTTP Basic, client_secret in the body or client_assertion, and only one of them.",
);

/// What to do when credentials come in the header and in the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TwoMethods {
    /// RFC 6749, section 2.3: a client uses one method in each request.
    Refused,
    /// Users of the carriers' routes send both; it is harmless while both say the same. A header of another scheme says nothing.
    WhenTheyAgree,
}

/// What a client presents. No `Debug`.
pub(crate) struct Presented<'a> {
    pub(crate) id: String,
    pub(crate) method: ClientMethod,
    proof: Proof<'a>,
}

/// By what it shows that it is who it says.
enum Proof<'a> {
    Secret(Secret),
    /// `None`: it cannot be read.
    Assertion(Option<Box<Assertion<'a>>>),
}

/// A client that proved who it is, and the secret or public key it did it with.
pub(crate) struct Proven {
    pub(crate) client: Arc<Client>,
    pub(crate) secret: SecretId,
}

impl<'a> Presented<'a> {
    /// Reads the credentials of a request.
    pub(crate) fn read(headers: &HeaderMap, form: &'a Form<'_>, two_methods: TwoMethods) -> Result<Self, Refusal> {
        if form.get("client_assertion").is_some() || form.get("client_assertion_type").is_some() {
            return Self::assertion(headers, form, two_methods);
        }
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
            Some(Authorization::Basic(..)) if two_methods == TwoMethods::Refused && secret.is_some() => Err(TWICE),
            Some(Authorization::Basic(basic_id, basic_secret)) => {
                let agree = id.is_none_or(|id| id == basic_id) && secret.is_none_or(|secret| secret == basic_secret.expose());
                if !agree {
                    return Err(Refusal::Malformed("The Authorization header and the body name different credentials."));
                }
                if basic_id.is_empty() || basic_secret.expose().is_empty() {
                    return Err(MISSING);
                }
                // Who sends it in both places has yet to take it out of the body.
                let method = if secret.is_some() { ClientMethod::SecretPost } else { ClientMethod::SecretBasic };
                Ok(Self { id: basic_id, method, proof: Proof::Secret(basic_secret) })
            }
        }
    }

    /// An assertion stands in for the secret. `client_id` may be left away, since the assertion says who it is (RFC 7521, section 4.2).
    fn assertion(headers: &HeaderMap, form: &'a Form<'_>, two_methods: TwoMethods) -> Result<Self, Refusal> {
        let (Some(assertion), Some(kind)) = (form.get("client_assertion"), form.get("client_assertion_type")) else {
            return Err(Refusal::Malformed("client_assertion and client_assertion_type come together, and one of them is missing."));
        };
        let other_scheme = |value: &HeaderValue| matches!(basic::read(value.as_bytes()), Authorization::Other);
        let harmless = |value| two_methods == TwoMethods::WhenTheyAgree && other_scheme(value);
        if form.get("client_secret").is_some() || !headers.get_all(AUTHORIZATION).iter().all(harmless) {
            return Err(TWICE);
        }
        if kind != client_assertion::TYPE {
            return Err(Refusal::Unproven(
                "This client_assertion_type is not supported. Use urn:ietf:params:oauth:client-assertion-type:jwt-bearer.",
            ));
        }
        let assertion = Assertion::read(assertion).map(Box::new);
        let id = form.get("client_id").or_else(|| Some(assertion.as_ref()?.subject())).unwrap_or_default().to_owned();
        Ok(Self { id, method: ClientMethod::PrivateKeyJwt, proof: Proof::Assertion(assertion) })
    }

    fn complete(id: Option<&str>, secret: Option<&str>) -> Result<Self, Refusal> {
        let (Some(id), Some(secret)) = (id, secret) else { return Err(MISSING) };
        Ok(Self { id: id.to_owned(), method: ClientMethod::SecretPost, proof: Proof::Secret(Secret::new(secret.to_owned())) })
    }

    /// The client, when it is who it says and may act.
    pub(crate) async fn prove(&self, house: &House, visit: &Visit) -> Result<Option<Proven>, Refusal> {
        let known = if plausible(&self.id) {
            let found = house.directory.client(house.settings.environment, &self.id).await;
            found.map_err(|error| Refusal::unavailable(visit, &error))?
        } else {
            None
        };
        let proof = match &self.proof {
            Proof::Secret(secret) => {
                let hash = house.directory.hash_key().hash(secret.expose());
                match &known {
                    Some(client) => client.secret(&hash, visit.at).map(|secret| secret.id),
                    None => {
                        black_box(SecretHash::NOBODY.matches(&hash));
                        None
                    }
                }
            }
            Proof::Assertion(None) => None,
            Proof::Assertion(Some(assertion)) => match &known {
                Some(client) => asserted(house, client, assertion, visit)?,
                None => {
                    assertion.check_in_vain();
                    None
                }
            },
        };
        let Some(client) = known.filter(|client| client.standing == Standing::Active) else { return Ok(None) };
        Ok(proof.map(|secret| Proven { client, secret }))
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

/// The public key that an assertion proves its client with. What was proven once with it is not proven again.
fn asserted(house: &House, client: &Client, assertion: &Assertion<'_>, visit: &Visit) -> Result<Option<SecretId>, Refusal> {
    let Some(key) = client.signer(assertion, visit.at) else { return Ok(None) };
    if !assertion.is_for(client.id.as_str(), &[&house.settings.issuer, &house.token_endpoint], visit.at) {
        return Ok(None);
    }
    match house.assertions.first(&client.id, assertion.id(), visit.at) {
        Ok(()) => Ok(Some(key.id)),
        Err(Again::Used) => Ok(None),
        Err(Again::TooMany) => Err(Refusal::unavailable(visit, &"a client used more assertions than can be remembered")),
    }
}

/// Whether a public identifier can exist at all. Imported ones may look in many ways; none is endless or has control characters.
pub(crate) fn plausible(id: &str) -> bool {
    id.len() <= LONGEST_ID && !id.chars().any(char::is_control)
}
