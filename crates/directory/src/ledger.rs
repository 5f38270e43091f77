//! What the hot path learns and others want to know later: decisions, when a secret, a customer key or a method was last used, and how often
//! customer keys are.
//!
//! It goes through one bounded channel, or is counted where it happens, and is written in batches. When the channel is full the loss is counted and nobody waits.

use std::{
    collections::BTreeMap,
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use domain::{
    ChildKey, ClientId, Clock, ProjectId, SecretId, Timestamp, client_method::ClientMethod, decision::Decision, token_refusal::TokenRefusal,
};
use store::{Db, Moment};
use tokio::sync::mpsc;

use crate::key_usage::{self, KeyUsage};

/// How many facts may wait to be written.
const WAITING: usize = 8192;
/// How many are written in one transaction.
const BATCH: usize = 512;
/// How long a fact waits for company.
const GATHER: Duration = Duration::from_millis(100);
/// A secret in constant use is noted this often.
const NOTE_EVERY: Duration = Duration::from_secs(10);
/// The same of a customer key: there are many more of them, and it is enough to know the hour.
const NOTE_KEY_EVERY: Duration = Duration::from_secs(300);
/// And of how a client proves itself: people look at it by the day.
const NOTE_METHOD_EVERY: Duration = Duration::from_secs(300);
/// How long the last use of a method is remembered, in hours: a year.
const METHODS_KEPT: i64 = 365 * 24;
/// Of the refused token requests that name clients of one project, one of a kind is kept this often: anybody can name a client.
const REFUSAL_EVERY: Duration = Duration::from_secs(5);
/// How often what is too old is removed.
const SWEEP: Duration = Duration::from_secs(3600);
/// How often the use of customer keys is written.
const TALLY: Duration = Duration::from_secs(10);

enum Fact {
    Decision(Box<Decision>),
    TokenRefusal(Box<TokenRefusal>),
    SecretUsed(SecretId, Use),
    KeyUsed(ChildKey, Timestamp),
    MethodUsed(ClientId, ClientMethod, Use),
}

struct Use {
    at: Timestamp,
    address: IpAddr,
    agent: Option<Box<str>>,
}

impl Use {
    fn new(at: Timestamp, address: IpAddr, agent: Option<&str>) -> Self {
        let agent = agent.map(|agent| agent.chars().filter(|c| !c.is_control()).take(200).collect::<String>().into());
        Self { at, address, agent }
    }
}

/// How many facts were lost: the channel was full, or the database did not take them.
#[derive(Debug, Clone, Default)]
pub struct Lost(Arc<AtomicU64>);

impl Lost {
    /// The count since the start.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Where the hot path leaves what it learnt. Cloning is cheap; when the last clone is gone, what waits is written and the task ends.
#[derive(Clone)]
pub struct Ledger {
    facts: mpsc::Sender<Fact>,
    noted: moka::sync::Cache<SecretId, ()>,
    noted_keys: moka::sync::Cache<ChildKey, ()>,
    noted_methods: moka::sync::Cache<(ClientId, ClientMethod), ()>,
    refused: moka::sync::Cache<(ProjectId, &'static str), ()>,
    usage: Arc<KeyUsage>,
    lost: Lost,
}

impl Ledger {
    /// Starts writing to `db`; decisions are kept for `retention`. The handle ends once every clone is gone and all is written.
    #[must_use]
    pub fn open(db: Db, clock: Clock, retention: Duration) -> (Self, tokio::task::JoinHandle<()>) {
        let (facts, waiting) = mpsc::channel(WAITING);
        let lost = Lost::default();
        let usage = Arc::new(KeyUsage::default());
        let writer = tokio::spawn(write(db, clock, retention, waiting, Arc::clone(&usage), lost.clone()));
        let noted = moka::sync::Cache::builder().max_capacity(100_000).time_to_live(NOTE_EVERY).build();
        let noted_keys = moka::sync::Cache::builder().max_capacity(100_000).time_to_live(NOTE_KEY_EVERY).build();
        let noted_methods = moka::sync::Cache::builder().max_capacity(200_000).time_to_live(NOTE_METHOD_EVERY).build();
        let refused = moka::sync::Cache::builder().max_capacity(100_000).time_to_live(REFUSAL_EVERY).build();
        (Self { facts, noted, noted_keys, noted_methods, refused, usage, lost }, writer)
    }

    /// Keeps a decision.
    pub fn decision(&self, decision: Decision) {
        self.send(Fact::Decision(Box::new(decision)));
    }

    /// Keeps the refusal of a token request, unless one of its project with the same code was kept a moment ago. The next use of each of
    /// these secrets, the client's, is noted however lately one was: whoever mends what was wrong sees that they did.
    pub fn token_refused(&self, refusal: TokenRefusal, secrets: impl Iterator<Item = SecretId>) {
        let kind = (refusal.caller.project, refusal.code);
        if self.refused.contains_key(&kind) {
            return;
        }
        self.refused.insert(kind, ());
        secrets.for_each(|id| self.noted.invalidate(&id));
        self.send(Fact::TokenRefusal(Box::new(refusal)));
    }

    /// Notes that a secret got a token.
    pub fn secret_used(&self, id: SecretId, at: Timestamp, address: IpAddr, agent: Option<&str>) {
        if self.noted.contains_key(&id) {
            return;
        }
        self.noted.insert(id, ());
        self.send(Fact::SecretUsed(id, Use::new(at, address, agent)));
    }

    /// Notes that a customer key got a token.
    pub fn key_used(&self, id: &ChildKey, at: Timestamp) {
        if !self.noted_keys.contains_key(id) {
            self.noted_keys.insert(id.clone(), ());
            self.send(Fact::KeyUsed(id.clone(), at));
        }
    }

    /// Counts a request with a customer key.
    pub fn key_called(&self, key: &ChildKey, at: Timestamp, passed: bool) {
        if !self.usage.count(key, at, passed) {
            self.lost.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Notes by which method a client proved itself.
    pub fn method_used(&self, client: &ClientId, method: ClientMethod, at: Timestamp, address: IpAddr, agent: Option<&str>) {
        // A clone of the id counts one more owner of its text and copies nothing.
        let key = (client.clone(), method);
        if self.noted_methods.contains_key(&key) {
            return;
        }
        self.send(Fact::MethodUsed(client.clone(), method, Use::new(at, address, agent)));
        self.noted_methods.insert(key, ());
    }

    /// How many facts were lost so far.
    #[must_use]
    pub fn lost(&self) -> &Lost {
        &self.lost
    }

    fn send(&self, fact: Fact) {
        if self.facts.try_send(fact).is_err() {
            self.lost.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}

async fn write(db: Db, clock: Clock, retention: Duration, mut waiting: mpsc::Receiver<Fact>, usage: Arc<KeyUsage>, lost: Lost) {
    let mut sweep = tokio::time::interval(SWEEP);
    let mut tally = tokio::time::interval(TALLY);
    let mut batch = Vec::with_capacity(BATCH);
    loop {
        tokio::select! {
            received = waiting.recv_many(&mut batch, BATCH) => {
                if received == 0 {
                    lost.0.fetch_add(usage.write(&db, &clock).await, Ordering::Relaxed);
                    return;
                }
                if received < BATCH {
                    tokio::time::sleep(GATHER).await;
                    while batch.len() < BATCH {
                        match waiting.try_recv() {
                            Ok(fact) => batch.push(fact),
                            Err(_) => break,
                        }
                    }
                }
                let facts = batch.len() as u64;
                if let Err(error) = keep(&db, &clock, std::mem::take(&mut batch)).await {
                    lost.0.fetch_add(facts, Ordering::Relaxed);
                    tracing::error!(%error, "decisions and uses could not be written and are lost");
                }
            }
            _ = tally.tick() => {
                lost.0.fetch_add(usage.write(&db, &clock).await, Ordering::Relaxed);
            }
            _ = sweep.tick() => {
                let before = jiff::SignedDuration::try_from(retention).ok().and_then(|kept| clock.now().checked_sub(kept).ok());
                let before = before.unwrap_or(Timestamp::MIN);
                if let Err(error) = tidy(&db, before, clock.now()).await {
                    tracing::warn!(%error, "old decisions could not be removed");
                }
            }
        }
    }
}

async fn keep(db: &Db, clock: &Clock, batch: Vec<Fact>) -> store::Result<()> {
    let mut tx = db.begin().await?;
    // Written in the order of their ids, so that two nodes that note the same do not wait for each other in a circle.
    let mut uses = BTreeMap::new();
    let mut keys = BTreeMap::new();
    let mut methods = BTreeMap::new();
    for fact in batch {
        match fact {
            Fact::Decision(decision) => store::decisions::insert(&mut tx, &decision).await?,
            Fact::TokenRefusal(refusal) => store::decisions::insert_token_refusal(&mut tx, &refusal).await?,
            Fact::SecretUsed(id, used) => drop(uses.insert(id, used)),
            Fact::KeyUsed(id, at) => drop(keys.insert(id, at)),
            Fact::MethodUsed(client, method, used) => drop(methods.insert((client, method), used)),
        }
    }
    for (id, at) in keys {
        store::acting::note_use(&mut tx, &id, Moment(at)).await?;
    }
    let used = |(id, used): (SecretId, Use)| store::uses::Use {
        id,
        at: Moment(used.at),
        address: used.address.to_string(),
        agent: used.agent.map(String::from),
    };
    store::uses::note(&mut tx, &uses.into_iter().map(used).collect::<Vec<_>>()).await?;
    for ((client, method), used) in methods {
        let address = used.address.to_string();
        store::client_methods::note(&mut tx, &client, method, Moment(used.at), &address, used.agent.as_deref()).await?;
    }
    tx.commit(clock.now()).await
}

async fn tidy(db: &Db, before: Timestamp, now: Timestamp) -> store::Result<()> {
    let surplus = store::decisions::surplus(db).await?.map_or(Timestamp::MIN, |at| at.0);
    loop {
        let mut tx = db.begin().await?;
        let removed = store::decisions::prune(&mut tx, Moment(before.max(surplus))).await?;
        tx.commit(now).await?;
        if removed == 0 {
            break;
        }
    }
    key_usage::tidy(db, now).await?;
    let forgotten = Moment(now.checked_sub(jiff::SignedDuration::from_hours(METHODS_KEPT)).unwrap_or(Timestamp::MIN));
    for method in ClientMethod::ALL {
        loop {
            let mut tx = db.begin().await?;
            let removed = store::client_methods::prune(&mut tx, *method, forgotten).await?;
            tx.commit(now).await?;
            if removed == 0 {
                break;
            }
        }
    }
    let mut tx = db.begin().await?;
    // A node may be away for an hour and still catch up from the feed; for longer, it starts anew.
    let hour = jiff::SignedDuration::from_hours(1);
    store::revoked_tokens::prune(&mut tx, Moment(now - hour)).await?;
    tx.commit(now).await?;
    store::changes::prune(db, Moment(now - hour), Moment(now)).await
}
