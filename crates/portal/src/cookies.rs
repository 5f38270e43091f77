//! Cookies (RFC 6265): who is signed in, whose form it is, which language was chosen.

use http::{HeaderMap, HeaderValue, header::COOKIE};

/// The cookies of the portal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cookie {
    /// Of a sign-in; the value opens the account.
    Session,
    /// Of a visitor who is not signed in, so that a form can be known for theirs.
    Visitor,
    /// The language that was chosen.
    Language,
    /// Where somebody was going who had to open an account first.
    Next,
}

impl Cookie {
    /// `__Host-` keeps other hosts and plain connections from planting one (RFC 6265bis, section 4.1.3.2).
    const fn name(self, secure: bool) -> &'static str {
        match (self, secure) {
            (Self::Session, true) => "__Host-postigo-session",
            (Self::Session, false) => "postigo-session",
            (Self::Visitor, true) => "__Host-postigo-visitor",
            (Self::Visitor, false) => "postigo-visitor",
            (Self::Language, true) => "__Host-postigo-language",
            (Self::Language, false) => "postigo-language",
            (Self::Next, true) => "__Host-postigo-next",
            (Self::Next, false) => "postigo-next",
        }
    }

    /// The value the browser sent. Two cookies of one name are none: one of them was planted.
    pub(crate) fn read(self, headers: &HeaderMap, secure: bool) -> Option<&str> {
        let name = self.name(secure);
        let mut found = headers
            .get_all(COOKIE)
            .iter()
            .filter_map(|header| header.to_str().ok())
            .flat_map(|header| header.split(';'))
            .filter_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='));
        let value = found.next()?;
        (found.next().is_none() && !value.is_empty() && value.len() <= 200).then_some(value)
    }

    /// `Set-Cookie` with this value, for so many seconds; zero seconds take it away.
    pub(crate) fn set(self, value: &str, seconds: u32, secure: bool) -> Option<HeaderValue> {
        let name = self.name(secure);
        let mut text = format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax");
        if secure {
            text.push_str("; Secure");
        }
        HeaderValue::from_str(&text).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(headers: &[&'static str]) -> HeaderMap {
        headers.iter().map(|value| (COOKIE, HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn a_cookie_is_found_among_others_and_a_doubled_one_is_none() {
        let read = |headers: &[&'static str]| Cookie::Session.read(&sent(headers), false).map(str::to_owned);
        assert_eq!(read(&["a=1; postigo-session=x; b=2"]).as_deref(), Some("x"));
        assert_eq!(read(&["postigo-session=x; postigo-session=y"]), None);
        assert_eq!(read(&["postigo-session=x", "postigo-session=y"]), None);
        assert_eq!(read(&["xpostigo-session=x", "postigo-sessions=y", "postigo-session="]), None);
    }

    #[test]
    fn behind_tls_a_cookie_is_bound_to_this_host_and_hidden_from_scripts() {
        let cookie = Cookie::Session.set("x", 60, true).expect("a header");
        assert_eq!(cookie, "__Host-postigo-session=x; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure");
        assert_eq!(Cookie::Session.read(&sent(&["postigo-session=x"]), true), None, "a cookie of a plain connection");
    }
}
