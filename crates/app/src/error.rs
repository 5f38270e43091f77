//! Why a use case did not happen.

use domain::role::{Duty, Role};

use crate::{
    rule::Rule,
    words::{Words, role_spanish},
};

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
        mend: Words,
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
    Refused(Words),
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

const fn duty_spanish(duty: Duty) -> &'static str {
    match duty {
        Duty::See => "cualquier papel",
        Duty::Decide => "el papel de soporte o de administración",
        Duty::Publish => "el papel de publicación o de administración",
        Duty::Administer => "el papel de administración",
    }
}

impl From<Rule> for Error {
    fn from(rule: Rule) -> Self {
        Self::Rule(rule)
    }
}

impl Error {
    /// What it says, in both languages, for whoever shows it. Refusals about accounts and faults of a catalogue have no words of their own here.
    #[must_use]
    pub fn words(&self) -> Words {
        let spanish = match self {
            Self::Invalid { mend, .. } => return mend.clone(),
            Self::Refused(words) => return words.clone(),
            Self::Rule(rule) => rule.spanish(),
            Self::Taken { id, .. } => format!("«{id}» ya existe: elige otro."),
            Self::Forbidden { needs } => {
                let who = if *needs == Role::Owner { "quien tenga la propiedad" } else { "quien la administra" };
                let role = role_spanish(*needs);
                format!("Hace falta el papel de {role} en la organización: pide a {who} que lo haga o que te dé ese papel.")
            }
            Self::StaffOnly { needs } => {
                format!("Esto es cosa del equipo de la operadora, de quien tiene {}: pídeselo.", duty_spanish(*needs))
            }
            Self::NotFound { .. } => "No existe.".into(),
            Self::Wait { .. } => "Ha habido demasiados intentos: espera un poco.".into(),
            Self::Busy => "Ahora mismo hay demasiado trabajo: inténtalo otra vez enseguida.".into(),
            Self::Unproved => "Antes hay que volver a demostrar quién eres.".into(),
            Self::Faults(_) | Self::Account(_) | Self::Unopened(_) | Self::Store(_) => "No se ha hecho.".into(),
        };
        Words::new(spanish, self.to_string())
    }

    pub(crate) fn invalid(field: &'static str, spanish: impl Into<String>, english: impl Into<String>) -> Self {
        Self::Invalid { field, mend: Words::new(spanish, english) }
    }

    pub(crate) fn refused(spanish: impl Into<String>, english: impl Into<String>) -> Self {
        Self::Refused(Words::new(spanish, english))
    }

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

#[cfg(test)]
mod tests {
    use domain::Language::{English, Spanish};

    use super::*;

    #[test]
    fn who_may_not_hears_which_role_it_takes_in_both_languages() {
        let words = Error::Forbidden { needs: Role::Admin }.words();
        assert!(words.in_language(Spanish).contains("el papel de administración en la organización"), "{words:?}");
        assert_eq!(words.in_language(English), Error::Forbidden { needs: Role::Admin }.to_string());
        let words = Error::StaffOnly { needs: Duty::Decide }.words();
        assert!(words.in_language(Spanish).contains("soporte o de administración"), "{words:?}");
    }

    #[test]
    fn what_mends_a_value_is_said_without_the_name_of_its_field() {
        let error = Error::invalid("number", "Un número de contrato tiene 8 cifras.", "a contract number has 8 digits");
        assert_eq!(error.to_string(), "number: a contract number has 8 digits");
        assert_eq!(error.words().in_language(English), "a contract number has 8 digits");
        assert_eq!(error.words().in_language(Spanish), "Un número de contrato tiene 8 cifras.");
    }
}
