//! Tokens revoked one by one, pinned until they would have expired.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
};

use domain::{Timestamp, token::LEEWAY};
use store::{Db, Moment};
use uuid::Uuid;

/// The revoked tokens that could still pass otherwise.
pub(crate) struct Revocations(RwLock<HashMap<Uuid, Timestamp>>);

impl Revocations {
    pub(crate) async fn load(db: &Db, now: Timestamp) -> Result<Self, store::Error> {
        let live = store::revoked_tokens::live(db, Moment(now)).await?;
        Ok(Self(RwLock::new(live.into_iter().map(|(id, until)| (id, until.0)).collect())))
    }

    pub(crate) fn contains(&self, token: Uuid) -> bool {
        self.0.read().unwrap_or_else(PoisonError::into_inner).contains_key(&token)
    }

    pub(crate) fn pin(&self, token: Uuid, until: Timestamp) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(token, until);
    }

    /// Lets go of those that expired, with room for clocks that are apart.
    pub(crate) fn prune(&self, now: Timestamp) {
        let spare = jiff::SignedDuration::from_secs(LEEWAY + 60);
        self.0.write().unwrap_or_else(PoisonError::into_inner).retain(|_, until| *until + spare > now);
    }
}
