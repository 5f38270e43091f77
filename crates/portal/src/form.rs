//! What people type: the values of a form or a query, and what is wrong with them.

use app::Error;

use domain::{Language, openapi::source};

use crate::words;

/// The most a form may hold, in bytes.
const LONGEST: usize = 64 * 1024;

/// The most a form with a document may hold: a text is up to three times as long in it, where every sign of it must be escaped.
const LONGEST_DOCUMENT: usize = 3 * source::LONGEST + LONGEST;

/// The routes that take documents.
const DOCUMENTS: [&str; 2] = ["/console/apis/new", "/console/apis/{api}/new"];

/// The most a form for this route may hold, in bytes.
pub(crate) fn longest(route: &str) -> usize {
    if DOCUMENTS.contains(&route) { LONGEST_DOCUMENT } else { LONGEST }
}

/// The most fields that are looked at.
const MOST_FIELDS: usize = 200;

/// Names and values in their order, as `application/x-www-form-urlencoded` has them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Values(Vec<(String, String)>);

impl Values {
    pub(crate) fn read(encoded: &[u8]) -> Self {
        Self(form_urlencoded::parse(encoded).take(MOST_FIELDS).map(|(name, value)| (storable(&name), storable(&value))).collect())
    }

    /// These names and values.
    pub(crate) fn of(values: Vec<(String, String)>) -> Self {
        Self(values.into_iter().take(MOST_FIELDS).map(|(name, value)| (storable(&name), storable(&value))).collect())
    }

    /// The first value of that name as it was typed; empty when there is none.
    pub(crate) fn raw(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// The same, trimmed.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.raw(name).trim()
    }

    /// All but the values of these names, encoded again.
    pub(crate) fn without(&self, names: &[&str]) -> String {
        let kept = self.0.iter().filter(|(name, _)| !names.contains(&name.as_str()));
        form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).finish()
    }

    /// Every value of that name.
    pub(crate) fn all<'v>(&'v self, name: &'v str) -> impl Iterator<Item = &'v str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// A text without the one character that PostgreSQL keeps in none: a query that names it would fail as if the house were broken.
pub(crate) fn storable(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

/// Something wrong with a form; `field` is empty when it is about none in particular.
#[derive(Debug, Clone)]
pub(crate) struct Wrong {
    pub(crate) field: &'static str,
    pub(crate) text: String,
}

/// A form as it is shown: what was typed, and what is wrong with it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Form {
    values: Values,
    pub(crate) errors: Vec<Wrong>,
}

impl Form {
    /// An empty form.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// A form that begins with these values.
    pub(crate) fn with(values: &[(&str, &str)]) -> Self {
        Self { values: Values(values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()), errors: Vec::new() }
    }

    /// A form that keeps what was typed.
    pub(crate) fn typed(values: &Values) -> Self {
        Self { values: values.clone(), errors: Vec::new() }
    }

    /// This form with what was wrong with another one of the same page.
    pub(crate) fn blamed(mut self, other: Self) -> Self {
        self.errors.extend(other.errors);
        self
    }

    /// Notes what is wrong with a field (empty: with none in particular).
    pub(crate) fn wrong(&mut self, field: &'static str, text: impl Into<String>) {
        self.errors.push(Wrong { field, text: text.into() });
    }

    /// Notes what a use case said, beside the field it named. What no form can mend is handed back.
    pub(crate) fn refused(&mut self, error: Error, language: Language) -> Result<(), Error> {
        match error {
            Error::Invalid { field, mend } => self.wrong(field, words::said(&mend, language)),
            Error::Taken { .. } | Error::Refused(_) | Error::Rule(_) => self.wrong("", words::said(&error.words(), language)),
            other => return Err(other),
        }
        Ok(())
    }

    pub(crate) fn is_wrong(&self) -> bool {
        !self.errors.is_empty()
    }

    // What templates ask; askama hands names over as references to whatever they are.

    pub(crate) fn value(&self, name: &str) -> &str {
        self.values.raw(name)
    }

    pub(crate) fn is(&self, name: &str, value: &str) -> bool {
        self.values.raw(name) == value
    }

    pub(crate) fn has(&self, name: &str, value: &str) -> bool {
        self.values.all(name).any(|known| known == value)
    }

    pub(crate) fn error(&self, name: &str) -> Option<&str> {
        self.errors.iter().find(|wrong| wrong.field == name).map(|wrong| wrong.text.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_value_and_no_segment_holds_what_a_database_cannot_keep() {
        let values = Values::read(b"reason=a%00b&or%00ganisation=x&plain=y");
        assert_eq!((values.raw("reason"), values.raw("or\u{fffd}ganisation"), values.raw("plain")), ("a\u{fffd}b", "x", "y"));
        assert_eq!(crate::decoded("a%00b+c%20d"), "a\u{fffd}b+c d");
        assert_eq!(crate::decoded("a&b=c"), "a&b=c", "one segment is one value");
    }
}
