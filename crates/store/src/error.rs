//! What can go wrong in the database, sorted by what the caller can do about it.

/// An error of the store. "Not found" is never one: it is an `Option`.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A value that must be unique is taken.
    #[error("{0} exists already")]
    Taken(String),
    /// A row that another row needs is not there.
    #[error("it refers to something that does not exist")]
    Dangling,
    /// The database cannot be reached or is too busy: trying again later may help.
    #[error("the database is not available: {0}")]
    Unavailable(#[source] sqlx::Error),
    /// A row holds what no version of this program wrote.
    #[error("the database holds {0}")]
    Corrupt(&'static str),
    /// The address of the database cannot be used.
    #[error("{0}")]
    Address(String),
    /// The tables could not be brought to this version.
    #[error("migration failed: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// Anything else.
    #[error("the database refused: {0}")]
    Database(#[source] sqlx::Error),
}

impl Error {
    /// Whether trying again later may help.
    #[must_use]
    pub const fn is_unavailable(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(cause) if cause.is_unique_violation() => {
                Self::Taken(cause.constraint().unwrap_or("this value").to_owned())
            }
            sqlx::Error::Database(cause) if cause.is_foreign_key_violation() => Self::Dangling,
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) | sqlx::Error::Tls(_) => Self::Unavailable(error),
            // SQLITE_BUSY and SQLITE_FULL; PostgreSQL's classes 53 (resources), 57 (shutdown), 58 (system), and what it undid because another
            // transaction was in its way: a deadlock or a serialization failure.
            sqlx::Error::Database(cause)
                if cause.code().is_some_and(|code| {
                    matches!(code.as_ref(), "5" | "13" | "40P01" | "40001")
                        || ["53", "57", "58"].iter().any(|class| code.starts_with(class) && code.len() == 5)
                }) =>
            {
                Self::Unavailable(error)
            }
            _ => Self::Database(error),
        }
    }
}
