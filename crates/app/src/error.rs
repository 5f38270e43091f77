//! Why a use case did not happen.

use domain::role::{Duty, Role};

use crate::rule::Rule;

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
    /// A member's role is not enough. Strangers never hear this: for them the thing does not exist.
    #[error("this takes the role {needs} in the organisation: ask {} to do it, or to give you the role", who_gives(*.needs))]
    Forbidden {
        /// The least role that may.
        needs: Role,
    },
    /// It is for the operator's staff, and for those with this duty only.
    #[error("this is for the operator's staff of the role {}: ask one of them", who_has(*.needs))]
    StaffOnly {
        /// The duty it takes.
        needs: Duty,
    },
    /// A rule says no to a member; it has its words in both languages.
    #[error(transparent)]
    Rule(Rule),
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

/// Who can raise somebody to a role.
const fn who_gives(role: Role) -> &'static str {
    match role {
        Role::Owner => "one of its owners",
        Role::Admin | Role::Developer | Role::Viewer => "one of its admins or owners",
    }
}

const fn who_has(duty: Duty) -> &'static str {
    match duty {
        Duty::See => "viewer or above",
        Duty::Decide => "support or administrator",
        Duty::Publish => "publisher or administrator",
        Duty::Administer => "administrator",
    }
}

impl From<Rule> for Error {
    fn from(rule: Rule) -> Self {
        Self::Rule(rule)
    }
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
