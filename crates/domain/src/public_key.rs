//! Public keys by which a client proves who it is without sending a secret (RFC 7517).
//!
//! Two kinds are taken: P-256, which signs ES256 (RFC 7518, section 3.4), and Ed25519 (RFC 8037). The key says how a signature is checked;
//! nothing that is signed does. A key is named by its thumbprint (RFC 7638), whatever its owner calls it.

use std::{fmt, sync::LazyLock};

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, ED25519, ParsedPublicKey, UnparsedPublicKey, VerificationAlgorithm};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value};

use crate::digest;

/// The longest key that is read, in bytes. One with everything around it that the RFC knows of has some hundreds.
pub const LONGEST: usize = 4096;

/// Every algorithm that some key here signs by, as `alg` spells them. `Ed25519` is the newer name of one of them (RFC 9864).
pub const ALGORITHMS: [&str; 3] = ["ES256", "EdDSA", "Ed25519"];

/// Members that only private and symmetric keys have (RFC 7518, section 6; RFC 8037, section 2).
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// A public key.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey {
    thumbprint: String,
    half: Half,
}

#[derive(Clone, PartialEq, Eq)]
enum Half {
    /// SEC 1, uncompressed: 0x04, x, y.
    P256([u8; 65]),
    Ed25519([u8; 32]),
}

/// Why a key is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// It is no JWK.
    #[error("it is not a JWK: a JSON object with kty, crv and x, one key at a time")]
    Malformed,
    /// The private half is in it.
    #[error("the private half is in it, and has left your hands with it: make another pair, and send the public half alone")]
    Private,
    /// It is of another kind.
    #[error("only P-256 keys (ES256) and Ed25519 keys (EdDSA) are taken")]
    Kind,
    /// It says that it is for something else.
    #[error("it says that it is not for signatures: use must be sig, and key_ops verify, where they are there")]
    Use,
    /// Its coordinates are none.
    #[error("its coordinates are not those of a point of its curve")]
    Point,
}

impl PublicKey {
    /// Reads a JWK. What it says beyond the key itself is looked at and left behind.
    ///
    /// # Errors
    /// [`Unusable`] with the first thing that is wrong.
    pub fn read(jwk: &str) -> Result<Self, Unusable> {
        if jwk.len() > LONGEST {
            return Err(Unusable::Malformed);
        }
        let Ok(Value::Object(members)) = serde_json::from_str(jwk) else { return Err(Unusable::Malformed) };
        if PRIVATE.iter().any(|name| members.contains_key(*name)) {
            return Err(Unusable::Private);
        }
        let text = |name: &str| members.get(name).and_then(Value::as_str);
        let half = match (text("kty"), text("crv")) {
            (Some("EC"), Some("P-256")) => {
                let mut point = [4; 65];
                point[1..33].copy_from_slice(&coordinate(&members, "x")?);
                point[33..].copy_from_slice(&coordinate(&members, "y")?);
                Half::P256(point)
            }
            (Some("OKP"), Some("Ed25519")) => Half::Ed25519(coordinate(&members, "x")?),
            (Some(_), _) => return Err(Unusable::Kind),
            (None, _) => return Err(Unusable::Malformed),
        };
        let key = Self { thumbprint: URL_SAFE_NO_PAD.encode(digest::sha256(half.canonical().as_bytes())), half };
        if members.get("alg").is_some_and(|alg| alg.as_str().is_none_or(|alg| !key.signs_by(alg))) {
            return Err(Unusable::Kind);
        }
        let verifies = |ops: &Value| ops.as_array().is_some_and(|ops| ops.iter().any(|op| op == "verify"));
        if members.get("use").is_some_and(|r#use| r#use != "sig") || members.get("key_ops").is_some_and(|ops| !verifies(ops)) {
            return Err(Unusable::Use);
        }
        ParsedPublicKey::new(key.half.algorithm(), key.half.bytes()).map_err(|_| Unusable::Point)?;
        Ok(key)
    }

    /// Its name: the SHA-256 of the key, in base64url (RFC 7638).
    #[must_use]
    pub fn thumbprint(&self) -> &str {
        &self.thumbprint
    }

    /// The key and nothing else, in the one spelling that the thumbprint is taken of. [`PublicKey::read`] takes it.
    #[must_use]
    pub fn jwk(&self) -> String {
        self.half.canonical()
    }

    /// The algorithm that it signs by, as people know it.
    #[must_use]
    pub const fn algorithm(&self) -> &'static str {
        match self.half {
            Half::P256(_) => "ES256",
            Half::Ed25519(_) => "EdDSA",
        }
    }

    /// Whether `alg` is how this key signs, under any of the names that has.
    #[must_use]
    pub fn signs_by(&self, alg: &str) -> bool {
        alg == self.algorithm() || (matches!(self.half, Half::Ed25519(_)) && alg == "Ed25519")
    }

    /// Whether `signature` is this key's over `message`.
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(self.half.algorithm(), self.half.bytes()).verify(message, signature).is_ok()
    }

    /// The key of nobody: for checks that must take as long as real ones, and whose outcome is thrown away. `None` never happens.
    #[must_use]
    pub fn nobodys() -> Option<&'static Self> {
        // RFC 7515, appendix A.3.
        const PUBLISHED: &str = r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#;
        static NOBODYS: LazyLock<Option<PublicKey>> = LazyLock::new(|| PublicKey::read(PUBLISHED).ok());
        NOBODYS.as_ref()
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", self.thumbprint)
    }
}

/// 32 bytes. The engine refuses padding and non-zero trailing bits, so that one key has one spelling.
fn coordinate(members: &Map<String, Value>, name: &str) -> Result<[u8; 32], Unusable> {
    let text = members.get(name).and_then(Value::as_str).ok_or(Unusable::Malformed)?;
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| Unusable::Point)?;
    bytes.try_into().map_err(|_| Unusable::Point)
}

impl Half {
    fn bytes(&self) -> &[u8] {
        match self {
            Self::P256(point) => point,
            Self::Ed25519(point) => point,
        }
    }

    fn algorithm(&self) -> &'static dyn VerificationAlgorithm {
        match self {
            Self::P256(_) => &ECDSA_P256_SHA256_FIXED,
            Self::Ed25519(_) => &ED25519,
        }
    }

    /// The required members alone, in the order of their names, without a space (RFC 7638, section 3.2; RFC 8037, appendix A.3).
    fn canonical(&self) -> String {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        match self {
            Self::P256(point) => format!(r#"{{"crv":"P-256","kty":"EC","x":"{}","y":"{}"}}"#, text(&point[1..33]), text(&point[33..])),
            Self::Ed25519(point) => format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, text(point)),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    /// RFC 8037, appendix A.2.
    const ED25519_X: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

    fn p256() -> Value {
        serde_json::from_str(&PublicKey::nobodys().expect("a key").jwk()).expect("JSON")
    }

    fn with(mut key: Value, name: &str, value: Value) -> Result<PublicKey, Unusable> {
        key[name] = value;
        PublicKey::read(&key.to_string())
    }

    #[test]
    fn a_key_is_named_by_its_thumbprint_whatever_stands_around_it() {
        let key = PublicKey::read(&json!({"kty": "OKP", "crv": "Ed25519", "x": ED25519_X}).to_string()).expect("a key");
        // RFC 8037, appendix A.3.
        assert_eq!(key.thumbprint(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
        let dressed =
            json!({"x": ED25519_X, "kid": "ours", "use": "sig", "alg": "Ed25519", "key_ops": ["verify"], "crv": "Ed25519", "kty": "OKP"});
        assert_eq!(PublicKey::read(&dressed.to_string()).expect("the same"), key);
        assert_eq!(PublicKey::read(&key.jwk()).expect("its own words"), key);
        assert_eq!((key.algorithm(), key.signs_by("Ed25519"), key.signs_by("ES256")), ("EdDSA", true, false));
    }

    #[test]
    fn a_private_half_is_never_taken() {
        for name in PRIVATE {
            assert_eq!(with(p256(), name, json!("AAAA")), Err(Unusable::Private), "{name}");
        }
        assert_eq!(PublicKey::read(r#"{"kty":"oct","k":"AAAA"}"#), Err(Unusable::Private));
    }

    #[test]
    fn what_is_no_such_key_is_refused_and_says_why() {
        let ed = json!({"kty": "OKP", "crv": "Ed25519", "x": ED25519_X});
        for (key, why) in [
            (json!("x").to_string(), Unusable::Malformed),
            ("{".into(), Unusable::Malformed),
            (json!({"keys": [p256()]}).to_string(), Unusable::Malformed),
            ("x".repeat(LONGEST + 1), Unusable::Malformed),
            (json!({"kty": "RSA", "n": "AQAB", "e": "AQAB"}).to_string(), Unusable::Kind),
            (json!({"kty": "EC", "crv": "P-384", "x": "AA", "y": "AA"}).to_string(), Unusable::Kind),
            (json!({"kty": "OKP", "crv": "X25519", "x": ED25519_X}).to_string(), Unusable::Kind),
            (json!({"kty": "EC", "crv": "P-256", "x": ED25519_X}).to_string(), Unusable::Malformed),
            (json!({"kty": "EC", "crv": "P-256", "x": ED25519_X, "y": ED25519_X}).to_string(), Unusable::Point),
        ] {
            assert_eq!(PublicKey::read(&key), Err(why), "{key}");
        }
        for (name, value, why) in [
            ("alg", json!("ES256"), Unusable::Kind),
            ("alg", json!(["EdDSA"]), Unusable::Kind),
            ("use", json!("enc"), Unusable::Use),
            ("use", json!(1), Unusable::Use),
            ("key_ops", json!(["sign"]), Unusable::Use),
            ("key_ops", json!("verify"), Unusable::Use),
            ("x", json!("AAAA"), Unusable::Point),
            ("x", json!(format!("{ED25519_X}=")), Unusable::Point),
            ("x", json!(7), Unusable::Malformed),
        ] {
            assert_eq!(with(ed.clone(), name, value.clone()), Err(why), "{name} {value}");
        }
        assert_eq!(with(p256(), "alg", json!("EdDSA")), Err(Unusable::Kind));
    }

    proptest! {
        #[test]
        fn reading_never_panics(text: String) {
            let _ = PublicKey::read(&text);
        }
    }
}
