//! Passkeys: what a browser brings back from an authenticator, checked against what was asked (Web Authentication Level 3).
//!
//! Only what passkeys need, which is little: no attestation is asked for, so none is judged; the user is always verified (PIN, finger, face), so that one
//! passkey is two factors. Extensions, token binding and the older U2F formats are deliberately absent.

mod cbor;

use aws_lc_rs::signature::{self, RsaPublicKeyComponents, UnparsedPublicKey};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;

use crate::digest::sha256;
use cbor::Value;

/// The algorithms taken, in the order they are preferred: ES256, EdDSA (Ed25519), RS256 (COSE identifiers, RFC 9053 and RFC 8812).
pub const ALGORITHMS: [i64; 3] = [-7, -8, -257];

/// Nothing an authenticator says is longer, in bytes.
const LONGEST: usize = 64 * 1024;
/// The longest credential id (section 5.8.3), in bytes.
const LONGEST_ID: usize = 1023;

/// Flags of authenticator data (section 6.1).
const USER_PRESENT: u8 = 0x01;
const USER_VERIFIED: u8 = 0x04;
const BACKUP_ELIGIBLE: u8 = 0x08;
const BACKED_UP: u8 = 0x10;
const ATTESTED: u8 = 0x40;

/// Who asks: passkeys are bound to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelyingParty {
    /// The host of the portal.
    pub id: String,
    /// Its origin: scheme, host, and the port where it is not the scheme's own.
    pub origin: String,
}

/// A passkey's public key, and how often it was used by its own count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credential {
    key: Key,
    count: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "alg")]
enum Key {
    /// An uncompressed point of P-256.
    #[serde(rename = "ES256")]
    P256 { point: String },
    /// A point of Ed25519.
    #[serde(rename = "EdDSA")]
    Ed25519 { point: String },
    #[serde(rename = "RS256")]
    Rsa { n: String, e: String },
}

/// What was brought back does not fit what was asked. It does not say why: to who means well it happens by accident, and trying again helps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the passkey was not recognised")]
pub struct Unrecognised;

type Result<T> = std::result::Result<T, Unrecognised>;

/// A passkey that was just made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registered {
    /// The authenticator's id of it, in base64url.
    pub id: String,
    /// What later answers are checked with.
    pub credential: Credential,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClientData {
    r#type: String,
    challenge: String,
    origin: String,
    #[serde(default)]
    cross_origin: bool,
}

struct AuthenticatorData<'a> {
    count: u32,
    rest: &'a [u8],
}

impl RelyingParty {
    /// The relying party of a portal under this URL. `None` when it has no host.
    #[must_use]
    pub fn of(portal_url: &str) -> Option<Self> {
        let (scheme, rest) = portal_url.split_once("://")?;
        let authority = rest.split('/').next()?.to_ascii_lowercase();
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => (host, Some(port)),
            _ => (authority.as_str(), None),
        };
        let standard = matches!((scheme, port), (_, None) | ("https", Some("443")) | ("http", Some("80")));
        let origin = if standard { format!("{scheme}://{host}") } else { format!("{scheme}://{authority}") };
        (!host.is_empty()).then(|| Self { id: host.to_owned(), origin })
    }

    /// Whether it has no name but an address: browsers make no passkeys for that.
    #[must_use]
    pub fn is_bare_address(&self) -> bool {
        self.id.starts_with('[') || self.id.parse::<std::net::IpAddr>().is_ok()
    }

    /// Checks a new passkey (section 7.1): `client_data` and `attestation` as the browser gave them.
    ///
    /// # Errors
    /// [`Unrecognised`].
    pub fn register(&self, challenge: &[u8], client_data: &[u8], attestation: &[u8]) -> Result<Registered> {
        self.check_client(client_data, "webauthn.create", challenge)?;
        if attestation.len() > LONGEST {
            return Err(Unrecognised);
        }
        let (attestation, _) = Value::read(attestation)?;
        let data = attestation.text_member("authData").and_then(Value::bytes).ok_or(Unrecognised)?;
        let authenticator = self.check_authenticator(data, ATTESTED)?;
        // Section 6.5.1: AAGUID, length, id, key.
        let (length, rest) = authenticator.rest.get(16..).and_then(<[u8]>::split_first_chunk::<2>).ok_or(Unrecognised)?;
        let length = usize::from(u16::from_be_bytes(*length));
        let (id, rest) = rest.split_at_checked(length).filter(|_| (1..=LONGEST_ID).contains(&length)).ok_or(Unrecognised)?;
        let (key, _) = Value::read(rest)?;
        let credential = Credential { key: Key::read(&key)?, count: authenticator.count };
        Ok(Registered { id: URL_SAFE_NO_PAD.encode(id), credential })
    }

    /// Checks that a passkey answers (section 7.2); what it is from now on.
    ///
    /// # Errors
    /// [`Unrecognised`]; also when its own count did not go up, because then there are two of it.
    pub fn assert(
        &self,
        challenge: &[u8],
        credential: &Credential,
        client_data: &[u8],
        data: &[u8],
        signature: &[u8],
    ) -> Result<Credential> {
        self.check_client(client_data, "webauthn.get", challenge)?;
        if data.len() > LONGEST {
            return Err(Unrecognised);
        }
        let authenticator = self.check_authenticator(data, 0)?;
        let signed = [data, &sha256(client_data)].concat();
        credential.key.verify(&signed, signature)?;
        // Section 6.1.1: passkeys that are synced count nothing.
        if (authenticator.count, credential.count) != (0, 0) && authenticator.count <= credential.count {
            return Err(Unrecognised);
        }
        Ok(Credential { key: credential.key.clone(), count: authenticator.count })
    }

    fn check_client(&self, client_data: &[u8], r#type: &str, challenge: &[u8]) -> Result<()> {
        if client_data.len() > LONGEST {
            return Err(Unrecognised);
        }
        let client: ClientData = serde_json::from_slice(client_data).map_err(|_| Unrecognised)?;
        let answered = URL_SAFE_NO_PAD.decode(&client.challenge).map_err(|_| Unrecognised)?;
        let fits = client.r#type == r#type && client.origin == self.origin && !client.cross_origin && bool::from(answered.ct_eq(challenge));
        fits.then_some(()).ok_or(Unrecognised)
    }

    fn check_authenticator<'a>(&self, data: &'a [u8], also: u8) -> Result<AuthenticatorData<'a>> {
        let (hash, rest) = data.split_first_chunk::<32>().ok_or(Unrecognised)?;
        let (flags, rest) = rest.split_first().ok_or(Unrecognised)?;
        let (count, rest) = rest.split_first_chunk::<4>().ok_or(Unrecognised)?;
        let wanted = USER_PRESENT | USER_VERIFIED | also;
        let impossible = flags & BACKED_UP != 0 && flags & BACKUP_ELIGIBLE == 0;
        if *hash != sha256(self.id.as_bytes()) || flags & wanted != wanted || impossible {
            return Err(Unrecognised);
        }
        Ok(AuthenticatorData { count: u32::from_be_bytes(*count), rest })
    }
}

impl Key {
    /// A COSE key (RFC 9052, section 7): 1 is its type, 3 its algorithm, the negative members are its own.
    fn read(key: &Value<'_>) -> Result<Self> {
        let member = |label| key.member(label);
        let exactly =
            |label, length| member(label).and_then(Value::bytes).filter(|bytes: &&[u8]| bytes.len() == length).ok_or(Unrecognised);
        let kind = |label| member(label).and_then(Value::integer);
        match (kind(1), kind(3), kind(-1)) {
            (Some(2), Some(-7), Some(1)) => {
                let point = [&[4_u8][..], exactly(-2, 32)?, exactly(-3, 32)?].concat();
                Ok(Self::P256 { point: URL_SAFE_NO_PAD.encode(point) })
            }
            (Some(1), Some(-8), Some(6)) => Ok(Self::Ed25519 { point: URL_SAFE_NO_PAD.encode(exactly(-2, 32)?) }),
            (Some(3), Some(-257), _) => {
                let part = |label| member(label).and_then(Value::bytes).map(|bytes| URL_SAFE_NO_PAD.encode(bytes)).ok_or(Unrecognised);
                Ok(Self::Rsa { n: part(-1)?, e: part(-2)? })
            }
            _ => Err(Unrecognised),
        }
    }

    fn verify(&self, message: &[u8], signature: &[u8]) -> Result<()> {
        let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).map_err(|_| Unrecognised);
        let verified = match self {
            Self::P256 { point } => UnparsedPublicKey::new(&signature::ECDSA_P256_SHA256_ASN1, bytes(point)?).verify(message, signature),
            Self::Ed25519 { point } => UnparsedPublicKey::new(&signature::ED25519, bytes(point)?).verify(message, signature),
            Self::Rsa { n, e } => {
                RsaPublicKeyComponents { n: bytes(n)?, e: bytes(e)? }.verify(&signature::RSA_PKCS1_2048_8192_SHA256, message, signature)
            }
        };
        verified.map_err(|_| Unrecognised)
    }
}

#[cfg(test)]
mod tests;
