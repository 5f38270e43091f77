//! What is said of what waits: for how long, and as much of its reason as a list has room for.

use domain::{Language, Timestamp};

/// How long something has waited, in its largest unit.
pub(crate) fn age(since: Timestamp, now: Timestamp, language: Language) -> String {
    let minutes = now.duration_since(since).as_secs().max(0) / 60;
    let (number, (one_spanish, many_spanish), (one, many)) = match minutes {
        0 => return language.pick("menos de un minuto", "less than a minute").to_owned(),
        1..60 => (minutes, ("minuto", "minutos"), ("minute", "minutes")),
        60..2880 => (minutes / 60, ("hora", "horas"), ("hour", "hours")),
        _ => (minutes / 1440, ("día", "días"), ("day", "days")),
    };
    let unit = if number == 1 { language.pick(one_spanish, one) } else { language.pick(many_spanish, many) };
    format!("{number} {unit}")
}

/// Text somebody wrote, as much of it as a list has room for.
pub(crate) fn clipped(text: &str, most: usize) -> String {
    let clipped: String = text.chars().take(most).collect();
    if clipped.len() < text.len() { format!("{clipped}…") } else { clipped }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_said_in_its_largest_unit() {
        let at = |seconds: i64| Timestamp::from_second(1_000_000_000 + seconds).expect("a moment");
        let said = |seconds, language| age(at(0), at(seconds), language);
        assert_eq!(said(59, Language::English), "less than a minute");
        assert_eq!(said(60, Language::Spanish), "1 minuto");
        assert_eq!(said(47 * 3600, Language::English), "47 hours");
        assert_eq!(said(3 * 86_400 + 5, Language::Spanish), "3 días");
        assert_eq!(said(-5, Language::English), "less than a minute", "clocks of nodes differ");
    }

    #[test]
    fn what_is_clipped_says_so() {
        assert_eq!((clipped("añil", 4).as_str(), clipped("añiles", 4).as_str()), ("añil", "añil…"));
    }
}
