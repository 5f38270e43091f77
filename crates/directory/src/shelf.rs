//! Records of one kind, loaded when first asked for.

use std::{
    borrow::Borrow,
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::sync::{Semaphore, watch};

/// The database did not give an answer in time; nothing is known about the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the directory cannot be read at the moment")]
pub struct Unavailable;

/// How long a load may take. Nobody waits longer for a frozen database.
const PATIENCE: Duration = Duration::from_secs(1);

/// How many loads of one kind run at once; the others queue, within their patience.
const LOADS: usize = 8;

/// What can be a key.
pub(crate) trait Key: Borrow<str> + Hash + Eq + Clone + Send + Sync + 'static {}
impl<K: Borrow<str> + Hash + Eq + Clone + Send + Sync + 'static> Key for K {}

type Loaded<V> = Option<Result<Option<Arc<V>>, Unavailable>>;
type Flights<K, V> = HashMap<K, Arc<watch::Sender<Loaded<V>>>>;

/// A bounded shelf of records. "There is none" is a record too, on a shelf of its own, so that unknown keys can neither push out known ones
/// nor ask the database again and again.
///
/// One load runs for a key, however many wait for it. A load that began before [`Shelf::forget`] is never kept: both happen under the one
/// lock, and a load that is not in the table any more keeps nothing.
pub(crate) struct Shelf<K, V> {
    present: moka::sync::Cache<K, Arc<V>>,
    absent: moka::sync::Cache<K, ()>,
    loading: Arc<Mutex<Flights<K, V>>>,
    loads: Arc<Semaphore>,
}

impl<K: Key, V: Send + Sync + 'static> Shelf<K, V> {
    pub(crate) fn new(capacity: u64) -> Self {
        Self {
            present: moka::sync::Cache::new(capacity),
            absent: moka::sync::Cache::builder().max_capacity((capacity / 10).max(100)).time_to_live(Duration::from_secs(60)).build(),
            loading: Arc::default(),
            loads: Arc::new(Semaphore::new(LOADS)),
        }
    }

    /// The record when it is known, or known not to exist; `None` when it must be loaded.
    pub(crate) fn known(&self, key: &str) -> Option<Option<Arc<V>>> {
        if let Some(record) = self.present.get(key) {
            return Some(Some(record));
        }
        self.absent.contains_key(key).then_some(None)
    }

    /// Loads the record with `load`, or waits for the load that is under way.
    pub(crate) async fn load<F, L>(&self, key: K, load: F) -> Result<Option<Arc<V>>, Unavailable>
    where
        F: FnOnce(K) -> L + Send + 'static,
        L: Future<Output = Result<Option<V>, store::Error>> + Send + 'static,
    {
        let mut waiting = {
            let mut loading = self.loading.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(known) = self.known(key.borrow()) {
                return Ok(known);
            }
            match loading.get(key.borrow()) {
                Some(flight) => flight.subscribe(),
                None => {
                    let flight = Arc::new(watch::Sender::new(None));
                    let waiting = flight.subscribe();
                    loading.insert(key.clone(), Arc::clone(&flight));
                    // A task of its own: a caller who gives up takes nobody else's answer along.
                    self.spawn(key, flight, load);
                    waiting
                }
            }
        };
        let loaded = waiting.wait_for(Option::is_some).await.map_err(|_| Unavailable)?;
        loaded.clone().unwrap_or(Err(Unavailable))
    }

    fn spawn<F, L>(&self, key: K, flight: Arc<watch::Sender<Loaded<V>>>, load: F)
    where
        F: FnOnce(K) -> L + Send + 'static,
        L: Future<Output = Result<Option<V>, store::Error>> + Send + 'static,
    {
        let (present, absent) = (self.present.clone(), self.absent.clone());
        let (loading, loads) = (Arc::clone(&self.loading), Arc::clone(&self.loads));
        tokio::spawn(async move {
            let attempt = async {
                let _turn = loads.acquire().await.map_err(|_| Unavailable)?;
                load(key.clone()).await.map_err(|error| {
                    tracing::error!(%error, "a record could not be loaded");
                    Unavailable
                })
            };
            let loaded = tokio::time::timeout(PATIENCE, attempt).await.unwrap_or(Err(Unavailable)).map(|found| found.map(Arc::new));
            {
                let mut loading = loading.lock().unwrap_or_else(PoisonError::into_inner);
                if loading.get(key.borrow()).is_some_and(|current| Arc::ptr_eq(current, &flight)) {
                    loading.remove(key.borrow());
                    match &loaded {
                        Ok(Some(record)) => present.insert(key, Arc::clone(record)),
                        Ok(None) => absent.insert(key, ()),
                        Err(Unavailable) => {}
                    }
                }
            }
            flight.send_replace(Some(loaded));
        });
    }

    /// Forgets what is known of `key`; a load under way is answered to those who wait, and not kept.
    pub(crate) fn forget(&self, key: &str) {
        let mut loading = self.loading.lock().unwrap_or_else(PoisonError::into_inner);
        loading.remove(key);
        self.present.invalidate(key);
        self.absent.invalidate(key);
    }

    /// Forgets everything.
    pub(crate) fn forget_all(&self) {
        let mut loading = self.loading.lock().unwrap_or_else(PoisonError::into_inner);
        loading.clear();
        self.present.invalidate_all();
        self.absent.invalidate_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use domain::ClientId;
    use tokio::sync::Notify;

    use super::*;

    type Numbers = Shelf<ClientId, usize>;

    #[tokio::test]
    async fn one_load_answers_however_many_wait() {
        let shelf = Arc::new(Numbers::new(100));
        let (loads, open) = (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
        let waiting: Vec<_> = (0..50)
            .map(|_| {
                let (shelf, loads, open) = (Arc::clone(&shelf), Arc::clone(&loads), Arc::clone(&open));
                tokio::spawn(async move {
                    shelf
                        .load("a".into(), |_| async move {
                            loads.fetch_add(1, Ordering::SeqCst);
                            open.notified().await;
                            Ok(Some(7))
                        })
                        .await
                })
            })
            .collect();
        while loads.load(Ordering::SeqCst) == 0 {
            tokio::task::yield_now().await;
        }
        open.notify_one();
        for task in waiting {
            assert_eq!(task.await.expect("joins").expect("available").as_deref(), Some(&7));
        }
        assert_eq!(loads.load(Ordering::SeqCst), 1);
        assert!(shelf.known("a").is_some());
    }

    #[tokio::test]
    async fn a_load_that_began_before_a_forget_is_not_kept() {
        let shelf = Arc::new(Numbers::new(100));
        let (begun, open) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let task = {
            let (shelf, begun, open) = (Arc::clone(&shelf), Arc::clone(&begun), Arc::clone(&open));
            tokio::spawn(async move {
                shelf
                    .load("a".into(), |_| async move {
                        begun.notify_one();
                        open.notified().await;
                        Ok(Some(1))
                    })
                    .await
            })
        };
        begun.notified().await;
        shelf.forget("a");
        // Whoever asks after the forget gets a load of its own.
        let fresh = shelf.load("a".into(), |_| async { Ok(Some(2)) }).await.expect("available");
        assert_eq!(fresh.as_deref(), Some(&2));
        open.notify_one();
        task.await.expect("joins").expect("available");
        assert_eq!(shelf.known("a").flatten().as_deref(), Some(&2), "the older load must not overwrite the newer");
    }

    #[tokio::test]
    async fn an_absent_record_is_known_to_be_absent_until_forgotten() {
        let shelf = Numbers::new(100);
        assert_eq!(shelf.load("a".into(), |_| async { Ok(None) }).await, Ok(None));
        assert_eq!(shelf.known("a"), Some(None));
        shelf.forget("a");
        assert_eq!(shelf.known("a"), None);
    }

    #[tokio::test(start_paused = true)]
    async fn a_frozen_database_is_given_up_after_a_second_and_nothing_is_kept() {
        let shelf = Numbers::new(100);
        let started = tokio::time::Instant::now();
        assert_eq!(shelf.load("a".into(), |_| std::future::pending()).await, Err(Unavailable));
        assert!(started.elapsed() <= PATIENCE + Duration::from_millis(10));
        assert_eq!(shelf.known("a"), None);
    }

    #[tokio::test]
    async fn unknown_keys_do_not_grow_without_bound_and_do_not_push_out_known_ones() {
        let shelf = Numbers::new(1000);
        shelf.load("known".into(), |_| async { Ok(Some(1)) }).await.expect("available");
        for i in 0..5000 {
            shelf.load(format!("unknown-{i}").into(), |_| async { Ok(None) }).await.expect("available");
        }
        shelf.absent.run_pending_tasks();
        assert!(shelf.absent.entry_count() <= 100, "{}", shelf.absent.entry_count());
        assert!(shelf.known("known").flatten().is_some());
    }
}
