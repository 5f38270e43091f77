//! What use cases say to people, in both languages: whoever shows it picks the reader's.

use std::fmt;

use domain::{
    Language,
    role::{Role, Staff},
};

/// A text in Spanish and in English. As text it is the English one, which is what the command line and the log show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// As spoken in Spain, a whole sentence.
    pub spanish: String,
    /// A clause, as errors are written: it begins small and ends without a dot.
    pub english: String,
}

impl Words {
    /// A text that says the same twice.
    pub fn new(spanish: impl Into<String>, english: impl Into<String>) -> Self {
        Self { spanish: spanish.into(), english: english.into() }
    }

    /// The text for somebody who reads this language.
    #[must_use]
    pub fn in_language(&self, language: Language) -> &str {
        language.pick(&self.spanish, &self.english)
    }
}

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.english)
    }
}

/// A role among the staff in Spanish: the area somebody looks after, so that it fits everybody.
#[must_use]
pub const fn staff_spanish(role: Staff) -> &'static str {
    match role {
        Staff::Viewer => "lectura",
        Staff::Support => "soporte",
        Staff::Publisher => "publicación",
        Staff::Administrator => "administración",
    }
}

/// A role in Spanish: the area somebody looks after, so that it fits everybody.
#[must_use]
pub const fn role_spanish(role: Role) -> &'static str {
    match role {
        Role::Viewer => "lectura",
        Role::Developer => "desarrollo",
        Role::Admin => "administración",
        Role::Owner => "propiedad",
    }
}
