//! The looks of what Postigo issues.
//!
//! Everything issued is made of `[A-Za-z0-9_-]` only, because Basic encodings differ between clients, and says which environment it
//! belongs to. A public identifier is `<env>_<kind>_<22 characters>`; a secret is `<prefix>_<env>_<28 random><6 checksum>`:
//! the prefix lets scanners find leaks, the checksum lets them (and our error messages) tell a real one from a typing mistake
//! without asking anybody.

use crate::{ApiCredentialId, ChildKey, ClientId, Entropy, Environment, secret::Secret};

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Characters of randomness in a secret: 28 x log2(62) = 166 bits.
const SECRET_RANDOM: usize = 28;
/// Characters of randomness in a public identifier: 130 bits.
const ID_RANDOM: usize = 22;
/// A CRC-32 in base 62.
const CHECKSUM: usize = 6;

/// What a secret opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretKind {
    /// A client's secret ("secret key").
    Client,
    /// The secret of a customer key ("customer password").
    Child,
    /// The secret of an API credential.
    Api,
}

impl SecretKind {
    const ALL: [Self; 3] = [Self::Client, Self::Child, Self::Api];

    const fn prefix(self) -> &'static str {
        match self {
            Self::Client => "pgs",
            Self::Child => "pgc",
            Self::Api => "pga",
        }
    }

    /// Draws a new secret of this kind.
    #[must_use]
    pub fn mint(self, environment: Environment, entropy: &Entropy) -> Secret {
        let mut text = format!("{}_{}_", self.prefix(), environment.tag());
        push_random(&mut text, SECRET_RANDOM, entropy);
        let sum = checksum(&text);
        text.push_str(&sum);
        Secret::new(text)
    }

    /// Tells what a secret of ours opens and where, by its looks alone. `None`: not ours, or mistyped.
    #[must_use]
    pub fn recognise(text: &str) -> Option<(Self, Environment)> {
        let body = text.len().checked_sub(CHECKSUM).filter(|at| text.is_char_boundary(*at))?;
        let (body, sum) = text.split_at(body);
        let kind = Self::ALL.into_iter().find(|kind| body.starts_with(kind.prefix()))?;
        let environment = Environment::ALL.iter().copied().find(|e| body[kind.prefix().len()..].starts_with(&format!("_{}_", e.tag())))?;
        let whole = body.len() == kind.prefix().len() + 5 + SECRET_RANDOM;
        (whole && checksum(body) == sum).then_some((kind, environment))
    }
}

/// A new client identifier.
#[must_use]
pub fn client_id(environment: Environment, entropy: &Entropy) -> ClientId {
    public_id(environment, "ci", entropy).into()
}

/// A new customer key's public half.
#[must_use]
pub fn child_key(environment: Environment, entropy: &Entropy) -> ChildKey {
    public_id(environment, "ck", entropy).into()
}

/// A new API credential's public half.
#[must_use]
pub fn api_credential_id(environment: Environment, entropy: &Entropy) -> ApiCredentialId {
    public_id(environment, "ac", entropy).into()
}

fn public_id(environment: Environment, kind: &str, entropy: &Entropy) -> String {
    let mut text = format!("{}_{kind}_", environment.tag());
    push_random(&mut text, ID_RANDOM, entropy);
    text
}

fn push_random(text: &mut String, count: usize, entropy: &Entropy) {
    let end = text.len() + count;
    while text.len() < end {
        for byte in entropy.bytes::<32>() {
            // 248 = 4 x 62: bytes above it would make the first characters likelier than the others.
            if byte < 248 && text.len() < end {
                text.push(char::from(ALPHABET[usize::from(byte % 62)]));
            }
        }
    }
}

fn checksum(body: &str) -> String {
    let mut sum = crc32fast::hash(body.as_bytes());
    let mut text = [b'0'; CHECKSUM];
    for place in text.iter_mut().rev() {
        *place = ALPHABET[(sum % 62) as usize];
        sum /= 62;
    }
    text.iter().copied().map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn entropy(seed: u64) -> Entropy {
        let state = std::sync::atomic::AtomicU64::new(seed);
        Entropy::new(move |buffer| {
            for byte in buffer {
                let next = state.fetch_add(0x9E37_79B9_7F4A_7C15, std::sync::atomic::Ordering::Relaxed);
                *byte = (next ^ (next >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9).to_be_bytes()[0];
            }
        })
    }

    proptest! {
        #[test]
        fn an_issued_secret_is_recognised_and_a_mistyped_one_is_not(seed: u64, at in 8usize..42, by in 1usize..62) {
            for kind in SecretKind::ALL {
                for environment in Environment::ALL.iter().copied() {
                    let secret = kind.mint(environment, &entropy(seed));
                    let text = secret.expose();
                    prop_assert!(text.len() <= 64);
                    prop_assert!(text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-'));
                    prop_assert_eq!(SecretKind::recognise(text), Some((kind, environment)));

                    let mut mistyped = text.as_bytes().to_vec();
                    let old = ALPHABET.iter().position(|c| *c == mistyped[at]).expect("in the alphabet");
                    mistyped[at] = ALPHABET[(old + by) % 62];
                    prop_assert_eq!(SecretKind::recognise(std::str::from_utf8(&mistyped).expect("ascii")), None);
                    prop_assert_eq!(SecretKind::recognise(&text[..text.len() - 1]), None);
                }
            }
        }

        #[test]
        fn recognising_never_panics(text: String) {
            let _ = SecretKind::recognise(&text);
        }
    }

    #[test]
    fn identifiers_name_their_environment() {
        assert!(client_id(Environment::Sandbox, &entropy(1)).as_str().starts_with("sbx_ci_"));
        assert!(child_key(Environment::Production, &entropy(1)).as_str().starts_with("prd_ck_"));
        assert_eq!(api_credential_id(Environment::Sandbox, &entropy(1)).as_str().len(), 7 + ID_RANDOM);
    }
}
