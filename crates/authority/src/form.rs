//! `application/x-www-form-urlencoded`, read strictly (RFC 6749, appendix B).
//!
//! Lenient parsers differ, and where two of them read one request differently there is room for an attack. So: what is not exactly a
//! form is refused, and so is any parameter that comes twice (RFC 6749, section 3.2).

use std::borrow::Cow;

/// The most parameters a form may have. The longest request here has ten.
const MOST: usize = 64;

/// Why a body is not a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// A broken percent encoding, bytes that are not UTF-8, or NUL.
    Encoding,
    /// A parameter came twice.
    Repeated,
    /// More than [`MOST`] parameters.
    TooMany,
}

/// The parameters of a request. No `Debug`: secrets are among them.
pub(crate) struct Form<'a>(Vec<(Cow<'a, str>, Cow<'a, str>)>);

impl<'a> Form<'a> {
    /// Reads a body, or the query of a URL.
    pub(crate) fn parse(bytes: &'a [u8]) -> Result<Self, Fault> {
        let mut parameters: Vec<(Cow<'a, str>, Cow<'a, str>)> = Vec::with_capacity(8);
        for pair in bytes.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
            let (name, value) = match pair.iter().position(|byte| *byte == b'=') {
                Some(at) => (&pair[..at], &pair[at + 1..]),
                None => (pair, &[][..]),
            };
            let (name, value) = (decode(name).ok_or(Fault::Encoding)?, decode(value).ok_or(Fault::Encoding)?);
            if parameters.iter().any(|(known, _)| *known == name) {
                return Err(Fault::Repeated);
            }
            if parameters.len() == MOST {
                return Err(Fault::TooMany);
            }
            parameters.push((name, value));
        }
        Ok(Self(parameters))
    }

    /// The value of a parameter. One without a value counts as absent (RFC 6749, section 3.2).
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| &**value).filter(|value| !value.is_empty())
    }

    /// Whether one of these parameters is there, with or without a value.
    pub(crate) fn names_any(&self, names: &[&str]) -> bool {
        self.0.iter().any(|(known, _)| names.contains(&&**known))
    }
}

/// Undoes form encoding: `+` is a space, `%` stands before two hexadecimal digits. `None` for anything that is not UTF-8 without NUL
/// afterwards. Borrows where nothing was encoded.
pub(crate) fn decode(text: &[u8]) -> Option<Cow<'_, str>> {
    let decoded = if text.iter().any(|byte| matches!(byte, b'%' | b'+')) {
        let mut bytes = Vec::with_capacity(text.len());
        let mut rest = text.iter();
        while let Some(byte) = rest.next() {
            bytes.push(match byte {
                b'+' => b' ',
                b'%' => digit(rest.next()?)? << 4 | digit(rest.next()?)?,
                other => *other,
            });
        }
        Cow::Owned(String::from_utf8(bytes).ok()?)
    } else {
        Cow::Borrowed(std::str::from_utf8(text).ok()?)
    };
    (!decoded.as_bytes().contains(&0)).then_some(decoded)
}

fn digit(byte: &u8) -> Option<u8> {
    char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests;
