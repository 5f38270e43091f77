//! What is true right now, in memory, for the hot path.
//!
//! Clients, customer keys and API credentials are loaded when they are first asked for and kept until the change feed says that they
//! changed; the catalogue, the signing keys and the revoked tokens are few and held whole. Issuing a token or passing a request reads
//! only what is here.

mod announcements;
mod catalogue;
mod feed;
mod key_usage;
mod keys;
mod ledger;
mod revocations;
mod shelf;

use std::{
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    time::Duration,
};

use domain::{
    ApiCredentialId, ChildKey, ClientId, Clock, Environment,
    api::PerEnvironment,
    client::{ApiCredential, Client},
    customer_key::CustomerKey,
    secret::HashKey,
    token::MAX_LIFETIME,
    wrapping::{MasterKey, SECRET_HASH_KEY},
};
use store::{Db, Moment, announcements::Announcement};
use tokio::{sync::watch, time::Instant};
use uuid::Uuid;

pub use catalogue::Catalogue;
pub use keys::Keys;
pub use ledger::{Ledger, Lost};
use revocations::Revocations;
use shelf::Shelf;
pub use shelf::Unavailable;

/// How long the feed may be silent before this node calls itself degraded.
const SILENCE: Duration = Duration::from_secs(2);

/// How the directory is set up.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How many records of each kind are kept in memory, for each environment.
    pub capacity: u64,
    /// After how much silence of the feed nothing is decided any more; `None`: decisions go on with what is known.
    pub max_stale: Option<Duration>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { capacity: 100_000, max_stale: None }
    }
}

/// Why a directory could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The database could not be read.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The master key is not the one this database was made with.
    #[error(transparent)]
    Unopened(#[from] domain::wrapping::Unopened),
    /// A key is not what it should be.
    #[error("the database holds {0}")]
    Corrupt(&'static str),
}

/// The directory. Cloning is cheap; all clones are one.
#[derive(Clone)]
pub struct Directory(Arc<Inner>);

struct Inner {
    db: Db,
    clock: Clock,
    master: Arc<MasterKey>,
    hash_key: HashKey,
    settings: Settings,
    clients: PerEnvironment<Shelf<ClientId, Client>>,
    customer_keys: PerEnvironment<Shelf<ChildKey, CustomerKey>>,
    api_credentials: PerEnvironment<Shelf<ApiCredentialId, ApiCredential>>,
    catalogue: RwLock<Arc<Catalogue>>,
    announcements: RwLock<Arc<[Announcement]>>,
    keys: PerEnvironment<RwLock<Arc<Keys>>>,
    revocations: Revocations,
    /// The number of the last change that was acted on.
    seq: watch::Sender<i64>,
    started: Instant,
    /// When the feed was last read to its end, in milliseconds since `started`.
    heard: AtomicI64,
    stopped: AtomicBool,
}

impl Directory {
    /// Loads what is held whole and starts to follow the change feed, for as long as some clone lives.
    ///
    /// # Errors
    /// [`OpenError`] when the database or the master key does not allow it.
    pub async fn open(db: Db, master: Arc<MasterKey>, clock: Clock, settings: Settings) -> Result<Self, OpenError> {
        let wrapped = store::vault::get(&db, SECRET_HASH_KEY).await?.ok_or(OpenError::Corrupt("no key for the hashes of secrets"))?;
        let hash_key = master.unwrap("the key of secrets' hashes", SECRET_HASH_KEY, &wrapped)?;
        let hash_key: [u8; 32] =
            hash_key.as_slice().try_into().map_err(|_| OpenError::Corrupt("a key for the hashes of secrets of the wrong length"))?;

        // The number is read before anything else: what changes while the rest loads is heard of again from the feed.
        let seq = store::changes::head(&db).await?;
        let capacity = settings.capacity;
        let inner = Arc::new(Inner {
            hash_key: HashKey::new(&hash_key),
            clients: shelves(capacity),
            customer_keys: shelves(capacity),
            api_credentials: shelves(capacity),
            catalogue: RwLock::new(Arc::new(Catalogue::load(&db, seq, None).await?)),
            announcements: RwLock::new(announcements::load(&db, clock.now()).await?),
            keys: PerEnvironment {
                sandbox: RwLock::new(Arc::new(Keys::load(&db, &master, Environment::Sandbox).await?)),
                production: RwLock::new(Arc::new(Keys::load(&db, &master, Environment::Production).await?)),
            },
            revocations: Revocations::load(&db, clock.now()).await?,
            seq: watch::Sender::new(seq),
            started: Instant::now(),
            heard: AtomicI64::new(0),
            stopped: AtomicBool::new(false),
            db,
            clock,
            master,
            settings,
        });
        let waker = store::feed::Waker::new(&inner.db).await?;
        tokio::spawn(feed::follow(Arc::downgrade(&inner), waker));
        Ok(Self(inner))
    }

    /// The client with this identifier in this environment.
    ///
    /// # Errors
    /// [`Unavailable`] when it must be loaded and cannot be.
    pub async fn client(&self, environment: Environment, id: &str) -> Result<Option<Arc<Client>>, Unavailable> {
        let shelf = self.0.clients.of(environment);
        if let Some(known) = shelf.known(id) {
            return Ok(known);
        }
        let db = self.0.db.clone();
        let oldest = self.0.clock.now() - jiff::SignedDuration::from_secs(i64::from(MAX_LIFETIME));
        shelf.load(ClientId::from(id), move |id| async move { store::clients::record(&db, environment, &id, Moment(oldest)).await }).await
    }

    /// The customer key with this public half in this environment.
    ///
    /// # Errors
    /// [`Unavailable`] when it must be loaded and cannot be.
    pub async fn customer_key(&self, environment: Environment, id: &str) -> Result<Option<Arc<CustomerKey>>, Unavailable> {
        let shelf = self.0.customer_keys.of(environment);
        if let Some(known) = shelf.known(id) {
            return Ok(known);
        }
        let db = self.0.db.clone();
        shelf.load(ChildKey::from(id), move |id| async move { store::customer_keys::record(&db, environment, &id).await }).await
    }

    /// The API credential with this public identifier in this environment.
    ///
    /// # Errors
    /// [`Unavailable`] when it must be loaded and cannot be.
    pub async fn api_credential(&self, environment: Environment, id: &str) -> Result<Option<Arc<ApiCredential>>, Unavailable> {
        let shelf = self.0.api_credentials.of(environment);
        if let Some(known) = shelf.known(id) {
            return Ok(known);
        }
        let db = self.0.db.clone();
        shelf.load(ApiCredentialId::from(id), move |id| async move { store::api_credentials::record(&db, environment, &id).await }).await
    }

    /// Every published API.
    #[must_use]
    pub fn catalogue(&self) -> Arc<Catalogue> {
        Arc::clone(&self.0.catalogue.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// What the operator announced: what goes on, what is planned and what ended in the last 90 days,
    /// the latest first.
    #[must_use]
    pub fn announcements(&self) -> Arc<[Announcement]> {
        Arc::clone(&self.0.announcements.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The signing keys of an environment.
    #[must_use]
    pub fn keys(&self, environment: Environment) -> Arc<Keys> {
        Arc::clone(&self.0.keys.of(environment).read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether this one token was revoked.
    #[must_use]
    pub fn is_revoked(&self, token: Uuid) -> bool {
        self.0.revocations.contains(token)
    }

    /// The key under which secrets are hashed.
    #[must_use]
    pub fn hash_key(&self) -> &HashKey {
        &self.0.hash_key
    }

    /// The present.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// For how long nothing has been heard from the change feed.
    #[must_use]
    pub fn silence(&self) -> Duration {
        let heard = u64::try_from(self.0.heard.load(Ordering::Relaxed)).unwrap_or(0);
        self.0.started.elapsed().saturating_sub(Duration::from_millis(heard))
    }

    /// Whether revocations may be reaching this node late: the feed has been silent for two seconds or more.
    #[must_use]
    pub fn is_degraded(&self) -> bool {
        self.silence() >= SILENCE
    }

    /// Whether nothing may be decided any more: the feed has been silent for longer than `max_stale`.
    #[must_use]
    pub fn is_too_stale(&self) -> bool {
        self.0.settings.max_stale.is_some_and(|limit| self.silence() > limit)
    }

    /// Waits until everything committed before this call is known here. For surfaces that answer "done" in this very process.
    ///
    /// # Errors
    /// [`Unavailable`] when the database does not say how far that is.
    pub async fn catch_up(&self) -> Result<(), Unavailable> {
        let head = store::changes::head(&self.0.db).await.map_err(|_| Unavailable)?;
        let mut seq = self.0.seq.subscribe();
        seq.wait_for(|seq| *seq >= head).await.map(drop).map_err(|_| Unavailable)
    }

    /// Ends following the feed; the last clone dropped does the same.
    pub fn stop(&self) {
        self.0.stopped.store(true, Ordering::Relaxed);
    }
}

fn shelves<K: shelf::Key, V: Send + Sync + 'static>(capacity: u64) -> PerEnvironment<Shelf<K, V>> {
    PerEnvironment { sandbox: Shelf::new(capacity), production: Shelf::new(capacity) }
}

#[cfg(test)]
mod tests;
