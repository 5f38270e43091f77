//! Scopes and sets of them (RFC 6749, section 3.3).

use std::{borrow::Borrow, fmt, sync::Arc};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// One scope: at least one character of `%x21 / %x23-5B / %x5D-7E`, case-sensitive.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Scope(Arc<str>);

/// A text that is not a scope.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a scope is made of printable ASCII characters without spaces, quotes or backslashes, and is at most {MAX_LENGTH} long")]
pub struct NotAScope;

/// The longest scope accepted, in characters.
const MAX_LENGTH: usize = 128;

impl Scope {
    /// The text itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for Scope {
    type Err = NotAScope;
    fn from_str(text: &str) -> Result<Self, NotAScope> {
        let fits = (1..=MAX_LENGTH).contains(&text.len()) && text.bytes().all(|b| matches!(b, 0x21 | 0x23..=0x5B | 0x5D..=0x7E));
        if fits { Ok(Self(text.into())) } else { Err(NotAScope) }
    }
}

impl Borrow<str> for Scope {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A set of scopes, byte-sorted, without repetition. Written with one space (`%x20`) between them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct ScopeSet(Vec<Scope>);

impl ScopeSet {
    /// No scope at all.
    pub const EMPTY: Self = Self(Vec::new());

    /// Reads a space-separated list. Only `%x20` separates; several in a row count as one, because clients join lists by hand.
    ///
    /// # Errors
    /// [`NotAScope`] when a word holds a character that RFC 6749 does not allow.
    pub fn parse(text: &str) -> Result<Self, NotAScope> {
        text.split(' ').filter(|word| !word.is_empty()).map(str::parse).collect()
    }

    /// Whether `scope` is in the set.
    #[must_use]
    pub fn contains(&self, scope: &str) -> bool {
        self.0.binary_search_by(|own| own.as_str().cmp(scope)).is_ok()
    }

    /// Whether every scope of `other` is in the set.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        other.iter().all(|scope| self.contains(scope.as_str()))
    }

    /// What both sets hold.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        Self(self.0.iter().filter(|scope| other.contains(scope.as_str())).cloned().collect())
    }

    /// What either set holds.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        self.0.iter().chain(&other.0).cloned().collect()
    }

    /// Whether nothing is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The scopes in byte order.
    pub fn iter(&self) -> impl Iterator<Item = &Scope> {
        self.0.iter()
    }
}

impl FromIterator<Scope> for ScopeSet {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        let mut scopes: Vec<_> = scopes.into_iter().collect();
        scopes.sort_unstable();
        scopes.dedup();
        Self(scopes)
    }
}

impl TryFrom<String> for ScopeSet {
    type Error = NotAScope;
    fn try_from(text: String) -> Result<Self, NotAScope> {
        Self::parse(&text)
    }
}

impl fmt::Display for ScopeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, scope) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str(" ")?;
            }
            f.write_str(scope.as_str())?;
        }
        Ok(())
    }
}

impl Serialize for ScopeSet {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ScopeSet {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(d)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn set(text: &str) -> ScopeSet {
        ScopeSet::parse(text).expect("scopes")
    }

    #[test]
    fn only_the_space_separates() {
        for text in ["AP3\tLBS", "AP3\u{a0}LBS", "AP3\0LBS", "AP3\nLBS"] {
            assert_eq!(ScopeSet::parse(text), Err(NotAScope), "{text:?}");
        }
        assert!(!set("AP3,LBS").contains("LBS"), "a comma is part of a scope's name");
    }

    #[test]
    fn quotes_backslashes_and_controls_are_no_scope() {
        for text in ["a\"b", "a\\b", "a\u{7}b", "ñ", ""] {
            assert!(text.parse::<Scope>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn case_counts() {
        assert!(!set("CXS").contains("cxs"));
    }

    proptest! {
        #[test]
        fn writing_and_reading_gives_the_same_set(words in proptest::collection::vec("[!#-\\[\\]-~]{1,12}", 0..8)) {
            let first = set(&words.join(" "));
            prop_assert_eq!(set(&first.to_string()), first.clone());
            let written: Vec<_> = first.iter().map(|s| s.as_str().to_owned()).collect();
            let mut sorted = written.clone();
            sorted.sort_unstable();
            sorted.dedup();
            prop_assert_eq!(written, sorted);
        }

        #[test]
        fn an_intersection_never_adds(a in "[A-E]( [A-E]){0,4}", b in "[A-E]( [A-E]){0,4}") {
            let (a, b) = (set(&a), set(&b));
            let both = a.intersection(&b);
            prop_assert!(a.covers(&both) && b.covers(&both));
            prop_assert!(a.union(&b).covers(&a) && a.union(&b).covers(&b));
        }
    }
}
