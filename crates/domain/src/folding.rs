//! Texts as they are looked for: what people type without capitals and accents finds what was written with them.
//!
//! The database keeps names of organisations and projects in this form: whoever changes it writes a migration that folds them anew.

/// The text in lower case and without the accents of western languages.
#[must_use]
pub fn folded(text: &str) -> String {
    text.trim().chars().flat_map(char::to_lowercase).filter_map(bare).collect()
}

const fn bare(letter: char) -> Option<char> {
    Some(match letter {
        'á' | 'à' | 'â' | 'ä' | 'ã' | 'å' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ì' | 'î' | 'ï' => 'i',
        'ó' | 'ò' | 'ô' | 'ö' | 'õ' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'ñ' => 'n',
        'ç' => 'c',
        // Accents that stand on their own behind their letter.
        '\u{300}'..='\u{36f}' => return None,
        other => other,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capitals_and_accents_are_no_difference() {
        assert_eq!(folded("  Librería ÑANDÚ, S.L. "), "libreria nandu, s.l.");
        assert_eq!(folded("Nun\u{303}ez"), "nunez", "however the letter is written");
        assert_eq!(folded("İstanbul 北京"), "istanbul 北京");
    }
}
