//! Compact JWS (RFC 7515) for what we sign ourselves, and for nothing else.
//!
//! A verifier that reads `alg`, `kid`, `jwk` or `crit` from the token it is checking lets the attacker choose how the check is made.
//! Ours reads none of them: the protected header of every token we issue is known beforehand, one text for each key, so the header
//! of a token is compared with those texts byte for byte. What is not one of them was not issued by us.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;

use crate::signing_key::SigningKey;

/// The longest token looked at, in bytes. RFC 9068 tokens of ours are under 1.5 kB.
pub const MAX_LENGTH: usize = 8192;

/// The keys of one environment for one type of token (`typ`), with the header each would write.
pub struct KeyRing {
    /// Newest first.
    keys: Vec<(Box<str>, std::sync::Arc<SigningKey>)>,
}

/// Why a token was not accepted as signed by us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unverified {
    /// It does not have the form of a token of ours.
    Malformed,
    /// It has the form, but no key of this environment signed it.
    Foreign,
}

impl KeyRing {
    /// Makes a ring of `keys` for tokens whose header says `typ`.
    #[must_use]
    pub fn new(keys: &[std::sync::Arc<SigningKey>], typ: &str) -> Self {
        let mut keys: Vec<_> = keys
            .iter()
            .map(|key| {
                let header = format!(r#"{{"typ":"{typ}","alg":"ES256","kid":"{}"}}"#, key.id);
                (URL_SAFE_NO_PAD.encode(header).into_boxed_str(), std::sync::Arc::clone(key))
            })
            .collect();
        keys.sort_by_key(|(_, key)| std::cmp::Reverse(key.activates_at));
        Self { keys }
    }

    /// Signs `payload` with the key that is active at `now`. `None` when no key is.
    #[must_use]
    pub fn sign(&self, payload: &[u8], now: Timestamp) -> Option<String> {
        // A key that was retired at once signs no more, also when it was the newest.
        let may = |key: &SigningKey| key.activates_at <= now && key.retires_at.is_none_or(|at| now < at);
        let (header, key) = self.keys.iter().find(|(_, key)| may(key))?;
        let mut token = String::with_capacity(header.len() + payload.len() * 4 / 3 + 96);
        token.push_str(header);
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(payload, &mut token);
        let signature = key.sign(token.as_bytes());
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut token);
        Some(token)
    }

    /// The payload of `token` when one of these keys, not retired at `now`, signed it.
    ///
    /// # Errors
    /// [`Unverified`] otherwise; nothing of an unverified token is read beyond its three parts.
    pub fn verify(&self, token: &str, now: Timestamp) -> Result<Vec<u8>, Unverified> {
        if token.len() > MAX_LENGTH {
            return Err(Unverified::Malformed);
        }
        let (message, signature) = token.rsplit_once('.').ok_or(Unverified::Malformed)?;
        let (header, payload) = message.split_once('.').ok_or(Unverified::Malformed)?;
        if header.is_empty() || payload.is_empty() || payload.contains('.') {
            return Err(Unverified::Malformed);
        }
        let (_, key) = self.keys.iter().find(|(own, _)| **own == *header).ok_or(Unverified::Foreign)?;
        if key.retires_at.is_some_and(|at| at <= now) {
            return Err(Unverified::Foreign);
        }
        // The engine refuses padding and non-zero trailing bits, so that one token has one spelling.
        let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| Unverified::Malformed)?;
        if !key.verifies(message.as_bytes(), &signature) {
            return Err(Unverified::Foreign);
        }
        URL_SAFE_NO_PAD.decode(payload).map_err(|_| Unverified::Malformed)
    }
}
