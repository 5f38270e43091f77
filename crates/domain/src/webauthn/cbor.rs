//! As much of CBOR (RFC 8949) as authenticators write: the canonical form of CTAP2, section 8, which knows no indefinite lengths, no tags and no nesting
//! beyond four levels.

use super::{Result, Unrecognised};

/// Levels of nesting.
const DEEPEST: u8 = 4;

/// A value that borrows from what was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value<'a> {
    Integer(i64),
    Bytes(&'a [u8]),
    Text(&'a str),
    Array,
    Map(Vec<(Value<'a>, Value<'a>)>),
    Simple,
}

impl<'a> Value<'a> {
    /// Reads one value; what follows it.
    pub(super) fn read(bytes: &'a [u8]) -> Result<(Self, &'a [u8])> {
        read(bytes, DEEPEST)
    }

    pub(super) fn integer(&self) -> Option<i64> {
        if let Self::Integer(number) = self { Some(*number) } else { None }
    }

    pub(super) fn bytes(&self) -> Option<&'a [u8]> {
        if let Self::Bytes(bytes) = self { Some(bytes) } else { None }
    }

    /// The member of a map under a number.
    pub(super) fn member(&self, label: i64) -> Option<&Self> {
        self.find(&Value::Integer(label))
    }

    /// The member of a map under a text.
    pub(super) fn text_member(&self, label: &str) -> Option<&Self> {
        let Self::Map(members) = self else { return None };
        members.iter().find(|(key, _)| matches!(key, Value::Text(text) if *text == label)).map(|(_, value)| value)
    }

    fn find(&self, label: &Value<'_>) -> Option<&Self> {
        let Self::Map(members) = self else { return None };
        members.iter().find(|(key, _)| key == label).map(|(_, value)| value)
    }
}

fn read(bytes: &[u8], deeper: u8) -> Result<(Value<'_>, &[u8])> {
    let (head, rest) = bytes.split_first().ok_or(Unrecognised)?;
    let (major, (argument, mut rest)) = (head >> 5, argument(head & 0x1f, rest)?);
    // Nothing is made before its bytes are seen to be there: a length costs whoever claims it.
    let length = || usize::try_from(argument).map_err(|_| Unrecognised);
    let number = || i64::try_from(argument).map_err(|_| Unrecognised);
    let value = match major {
        0 => Value::Integer(number()?),
        1 => Value::Integer(-1 - number()?),
        2 | 3 => {
            let (taken, after) = rest.split_at_checked(length()?).ok_or(Unrecognised)?;
            rest = after;
            if major == 2 { Value::Bytes(taken) } else { Value::Text(std::str::from_utf8(taken).map_err(|_| Unrecognised)?) }
        }
        4 | 5 if deeper == 0 => return Err(Unrecognised),
        4 => {
            for _ in 0..argument {
                (_, rest) = read(rest, deeper - 1)?;
            }
            Value::Array
        }
        5 => {
            let mut members = Vec::new();
            for _ in 0..argument {
                let (key, after) = read(rest, deeper - 1)?;
                let (value, after) = read(after, deeper - 1)?;
                rest = after;
                members.push((key, value));
            }
            Value::Map(members)
        }
        7 if argument < 24 => Value::Simple,
        _ => return Err(Unrecognised),
    };
    Ok((value, rest))
}

fn argument(short: u8, rest: &[u8]) -> Result<(u64, &[u8])> {
    let width = match short {
        0..=23 => return Ok((u64::from(short), rest)),
        24 => 1,
        25 => 2,
        26 => 4,
        27 => 8,
        _ => return Err(Unrecognised),
    };
    let (bytes, rest) = rest.split_at_checked(width).ok_or(Unrecognised)?;
    Ok((bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_authenticators_write_is_read() {
        let bytes = [0xa3, 0x01, 0x02, 0x20, 0x58, 0x03, 1, 2, 3, 0x63, b'f', b'm', b't', 0x80, 0xff];
        let (map, rest) = Value::read(&bytes).expect("reads");
        assert_eq!(map.member(1).and_then(Value::integer), Some(2));
        assert_eq!(map.member(-1).and_then(Value::bytes), Some(&[1, 2, 3][..]));
        assert_eq!(map.text_member("fmt"), Some(&Value::Array));
        assert_eq!(rest, [0xff]);
    }

    #[test]
    fn what_claims_more_than_it_brings_or_goes_too_deep_is_refused() {
        let deep = [0x81; 3000];
        let bad: [&[u8]; 8] = [
            &[],
            &[0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            &[0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            &[0xbb, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            &[0x1b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            &[0x5f],
            &[0x62, 0xff, 0xfe],
            &deep,
        ];
        for bytes in bad {
            assert_eq!(Value::read(bytes), Err(Unrecognised));
        }
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            let _ = Value::read(&bytes);
        }
    }
}
