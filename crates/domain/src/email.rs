//! E-mail addresses.

use std::{fmt, net::IpAddr, str::FromStr, sync::Arc};

use serde::{Deserialize, Serialize, Serializer};

/// The longest address that SMTP carries, in bytes (RFC 5321, section 4.5.3.1.3, without the angle brackets).
const LONGEST: usize = 254;
/// The longest part before the `@`, in bytes (RFC 5321, section 4.5.3.1.1).
const LONGEST_LOCAL: usize = 64;

/// An address as accounts are known by it: trimmed and in lower case, because nobody means two mailboxes by one word written twice.
///
/// Quoted local parts, comments and address literals are deliberately absent: no mailbox of a customer needs them, and they are what
/// header injection is made of.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct Email(Arc<str>);

/// A text that is no address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("write an e-mail address such as ana@example.com")]
pub struct NotAnEmail;

impl Email {
    /// The address itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part before the `@`.
    #[must_use]
    pub fn local(&self) -> &str {
        self.0.split_once('@').map_or("", |(local, _)| local)
    }
}

impl FromStr for Email {
    type Err = NotAnEmail;
    fn from_str(text: &str) -> Result<Self, NotAnEmail> {
        let text = text.trim();
        // Before anything is made of it: whatever arrives is bounded first.
        if text.len() > LONGEST {
            return Err(NotAnEmail);
        }
        let text = text.to_lowercase();
        let (local, host) = text.split_once('@').ok_or(NotAnEmail)?;
        (text.len() <= LONGEST && is_local(local) && is_host(host)).then(|| Self(text.as_str().into())).ok_or(NotAnEmail)
    }
}

/// A dot-atom (RFC 5322, section 3.2.3), letters of any script included (RFC 6531).
fn is_local(local: &str) -> bool {
    let atom = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c) || (!c.is_ascii() && c.is_alphanumeric());
    local.len() <= LONGEST_LOCAL && local.split('.').all(|part| !part.is_empty() && part.chars().all(atom))
}

/// A name with a dot in it, or `localhost` for trying things out; never an address literal.
fn is_host(host: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || (!c.is_ascii() && c.is_alphanumeric()))
    };
    (host.contains('.') || host == "localhost") && host.split('.').all(label) && host.parse::<IpAddr>().is_err()
}

impl TryFrom<String> for Email {
    type Error = NotAnEmail;
    fn try_from(text: String) -> Result<Self, NotAnEmail> {
        text.parse()
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Email {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_mailbox_is_one_address_however_it_is_written() {
        let email: Email = "  Ana.Pérez+Web@Example.COM ".parse().expect("an address");
        assert_eq!(email.as_str(), "ana.pérez+web@example.com");
        assert_eq!(email.local(), "ana.pérez+web");
        for good in ["a@b.co", "o'hara@example.org", "x@localhost", "ñ@correos.es"] {
            good.parse::<Email>().unwrap_or_else(|_| panic!("{good}"));
        }
    }

    #[test]
    fn what_could_break_a_header_or_reach_a_bare_machine_is_no_address() {
        let long = format!("{}@example.com", "a".repeat(65));
        let longer = format!("a@{}.com", "b.".repeat(200));
        let bad = [
            "",
            "@",
            "a@",
            "@b.co",
            "a@b",
            "a b@c.de",
            "a@b..de",
            "a..b@c.de",
            ".a@b.de",
            "a@b.de\r\nBcc: x@y.z",
            "a@b.de,c@d.ef",
            "<a@b.de>",
            "\"a b\"@c.de",
            "a@[127.0.0.1]",
            "a@127.0.0.1",
            "a@-b.de",
            "a@b@c.de",
            "a\0@b.de",
            "deleted:1",
            &long,
            &longer,
        ];
        for text in bad {
            assert_eq!(text.parse::<Email>(), Err(NotAnEmail), "{text:?}");
        }
    }
}
