//! Why a use case did not happen.

/// Every variant says what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What the use case is about is not there.
    #[error("there is no {what} {id}")]
    NotFound {
        /// The noun.
        what: &'static str,
        /// The id that was asked for.
        id: String,
    },
    /// A value cannot be used.
    #[error("{field}: {mend}")]
    Invalid {
        /// Which.
        field: &'static str,
        /// What would be right.
        mend: String,
    },
    /// A value that must be unique is taken.
    #[error("{what} exists already: {id}")]
    Taken {
        /// The noun.
        what: &'static str,
        /// The value.
        id: String,
    },
    /// A rule says no.
    #[error("{0}")]
    Refused(String),
    /// A rule about accounts says no.
    #[error(transparent)]
    Account(#[from] crate::accounts::Refusal),
    /// Who asks signed in, but proved it too long ago for this.
    #[error("prove again who you are first")]
    Unproved,
    /// There were too many failures.
    #[error("there were too many tries: wait until {until}")]
    Wait {
        /// When the next try may be made.
        until: domain::Timestamp,
    },
    /// More is asked for than can be done at once.
    #[error("too much is being asked for at this moment: try again shortly")]
    Busy,
    /// Documents of a catalogue with faults, each named with its file and place.
    #[error("the catalogue was not changed:\n{}", .0.join("\n"))]
    Faults(Vec<String>),
    /// The master key is not the one the database was made with.
    #[error(transparent)]
    Unopened(#[from] domain::wrapping::Unopened),
    /// The database did not do its part.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl Error {
    pub(crate) fn not_found(what: &'static str, id: impl ToString) -> Self {
        Self::NotFound { what, id: id.to_string() }
    }

    /// Names what was taken, where the database only knows that something was.
    pub(crate) fn taken(error: store::Error, what: &'static str, id: impl ToString) -> Self {
        match error {
            store::Error::Taken(_) => Self::Taken { what, id: id.to_string() },
            other => other.into(),
        }
    }
}
