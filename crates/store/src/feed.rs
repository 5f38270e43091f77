//! Waiting for the next commit, whoever makes it.

use std::{sync::Arc, time::Duration};

use sqlx::postgres::PgListener;
use tokio::sync::Notify;

use crate::{Db, Result, changes::CHANNEL};

/// How often a SQLite file is read for what another process wrote: one indexed look-up in memory, ten times a second.
const SQLITE_LOOK: Duration = Duration::from_millis(100);
/// How often PostgreSQL is read even when nothing woke us: notifications can be lost with a connection.
const POSTGRES_LOOK: Duration = Duration::from_millis(500);

/// Wakes whoever reads the change feed: at once after a commit of this process, at once (PostgreSQL) or within a tenth of a second
/// (SQLite) after a commit of another.
pub struct Waker {
    committed: Arc<Notify>,
    listener: Option<Box<PgListener>>,
}

impl Waker {
    /// Starts listening.
    ///
    /// # Errors
    /// When no connection can be had.
    pub async fn new(db: &Db) -> Result<Self> {
        let listener = match db {
            Db::Sqlite(_) => None,
            Db::Postgres(postgres) => {
                let mut listener = PgListener::connect_with(postgres.pool()).await?;
                listener.listen(CHANNEL).await?;
                Some(Box::new(listener))
            }
        };
        Ok(Self { committed: Arc::clone(db.committed()), listener })
    }

    /// Waits until there may be something new.
    ///
    /// # Errors
    /// When the connection is gone; make a new [`Waker`] then.
    pub async fn wait(&mut self) -> Result<()> {
        match &mut self.listener {
            None => tokio::select! {
                () = self.committed.notified() => {}
                () = tokio::time::sleep(SQLITE_LOOK) => {}
            },
            Some(listener) => tokio::select! {
                () = self.committed.notified() => {}
                () = tokio::time::sleep(POSTGRES_LOOK) => {}
                notification = listener.recv() => drop(notification?),
            },
        }
        Ok(())
    }
}
