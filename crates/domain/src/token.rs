//! Access tokens: JWTs after RFC 9068, with the claims of Postigo.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    ClientId, Environment, OrganisationId, ScopeSet, SecretId,
    jws::{KeyRing, Unverified},
};

/// `typ` of an access token (RFC 9068, section 2.1).
pub const TYP: &str = "at+jwt";

/// The life of a token when its client has no other, in seconds.
pub const DEFAULT_LIFETIME: u32 = 3600;

/// The longest life a client may be given, in seconds.
pub const MAX_LIFETIME: u32 = 86_400;

/// How far clocks may be apart when an expiry is judged, in seconds.
pub const LEEWAY: i64 = 5;

/// The claims of an access token (RFC 9068, section 2.2) and Postigo's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// The environment's `public_url`.
    pub iss: Arc<str>,
    /// The client; for a token obtained with a customer key, its `child_key`.
    pub sub: Arc<str>,
    /// For whom the token is: the environment's `public_url`.
    pub aud: Arc<str>,
    /// Who asked.
    pub client_id: ClientId,
    /// Expiry, seconds since 1970.
    pub exp: i64,
    /// When it was issued, seconds since 1970.
    pub iat: i64,
    /// The token's own id, by which it can be revoked.
    pub jti: Uuid,
    /// What it allows.
    pub scope: ScopeSet,
    /// The organisation that owns the client.
    pub org: OrganisationId,
    /// Where it is good.
    pub env: Environment,
    /// The secret that authenticated: revoking it kills the token.
    pub secret_id: SecretId,
    /// The account number acted for, with a customer key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<Arc<str>>,
    /// Who acts (RFC 8693, section 4.1), with a customer key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub act: Option<Actor>,
}

/// The party that acts for the subject.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// Its client id.
    pub sub: ClientId,
}

/// Why a token does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Invalid {
    /// It does not have the form of a token of ours.
    Malformed,
    /// No key of this environment signed it.
    Foreign,
    /// Its time is over.
    Expired,
    /// It was issued for another audience.
    Audience,
}

impl Claims {
    /// Signs the claims. `None` when the environment has no key that is active at `now`.
    #[must_use]
    pub fn sign(&self, keys: &KeyRing, now: Timestamp) -> Option<String> {
        // Serialising into memory fails for maps with keys that are not text; there is none here.
        let payload = serde_json::to_vec(self).ok()?;
        keys.sign(&payload, now)
    }

    /// Reads and checks a token: form, signature, issuer, environment, audience, expiry.
    ///
    /// # Errors
    /// [`Invalid`] with the first thing that is wrong.
    pub fn verify(token: &str, keys: &KeyRing, issuer: &str, environment: Environment, now: Timestamp) -> Result<Self, Invalid> {
        let payload = keys.verify(token, now).map_err(|why| match why {
            Unverified::Malformed => Invalid::Malformed,
            Unverified::Foreign => Invalid::Foreign,
        })?;
        // Signed by us, so it is what `sign` wrote; a type that does not fit is still an error and never "absent".
        let claims: Self = serde_json::from_slice(&payload).map_err(|_| Invalid::Malformed)?;
        if *claims.iss != *issuer || claims.env != environment {
            return Err(Invalid::Foreign);
        }
        if *claims.aud != *issuer {
            return Err(Invalid::Audience);
        }
        if claims.expired(now) {
            return Err(Invalid::Expired);
        }
        Ok(claims)
    }

    /// Whether the token's time is over at `now`, [`LEEWAY`] included.
    #[must_use]
    pub fn expired(&self, now: Timestamp) -> bool {
        self.exp + LEEWAY <= now.as_second()
    }
}

#[cfg(test)]
mod tests;
