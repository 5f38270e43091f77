//! Codes and their check letters (wire-formats section 4.1). The formula is not published; it was checked on public codes.

/// The letters of the Spanish identity card, used here over a sum of characters instead of a number.
const LETTERS: &[u8; 23] = b"TRWAGMYFPDXBNJZSQVHLCKE";

/// UPU S10, section 3.2: the weights of the eight digits.
const S10_WEIGHTS: [u32; 8] = [8, 6, 4, 2, 3, 5, 9, 7];

/// The letter that ends a code whose other characters are `rest`.
pub(crate) fn check_letter(rest: &str) -> char {
    let sum: usize = rest.bytes().map(usize::from).sum();
    char::from(LETTERS[sum % LETTERS.len()])
}

fn sealed(rest: String) -> String {
    let letter = check_letter(&rest);
    rest + letter.encode_utf8(&mut [0; 4])
}

/// What the codes of one expedition share: product prefix (2), labeller (4), serial (9).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stem(String);

impl Stem {
    /// `None` when a part has not its length; a serial past nine digits has none either.
    pub(crate) fn new(prefix: &str, labeller: &str, serial: i64) -> Option<Self> {
        let stem = format!("{prefix}{labeller}{serial:09}");
        (prefix.len() == 2 && labeller.len() == 4 && serial >= 0 && is_code(&stem, 15)).then_some(Self(stem))
    }

    /// The stem of an expedition's code and its serial; `None` when it is no such code, or one of another product or labeller.
    pub(crate) fn of(expedition: &str, prefix: &str, labeller: &str) -> Option<(Self, i64)> {
        let rest = expedition.strip_prefix(prefix)?.strip_prefix(labeller)?;
        let serial = rest.get(..9).filter(|_| is_expedition(expedition))?.parse().ok()?;
        Some((Self::new(prefix, labeller, serial)?, serial))
    }

    /// The expedition's code, 16 characters.
    pub(crate) fn expedition(&self) -> String {
        sealed(self.0.clone())
    }

    /// The code of parcel `number`, 23 characters, on its way to `postcode`.
    pub(crate) fn parcel(&self, number: i64, postcode: &str) -> String {
        sealed(format!("{}{:02}{}", self.0, number.rem_euclid(100), five(postcode)))
    }
}

/// A postcode as five characters: what is not a letter or digit falls away, short ones are filled from the left.
fn five(postcode: &str) -> String {
    let kept: String = postcode.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).take(5).collect();
    format!("{kept:0>5}")
}

/// A UPU S10 number of a parcel sent from Spain; `None` past eight digits.
pub(crate) fn s10(service: &str, serial: i64) -> Option<String> {
    let digits = format!("{serial:08}");
    (serial >= 0 && digits.len() == 8).then(|| format!("{service}{digits}{}ES", s10_digit(&digits)))
}

fn s10_digit(digits: &str) -> u32 {
    let sum: u32 = digits.bytes().zip(S10_WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    match 11 - sum % 11 {
        10 => 0,
        11 => 5,
        digit => digit,
    }
}

/// The code of a collection, 17 characters; `day` is DDMMYYYY. `None` past five digits a day.
pub(crate) fn collection(day: &str, serial: i64, letter: char) -> Option<String> {
    let code = format!("SR{day}{serial:05}{letter}");
    (serial >= 0 && is_code(&code, 16)).then(|| sealed(code))
}

/// Whether a text has the form of an expedition's code, check letter included.
pub(crate) fn is_expedition(code: &str) -> bool {
    is_code(code, 16) && code.get(15..) == Some(check_letter(&code[..15]).encode_utf8(&mut [0; 4]))
}

/// Whether a text could be a code at all. Anything else is unknown without asking the database, which on PostgreSQL would
/// choke on some of it.
pub(crate) fn is_plausible(code: &str) -> bool {
    (1..=40).contains(&code.len()) && is_code(code, code.len())
}

fn is_code(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_public_examples_hold() {
        let stem = Stem::new("PQ", "6DV5", 980_000_102).unwrap();
        assert_eq!(stem.parcel(1, "28001"), "PQ6DV59800001020128001A");
        assert_eq!(stem.expedition(), "PQ6DV5980000102T");
        assert_eq!(collection("30062022", 1, 'E').unwrap(), "SR3006202200001ET");
        assert_eq!(s10("RR", 12_345_678).unwrap(), "RR123456785ES");
    }

    #[test]
    fn other_postcodes_still_give_23_characters() {
        let stem = Stem::new("PQ", "XXX1", 1).unwrap();
        for postcode in ["AD500", "1000-123", "", "7", "SW1A 1AA", "ñ"] {
            let code = stem.parcel(7, postcode);
            assert_eq!(code.len(), 23, "{postcode}: {code}");
            assert!(is_plausible(&code));
        }
    }

    #[test]
    fn a_counter_that_runs_out_gives_no_code_rather_than_a_long_one() {
        assert_eq!(Stem::new("PQ", "XXX1", 1_000_000_000), None);
        assert_eq!(s10("CX", 100_000_000), None);
        assert_eq!(collection("22112026", 100_000, 'E'), None);
    }

    proptest! {
        #[test]
        fn every_code_has_its_length_and_its_own_letter(
            labeller in "[A-Z0-9]{4}", serial in 0i64..1_000_000_000, number in 1i64..100, postcode in "[0-9]{5}",
        ) {
            let stem = Stem::new("PQ", &labeller, serial).unwrap();
            let parcel = stem.parcel(number, &postcode);
            prop_assert_eq!(parcel.len(), 23);
            prop_assert_eq!(parcel.chars().last(), Some(check_letter(&parcel[..22])));
            prop_assert!(parcel.starts_with(&stem.expedition()[..15]));
            prop_assert!(is_expedition(&stem.expedition()));
            prop_assert_eq!(Stem::of(&stem.expedition(), "PQ", &labeller), Some((stem.clone(), serial)));
            prop_assert_eq!(Stem::of(&stem.expedition(), "PK", &labeller), None);
            prop_assert_eq!(Stem::of(&parcel, "PQ", &labeller), None);
            prop_assert!(!is_expedition(&parcel));
        }

        #[test]
        fn a_changed_character_changes_the_letter(rest in "[A-Z0-9]{22}", at in 0usize..22, to in "[A-Z0-9]") {
            let mut other = rest.clone();
            other.replace_range(at..=at, &to);
            let apart = rest.as_bytes()[at].abs_diff(to.as_bytes()[0]);
            // The sum is taken modulo 23, so characters 23 apart look the same to it.
            prop_assert_eq!(check_letter(&rest) == check_letter(&other), apart % 23 == 0);
        }

        #[test]
        fn s10_numbers_satisfy_the_upu_rule(serial in 0i64..100_000_000) {
            let code = s10("CX", serial).unwrap();
            prop_assert_eq!(code.len(), 13);
            let digits: Vec<u32> = code[2..11].bytes().map(|b| u32::from(b - b'0')).collect();
            let sum: u32 = digits.iter().zip([8, 6, 4, 2, 3, 5, 9, 7]).map(|(d, w)| d * w).sum();
            let expected = match 11 - sum % 11 { 10 => 0, 11 => 5, c => c };
            prop_assert_eq!(digits[8], expected);
            prop_assert!(code.ends_with("ES"));
        }
    }
}
