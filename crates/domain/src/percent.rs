//! Percent-encoding (RFC 3986, section 2.1).

use std::fmt::Write as _;

/// A text in which nothing means anything in a URL or a form (RFC 3986, section 2.3).
#[must_use]
pub fn encoded(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut out, byte| {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            byte => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
        out
    })
}
