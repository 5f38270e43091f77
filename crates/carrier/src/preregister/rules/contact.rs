//! Telephone numbers and e-mail addresses, as people write them into the forms of shops.

/// Digits in the groups people like, perhaps two numbers with a slash between; no fewer than the shortest number there is.
pub(super) fn is_phone(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    (5..=20).contains(&digits)
        && text.len() <= 40
        && text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b' ' | b'-' | b'.' | b'/' | b'(' | b')'))
}

/// One `@` with something before it and a name with a point after it. Only a message tells more.
pub(super) fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let is_name = |name: &str| !name.is_empty() && !name.starts_with('-') && !name.ends_with('-');
    // 254: RFC 5321, section 4.5.3.1, less the angle brackets.
    text.len() <= 254
        && !local.is_empty()
        && !local.contains('@')
        && domain.contains('.')
        && domain.split('.').all(is_name)
        && !text.chars().any(|char| char.is_whitespace() || char.is_control() || matches!(char, ',' | ';' | '<' | '>' | '"'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_is_taken_and_what_reaches_nobody_is_not() {
        for phone in ["910000000", "+49301234567", "91 000 00 00", "(+34) 600-000-000", "910000000 / 600000000", "11888"] {
            assert!(is_phone(phone), "{phone}");
        }
        for phone in ["-", "1", "no tengo", "600000000 tardes", &"9".repeat(21), &" ".repeat(50)] {
            assert!(!is_phone(phone), "{phone}");
        }
        for email in ["a@b.es", "begoña@correo.example", "x+y.z@sub.example.com", "peña@ñandú.es"] {
            assert!(is_email(email), "{email}");
        }
        for email in
            ["", "@", "a@", "@b.es", "a@b", "a@b.", "a@.es", "a b@c.es", "a@b@c.es", "a@b.es,c@d.es", "a@b.es;", "<a@b.es>", "a@-b.es"]
        {
            assert!(!is_email(email), "{email}");
        }
    }
}
