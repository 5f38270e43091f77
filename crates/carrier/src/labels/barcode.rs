//! Code 128 (ISO/IEC 15417).

use barcoders::sym::code128::Code128;

/// Switches the encoder to set B (upper and lower case), in its notation.
const SET_B: char = '\u{0181}';

/// Switches it to set C (two digits a symbol).
const SET_C: char = '\u{0106}';

/// Digits in a row that are worth the switch to set C and back.
const WORTH_SWITCHING: usize = 6;

/// The bars of a code as modules, dark and light, without the quiet zones; none when the code cannot be encoded.
pub(crate) fn modules(code: &str) -> Vec<bool> {
    let Ok(encoder) = Code128::new(notation(code)) else {
        return Vec::new();
    };
    encoder.encode().into_iter().map(|module| module == 1).collect()
}

/// The code in the encoder's notation: letters in set B, long runs of digits in set C. The start already names a set, so
/// a code that begins with digits begins in C.
fn notation(code: &str) -> String {
    let mut written = String::new();
    let mut rest = code;
    let mut set = None;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (take, wanted) = if digits >= WORTH_SWITCHING && digits.is_multiple_of(2) {
            (digits, SET_C)
        } else if digits >= WORTH_SWITCHING {
            // An odd digit stays behind in set B.
            (1, SET_B)
        } else {
            (rest.chars().next().map_or(1, char::len_utf8), SET_B)
        };
        if set != Some(wanted) {
            written.push(wanted);
            set = Some(wanted);
        }
        let (taken, after) = rest.split_at(take);
        written.push_str(taken);
        rest = after;
    }
    written
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn long_runs_of_digits_go_two_by_two() {
        assert_eq!(notation("PQXXX10000000010128001A"), "ƁPQXXX1Ć0000000010128001ƁA");
        assert_eq!(notation("CX000000011ES"), "ƁCX0Ć00000011ƁES");
        // start, 6 symbols, switch, 8 pairs, switch, letter, check (11 modules each) and stop (13)
        assert_eq!(modules("PQXXX10000000010128001A").len(), 19 * 11 + 13);
    }

    proptest! {
        #[test]
        fn every_code_can_be_drawn(code in "[A-Z0-9]{1,40}") {
            let drawn = modules(&code);
            prop_assert!(drawn.len() > 33);
            prop_assert_eq!((drawn.first(), drawn.last()), (Some(&true), Some(&true)));
        }
    }
}
