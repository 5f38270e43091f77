//! Keys wrapped by the master key, so that the database and its backups hold nothing that signs or opens anything.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use zeroize::Zeroizing;

use crate::Entropy;

/// The name under which the key of secrets' hashes is wrapped. That key is drawn once and stays, so that changing the master key keeps
/// every secret valid.
pub const SECRET_HASH_KEY: &str = "secret-hash-key";

/// The key that wraps all others. It lives in a file of its own.
pub struct MasterKey(LessSafeKey);

/// The master key does not fit what it should open, or the wrapped key was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the master key does not open {what}: use the master_key_file this database was made with, or restore both from one moment")]
pub struct Unopened {
    /// What could not be opened.
    pub what: &'static str,
}

/// A master key file that does not hold a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a master key file holds 32 bytes in base64 on one line")]
pub struct NotAMasterKey;

impl MasterKey {
    /// Reads the text of a master key file: 32 bytes in base64, surrounding white space ignored.
    ///
    /// # Errors
    /// [`NotAMasterKey`] for anything else.
    pub fn parse(text: &str) -> Result<Self, NotAMasterKey> {
        let bytes = Zeroizing::new(STANDARD.decode(text.trim()).map_err(|_| NotAMasterKey)?);
        if bytes.len() != 32 {
            return Err(NotAMasterKey);
        }
        UnboundKey::new(&AES_256_GCM, &bytes).map(|key| Self(LessSafeKey::new(key))).map_err(|_| NotAMasterKey)
    }

    /// The text of a new master key file.
    #[must_use]
    pub fn draw(entropy: &Entropy) -> Zeroizing<String> {
        let bytes = Zeroizing::new(entropy.bytes::<32>());
        Zeroizing::new(STANDARD.encode(bytes.as_slice()))
    }

    /// Wraps `key` under `name`; what was wrapped under one name does not open under another.
    ///
    /// # Panics
    /// Never: AES-256-GCM takes any input far below its limit of 64 GiB.
    #[must_use]
    pub fn wrap(&self, name: &str, key: &[u8], entropy: &Entropy) -> Vec<u8> {
        let nonce = entropy.bytes::<NONCE_LEN>();
        let mut sealed = key.to_vec();
        self.0
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(name), &mut sealed)
            .expect("a key is far below the limit of the cipher");
        let mut wrapped = nonce.to_vec();
        wrapped.append(&mut sealed);
        wrapped
    }

    /// Opens what [`MasterKey::wrap`] made under the same `name`.
    ///
    /// # Errors
    /// [`Unopened`] when the master key, the name or the bytes are not the ones it was made with.
    pub fn unwrap(&self, what: &'static str, name: &str, wrapped: &[u8]) -> Result<Zeroizing<Vec<u8>>, Unopened> {
        let (nonce, sealed) = wrapped.split_at_checked(NONCE_LEN).ok_or(Unopened { what })?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| Unopened { what })?;
        let mut bytes = Zeroizing::new(sealed.to_vec());
        let length = self.0.open_in_place(nonce, Aad::from(name), &mut bytes).map_err(|_| Unopened { what })?.len();
        bytes.truncate(length);
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entropy(byte: u8) -> Entropy {
        Entropy::new(move |buffer| buffer.fill(byte))
    }

    #[test]
    fn a_wrapped_key_opens_only_under_its_name_and_its_master_key() {
        let master = MasterKey::parse(&MasterKey::draw(&entropy(1))).expect("master key");
        let other = MasterKey::parse(&MasterKey::draw(&entropy(2))).expect("master key");
        let wrapped = master.wrap("signing-key:a", b"private", &entropy(3));

        assert_eq!(master.unwrap("it", "signing-key:a", &wrapped).expect("opens").as_slice(), b"private");
        assert!(master.unwrap("it", "signing-key:b", &wrapped).is_err());
        assert!(other.unwrap("it", "signing-key:a", &wrapped).is_err());
        let mut changed = wrapped.clone();
        changed[NONCE_LEN] ^= 1;
        assert!(master.unwrap("it", "signing-key:a", &changed).is_err());
        assert!(master.unwrap("it", "signing-key:a", &wrapped[..4]).is_err());
    }

    #[test]
    fn a_master_key_file_with_something_else_is_refused() {
        for text in ["", "short", "AAAA", "not base64 at all, but quite long enough to be"] {
            assert!(MasterKey::parse(text).is_err(), "{text}");
        }
    }
}
