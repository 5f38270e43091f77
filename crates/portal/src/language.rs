//! The language of a page: what the address says, else what the reader chose before, else what the browser prefers.

/// A language of the portal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    Spanish,
    English,
}

impl Language {
    /// From `es` or `en`.
    pub(crate) fn of_tag(tag: &str) -> Option<Self> {
        match tag {
            "es" => Some(Self::Spanish),
            "en" => Some(Self::English),
            _ => None,
        }
    }

    /// RFC 9110, section 12.5.4: the first of ours with the highest weight, else English.
    pub(crate) fn preferred(accept: &str) -> Self {
        let mut best = (Self::English, 0.0);
        for range in accept.split(',').take(32) {
            let mut parts = range.split(';');
            let tag = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
            let weight = parts.find_map(|part| part.trim().strip_prefix("q=")?.parse::<f32>().ok()).unwrap_or(1.0);
            let language = match tag.split('-').next() {
                // Spain's other languages read Spanish sooner than English.
                Some("es" | "ca" | "eu" | "gl") => Self::Spanish,
                Some("en") => Self::English,
                _ => continue,
            };
            if weight > best.1 {
                best = (language, weight);
            }
        }
        best.0
    }

    pub(crate) const fn tag(self) -> &'static str {
        match self {
            Self::Spanish => "es",
            Self::English => "en",
        }
    }

    /// Its own name for itself.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Spanish => "Español",
            Self::English => "English",
        }
    }

    /// The text in this language. Both stand side by side wherever a text stands, so that none can be missing.
    pub(crate) const fn pick<'a>(self, spanish: &'a str, english: &'a str) -> &'a str {
        match self {
            Self::Spanish => spanish,
            Self::English => english,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browsers_first_choice_of_ours_wins() {
        assert_eq!(Language::preferred("es-ES,es;q=0.9,en;q=0.8"), Language::Spanish);
        assert_eq!(Language::preferred("fr,en;q=0.5,es;q=0.4"), Language::English);
        assert_eq!(Language::preferred("ca,en;q=0.5"), Language::Spanish);
        for odd in ["", "*", "de", "es;q=x;;,,", "en;q=nan"] {
            let _ = Language::preferred(odd);
        }
    }
}
