//! Bank accounts: ISO 13616.

/// Whether a text is an IBAN whose check digits are right. Groups may be set apart by spaces or hyphens.
pub(super) fn is_right(text: &str) -> bool {
    let compact: Vec<u8> = text.bytes().filter(|byte| !matches!(byte, b' ' | b'-')).map(|byte| byte.to_ascii_uppercase()).collect();
    let [c1, c2, k1, k2, account @ ..] = compact.as_slice() else {
        return false;
    };
    let is_form = c1.is_ascii_uppercase()
        && c2.is_ascii_uppercase()
        && k1.is_ascii_digit()
        && k2.is_ascii_digit()
        && (11..=30).contains(&account.len())
        && account.iter().all(u8::is_ascii_alphanumeric);
    // Spanish ones, which are nearly all, have one length.
    if !is_form || (compact.starts_with(b"ES") && account.len() != 20) {
        return false;
    }
    // The account first, then country and check digits, letters as 10 to 35: the whole leaves 1 when divided by 97.
    let remainder = account.iter().chain([c1, c2, k1, k2]).fold(0, |remainder, byte| match byte {
        b'0'..=b'9' => (remainder * 10 + u32::from(byte - b'0')) % 97,
        _ => (remainder * 100 + u32::from(byte - b'A') + 10) % 97,
    });
    remainder == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_examples_hold_and_one_wrong_digit_does_not() {
        for iban in [
            "ES9121000418450200051332",
            "es91 2100 0418 4502 0005 1332",
            "DE89370400440532013000",
            "GB29-NWBK-6016-1331-9268-19",
            "PT50000201231234567890154",
            "FR1420041010050500013M02606",
            "NO9386011117947",
            "MT84MALT011000012345MTLCAST001S",
        ] {
            assert!(is_right(iban), "{iban}");
        }
        for iban in [
            "",
            "ES",
            "ES9121000418450200051333",
            "ES9021000418450200051332",
            "ES912100041845020005133",
            "21000418450200051332",
            "****************1332",
            "ES91ñ1000418450200051332",
            &"9".repeat(5000),
        ] {
            assert!(!is_right(iban), "{iban}");
        }
    }
}
