//! The signing keys of one environment, ready to use.

use std::sync::Arc;

use domain::{
    Environment, Timestamp,
    jws::KeyRing,
    signing_key::{SigningKey, wrapping_name},
    token,
    wrapping::MasterKey,
};
use serde_json::json;
use store::Db;

use crate::OpenError;

/// The signing keys of one environment.
pub struct Keys {
    /// For access tokens.
    pub access: KeyRing,
    /// For the identity JWTs that upstreams may ask for.
    pub identity: KeyRing,
    keys: Vec<Arc<SigningKey>>,
}

impl Keys {
    pub(crate) async fn load(db: &Db, master: &MasterKey, environment: Environment) -> Result<Self, OpenError> {
        let mut keys = Vec::new();
        for row in store::signing_keys::of_environment(db, environment).await? {
            let pkcs8 = master.unwrap("a signing key", &wrapping_name(&row.id), &row.wrapped)?;
            let key = SigningKey::read(row.id, environment, row.activates_at.0, row.retires_at.map(|at| at.0), &pkcs8)
                .map_err(|_| OpenError::Corrupt("a signing key that cannot be read"))?;
            keys.push(Arc::new(key));
        }
        Ok(Self { access: KeyRing::new(&keys, token::TYP), identity: KeyRing::new(&keys, "JWT"), keys })
    }

    /// The JWK set (RFC 7517, section 5) at `now`: announced, signing and still verifying keys.
    #[must_use]
    pub fn jwks(&self, now: Timestamp) -> serde_json::Value {
        let live = self.keys.iter().filter(|key| key.retires_at.is_none_or(|at| now < at));
        json!({ "keys": live.map(|key| key.public_jwk()).collect::<Vec<_>>() })
    }
}
