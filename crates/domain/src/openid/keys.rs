//! A provider's keys (RFC 7517) and the signatures they check.
//!
//! The list of algorithms is ours. `none` and those by which the client's own secret would sign (`HS256`) are not in it, and a key of one
//! kind is never used for an algorithm of another.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ED25519, EcdsaVerificationAlgorithm, RSA_PKCS1_2048_8192_SHA256,
    RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, RSA_PSS_2048_8192_SHA256, RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512,
    RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;

use super::{LONGEST_DOCUMENT, Unfit};

/// More keys than any provider has at a time.
const MOST: usize = 100;

/// The keys by which a provider signs.
#[derive(Debug, Clone, Default)]
pub struct Keys(Vec<Key>);

#[derive(Debug, Clone)]
struct Key {
    id: Option<String>,
    /// The one algorithm it is for, when it says so.
    only_for: Option<String>,
    public: Public,
}

#[derive(Debug, Clone)]
enum Public {
    Rsa { n: Vec<u8>, e: Vec<u8> },
    P256(Vec<u8>),
    P384(Vec<u8>),
    Ed25519(Vec<u8>),
}

/// How a signature is checked.
enum Check {
    Rsa(&'static RsaParameters),
    Ecdsa(&'static EcdsaVerificationAlgorithm),
    Ed25519,
}

/// The algorithms that are believed (RFC 7518, section 3.1; RFC 8037), and for what key.
fn check(algorithm: &str, public: &Public) -> Option<Check> {
    Some(match (algorithm, public) {
        ("RS256", Public::Rsa { .. }) => Check::Rsa(&RSA_PKCS1_2048_8192_SHA256),
        ("RS384", Public::Rsa { .. }) => Check::Rsa(&RSA_PKCS1_2048_8192_SHA384),
        ("RS512", Public::Rsa { .. }) => Check::Rsa(&RSA_PKCS1_2048_8192_SHA512),
        ("PS256", Public::Rsa { .. }) => Check::Rsa(&RSA_PSS_2048_8192_SHA256),
        ("PS384", Public::Rsa { .. }) => Check::Rsa(&RSA_PSS_2048_8192_SHA384),
        ("PS512", Public::Rsa { .. }) => Check::Rsa(&RSA_PSS_2048_8192_SHA512),
        ("ES256", Public::P256(_)) => Check::Ecdsa(&ECDSA_P256_SHA256_FIXED),
        ("ES384", Public::P384(_)) => Check::Ecdsa(&ECDSA_P384_SHA384_FIXED),
        ("EdDSA" | "Ed25519", Public::Ed25519(_)) => Check::Ed25519,
        _ => return None,
    })
}

/// Whether an algorithm is one of those at all, whatever keys there are.
fn is_known(algorithm: &str) -> bool {
    const KNOWN: [&str; 10] = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA", "Ed25519"];
    KNOWN.contains(&algorithm)
}

impl Keys {
    /// Reads a set of keys. Those that sign nothing or are of a kind nobody here knows are left out.
    ///
    /// # Errors
    /// [`Unfit::Malformed`] when it is no set of keys.
    pub fn read(document: &[u8]) -> Result<Self, Unfit> {
        if document.len() > LONGEST_DOCUMENT {
            return Err(Unfit::Malformed);
        }
        let document: Value = serde_json::from_slice(document).map_err(|_| Unfit::Malformed)?;
        let keys = document["keys"].as_array().ok_or(Unfit::Malformed)?;
        Ok(Self(keys.iter().take(MOST).filter_map(Key::read).collect()))
    }

    /// Whether the key that a token's header names signed `message`.
    ///
    /// # Errors
    /// [`Unfit::Algorithm`], [`Unfit::UnknownKey`], [`Unfit::Signature`].
    pub(super) fn check(&self, algorithm: &str, id: Option<&str>, message: &[u8], signature: &[u8]) -> Result<(), Unfit> {
        if !is_known(algorithm) {
            return Err(Unfit::Algorithm);
        }
        let fits = |key: &&Key| {
            check(algorithm, &key.public).is_some()
                && key.only_for.as_deref().is_none_or(|only| only == algorithm)
                && (id.is_none() || key.id.as_deref() == id)
        };
        let mut fitting = self.0.iter().filter(fits);
        // A token that names no key is only believed where there is no choice (OpenID Connect Core 1.0, section 10.1).
        let (Some(key), None) = (fitting.next(), fitting.next()) else { return Err(Unfit::UnknownKey) };
        key.verify(algorithm, message, signature)
    }
}

impl Key {
    fn read(key: &Value) -> Option<Self> {
        let text = |name: &str| key[name].as_str();
        let bytes = |name: &str| text(name).and_then(|text| URL_SAFE_NO_PAD.decode(text).ok());
        if text("use").is_some_and(|r#use| r#use != "sig") {
            return None;
        }
        let point = |size: usize| {
            let (x, y) = (bytes("x")?, bytes("y")?);
            // An uncompressed point (SEC 1, section 2.3.3).
            (x.len() == size && y.len() == size).then(|| [vec![4], x, y].concat())
        };
        let public = match (text("kty")?, text("crv")) {
            ("RSA", _) => Public::Rsa { n: bytes("n")?, e: bytes("e")? },
            ("EC", Some("P-256")) => Public::P256(point(32)?),
            ("EC", Some("P-384")) => Public::P384(point(48)?),
            ("OKP", Some("Ed25519")) => Public::Ed25519(bytes("x")?),
            _ => return None,
        };
        Some(Self { id: text("kid").map(str::to_owned), only_for: text("alg").map(str::to_owned), public })
    }

    fn verify(&self, algorithm: &str, message: &[u8], signature: &[u8]) -> Result<(), Unfit> {
        let verified = match (check(algorithm, &self.public), &self.public) {
            (Some(Check::Rsa(how)), Public::Rsa { n, e }) => RsaPublicKeyComponents { n, e }.verify(how, message, signature),
            (Some(Check::Ecdsa(how)), Public::P256(point) | Public::P384(point)) => {
                UnparsedPublicKey::new(how, point).verify(message, signature)
            }
            (Some(Check::Ed25519), Public::Ed25519(point)) => UnparsedPublicKey::new(&ED25519, point).verify(message, signature),
            _ => return Err(Unfit::Algorithm),
        };
        verified.map_err(|_| Unfit::Signature)
    }
}
