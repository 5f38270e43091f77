//! Faults on demand: the words by which a client of the sandbox calls up what goes wrong elsewhere only by chance.
//!
//! A word travels in the header `X-Sandbox-Scenario`, or as a fixed test value (`SBX-` and the word in capitals) that stands alone in a
//! member of the body, in the last segment of the path or in a value of the query. Words and values of other features begin like these
//! and are left to them.

mod list;

pub use list::ALL;

use crate::words::words;

words! {
    /// What goes wrong.
    pub enum Fault: "a scenario" {
        /// As if the access token had expired.
        ExpiredToken = "expired-token",
        /// As if the project's access had been withdrawn.
        RevokedAccess = "revoked-access",
        /// As if the limit were reached, with the headers that say so.
        Throttled = "throttled",
        /// The same without any of those headers.
        ThrottledBare = "throttled-bare",
        /// A fault inside.
        ServerError = "server-error",
        /// Not now.
        Unavailable = "unavailable",
        /// The true answer, late.
        Slow = "slow",
        /// The connection breaks off in the middle of the answer.
        Cut = "cut",
        /// The status says that all is well and the body that it is not.
        ErrorInside = "error-inside",
        /// Annulling works the third time.
        AnnulmentFailsTwice = "annulment-fails-twice",
        /// Printing works the third time.
        LabelNotReady = "label-not-ready",
    }
}

/// How late the answer of [`Fault::Slow`] is when nothing else is said, in seconds.
pub const SLOW: u8 = 10;
/// How late it can be, in seconds.
pub const SLOWEST: u8 = 30;
/// How often something fails that works in the end.
pub const FAILURES: i64 = 2;

/// How fixed test values begin.
pub const FIXED: &str = "SBX-";
/// How the words begin that other features of the sandbox read from the same header and the same members, in capitals there.
const OTHERS: [&str; 2] = ["journey-", "request-"];

/// A scenario as a page about them tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scenario {
    /// What goes wrong.
    pub fault: Fault,
    /// What stands in the header `X-Sandbox-Scenario`.
    pub header: &'static str,
    /// What stands alone in a member of the body, a segment of the path or a value of the query.
    pub fixed: &'static str,
    /// The status codes answered, in their order; none when it is the operation's own.
    pub statuses: &'static [u16],
    /// One line in Spanish.
    pub spanish: &'static str,
    /// One line in English.
    pub english: &'static str,
}

/// A scenario that a call asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// What shall go wrong.
    pub fault: Fault,
    /// How late the answer shall be, in seconds; 0 for every fault but [`Fault::Slow`].
    pub seconds: u8,
}

/// A word that nobody knows. The message lists those there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    found: String,
}

impl std::fmt::Display for Unknown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let words: Vec<_> = Fault::ALL.iter().map(|fault| fault.as_str()).collect();
        write!(f, "{:?} no es un escenario / is not a scenario: {}, slow-1 - slow-{SLOWEST}, journey-...", self.found, words.join(", "))
    }
}

impl std::error::Error for Unknown {}

/// Reads the header `X-Sandbox-Scenario`, in any case. `None`: it asks for no fault, but for nothing or for something of another feature.
///
/// # Errors
/// [`Unknown`] for a word that is not in [`ALL`].
pub fn header(text: &str) -> Result<Option<Asked>, Unknown> {
    read(text.trim()).map_err(|Unmatched| Unknown { found: text.trim().chars().take(64).collect() })
}

/// Reads a value that may be a fixed test value. `None`: it is anything else, among it references of the client's own that happen to begin
/// like one (`SBX-1001`).
///
/// # Errors
/// [`Unknown`] for a value that has the form of one and names none.
pub fn fixed(text: &str) -> Result<Option<Asked>, Unknown> {
    let Some(word) = text.trim().strip_prefix(FIXED) else { return Ok(None) };
    let is_word = word.len() <= 64
        && word.starts_with(|first: char| first.is_ascii_uppercase())
        && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_'));
    if !is_word {
        return Ok(None);
    }
    read(word).map_err(|Unmatched| Unknown { found: text.trim().to_owned() })
}

struct Unmatched;

fn read(word: &str) -> Result<Option<Asked>, Unmatched> {
    let word = word.to_ascii_lowercase();
    if word.is_empty() || OTHERS.iter().any(|start| word.starts_with(start)) {
        return Ok(None);
    }
    if let Some(seconds) = word.strip_prefix("slow-") {
        let seconds = seconds.parse().ok().filter(|seconds| (1..=SLOWEST).contains(seconds)).ok_or(Unmatched)?;
        return Ok(Some(Asked { fault: Fault::Slow, seconds }));
    }
    let fault = word.parse().map_err(|_| Unmatched)?;
    Ok(Some(Asked { fault, seconds: if fault == Fault::Slow { SLOW } else { 0 } }))
}

impl std::fmt::Display for Asked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.fault {
            Fault::Slow if self.seconds != SLOW => write!(f, "slow-{}", self.seconds),
            fault => fault.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_tells_every_fault_once_under_both_its_forms() {
        assert_eq!(ALL.iter().map(|one| one.fault).collect::<Vec<_>>(), Fault::ALL);
        for one in ALL {
            assert_eq!(one.header, one.fault.as_str());
            assert_eq!(one.fixed, format!("{FIXED}{}", one.header.to_uppercase()));
            assert_eq!(header(one.header), fixed(one.fixed));
            assert_eq!(header(one.header).expect("known").expect("a fault").to_string(), one.header);
            assert!(!one.spanish.is_empty() && !one.english.is_empty());
        }
    }

    #[test]
    fn slow_says_how_slow_within_bounds() {
        let seconds = |text: &str| header(text).map(|asked| asked.map(|asked| asked.seconds));
        assert_eq!((seconds("slow"), seconds("slow-1"), seconds("SLOW-30")), (Ok(Some(10)), Ok(Some(1)), Ok(Some(30))));
        assert_eq!(fixed("SBX-SLOW-3").expect("known").expect("a fault").to_string(), "slow-3");
        for wrong in ["slow-0", "slow-31", "slow-", "slow-x", "slow-999999999999"] {
            assert!(header(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn words_of_other_features_are_left_alone() {
        for text in ["", "  ", "journey-lost", "Journey-Returned", "request-viable"] {
            assert_eq!(header(text), Ok(None), "{text:?}");
        }
        for text in ["SBX-JOURNEY-LOST", "SBX-REQUEST-VIABLE_CON_CAMBIOS", "SBX-1001", "SBX-", "sbx-cut", "SBX-Cut", "PEDIDO SBX-CUT"] {
            assert_eq!(fixed(text), Ok(None), "{text:?}");
        }
    }

    #[test]
    fn an_unknown_word_is_told_the_known_ones() {
        for unknown in [header("throtled").expect_err("unknown"), fixed("SBX-THROTLED").expect_err("unknown")] {
            let told = unknown.to_string();
            assert!(Fault::ALL.iter().all(|fault| told.contains(fault.as_str())), "{told}");
        }
        assert!(header(&"x".repeat(10_000)).expect_err("unknown").to_string().len() < 400);
    }
}
