//! What people wrote, as it may stand in a mail to others.

/// A text somebody wrote, as it may stand in a mail to somebody else: on one line, not too long, and without what mail programs make links
/// of, which is anything with a dot and two letters after it. "S.L." and "2.0" stay as they are.
pub(super) fn plain(text: &str, most: usize) -> String {
    let signs: Vec<char> = one_line(text, most).replace("://", " ").chars().collect();
    let mut plain = String::with_capacity(signs.len());
    for (at, sign) in signs.iter().enumerate() {
        plain.push(*sign);
        let in_a_word = at.checked_sub(1).and_then(|before| signs.get(before)).is_some_and(|before| before.is_alphanumeric());
        if *sign == '.' && in_a_word && signs.get(at + 1..at + 3).is_some_and(|two| two.iter().all(|sign| sign.is_alphabetic())) {
            plain.push(' ');
        }
    }
    plain.trim().to_owned()
}

/// The same for what is meant to be a link or an address, and was checked to be one.
pub(super) fn one_line(text: &str, most: usize) -> String {
    // What turns the direction of writing, or is not seen, makes one text look like another.
    let unseen = |c: &char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    text.chars().filter(|c| !unseen(c)).map(|c| if c.is_control() { ' ' } else { c }).take(most).collect()
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn what_a_stranger_wrote_becomes_no_link_and_no_line_of_its_own() {
        for (written, shown) in [
            ("Librería Ana, S.L.", "Librería Ana, S.L."),
            ("Envíos 2.0 & Cía.", "Envíos 2.0 & Cía."),
            ("Pay at https://evil.example/pay", "Pay at https evil. example/pay"),
            ("wwww.ww.evil.example", "wwww. ww. evil. example"),
            ("Shop\r\nBcc: all@mail.example", "Shop  Bcc: all@mail. example"),
            ("\u{202e}gro.elpmaxe\u{2066}", "gro. elpmaxe"),
        ] {
            assert_eq!(plain(written, 120), shown);
        }
        assert_eq!(plain(&"a.bc".repeat(50), 120).chars().filter(|c| *c != ' ').count(), 120);
    }
}
