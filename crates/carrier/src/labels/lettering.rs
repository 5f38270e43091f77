//! Making text fit: how wide it is, where it breaks, where it is cut.

use unicode_normalization::UnicodeNormalization as _;

use crate::labels::font::{Face, Style};

/// The longest text that is looked at, in characters. The longest a party may declare is its name, three times 300.
const LONGEST: usize = 1000;

/// One line of text without control characters: none of them belongs on paper, and some would steer a printer. Signs that
/// cannot be seen but turn the direction of others fall away too, and letters sent apart from their accents are put together.
pub(crate) fn plain(text: Option<String>) -> String {
    let text = text.unwrap_or_default();
    let seen = text.chars().filter(|c| !is_invisible(*c)).map(|c| if c.is_control() { ' ' } else { c });
    let composed: String = seen.nfc().take(LONGEST).collect();
    composed.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Joiners, marks of direction, the byte order mark and the selectors of variants.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

/// How wide a text is when set in a style, in the unit of the style's size.
pub(crate) fn width(text: &str, style: Style) -> f32 {
    let thousandths: u32 = text.chars().map(|c| advance(c, style.face)).sum();
    // A line has some hundred characters: the sum is far below where f32 loses integers.
    #[expect(clippy::cast_precision_loss, reason = "small sums")]
    let em = thousandths as f32 / 1000.0;
    em * style.size
}

fn advance(c: char, face: Face) -> u32 {
    u32::from(face.glyph(c).1.advance)
}

/// The text, or as much of it as fits with an ellipsis.
pub(crate) fn fitted(text: &str, style: Style, room: f32) -> String {
    if width(text, style) <= room {
        return text.to_owned();
    }
    let kept = text[..fitting(text, style, room - width("…", style))].trim_end();
    if kept.is_empty() { String::new() } else { format!("{kept}…") }
}

/// The text in a smaller style when it does not fit in its own, down to two thirds of it; then it is cut.
pub(crate) fn shrunk(text: &str, style: Style, room: f32) -> (Style, String) {
    let natural = width(text, style);
    let share = if natural <= room { 1.0 } else { (room / natural).max(0.67) };
    let smaller = Style { size: style.size * share, ..style };
    (smaller, fitted(text, smaller, room * 1.0001))
}

/// How many bytes of the text fit.
fn fitting(text: &str, style: Style, room: f32) -> usize {
    let mut used = 0.0;
    for (at, c) in text.char_indices() {
        used += width(c.encode_utf8(&mut [0; 4]), style);
        if used > room {
            return at;
        }
    }
    text.len()
}

/// The text in at most `most` lines broken between words, and within a word that has no room on a line of its own; the last
/// line ends in an ellipsis when more would follow.
pub(crate) fn wrapped(text: &str, style: Style, room: f32, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let fits = fitting(rest, style, room);
        if fits == rest.len() {
            lines.push(rest.to_owned());
            break;
        }
        if lines.len() + 1 >= most {
            lines.push(fitted(rest, style, room));
            break;
        }
        let first = rest.chars().next().map_or(rest.len(), char::len_utf8);
        let (at_word, within) = (rest[..fits].rfind(' '), fits.max(first));
        // The space after what fits is as good a break as one within.
        let end = if rest[fits..].starts_with(' ') { fits } else { at_word.filter(|at| *at > 0).unwrap_or(within) };
        lines.push(rest[..end].trim_end().to_owned());
        rest = rest[end..].trim_start();
    }
    lines.truncate(most);
    lines
}

/// Sets the lines of an address as large as there is room for: each style of `styles` comes with how many lines of it the
/// room is high. Long texts take more lines where that is possible; none is left out unless one line each is too many.
pub(crate) fn block(texts: &[String], styles: &[(Style, usize)], room: f32) -> (Style, Vec<String>) {
    for most in [4, 2, 1] {
        for (style, capacity) in styles {
            let lines: Vec<String> = texts.iter().flat_map(|text| wrapped(text, *style, room, most)).collect();
            if lines.len() <= *capacity {
                return (*style, lines);
            }
        }
    }
    let (style, capacity) = styles.last().copied().unwrap_or((Style { face: Face::Regular, size: 6.0 }, 1));
    (style, texts.iter().take(capacity).map(|text| fitted(text, style, room)).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::labels::font::{bold, regular};

    #[test]
    fn a_text_is_one_line_of_what_can_be_seen() {
        assert_eq!(plain(Some("C/ Mayor 1\r\n^XA\u{1b}\u{202e}".into())), "C/ Mayor 1 ^XA");
        assert_eq!(plain(Some("Nu\u{301}n\u{303}ez".into())), "Núñez");
        assert_eq!(plain(Some("ñ".repeat(100_000))).chars().count(), LONGEST);
        assert_eq!(plain(None), "");
    }

    #[test]
    fn long_texts_are_cut_to_their_room() {
        let cut = fitted(&"Avenida de la Constitución ".repeat(20), regular(9.0), 200.0);
        assert!(cut.ends_with('…') && width(&cut, regular(9.0)) <= 200.0);
        let lines = wrapped(&"Calle de Alcalá ".repeat(30), bold(9.0), 150.0, 3);
        assert_eq!(lines.len(), 3);
        assert!(lines.iter().all(|line| width(line, bold(9.0)) <= 150.0));
        assert!(lines[2].ends_with('…') && !lines[1].ends_with('…'));
    }

    #[test]
    fn a_long_address_is_set_smaller_before_a_line_is_left_out() {
        let texts: Vec<String> = ["Nombre", "Empresa", "Calle", "Plaza"].iter().map(|word| format!("{word} ").repeat(12)).collect();
        let styles = [(regular(11.0), 4), (regular(8.0), 8)];
        assert_eq!(block(&texts[..1], &styles, 200.0).0, regular(11.0));
        let (style, lines) = block(&texts, &styles, 200.0);
        assert_eq!(style, regular(8.0));
        assert!(lines.iter().any(|line| line.starts_with("Plaza")));
    }

    proptest! {
        #[test]
        fn nothing_stands_out_of_its_room_and_nothing_is_lost_that_fits(text in "[a-zñŁ ]{0,80}", room in 5.0f32..300.0, most in 1usize..5) {
            let lines = wrapped(&text, regular(10.0), room, most);
            prop_assert!(lines.len() <= most);
            if room > 20.0 {
                prop_assert!(lines.iter().all(|line| width(line, regular(10.0)) <= room + 0.01));
            }
            let all = lines.concat().replace(' ', "");
            if !all.ends_with('…') && !lines.is_empty() && room > 20.0 {
                prop_assert_eq!(all, text.replace(' ', ""));
            }
        }
    }
}
