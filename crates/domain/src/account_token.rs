//! The account token of credential registration: who showed that an account's address is known to them goes on with it to prove more.
//!
//! It is a JWS under HS256 (RFC 7515), because clients expect to see one, under a key that signs nothing else. Its header is known beforehand and
//! compared byte for byte: no other token of ours is one, and it is no other token of ours.

use aws_lc_rs::hmac;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Environment, ProjectId};

/// How long it is good, in seconds.
pub const LIFETIME: i64 = 900;

/// The name under which an environment's key lies in the vault.
#[must_use]
pub const fn key_name(environment: Environment) -> &'static str {
    match environment {
        Environment::Sandbox => "account-token-key:sandbox",
        Environment::Production => "account-token-key:production",
    }
}

/// The longest that is looked at, in bytes; ours are under 600.
const LONGEST: usize = 1024;

const HEADER: &str = r#"{"typ":"account-auth+jwt","alg":"HS256"}"#;

/// The key that signs account tokens.
pub struct AccountTokenKey(hmac::Key);

/// What an account token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountToken {
    /// The project that asked, and that alone may use it.
    pub project: ProjectId,
    /// Where.
    pub env: Environment,
    /// The account whose address was known.
    pub account: String,
    /// Since when, in seconds since 1970.
    pub iat: i64,
    /// Until when.
    pub exp: i64,
    /// Its id.
    pub jti: Uuid,
}

impl AccountTokenKey {
    /// Makes the key from its 32 bytes.
    #[must_use]
    pub fn new(bytes: &[u8; 32]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, bytes))
    }

    /// Signs what it says.
    #[must_use]
    pub fn sign(&self, token: &AccountToken) -> String {
        let payload = serde_json::to_vec(token).unwrap_or_default();
        let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(HEADER), URL_SAFE_NO_PAD.encode(payload));
        let signature = URL_SAFE_NO_PAD.encode(hmac::sign(&self.0, message.as_bytes()));
        format!("{message}.{signature}")
    }

    /// What a token of ours says that is still good at `now` and was made for this project and environment; `None` for all else.
    #[must_use]
    pub fn read(&self, text: &str, project: ProjectId, environment: Environment, now: Timestamp) -> Option<AccountToken> {
        let (message, signature) = text.rsplit_once('.').filter(|_| text.len() <= LONGEST)?;
        let (header, payload) = message.split_once('.')?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        hmac::verify(&self.0, message.as_bytes(), &signature).ok()?;
        if header != URL_SAFE_NO_PAD.encode(HEADER) {
            return None;
        }
        let token: AccountToken = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()?;
        (token.project == project && token.env == environment && now.as_second() < token.exp).then_some(token)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn project(n: u128) -> ProjectId {
        ProjectId(Uuid::from_u128(n))
    }

    #[test]
    fn a_token_is_good_for_its_project_its_environment_and_its_time_only() {
        let key = AccountTokenKey::new(&[7; 32]);
        let now = Timestamp::from_second(1_800_000_000).expect("a moment");
        let (iat, exp) = (now.as_second(), now.as_second() + LIFETIME);
        let token =
            AccountToken { project: project(1), env: Environment::Sandbox, account: "700257037".into(), iat, exp, jti: Uuid::from_u128(9) };
        let text = key.sign(&token);
        assert_eq!(text.matches('.').count(), 2);
        let read = |text: &str, n, environment, at| key.read(text, project(n), environment, Timestamp::from_second(at).expect("a moment"));
        assert_eq!(read(&text, 1, Environment::Sandbox, iat), Some(token.clone()));
        assert_eq!(read(&text, 1, Environment::Sandbox, exp - 1), Some(token));
        assert_eq!(read(&text, 1, Environment::Sandbox, exp), None, "too late");
        assert_eq!(read(&text, 2, Environment::Sandbox, iat), None, "another project's");
        assert_eq!(read(&text, 1, Environment::Production, iat), None, "another environment's");
        assert_eq!(AccountTokenKey::new(&[8; 32]).read(&text, project(1), Environment::Sandbox, now), None, "another key's");
    }

    #[test]
    fn whatever_is_changed_in_a_token_it_is_none() {
        let key = AccountTokenKey::new(&[7; 32]);
        let now = Timestamp::from_second(1_800_000_000).expect("a moment");
        let (iat, exp) = (now.as_second(), now.as_second() + LIFETIME);
        let text =
            key.sign(&AccountToken { project: project(1), env: Environment::Sandbox, account: "1".into(), iat, exp, jti: Uuid::nil() });
        for at in 0..text.len() {
            let mut changed = text.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).expect("text");
            assert_eq!(key.read(&changed, project(1), Environment::Sandbox, now), None, "{at}");
        }
        for other in ["", ".", "..", "a.b.c", &text[1..], &text[..text.len() - 1], &format!("{text}."), &"x.".repeat(900)] {
            assert_eq!(key.read(other, project(1), Environment::Sandbox, now), None, "{other}");
        }
        // Under another header it is no account token, whoever signed it.
        let (_, payload) = text.rsplit_once('.').and_then(|(message, _)| message.split_once('.')).expect("parts");
        let message = format!("{}.{payload}", URL_SAFE_NO_PAD.encode(r#"{"typ":"JWT","alg":"HS256"}"#));
        let signature = URL_SAFE_NO_PAD.encode(hmac::sign(&key.0, message.as_bytes()));
        assert_eq!(key.read(&format!("{message}.{signature}"), project(1), Environment::Sandbox, now), None);
    }
}
