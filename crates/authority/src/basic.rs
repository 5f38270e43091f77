//! HTTP Basic (RFC 7617) with form-encoded halves, as RFC 6749, section 2.3.1 wants them.

use base64::{
    Engine as _,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use domain::secret::Secret;

use crate::form;

/// Some clients leave the padding away.
const BASE64: GeneralPurpose =
    GeneralPurpose::new(&STANDARD, GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent));

/// What an `Authorization` header holds.
pub(crate) enum Authorization {
    /// An id and a secret, either of which may be empty.
    Basic(String, Secret),
    /// Basic, but nothing that can be read.
    Malformed,
    /// Another scheme.
    Other,
}

/// Reads the value of an `Authorization` header.
pub(crate) fn read(value: &[u8]) -> Authorization {
    let (scheme, rest) = match value.iter().position(|byte| *byte == b' ') {
        Some(at) => (&value[..at], value[at..].trim_ascii()),
        None => (value, &[][..]),
    };
    if !scheme.eq_ignore_ascii_case(b"basic") {
        return Authorization::Other;
    }
    let halves = || {
        let text = Secret::new(String::from_utf8(BASE64.decode(rest).ok()?).ok()?);
        let (id, secret) = text.expose().split_once(':')?;
        Some((form::decode(id.as_bytes())?.into_owned(), Secret::new(form::decode(secret.as_bytes())?.into_owned())))
    };
    halves().map_or(Authorization::Malformed, |(id, secret)| Authorization::Basic(id, secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn halves(value: &str) -> Option<(String, String)> {
        match read(value.as_bytes()) {
            Authorization::Basic(id, secret) => Some((id, secret.expose().to_owned())),
            Authorization::Malformed | Authorization::Other => None,
        }
    }

    fn basic(text: &str) -> String {
        format!("Basic {}", BASE64.encode(text))
    }

    #[test]
    fn both_halves_are_form_decoded() {
        assert_eq!(halves(&basic("a%3Ab%25:c+d%26%2B")), Some(("a:b%".into(), "c d&+".into())));
    }

    #[test]
    fn only_the_first_colon_separates() {
        assert_eq!(halves(&basic("id:a:b")), Some(("id".into(), "a:b".into())));
    }

    #[test]
    fn the_scheme_is_read_without_regard_to_case_and_padding_may_be_missing() {
        for value in ["bAsIc aTpz", "BASIC  aTpz", "basic aTpz"] {
            assert_eq!(halves(value), Some(("i".into(), "s".into())), "{value}");
        }
        assert_eq!(halves("Basic aWQ6cw"), Some(("id".into(), "s".into())));
        assert_eq!(halves("Basic aWQ6cw=="), Some(("id".into(), "s".into())));
    }

    #[test]
    fn what_is_not_basic_is_told_from_broken_basic() {
        assert!(matches!(read(b"Bearer x"), Authorization::Other));
        assert!(matches!(read(b"Basically x"), Authorization::Other));
        assert!(matches!(read(b""), Authorization::Other));
        for value in ["Basic", "Basic ", "Basic ???", "Basic aWQ", "Basic aWQ6cw==, Basic aWQ6cw==", "Basic /////w=="] {
            assert!(matches!(read(value.as_bytes()), Authorization::Malformed), "{value}");
        }
        for text in ["id:%zz", "id:%00", "id\0:s", "%ff:s"] {
            assert!(matches!(read(basic(text).as_bytes()), Authorization::Malformed), "{text:?}");
        }
    }
}
