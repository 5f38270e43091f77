//! Spanish identity documents and their check characters (Real Decreto 1553/2005, article 11; Orden EHA/451/2008).

/// The letters of persons' documents: the number's remainder by 23 says which.
const LETTERS: &[u8; 23] = b"TRWAGMYFPDXBNJZSQVHLCKE";

/// The control of organisations may be a digit or, of some kinds, this letter in its place.
const CONTROLS: &[u8; 10] = b"JABCDEFGHI";

/// What is wrong with a declared document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// There is no such kind of document.
    Type,
    /// The number is none of its kind, or its check character is wrong.
    Number,
}

/// Checks a number by the kind it is said to be of: 0 of the EU, 1 DNI, 3 NIE, 4 other, 10 CIF. A kind without a number
/// says nothing, nor does a number without a kind.
pub(super) fn check(kind: Option<&str>, number: Option<&str>) -> Result<(), Fault> {
    let (Some(kind), Some(number)) = (kind, number) else {
        return Ok(());
    };
    let number: String = number.chars().filter(|char| !matches!(char, ' ' | '-' | '.')).map(|char| char.to_ascii_uppercase()).collect();
    let is_right = match kind.parse() {
        Ok(0 | 4) => number.chars().count() <= 40,
        Ok(1) => is_dni(&number),
        Ok(3) => is_nie(&number),
        Ok(10) => is_cif(&number),
        Ok(_) | Err(_) => return Err(Fault::Type),
    };
    if is_right { Ok(()) } else { Err(Fault::Number) }
}

/// Eight digits, of which leading noughts may be missing, and a letter. Who has no DNI of their own has `K`, `L` or `M` and
/// seven digits.
fn is_dni(number: &str) -> bool {
    match number.strip_prefix(['K', 'L', 'M']) {
        Some(rest) => rest.len() == 8 && is_sealed(rest, 0),
        None => is_sealed(number, 0),
    }
}

/// `X`, `Y` or `Z`, which count as 0, 1 and 2, seven digits and a letter.
fn is_nie(number: &str) -> bool {
    let first = number.bytes().next().unwrap_or_default();
    matches!(first, b'X' | b'Y' | b'Z') && number.len() == 9 && is_sealed(&number[1..], u32::from(first - b'X') * 10_000_000)
}

/// One to eight digits, to whose value `more` is added, and the letter that follows from it.
fn is_sealed(text: &str, more: u32) -> bool {
    let Some((letter, digits)) = text.as_bytes().split_last() else {
        return false;
    };
    if !(1..=8).contains(&digits.len()) || !digits.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let value = digits.iter().fold(0, |value, digit| value * 10 + u32::from(digit - b'0')) + more;
    usize::try_from(value % 23).is_ok_and(|at| LETTERS[at] == *letter)
}

/// A letter for the kind of organisation, seven digits and a control.
fn is_cif(number: &str) -> bool {
    let [kind, digits @ .., control] = number.as_bytes() else {
        return false;
    };
    if digits.len() != 7 || !digits.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let sum: u32 = (0..)
        .zip(digits)
        .map(|(at, digit)| match (at % 2, u32::from(digit - b'0')) {
            // Every other digit, from the first, is doubled and the digits of the result are added.
            (0, digit) => digit * 2 / 10 + digit * 2 % 10,
            (_, digit) => digit,
        })
        .sum();
    let expected = (10 - sum % 10) % 10;
    let is_digit = u32::from(*control) == u32::from(b'0') + expected;
    let is_letter = usize::try_from(expected).is_ok_and(|at| CONTROLS[at] == *control);
    match kind {
        b'A' | b'B' | b'E' | b'H' => is_digit,
        b'N' | b'P' | b'Q' | b'R' | b'S' | b'W' => is_letter,
        b'C' | b'D' | b'F' | b'G' | b'J' | b'U' | b'V' => is_digit || is_letter,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn documents_of_each_kind_are_known_by_their_check_characters() {
        for (kind, number) in [
            ("1", "12345678Z"),
            ("1", "00000000T"),
            ("01", "12.345.678-z"),
            ("1", "1R"),
            ("1", "K0867756N"),
            ("3", "X1234567L"),
            ("3", "y-0000000-z"),
            ("3", "Z0000000M"),
            ("10", "A58818501"),
            ("10", "B-83376624"),
            ("10", "Q2826000H"),
            ("10", "P2807900B"),
            ("0", "anything"),
            ("4", "AB 123"),
        ] {
            assert_eq!(check(Some(kind), Some(number)), Ok(()), "{kind} {number}");
        }
        for (kind, number) in [
            ("1", "12345678A"),
            ("1", "Z"),
            ("1", "123456789Z"),
            ("1", "X1234567L"),
            ("1", "ñ"),
            ("1", "1234ñ678Z"),
            ("3", "12345678Z"),
            ("3", "X1234567T"),
            ("3", "X123456L"),
            ("3", "Xñ234567"),
            ("10", "A58818502"),
            ("10", "A5881850A"),
            ("10", "Q28260008"),
            ("10", "12345678Z"),
            ("10", "A"),
            ("0", &"9".repeat(50)),
        ] {
            assert_eq!(check(Some(kind), Some(number)), Err(Fault::Number), "{kind} {number}");
        }
        assert_eq!(check(Some("2"), Some("1")), Err(Fault::Type));
        assert_eq!(check(Some("DNI"), Some("1")), Err(Fault::Type));
        assert_eq!(check(Some("DNI"), None), Ok(()));
        assert_eq!(check(None, Some("whatever")), Ok(()));
    }

    proptest! {
        #[test]
        fn any_one_wrong_digit_of_a_dni_is_noticed(value in 0u32..100_000_000, at in 0usize..8, other in 0u8..10) {
            let digits = format!("{value:08}");
            let letter = char::from(LETTERS[usize::try_from(value % 23).unwrap()]);
            let right = format!("{digits}{letter}");
            let mut other_digit = right.clone();
            other_digit.replace_range(at..=at, &other.to_string());
            prop_assert!(is_dni(&right));
            prop_assert_eq!(is_dni(&other_digit), other_digit == right);
        }

        #[test]
        fn no_text_is_too_strange(kind in "(0|1|3|4|10)", number in "\\PC{0,12}") {
            let _ = check(Some(&kind), Some(&number));
        }
    }
}
