//! The language of a page: what the address says, else what the reader chose before, else what the browser prefers.

pub(crate) use domain::Language;

/// RFC 9110, section 12.5.4: the first of ours with the highest weight, else English.
pub(crate) fn preferred(accept: &str) -> Language {
    let mut best = (Language::English, 0.0);
    for range in accept.split(',').take(32) {
        let mut parts = range.split(';');
        let tag = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
        let weight = parts.find_map(|part| part.trim().strip_prefix("q=")?.parse::<f32>().ok()).unwrap_or(1.0);
        let language = match tag.split('-').next() {
            // Spain's other languages read Spanish sooner than English.
            Some("es" | "ca" | "eu" | "gl") => Language::Spanish,
            Some("en") => Language::English,
            _ => continue,
        };
        if weight > best.1 {
            best = (language, weight);
        }
    }
    best.0
}

/// The other one.
pub(crate) const fn other(language: Language) -> Language {
    match language {
        Language::Spanish => Language::English,
        Language::English => Language::Spanish,
    }
}

/// What a language calls itself.
pub(crate) const fn name(language: Language) -> &'static str {
    language.pick("Español", "English")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browsers_first_choice_of_ours_wins() {
        assert_eq!(preferred("es-ES,es;q=0.9,en;q=0.8"), Language::Spanish);
        assert_eq!(preferred("fr,en;q=0.5,es;q=0.4"), Language::English);
        assert_eq!(preferred("ca,en;q=0.5"), Language::Spanish);
        for odd in ["", "*", "de", "es;q=x;;,,", "en;q=nan"] {
            let _ = preferred(odd);
        }
    }
}
