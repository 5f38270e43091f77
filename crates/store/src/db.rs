//! The database: SQLite in a file beside the program, or PostgreSQL.

use std::{path::PathBuf, str::FromStr, sync::Arc, time::Duration};

use sqlx::{
    PgPool, SqlitePool,
    migrate::Migrator,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tokio::sync::Notify;

use crate::{Error, Result, Tx, tx::Inner};

static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

sql! {
    /// sqlx keeps its own account of the steps taken.
    MIGRATED = "SELECT COUNT(*) FROM _sqlx_migrations WHERE success";
}

/// How long a statement may wait for a connection or a lock before the caller hears that the database is not available.
const PATIENCE: Duration = Duration::from_secs(5);

/// An open database. Cloning is cheap and shares the connections.
#[derive(Debug, Clone)]
pub enum Db {
    /// One file, one writer at a time, many readers.
    Sqlite(Sqlite),
    /// A server that many nodes share.
    Postgres(Postgres),
}

/// An open SQLite file.
#[derive(Debug, Clone)]
pub struct Sqlite {
    writer: SqlitePool,
    reader: SqlitePool,
    committed: Arc<Notify>,
}

/// Connections to a PostgreSQL server.
#[derive(Debug, Clone)]
pub struct Postgres {
    pool: PgPool,
    committed: Arc<Notify>,
}

impl Sqlite {
    pub(crate) fn reader(&self) -> &SqlitePool {
        &self.reader
    }
}

impl Postgres {
    pub(crate) fn pool(&self) -> &PgPool {
        &self.pool
    }
}

impl Db {
    /// Opens `url` (`sqlite://FILE` or `postgres://...`) without touching its tables; see [`Db::migrate`].
    ///
    /// A SQLite file is created when it is not there.
    ///
    /// # Errors
    /// [`Error::Address`] with the mend when the URL cannot be used, [`Error::Unavailable`] when nothing answers there.
    pub async fn open(url: &str) -> Result<Self> {
        if let Some(path) = sqlite_path(url) {
            return Self::open_sqlite(url, &path).await;
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let options = PgConnectOptions::from_str(url)
                .map_err(|error| Error::Address(format!("database_url is not a PostgreSQL address: {error}")))?
                .application_name("postigo")
                // A frozen server must not hold requests for longer than people wait.
                // A filter that may be empty is a parameter like any other: a plan for whatever it holds is a bad one for most of what it does.
                .options([("statement_timeout", "5000"), ("lock_timeout", "5000"), ("plan_cache_mode", "force_custom_plan")]);
            let pool = PgPoolOptions::new().max_connections(16).acquire_timeout(PATIENCE).connect_with(options).await?;
            return Ok(Self::Postgres(Postgres { pool, committed: Arc::default() }));
        }
        Err(Error::Address(format!(
            "database_url must start with sqlite:// or postgres://, not {:?}",
            url.split("://").next().unwrap_or_default()
        )))
    }

    async fn open_sqlite(url: &str, path: &std::path::Path) -> Result<Self> {
        let name = path.to_string_lossy();
        if name.is_empty() || name.contains(['?', '#']) || name.contains(":memory:") {
            return Err(Error::Address(format!("{url} must name a file and nothing else, as in sqlite://postigo-data/postigo.db")));
        }
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // What was acknowledged survives a power cut (credentials, revocations); batches keep the price low.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(PATIENCE);
        let refused = |error: sqlx::Error| match error {
            sqlx::Error::Database(cause) => {
                Error::Address(format!("cannot open {url}: {cause}; check that the folder exists and may be written"))
            }
            other => other.into(),
        };
        let writer = SqlitePoolOptions::new().max_connections(1).acquire_timeout(PATIENCE).connect_with(options.clone()).await;
        let writer = writer.map_err(refused)?;
        let reader = SqlitePoolOptions::new()
            .max_connections(4)
            .acquire_timeout(PATIENCE)
            // In KiB. Lists of a large house walk indexes that do not fit the 2 MB that SQLite takes by itself; a small house fills none of it.
            .connect_with(options.pragma("query_only", "true").pragma("cache_size", "-16384"))
            .await
            .map_err(refused)?;
        Ok(Self::Sqlite(Sqlite { writer, reader, committed: Arc::default() }))
    }

    /// Brings the tables to this version of the program. Safe to run from several nodes at once.
    ///
    /// # Errors
    /// [`Error::Migration`] when a step fails; what was done before stays done.
    pub async fn migrate(&self) -> Result<()> {
        match self {
            Self::Sqlite(db) => SQLITE.run(&db.writer).await?,
            Self::Postgres(db) => POSTGRES.run(&db.pool).await?,
        }
        Ok(())
    }

    /// How many steps [`Db::migrate`] would take.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn pending_migrations(&self) -> Result<usize> {
        let (total, done): (usize, Result<i64, sqlx::Error>) = match self {
            Self::Sqlite(db) => (SQLITE.iter().count(), sqlx::query_scalar(MIGRATED).fetch_one(&db.reader).await),
            Self::Postgres(db) => (POSTGRES.iter().count(), sqlx::query_scalar(MIGRATED).fetch_one(&db.pool).await),
        };
        match done {
            Ok(done) => Ok(total.saturating_sub(usize::try_from(done).unwrap_or(0))),
            // The table of steps itself comes with the first one.
            Err(sqlx::Error::Database(_)) => Ok(total),
            Err(error) => Err(error.into()),
        }
    }

    /// Begins a transaction that may write. On SQLite it takes the write lock at once, so that nothing read in it can be
    /// overtaken before it writes.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when no connection or lock could be had in time.
    pub async fn begin(&self) -> Result<Tx> {
        let inner = match self {
            Self::Sqlite(db) => Inner::Sqlite(db.writer.begin_with("BEGIN IMMEDIATE").await?),
            Self::Postgres(db) => Inner::Postgres(db.pool.begin().await?),
        };
        Ok(Tx::new(inner, Arc::clone(self.committed())))
    }

    /// Woken after each commit made by this process.
    pub(crate) fn committed(&self) -> &Arc<Notify> {
        match self {
            Self::Sqlite(db) => &db.committed,
            Self::Postgres(db) => &db.committed,
        }
    }

    /// The engine's name, for people.
    #[must_use]
    pub fn engine(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "SQLite",
            Self::Postgres(_) => "PostgreSQL",
        }
    }

    /// Prepares one statement without running it; a test calls this for each of [`statements`](crate::statements).
    ///
    /// # Errors
    /// What the engine says of the statement.
    pub async fn prepare(&self, statement: &'static str) -> Result<()> {
        use sqlx::Executor as _;
        match self {
            Self::Sqlite(db) => db.reader.prepare(sqlx::SqlStr::from_static(statement)).await.map(drop)?,
            Self::Postgres(db) => db.pool.prepare(sqlx::SqlStr::from_static(statement)).await.map(drop)?,
        }
        Ok(())
    }

    /// Closes every connection, waiting for what is under way.
    pub async fn close(&self) {
        match self {
            Self::Sqlite(db) => {
                db.reader.close().await;
                db.writer.close().await;
            }
            Self::Postgres(db) => db.pool.close().await,
        }
    }
}

/// The file a `sqlite://` URL names.
#[must_use]
pub fn sqlite_path(url: &str) -> Option<PathBuf> {
    let rest = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:"))?;
    Some(PathBuf::from(rest))
}
