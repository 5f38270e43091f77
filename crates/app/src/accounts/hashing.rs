//! Passwords of people: argon2id, a few at a time, never on a thread that serves.

use std::sync::Arc;

use argon2::{
    Algorithm, Argon2, Params, PasswordHash, Version,
    password_hash::{PasswordHasher as _, PasswordVerifier as _},
};
use domain::{Entropy, secret::Secret};
use tokio::sync::Semaphore;

use crate::{Error, Result};

/// How many may wait for their turn; whoever comes after them hears that we are busy.
const QUEUE: usize = 64;
/// The length of a salt, in bytes (RFC 9106, section 3.1).
const SALT: usize = 16;

/// What hashing one password costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// Memory, in KiB.
    pub memory: u32,
    /// Passes over it.
    pub passes: u32,
}

impl Cost {
    /// What the OWASP Password Storage Cheat Sheet asks of argon2id at least: 19 MiB, two passes, one lane.
    pub const OWASP: Self = Self { memory: 19 * 1024, passes: 2 };
    /// For tests, which hash hundreds: the least that argon2 knows. Nothing else may use it.
    pub const TEST: Self = Self { memory: 8, passes: 1 };
}

/// Where passwords are hashed, in turn.
pub(crate) struct Desk {
    cost: Cost,
    queue: Arc<Semaphore>,
    workers: Arc<Semaphore>,
}

/// Whether a password was right.
pub(crate) enum Verdict {
    Wrong,
    Right,
    /// Right, and its hash is of another cost than today's: this is one of today's.
    RightRehashed(String),
}

impl Desk {
    pub(crate) fn new(cost: Cost, workers: usize) -> Self {
        let workers = workers.max(1);
        Self { cost, queue: Arc::new(Semaphore::new(workers + QUEUE)), workers: Arc::new(Semaphore::new(workers)) }
    }

    /// The hash of a new password, as a PHC string.
    ///
    /// # Errors
    /// [`Error::Busy`] when too many wait.
    pub(crate) async fn hash(&self, password: &str, entropy: &Entropy) -> Result<String> {
        let (cost, salt, password) = (self.cost, entropy.bytes::<SALT>(), Secret::new(password.to_owned()));
        self.work(move || hash(cost, &salt, &password)).await?
    }

    /// Whether `password` is the one that `stored` is the hash of. Without a hash, the work is done all the same: time tells nobody
    /// whether there is one.
    ///
    /// # Errors
    /// [`Error::Busy`] when too many wait.
    pub(crate) async fn verify(&self, stored: Option<&str>, password: &str, entropy: &Entropy) -> Result<Verdict> {
        let (cost, salt) = (self.cost, entropy.bytes::<SALT>());
        let (stored, password) = (stored.map(str::to_owned), Secret::new(password.to_owned()));
        self.work(move || {
            let Some(stored) = stored else {
                return hash(cost, &salt, &password).map(|_| Verdict::Wrong);
            };
            let parsed = PasswordHash::new(&stored).map_err(|_| store::Error::Corrupt("a password hash that is none"))?;
            // The hash's own parameters are used, whatever those of the value they are called on.
            if Argon2::default().verify_password(password.expose().as_bytes(), &parsed).is_err() {
                return Ok(Verdict::Wrong);
            }
            let of_today = Params::try_from(&parsed).is_ok_and(|params| params.m_cost() == cost.memory && params.t_cost() == cost.passes);
            if of_today { Ok(Verdict::Right) } else { hash(cost, &salt, &password).map(Verdict::RightRehashed) }
        })
        .await?
    }

    async fn work<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let waiting = Arc::clone(&self.queue).try_acquire_owned().map_err(|_| Error::Busy)?;
        let working = Arc::clone(&self.workers).acquire_owned().await.map_err(|_| Error::Busy)?;
        // The permits go along: a visitor who leaves does not make room for work that is still being done.
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop((waiting, working));
            done
        });
        done.await.map_err(|_| Error::Busy)
    }
}

fn hash(cost: Cost, salt: &[u8], password: &Secret) -> Result<String> {
    let fault = store::Error::Corrupt("no way to hash a password");
    let Ok(params) = Params::new(cost.memory, cost.passes, 1, None) else { return Err(fault.into()) };
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    match argon2.hash_password_with_salt(password.expose().as_bytes(), salt) {
        Ok(hash) => Ok(hash.to_string()),
        Err(_) => Err(fault.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entropy() -> Entropy {
        store::testkit::entropy(5)
    }

    #[tokio::test]
    async fn the_hash_says_argon2id_at_the_cost_that_owasp_asks_for() {
        let hash = Desk::new(Cost::OWASP, 1).hash("caballo pila grapa", &entropy()).await.expect("hashes");
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
    }

    #[tokio::test]
    async fn a_hash_of_another_cost_is_right_and_replaced() {
        let old = Desk::new(Cost::TEST, 1).hash("caballo pila grapa", &entropy()).await.expect("hashes");
        let desk = Desk::new(Cost { memory: 16, passes: 2 }, 1);
        let Verdict::RightRehashed(new) = desk.verify(Some(&old), "caballo pila grapa", &entropy()).await.expect("verifies") else {
            panic!("right, at another cost");
        };
        assert!(matches!(desk.verify(Some(&new), "caballo pila grapa", &entropy()).await.expect("verifies"), Verdict::Right));
        for near in ["caballo pila grap", "caballo pila grapa ", "Caballo pila grapa", "caballo pila grapa\0", ""] {
            assert!(matches!(desk.verify(Some(&new), near, &entropy()).await.expect("verifies"), Verdict::Wrong), "{near:?}");
        }
        assert!(matches!(desk.verify(None, "caballo pila grapa", &entropy()).await.expect("verifies"), Verdict::Wrong));
    }

    #[tokio::test]
    async fn when_too_many_wait_the_next_one_hears_it_at_once() {
        let desk = Arc::new(Desk::new(Cost::TEST, 1));
        let all = Arc::clone(&desk.workers).acquire_owned().await.expect("the only worker");
        let waiting: Vec<_> = (0..=QUEUE)
            .map(|_| {
                let desk = Arc::clone(&desk);
                tokio::spawn(async move { desk.hash("caballo pila grapa", &entropy()).await })
            })
            .collect();
        while desk.queue.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        assert!(matches!(desk.hash("caballo pila grapa", &entropy()).await, Err(Error::Busy)));
        drop(all);
        for task in waiting {
            task.await.expect("joins").expect("its turn comes");
        }
    }
}
