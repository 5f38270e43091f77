//! A transaction with what it must tell others.

use std::sync::Arc;

use domain::Timestamp;
use sqlx::Transaction;
use tokio::sync::Notify;

use crate::{Moment, Result, audit, changes, changes::Change};

/// A transaction that may write. Dropping it undoes everything.
#[must_use = "a transaction that is not committed is undone"]
pub struct Tx {
    inner: Inner,
    changes: Vec<Change>,
    audits: Vec<audit::Entry>,
    committed: Arc<Notify>,
}

pub(crate) enum Inner {
    Sqlite(Transaction<'static, sqlx::Sqlite>),
    Postgres(Transaction<'static, sqlx::Postgres>),
}

impl Tx {
    pub(crate) fn new(inner: Inner, committed: Arc<Notify>) -> Self {
        Self { inner, changes: Vec::new(), audits: Vec::new(), committed }
    }

    pub(crate) fn inner(&mut self) -> &mut Inner {
        &mut self.inner
    }

    /// Announces `change` on the feed when this transaction commits.
    pub fn change(&mut self, change: Change) {
        if !self.changes.contains(&change) {
            self.changes.push(change);
        }
    }

    /// Adds an entry to the audit log when this transaction commits.
    pub fn audit(&mut self, entry: audit::Entry) {
        self.audits.push(entry);
    }

    /// Commits, with the audit entries and the changes written last: their numbers come from one row, whose lock is held
    /// only from here to the commit, so that numbers are gapless and in commit order.
    ///
    /// # Errors
    /// Any error means that nothing happened.
    pub async fn commit(mut self, now: Timestamp) -> Result<()> {
        let changes = std::mem::take(&mut self.changes);
        let audits = std::mem::take(&mut self.audits);
        if !changes.is_empty() || !audits.is_empty() {
            let mut feed = changes::lock(&mut self).await?;
            for change in &changes {
                feed.seq += 1;
                changes::append(&mut self, feed.seq, Moment(now), change).await?;
            }
            for entry in audits {
                feed.audit_seq += 1;
                feed.digest = audit::append(&mut self, feed.audit_seq, Moment(now), &feed.digest, &entry).await?;
            }
            changes::settle(&mut self, &feed).await?;
        }
        match self.inner {
            Inner::Sqlite(tx) => tx.commit().await?,
            Inner::Postgres(tx) => {
                let mut tx = tx;
                if !changes.is_empty() {
                    changes::notify(&mut tx).await?;
                }
                tx.commit().await?;
            }
        }
        if !changes.is_empty() {
            self.committed.notify_one();
        }
        Ok(())
    }
}
