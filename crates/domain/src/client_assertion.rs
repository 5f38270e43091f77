//! A client that proves who it is with a signed JWT (RFC 7523, sections 2.2 and 3).
//!
//! Nothing in the assertion chooses how it is checked: the client's registered keys do. Its `alg` must be what the key signs by, and its `kid`,
//! where it has one, says which of them to try and no more.

use std::hint::black_box;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Number, Value};

use crate::{public_key::PublicKey, token::LEEWAY};

/// `client_assertion_type` (section 2.2).
pub const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// How far ahead the end of an assertion may lie, in seconds: for so long it must be remembered that it was used.
pub const LONGEST_LIFE: i64 = 300;

/// The longest assertion that is looked at, in bytes.
const LONGEST: usize = 8192;

/// The longest `jti`, in bytes.
const LONGEST_ID: usize = 256;

/// An assertion that can be read. Nothing in it is proven.
pub struct Assertion<'a> {
    header: Header,
    claims: Claims,
    /// What is signed.
    message: &'a str,
    signature: Vec<u8>,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    /// What must be understood, and here nothing is (RFC 7515, section 4.1.11).
    crit: Option<Value>,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    exp: Number,
    iat: Option<Number>,
    nbf: Option<Number>,
    jti: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

impl<'a> Assertion<'a> {
    /// Reads an assertion: three parts, a header and claims of the form they must have, each member once.
    #[must_use]
    pub fn read(text: &'a str) -> Option<Self> {
        if text.len() > LONGEST {
            return None;
        }
        let (message, signature) = text.rsplit_once('.')?;
        let (header, claims) = message.split_once('.')?;
        let part = |text: &str| URL_SAFE_NO_PAD.decode(text).ok();
        Some(Self {
            header: serde_json::from_slice(&part(header)?).ok()?,
            claims: serde_json::from_slice(&part(claims)?).ok()?,
            message,
            signature: part(signature)?,
        })
    }

    /// Who it says the client is.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.claims.sub
    }

    /// Its own id, by which it is known when it comes again.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.claims.jti
    }

    /// The key that signed it, among those of a client. As many keys are tried as it leaves open, and one at least.
    #[must_use]
    pub fn signer<'k, K>(&self, keys: impl Iterator<Item = &'k K>, public: impl Fn(&K) -> &PublicKey) -> Option<&'k K> {
        let (mut found, mut tried) = (None, false);
        for key in keys {
            let candidate = public(key);
            let meant = self.header.kid.as_deref().is_none_or(|kid| kid == candidate.thumbprint());
            if meant && candidate.signs_by(&self.header.alg) {
                tried = true;
                if candidate.verifies(self.message.as_bytes(), &self.signature) {
                    found = Some(key);
                }
            }
        }
        if !tried {
            self.check_in_vain();
        }
        found.filter(|_| self.header.crit.is_none())
    }

    /// Takes as long as checking a signature, for a client that there is not.
    pub fn check_in_vain(&self) {
        black_box(PublicKey::nobodys().is_some_and(|key| key.verifies(self.message.as_bytes(), &self.signature)));
    }

    /// Whether it is this client's own word, for one of `audiences` and nobody else, and in its time (section 3).
    #[must_use]
    pub fn is_for(&self, client: &str, audiences: &[&str], now: Timestamp) -> bool {
        let Claims { iss, sub, aud, exp, iat, nbf, jti } = &self.claims;
        let now = now.as_second();
        // A clock may be some seconds ahead of ours.
        let begun = |at: &Option<Number>| at.as_ref().is_none_or(|at| seconds(at).is_some_and(|at| at <= now + LEEWAY));
        // The other way there is no leeway: an assertion that is over is not remembered any more.
        let lives = seconds(exp).is_some_and(|exp| now < exp && exp <= now + LONGEST_LIFE + LEEWAY);
        let ours = match aud {
            Audience::One(one) => audiences.contains(&one.as_str()),
            Audience::Many(all) => !all.is_empty() && all.iter().all(|one| audiences.contains(&one.as_str())),
        };
        iss == client && sub == client && ours && lives && begun(iat) && begun(nbf) && (1..=LONGEST_ID).contains(&jti.len())
    }
}

/// Whole seconds since 1970; fractions are cut off (RFC 7519, section 2, `NumericDate`).
fn seconds(number: &Number) -> Option<i64> {
    number.as_i64().or_else(|| number.to_string().split('.').next()?.parse().ok().filter(|_| !number.to_string().contains(['e', 'E'])))
}

#[cfg(test)]
mod tests;
