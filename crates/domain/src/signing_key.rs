//! Signing keys and their times.
//!
//! A key has no state of its own: what it may do follows from its moments. Before `activates_at` it is *announced* (published, so that
//! every verifier has it before it is used), until the next one activates it *signs*, until `retires_at` it still *verifies*.

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, ParsedPublicKey},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use serde_json::json;
use zeroize::Zeroizing;

use crate::{Environment, KeyId};

/// How long `/.well-known/jwks.json` may be cached, in seconds.
pub const JWKS_MAX_AGE: u32 = 300;

/// How long a new key is published before it signs, in seconds: every cache has had time to see it.
pub const ANNOUNCED_FOR: i64 = 2 * JWKS_MAX_AGE as i64;

/// A signing key with its private half, ready to sign and verify. ES256 (RFC 7518, section 3.4).
pub struct SigningKey {
    /// Its `kid`.
    pub id: KeyId,
    /// The only environment whose tokens it signs.
    pub environment: Environment,
    /// From when on it signs.
    pub activates_at: Timestamp,
    /// Until when it verifies; `None` while no successor is announced.
    pub retires_at: Option<Timestamp>,
    pair: EcdsaKeyPair,
    public: ParsedPublicKey,
}

/// A private key that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a signing key in the database cannot be read")]
pub struct Unreadable;

/// The name under which a signing key is wrapped by the master key.
#[must_use]
pub fn wrapping_name(id: &KeyId) -> String {
    format!("signing-key:{id}")
}

/// Draws a new private key, as PKCS #8.
///
/// # Panics
/// When the operating system has no randomness to give: nothing may be signed then.
#[must_use]
pub fn draw() -> Zeroizing<Vec<u8>> {
    let document =
        EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).expect("the system's random source works");
    Zeroizing::new(document.as_ref().to_vec())
}

impl SigningKey {
    /// Reads a private key in PKCS #8.
    ///
    /// # Errors
    /// [`Unreadable`] when it is not a P-256 key.
    pub fn read(
        id: KeyId,
        environment: Environment,
        activates_at: Timestamp,
        retires_at: Option<Timestamp>,
        pkcs8: &[u8],
    ) -> Result<Self, Unreadable> {
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8).map_err(|_| Unreadable)?;
        let public = ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, pair.public_key().as_ref()).map_err(|_| Unreadable)?;
        Ok(Self { id, environment, activates_at, retires_at, pair, public })
    }

    /// The public half as a JWK (RFC 7517), with `use`, `alg` and `kid`.
    #[must_use]
    pub fn public_jwk(&self) -> serde_json::Value {
        // SEC 1, uncompressed: 0x04, x, y.
        let point = self.pair.public_key().as_ref();
        json!({
            "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": self.id.as_str(),
            "x": URL_SAFE_NO_PAD.encode(&point[1..33]),
            "y": URL_SAFE_NO_PAD.encode(&point[33..65]),
        })
    }

    /// The signature over `message`: r and s, 32 bytes each.
    ///
    /// # Panics
    /// When the operating system has no randomness to give: nothing may be signed then.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        let signature = self.pair.sign(&SystemRandom::new(), message).expect("the system's random source works");
        let mut bytes = [0; 64];
        bytes.copy_from_slice(signature.as_ref());
        bytes
    }

    /// Whether `signature` is this key's over `message`.
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        self.public.verify_sig(message, signature).is_ok()
    }
}
