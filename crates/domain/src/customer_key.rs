//! Customer keys: the child credentials of the FedEx guide.

use std::hint::black_box;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    ChildKey, Environment, ProjectId,
    contract::Standing,
    plan::{Quota, Rate},
    secret::SecretHash,
};

/// A customer key as the hot path sees it: this project may act for that account number.
#[derive(Debug, Clone)]
pub struct CustomerKey {
    /// Its public half ("customer key").
    pub id: ChildKey,
    /// Where it is good.
    pub environment: Environment,
    /// The only project whose client may use it.
    pub project: ProjectId,
    /// The account acted for.
    pub account_number: String,
    /// Its secrets ("customer password").
    pub secrets: Secrets,
    /// Whether it may act.
    pub standing: Standing,
    /// The thumbprint of the public key that its client must prove itself with; `None`: whatever proves the client will do.
    pub bound_to: Option<String>,
    /// How much it may ask for; `None`: what its project says for each of its keys.
    pub limits: Option<Limits>,
}

/// How much one customer key may ask for, of all APIs together. What is absent is not limited; the project's plans count besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Requests in a fixed window.
    #[serde(default)]
    pub rate: Option<Rate>,
    /// Requests in a day that ends at 00:00 UTC.
    #[serde(default)]
    pub quota: Option<Quota>,
}

impl Limits {
    /// Nothing is limited.
    pub const NONE: Self = Self { rate: None, quota: None };
}

/// The secrets of a customer key, at rest: one, and while it is being replaced the one before it.
#[derive(Debug, Clone)]
pub struct Secrets {
    /// The keyed hash of the one that stays.
    pub current: SecretHash,
    /// The keyed hash of the one before, and when that stops opening anything.
    pub previous: Option<(SecretHash, Timestamp)>,
}

impl Secrets {
    /// Whether `presented` is the hash of a secret that opens something at `now`. Two hashes are compared, however many there are and
    /// whichever matches.
    #[must_use]
    pub fn open(&self, presented: &SecretHash, now: Timestamp) -> bool {
        let (previous, lives) = match &self.previous {
            Some((hash, until)) => (hash, now < *until),
            None => (&SecretHash::NOBODY, false),
        };
        let (is_current, is_previous) = (self.current.matches(presented), previous.matches(presented));
        is_current | (is_previous & lives)
    }

    /// The same steps where there is no customer key: nothing is opened, and it takes as long.
    pub fn open_nothing(presented: &SecretHash) {
        black_box(black_box(&SecretHash::NOBODY).matches(presented));
        black_box(black_box(&SecretHash::NOBODY).matches(presented));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::HashKey;

    #[test]
    fn the_secret_before_opens_until_its_end_and_the_present_one_always() {
        let key = HashKey::new(&[1; 32]);
        let at = |second| Timestamp::from_second(second).expect("a moment");
        let alone = Secrets { current: key.hash("new"), previous: None };
        let both = Secrets { previous: Some((key.hash("old"), at(100))), ..alone.clone() };
        for (secrets, presented, second, expected) in [
            (&alone, "new", 99, true),
            (&alone, "old", 99, false),
            (&both, "new", 99, true),
            (&both, "old", 99, true),
            (&both, "old", 100, false),
            (&both, "new", 100, true),
            (&both, "other", 99, false),
        ] {
            assert_eq!(secrets.open(&key.hash(presented), at(second)), expected, "{presented} at {second}");
        }
        assert!(!alone.open(&SecretHash::NOBODY, at(0)), "what stands for no secret opens nothing");
    }
}
