//! The languages that everything a customer reads exists in.

use crate::words::words;

words! {
    /// A language of pages and mails.
    pub enum Language: "a language" {
        /// As spoken in Spain.
        Spanish = "es",
        /// What is read when nothing better is known.
        English = "en",
    }
}

impl Language {
    /// The text in this language.
    #[must_use]
    pub const fn pick<'a>(self, spanish: &'a str, english: &'a str) -> &'a str {
        match self {
            Self::Spanish => spanish,
            Self::English => english,
        }
    }
}
