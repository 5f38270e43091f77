//! Browsers in words, from what they call themselves (RFC 9110, section 10.1.5). A guess for people; nothing is decided by it.

use crate::language::Language;

/// What the name of a program must hold, most telling first: nearly all claim to be Safari, and most of the rest Chrome.
const PROGRAMS: &[(&str, &str)] = &[
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
];
const SYSTEMS: &[(&str, &str)] = &[
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
];
/// How much of an unknown name is shown, in characters.
const MOST: usize = 60;

/// A browser and its system, such as "Firefox on Linux".
pub(crate) fn words(agent: &str, language: Language) -> String {
    let find = |known: &[(&str, &'static str)]| known.iter().find(|(sign, _)| agent.contains(sign)).map(|(_, name)| *name);
    match (find(PROGRAMS), find(SYSTEMS)) {
        (Some(program), Some(system)) => format!("{program} {} {system}", language.pick("en", "on")),
        (Some(program), None) => program.to_owned(),
        _ if agent.trim().is_empty() => language.pick("un programa que no dice cuál es", "a program that does not say which").to_owned(),
        _ if agent.chars().count() > MOST => agent.chars().take(MOST).chain(['…']).collect(),
        _ => agent.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_that_claim_to_be_others_are_called_what_they_are() {
        for (agent, expected) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox on Linux"),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36 Edg/130.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36",
                "Chrome on Android",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Mobile/15E148 Safari/604.1",
                "Safari on iPhone",
            ),
            ("curl/8.9.1", "curl"),
            ("<b>mine</b>", "<b>mine</b>"),
        ] {
            assert_eq!(words(agent, Language::English), expected);
        }
        assert_eq!(words(&"x".repeat(200), Language::English).chars().count(), MOST + 1);
    }
}
