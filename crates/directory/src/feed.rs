//! Following the change feed (invariant 3).

use std::{
    sync::{Arc, PoisonError, Weak, atomic::Ordering},
    time::Duration,
};

use domain::Environment;
use store::{changes::Change, feed::Waker};
use tokio::time::Instant;

use crate::{Catalogue, Inner, Keys, OpenError, announcements};

/// How long to wait before trying again when the database does not answer.
const RETRY: Duration = Duration::from_millis(200);

/// How long reading the feed may take. A database that hangs must not keep this node from its next try.
const PATIENCE: Duration = Duration::from_secs(5);

/// How often revoked tokens that expired are let go.
const PRUNE: Duration = Duration::from_secs(60);

/// Reads the feed until the directory is gone.
pub(crate) async fn follow(directory: Weak<Inner>, waker: Waker) {
    let mut waker = Some(waker);
    let mut pruned = Instant::now();
    loop {
        {
            let Some(inner) = directory.upgrade().filter(|inner| !inner.stopped.load(Ordering::Relaxed)) else { return };
            match tokio::time::timeout(PATIENCE, inner.read_feed()).await.unwrap_or(Err(OpenError::Corrupt("nothing to say in time"))) {
                Ok(()) => {
                    let heard = i64::try_from(inner.started.elapsed().as_millis()).unwrap_or(i64::MAX);
                    inner.heard.store(heard, Ordering::Relaxed);
                }
                Err(error) => {
                    tracing::warn!(%error, "the change feed cannot be read; trying again");
                    waker = None;
                }
            }
            if pruned.elapsed() >= PRUNE {
                pruned = Instant::now();
                inner.revocations.prune(inner.clock.now());
            }
            if waker.is_none() {
                waker = Waker::new(&inner.db).await.ok();
            }
        }
        // Nothing of the directory is held while waiting, so that dropping the last clone ends this.
        match waker.as_mut() {
            Some(listening) => {
                if listening.wait().await.is_err() {
                    waker = None;
                }
            }
            None => tokio::time::sleep(RETRY).await,
        }
    }
}

impl Inner {
    /// Acts on every change since the last one. The number moves on only when a change has been acted on, so that nothing is lost
    /// when a reload fails.
    pub(crate) async fn read_feed(&self) -> Result<(), OpenError> {
        loop {
            let after = *self.seq.borrow();
            let changes = store::changes::after(&self.db, after).await?;
            let Some((first, _)) = changes.first() else { return Ok(()) };
            if *first != after + 1 {
                // Older changes were pruned while this node was away.
                self.forget_everything(*first - 1).await?;
                self.seq.send_replace(*first - 1);
            }
            // What was read with the first of several changes to the catalogue has the others in it: they were committed before.
            let mut reloaded = false;
            for (seq, change) in changes {
                let again = reloaded && change == Some(Change::Catalogue);
                reloaded |= matches!(change, None | Some(Change::Catalogue));
                match change {
                    Some(_) if again => {}
                    Some(change) => self.act_on(&change, seq).await?,
                    None => self.forget_everything(seq).await?,
                }
                self.seq.send_replace(seq);
            }
        }
    }

    async fn act_on(&self, change: &Change, seq: i64) -> Result<(), OpenError> {
        match change {
            Change::Client(id) => Environment::ALL.iter().for_each(|e| self.clients.of(*e).forget(id.as_str())),
            Change::CustomerKey(id) => Environment::ALL.iter().for_each(|e| self.customer_keys.of(*e).forget(id.as_str())),
            Change::ApiCredential(id) => Environment::ALL.iter().for_each(|e| self.api_credentials.of(*e).forget(id.as_str())),
            Change::Catalogue => self.reload_catalogue(seq).await?,
            Change::SigningKeys(environment) => self.reload_keys(*environment).await?,
            Change::Announcements => self.reload_announcements().await?,
            Change::RevokedToken(id) => {
                if let Some(until) = store::revoked_tokens::find(&self.db, *id).await? {
                    self.revocations.pin(*id, until.0);
                }
            }
        }
        Ok(())
    }

    async fn forget_everything(&self, seq: i64) -> Result<(), OpenError> {
        for environment in Environment::ALL {
            self.clients.of(*environment).forget_all();
            self.customer_keys.of(*environment).forget_all();
            self.api_credentials.of(*environment).forget_all();
            self.reload_keys(*environment).await?;
        }
        for (id, until) in store::revoked_tokens::live(&self.db, store::Moment(self.clock.now())).await? {
            self.revocations.pin(id, until.0);
        }
        self.reload_announcements().await?;
        self.reload_catalogue(seq).await
    }

    async fn reload_announcements(&self) -> Result<(), OpenError> {
        let announcements = announcements::load(&self.db, self.clock.now()).await?;
        *self.announcements.write().unwrap_or_else(PoisonError::into_inner) = announcements;
        Ok(())
    }

    async fn reload_catalogue(&self, seq: i64) -> Result<(), OpenError> {
        let before = Arc::clone(&self.catalogue.read().unwrap_or_else(PoisonError::into_inner));
        let catalogue = Catalogue::load(&self.db, seq, Some(&before)).await?;
        *self.catalogue.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(catalogue);
        Ok(())
    }

    async fn reload_keys(&self, environment: Environment) -> Result<(), OpenError> {
        let keys = Keys::load(&self.db, &self.master, environment).await?;
        *self.keys.of(environment).write().unwrap_or_else(PoisonError::into_inner) = Arc::new(keys);
        Ok(())
    }
}
