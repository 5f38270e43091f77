//! Amounts as people copy them from an invoice.

/// Whether both are one amount: as written, or as a decimal, whose zeros at the end say nothing.
#[must_use]
pub fn same(one: &str, other: &str) -> bool {
    let (one, other) = (one.trim(), other.trim());
    one == other || decimal(one).is_some_and(|one| decimal(other) == Some(one))
}

/// Whether this is an amount.
pub(super) fn is(text: &str) -> bool {
    decimal(text.trim()).is_some()
}

/// Whole part and fraction, without zeros that say nothing. A comma before one or two digits at the end is a point.
fn decimal(text: &str) -> Option<(&str, &str)> {
    let (whole, fraction) = match text.split_once('.') {
        Some(parts) => parts,
        None => text.split_once(',').filter(|(_, cents)| cents.len() <= 2).unwrap_or((text, "")),
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if (whole.is_empty() && fraction.is_empty()) || !digits(whole) || !digits(fraction) {
        return None;
    }
    Some((whole.trim_start_matches('0'), fraction.trim_end_matches('0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_at_the_end_and_a_comma_say_nothing_and_another_amount_is_another() {
        for (one, other) in
            [("234.00", "234.00"), ("234.00", "234"), ("234.0", "234.00"), ("234,00", "234.00"), ("0.50", ".5"), (" 7 ", "07")]
        {
            assert!(same(one, other), "{one} {other}");
        }
        for (one, other) in
            [("234.00", "234.01"), ("234.00", "23400"), ("234.00", "-234.00"), ("234.00", ""), ("1,234", "1.234"), ("x", "y"), (".", "0")]
        {
            assert!(!same(one, other), "{one} {other}");
        }
    }
}
