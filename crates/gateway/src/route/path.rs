//! Paths that can be read in one way only.
//!
//! The gateway matches the path as it stands on the wire, and the API behind it may decode it first. If the two could disagree, a rule
//! for one operation could be walked around by a spelling of another. So nothing is normalised: a path with a second reading is refused.

/// Whether every program that follows RFC 3986, and the well-known ones that do not, read `path` alike.
pub(crate) fn is_unambiguous(path: &str) -> bool {
    path.starts_with('/') && has_plain_segments(path.as_bytes()) && is_encoded_once(path.as_bytes())
}

/// No empty segment but the last, none of dots alone (RFC 3986, section 5.2.4), no path parameters (`;` ends a segment for some).
fn has_plain_segments(path: &[u8]) -> bool {
    let mut segments = path[1..].split(|byte| *byte == b'/').peekable();
    while let Some(segment) = segments.next() {
        let last = segments.peek().is_none();
        let plain = if segment.is_empty() { last } else { segment.iter().any(|byte| *byte != b'.') };
        if !plain {
            return false;
        }
    }
    true
}

/// Only visible ASCII, and percent-encoding only for what needs it, valid, once.
fn is_encoded_once(path: &[u8]) -> bool {
    let mut rest = path;
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b'%' => match encoded(after) {
                Some(left) => rest = left,
                None => return false,
            },
            b'\\' | b';' => return false,
            0x21..=0x7E => {}
            _ => return false,
        }
    }
    true
}

/// What follows one percent-encoded character whose first `%` is already read; `None` when it has a second reading.
fn encoded(rest: &[u8]) -> Option<&[u8]> {
    let (first, mut rest) = byte(rest)?;
    match first {
        // Controls, delimiters of segments, and what RFC 3986, section 2.3, calls the same with and without encoding.
        0..=0x1F | 0x7F | b'/' | b'\\' => None,
        b'-' | b'.' | b'_' | b'~' => None,
        _ if first.is_ascii_alphanumeric() => None,
        // Encoded twice: a second decoding would make another character of it.
        b'%' if byte(rest).is_some() => None,
        0..=0x7F => Some(rest),
        _ => {
            let length = match first {
                0xC2..=0xDF => 2,
                0xE0..=0xEF => 3,
                0xF0..=0xF4 => 4,
                _ => return None,
            };
            let mut character = [first, 0, 0, 0];
            for place in &mut character[1..length] {
                (*place, rest) = byte(rest.strip_prefix(b"%")?)?;
            }
            let character = std::str::from_utf8(&character[..length]).ok()?.chars().next()?;
            // The full-width dot, slash and backslash become their ASCII forms in some file systems and databases.
            (!character.is_control() && !matches!(character, '\u{FF0E}' | '\u{FF0F}' | '\u{FF3C}')).then_some(rest)
        }
    }
}

/// Two hexadecimal digits as a byte, and what follows.
fn byte(rest: &[u8]) -> Option<(u8, &[u8])> {
    let (digits, rest) = rest.split_first_chunk::<2>()?;
    let digit = |d: u8| char::from(d).to_digit(16).and_then(|d| u8::try_from(d).ok());
    Some((digit(digits[0])? << 4 | digit(digits[1])?, rest))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ordinary_paths_pass() {
        for path in [
            "/",
            "/a",
            "/a/",
            "/track/v1/trackingnumbers",
            "/a/b.c",
            "/a/..b",
            "/a/b..",
            "/a/%20",
            "/a/100%25",
            "/a/%C3%B1",
            "/a/%e2%82%ac",
            "/a/%F0%9F%93%A6",
            "/a:b,c=d+e@f!g$h&i'j(k)*~_-",
            "/a/%3Fx%23",
        ] {
            assert!(is_unambiguous(path), "{path}");
        }
    }

    #[test]
    fn every_second_spelling_is_refused() {
        for path in [
            "",
            "*",
            "a",
            "//",
            "//a",
            "/a//b",
            "/a//",
            "/.",
            "/..",
            "/a/.",
            "/a/..",
            "/a/./b",
            "/a/../b",
            "/../a",
            "/...",
            "/a/.../b",
            "/..;/a",
            "/a;b",
            "/a;/b",
            "/a\\b",
            "/a%5cb",
            "/a%5Cb",
            "/a%2fb",
            "/a%2Fb",
            "/%2e%2e/a",
            "/.%2e/a",
            "/a%2e",
            "/%61dmin",
            "/a%5F",
            "/a%7e",
            "/a%7E",
            "/a%2D",
            "/a%30",
            "/a%252f",
            "/a%252e%252e",
            "/a%25%32%66",
            "/a%2525",
            "/a%00",
            "/a%0d%0a",
            "/a%09",
            "/a%1f",
            "/a%7f",
            "/a%",
            "/a%2",
            "/a%zz",
            "/a%u002f",
            "/a%c0%ae",
            "/a%c0%af",
            "/a%c1%9c",
            "/a%e0%80%af",
            "/a%f0%80%80%af",
            "/a%ed%a0%80",
            "/a%ff",
            "/a%80",
            "/a%c3",
            "/a%c3a",
            "/a%c3%28",
            "/a%f5%80%80%80",
            "/a%c2%85",
            "/a%ef%bc%8f",
            "/a%ef%bc%8e%ef%bc%8e",
            "/a%ef%bc%bc",
            "/ñ",
            "/a b",
            "/a\tb",
            "/a\u{7f}",
        ] {
            assert!(!is_unambiguous(path), "{path:?}");
        }
    }

    /// Decodes once, as an API behind the gateway would.
    fn decoded(path: &str) -> Vec<u8> {
        let (mut bytes, mut rest) = (Vec::new(), path.as_bytes());
        while let Some((first, after)) = rest.split_first() {
            match (first, byte(after)) {
                (b'%', Some((value, left))) => {
                    bytes.push(value);
                    rest = left;
                }
                _ => {
                    bytes.push(*first);
                    rest = after;
                }
            }
        }
        bytes
    }

    proptest! {
        #[test]
        fn what_passes_has_the_same_segments_after_one_decoding_and_none_after_a_second_changes_it(path in "/([a-z./;\\\\%]|%[0-9a-fA-F]{2}|%25[0-9a-f]{2}|%c[0-9a-f]%[89ab][0-9a-f]){0,12}") {
            if is_unambiguous(&path) {
                let once = String::from_utf8(decoded(&path));
                prop_assert!(once.is_ok(), "valid UTF-8");
                let once = once.expect("valid");
                prop_assert_eq!(path.split('/').count(), once.split('/').count(), "a slash appeared");
                prop_assert!(!once.split('/').any(|s| s == "." || s == ".."));
                prop_assert!(!once[1..].split('/').rev().skip(1).any(str::is_empty));
                prop_assert!(!once.contains(['\\', ';', '\0', '\r', '\n']) || path.to_ascii_lowercase().contains("%3b"));
                prop_assert_eq!(decoded(&once), once.as_bytes(), "a second decoding changes it");
            }
        }

        #[test]
        fn any_text_is_judged_without_panic(path: String) {
            let _ = is_unambiguous(&path);
        }

        #[test]
        fn a_letter_or_digit_may_not_hide_behind_its_encoding(c in "[a-zA-Z0-9._~-]") {
            let path = format!("/x{:02x}", c.as_bytes()[0]);
            prop_assert!(!is_unambiguous(&path.replacen('x', "%", 1)));
        }
    }
}
