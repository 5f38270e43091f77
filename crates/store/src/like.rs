//! Texts as LIKE looks for them.

/// A pattern for LIKE with `!` as its escape, that finds `text` anywhere.
pub(crate) fn pattern(text: &str) -> String {
    let mut pattern = String::from("%");
    for character in text.chars() {
        if matches!(character, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_like_would_read_as_a_wildcard_is_text() {
        assert_eq!(pattern("50%_off!"), "%50!%!_off!!%");
    }
}
