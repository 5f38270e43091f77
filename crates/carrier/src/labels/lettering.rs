//! Text for the standard PDF fonts: WinAnsi bytes (PDF 32000-1, annex D) and how wide they are.

/// Widths of Helvetica's printable ASCII in thousandths of the size, from the font's metrics.
const WIDTHS: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278,
    278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722,
    667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556,
    556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

/// The same of Helvetica-Bold.
const BOLD_WIDTHS: [u16; 95] = [
    278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 333,
    333, 584, 584, 584, 611, 975, 722, 722, 722, 722, 667, 611, 778, 722, 278, 556, 722, 611, 833, 722, 778, 667, 778, 722, 667, 611, 722,
    667, 944, 667, 667, 611, 333, 278, 333, 584, 556, 333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556, 278, 889, 611, 611, 611,
    611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584,
];

/// The code points of WinAnsi's 0x80..0xA0, which is where it differs from Latin-1.
const HIGH: [(char, u8); 27] = [
    ('€', 0x80),
    ('‚', 0x82),
    ('ƒ', 0x83),
    ('„', 0x84),
    ('…', 0x85),
    ('†', 0x86),
    ('‡', 0x87),
    ('ˆ', 0x88),
    ('‰', 0x89),
    ('Š', 0x8a),
    ('‹', 0x8b),
    ('Œ', 0x8c),
    ('Ž', 0x8e),
    ('‘', 0x91),
    ('’', 0x92),
    ('“', 0x93),
    ('”', 0x94),
    ('•', 0x95),
    ('–', 0x96),
    ('—', 0x97),
    ('˜', 0x98),
    ('™', 0x99),
    ('š', 0x9a),
    ('›', 0x9b),
    ('œ', 0x9c),
    ('ž', 0x9e),
    ('Ÿ', 0x9f),
];

/// Letters of our neighbours that WinAnsi lacks, and the letter a postman reads as well.
const NEAREST: [(&str, u8); 46] = [
    ("ĀĂĄ", b'A'),
    ("āăą", b'a'),
    ("ĆĈĊČ", b'C'),
    ("ćĉċč", b'c'),
    ("ĎĐ", b'D'),
    ("ďđ", b'd'),
    ("ĒĔĖĘĚ", b'E'),
    ("ēĕėęě", b'e'),
    ("ĜĞĠĢ", b'G'),
    ("ĝğġģ", b'g'),
    ("ĤĦ", b'H'),
    ("ĥħ", b'h'),
    ("ĨĪĬĮİ", b'I'),
    ("ĩīĭįı", b'i'),
    ("Ĵ", b'J'),
    ("ĵ", b'j'),
    ("Ķ", b'K'),
    ("ķ", b'k'),
    ("ĹĻĽĿŁ", b'L'),
    ("ĺļľŀł", b'l'),
    ("ŃŅŇ", b'N'),
    ("ńņň", b'n'),
    ("ŌŎŐ", b'O'),
    ("ōŏő", b'o'),
    ("ŔŖŘ", b'R'),
    ("ŕŗř", b'r'),
    ("ŚŜŞȘ", b'S'),
    ("śŝşș", b's'),
    ("ŢŤŦȚ", b'T'),
    ("ţťŧț", b't'),
    ("ŨŪŬŮŰŲ", b'U'),
    ("ũūŭůűų", b'u'),
    ("Ŵ", b'W'),
    ("ŵ", b'w'),
    ("Ŷ", b'Y'),
    ("ŷ", b'y'),
    ("ŹŻ", b'Z'),
    ("źż", b'z'),
    ("‐‑‒―−", b'-'),
    ("‛ʼ′", b'\''),
    ("‟″", b'"'),
    ("\u{2009}\u{202f}\u{2007}", b' '),
    ("ẞ", b'S'),
    ("ǵ", b'g'),
    ("ŉ", b'n'),
    ("ſ", b's'),
];

/// The text as WinAnsi bytes; what has no place there becomes its nearest letter or a question mark.
pub(crate) fn win_ansi(text: &str) -> Vec<u8> {
    text.chars().map(byte).collect()
}

fn byte(c: char) -> u8 {
    match u32::from(c) {
        code @ (0x20..=0x7e | 0xa0..=0xff) => u8::try_from(code).unwrap_or(b'?'),
        _ => HIGH
            .iter()
            .find(|(high, _)| *high == c)
            .map(|(_, byte)| *byte)
            .or_else(|| NEAREST.iter().find(|(letters, _)| letters.contains(c)).map(|(_, byte)| *byte))
            .unwrap_or(b'?'),
    }
}

/// How wide a text is when set in `size`.
pub(crate) fn width(text: &str, size: f32, bold: bool) -> f32 {
    // Accented capitals are taken to be as wide as the widest of them, the rest as the widest of theirs.
    let (widths, small) = if bold { (&BOLD_WIDTHS, 611) } else { (&WIDTHS, 556) };
    let thousandths: u32 = text
        .chars()
        .map(|c| match byte(c) {
            ascii @ 0x20..=0x7e => u32::from(widths[usize::from(ascii - 0x20)]),
            0xc0..=0xde | 0x80..=0x9f => 778,
            _ => small,
        })
        .sum();
    // A label's line has some hundred characters: the sum is far below where f32 loses integers.
    #[expect(clippy::cast_precision_loss, reason = "small sums")]
    let em = thousandths as f32 / 1000.0;
    em * size
}

/// The text, or as much of it as fits with an ellipsis.
pub(crate) fn fitted(text: &str, size: f32, bold: bool, room: f32) -> String {
    if width(text, size, bold) <= room {
        return text.to_owned();
    }
    let mut kept = text.to_owned();
    while kept.pop().is_some() {
        let shortened = format!("{}…", kept.trim_end());
        if width(&shortened, size, bold) <= room {
            return shortened;
        }
    }
    String::new()
}

/// The text in at most `most` lines broken between words; the last line ends in an ellipsis when more would follow.
pub(crate) fn wrapped(text: &str, size: f32, bold: bool, room: f32, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if lines_fit(line, word, size, bold, room) => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    if lines.len() > most {
        let tail = lines.split_off(most.saturating_sub(1)).join(" ");
        lines.push(tail);
    }
    lines.into_iter().map(|line| fitted(&line, size, bold, room)).collect()
}

fn lines_fit(line: &str, word: &str, size: f32, bold: bool, room: f32) -> bool {
    width(line, size, bold) + width(" ", size, bold) + width(word, size, bold) <= room
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spanish_letters_are_one_byte_each_and_right() {
        assert_eq!(win_ansi("ÁÉÍÓÚÑáéíóúñü¿¡ºª€"), b"\xc1\xc9\xcd\xd3\xda\xd1\xe1\xe9\xed\xf3\xfa\xf1\xfc\xbf\xa1\xba\xaa\x80");
    }

    #[test]
    fn other_letters_come_near_and_the_rest_is_a_question_mark() {
        assert_eq!(win_ansi("Łódź Čapek İstanbul 東京\n"), b"L\xf3dz Capek Istanbul ???");
    }

    #[test]
    fn bold_texts_are_measured_by_the_bold_font() {
        for (text, thousandths) in [("08013", 5 * 556), ("PALOMA", 667 + 722 + 611 + 778 + 833 + 722), ("il1", 278 + 278 + 556)] {
            assert!((width(text, 10.0, true) - f32::from(u16::try_from(thousandths).unwrap()) / 100.0).abs() < 0.001, "{text}");
        }
        assert!(width("Peña", 10.0, true) > width("Peña", 10.0, false));
    }

    #[test]
    fn long_texts_are_cut_to_their_room() {
        let cut = fitted(&"Avenida de la Constitución ".repeat(20), 9.0, false, 200.0);
        assert!(cut.ends_with('…') && width(&cut, 9.0, false) <= 200.0);
        let lines = wrapped(&"Calle de Alcalá ".repeat(30), 9.0, true, 150.0, 3);
        assert_eq!(lines.len(), 3);
        assert!(lines.iter().all(|line| width(line, 9.0, true) <= 150.0));
    }
}
