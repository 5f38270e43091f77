//! The letters of every document we draw: Noto Sans, which writes Latin, Greek and Cyrillic.
//!
//! The standard fonts of PDF need no file, but they end where Western Europe does: `Łódź` would become `Lodz` on the label
//! of a parcel to Poland. What a document uses of the font travels inside it, a few kilobytes.

use std::sync::LazyLock;

use read_fonts::{FontRef, TableProvider as _};

/// The font's two weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Face {
    Regular,
    Bold,
}

/// A weight and a size in points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Style {
    pub(crate) face: Face,
    pub(crate) size: f32,
}

/// The regular weight in `size` points.
pub(crate) const fn regular(size: f32) -> Style {
    Style { face: Face::Regular, size }
}

/// The bold weight in `size` points.
pub(crate) const fn bold(size: f32) -> Style {
    Style { face: Face::Bold, size }
}

/// One letter as the font draws it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Glyph {
    /// Its number in the font; 0 is the glyph that stands for none.
    pub(crate) id: u16,
    /// How far it moves the pen, in thousandths of the size.
    pub(crate) advance: u16,
}

/// Where letters end in the code points and rarer signs begin. All that the font draws of use on paper lies below.
const END: u32 = 0x2200;

static REGULAR: LazyLock<Vec<Glyph>> = LazyLock::new(|| table(notosans::REGULAR_TTF));
static BOLD: LazyLock<Vec<Glyph>> = LazyLock::new(|| table(notosans::BOLD_TTF));

impl Face {
    /// The font file.
    pub(crate) fn file(self) -> &'static [u8] {
        match self {
            Self::Regular => notosans::REGULAR_TTF,
            Self::Bold => notosans::BOLD_TTF,
        }
    }

    /// The glyph of a letter and the letter it stands for: a question mark for what the font cannot draw.
    pub(crate) fn glyph(self, c: char) -> (char, Glyph) {
        let table = match self {
            Self::Regular => &REGULAR,
            Self::Bold => &BOLD,
        };
        let find = |c: char| {
            let at = usize::try_from(u32::from(c)).ok()?;
            table.get(at).copied().filter(|glyph| glyph.id != 0).map(|glyph| (c, glyph))
        };
        find(c).or_else(|| find(nearest(c))).unwrap_or(('?', Glyph::default()))
    }
}

/// Another sign that reads the same.
fn nearest(c: char) -> char {
    match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\u{201b}' | '\u{2032}' | '\u{2bc}' => '\'',
        '\u{201f}' | '\u{2033}' => '"',
        c if c.is_whitespace() => ' ',
        _ => '?',
    }
}

/// The glyphs of all code points up to [`END`]: a label asks for some thousand of them.
fn table(file: &'static [u8]) -> Vec<Glyph> {
    glyphs(file).unwrap_or_default()
}

fn glyphs(file: &'static [u8]) -> Option<Vec<Glyph>> {
    let font = FontRef::new(file).ok()?;
    let (letters, widths) = (font.cmap().ok()?, font.hmtx().ok()?);
    let em = u32::from(font.head().ok()?.units_per_em()).max(1);
    let glyph = |code: u32| {
        let id = letters.map_codepoint(code)?;
        let advance = u32::from(widths.advance(id)?) * 1000 / em;
        Some(Glyph { id: u16::try_from(id.to_u32()).ok()?, advance: u16::try_from(advance).ok()? })
    };
    Some((0..END).map(|code| glyph(code).unwrap_or_default()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_of_our_neighbours_is_in_both_weights() {
        let letters = "ÁÉÍÓÚÑáéíóúñü¿¡ºª€ Łódź Čapek İstanbul Şőűžćčđ Åland Þór ĀēģķļņūŽ Țepeș Αθήνα София Київ Đặng «»“”–…№";
        for c in letters.chars() {
            for face in [Face::Regular, Face::Bold] {
                let (drawn, glyph) = face.glyph(c);
                assert!(drawn == c && glyph.id != 0 && glyph.advance > 0, "{c} {face:?}");
            }
        }
    }

    #[test]
    fn what_the_font_lacks_is_a_question_mark() {
        for c in ['東', '京', '📦', '\u{7}'] {
            assert_eq!(Face::Regular.glyph(c).0, '?');
        }
        assert_eq!(Face::Regular.glyph('\u{2011}').0, '-');
    }

    #[test]
    fn bold_is_wider_than_regular() {
        let advance = |face: Face| -> u32 { "Peña".chars().map(|c| u32::from(face.glyph(c).1.advance)).sum() };
        assert!(advance(Face::Bold) > advance(Face::Regular));
    }
}
