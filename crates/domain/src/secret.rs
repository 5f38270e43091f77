//! Secrets in memory and their keyed hashes at rest.
//!
//! An issued secret is random (at least 160 bits), so a keyed hash is all it needs at rest: nothing can be guessed, and the check
//! costs microseconds where a password hash would let anybody keep the token endpoint's processors busy.

use aws_lc_rs::hmac;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

/// A secret in clear. No `Debug`, no `Serialize`: whoever shows it says so with [`Secret::expose`].
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes hold of a secret that arrived or was minted.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The secret itself. Every call is a place where it may leak.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The start of the secret, enough for its owner to tell two apart and for nobody to use.
    #[must_use]
    pub fn prefix(&self) -> String {
        self.0.chars().take(12).collect()
    }
}

/// The key under which secrets are hashed. It lies wrapped in the vault.
#[derive(Clone)]
pub struct HashKey(hmac::Key);

impl HashKey {
    /// Makes the key from its 32 bytes.
    #[must_use]
    pub fn new(bytes: &[u8; 32]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, bytes))
    }

    /// The keyed hash (HMAC-SHA-256) of `secret`.
    #[must_use]
    pub fn hash(&self, secret: &str) -> SecretHash {
        let mut hash = [0; 32];
        hash.copy_from_slice(hmac::sign(&self.0, secret.as_bytes()).as_ref());
        SecretHash(hash)
    }
}

/// The keyed hash of a secret. Compared in constant time only.
#[derive(Clone)]
pub struct SecretHash([u8; 32]);

impl SecretHash {
    /// The hash of no secret: for comparisons that must take as long as real ones and always fail.
    pub const NOBODY: Self = Self([0; 32]);

    /// Whether both are the hash of one secret, in constant time.
    #[must_use]
    pub fn matches(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }

    /// The bytes, for the database.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl TryFrom<&[u8]> for SecretHash {
    type Error = std::array::TryFromSliceError;
    fn try_from(bytes: &[u8]) -> Result<Self, Self::Error> {
        bytes.try_into().map(Self)
    }
}

impl std::fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretHash")
    }
}
