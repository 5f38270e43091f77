//! What everything we draw is made of: texts, lines, boxes and bars, placed in millimetres from the lower left corner.

use pdf_writer::{Content, Name, Str};
use subsetter::GlyphRemapper;

use crate::labels::{
    WATERMARK, barcode,
    font::{Face, Style, bold},
    lettering::{shrunk, width, wrapped},
};

/// Points in a millimetre.
pub(crate) const MM: f32 = 72.0 / 25.4;

/// The names of the fonts in a page's resources.
pub(crate) const REGULAR: Name<'static> = Name(b"F1");
pub(crate) const BOLD: Name<'static> = Name(b"F2");

/// Half a square root of two: the watermark climbs at 45 degrees.
const DIAGONAL: f32 = std::f32::consts::FRAC_1_SQRT_2;

/// The glyphs of one weight that a document uses, in the order of their first use, with the letters they are.
#[derive(Debug, Default)]
pub(crate) struct Used {
    pub(crate) glyphs: GlyphRemapper,
    /// Letter and advance of each glyph; the first is the font's sign for "no glyph".
    pub(crate) letters: Vec<(char, u16)>,
}

impl Used {
    /// The text in the numbers of the document's own glyphs, two bytes each.
    fn encode(&mut self, face: Face, text: &str) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(text.len() * 2);
        for c in text.chars() {
            let (letter, glyph) = face.glyph(c);
            let id = self.glyphs.remap(glyph.id);
            let at = usize::from(id);
            if at >= self.letters.len() {
                self.letters.resize(at + 1, ('\u{fffd}', 0));
                self.letters[at] = (letter, glyph.advance);
            }
            bytes.extend(id.to_be_bytes());
        }
        bytes
    }
}

/// The letters of a document, in both weights.
#[derive(Debug, Default)]
pub(crate) struct Letters {
    pub(crate) regular: Used,
    pub(crate) bold: Used,
}

/// A page, or a part of one with its own lower left corner.
pub(crate) struct Canvas<'d> {
    pub(crate) content: Content,
    pub(crate) letters: &'d mut Letters,
}

impl Canvas<'_> {
    /// Draws `part` with its corner at `x`, `y`, `scale` times its size.
    pub(crate) fn place(&mut self, x: f32, y: f32, scale: f32, part: impl FnOnce(&mut Self)) {
        self.content.save_state();
        self.content.transform([scale, 0.0, 0.0, scale, x * MM, y * MM]);
        part(self);
        self.content.restore_state();
    }

    /// A line of text that begins at `x`.
    pub(crate) fn text(&mut self, x: f32, y: f32, style: Style, text: &str) {
        if text.is_empty() {
            return;
        }
        self.content.begin_text();
        self.content.next_line(x * MM, y * MM);
        self.show(style, text);
        self.content.end_text();
    }

    fn show(&mut self, style: Style, text: &str) {
        let (name, used) = match style.face {
            Face::Regular => (REGULAR, &mut self.letters.regular),
            Face::Bold => (BOLD, &mut self.letters.bold),
        };
        let bytes = used.encode(style.face, text);
        self.content.set_font(name, style.size);
        self.content.show(Str(&bytes));
    }

    /// A line that ends at `right`.
    pub(crate) fn text_to(&mut self, right: f32, y: f32, style: Style, text: &str) {
        self.text(right - width(text, style) / MM, y, style, text);
    }

    /// A line with `middle` in its middle.
    pub(crate) fn text_around(&mut self, middle: f32, y: f32, style: Style, text: &str) {
        self.text(middle - width(text, style) / MM / 2.0, y, style, text);
    }

    /// A line from `x` that is set smaller, and then cut, to end within `room` millimetres.
    pub(crate) fn text_in(&mut self, x: f32, y: f32, room: f32, style: Style, text: &str) {
        let (style, text) = shrunk(text, style, room * MM);
        self.text(x, y, style, &text);
    }

    /// The same, but ending at `right`.
    pub(crate) fn text_in_to(&mut self, right: f32, y: f32, room: f32, style: Style, text: &str) {
        let (style, text) = shrunk(text, style, room * MM);
        self.text_to(right, y, style, &text);
    }

    /// One or two lines around the height at which a single one would stand.
    pub(crate) fn cell(&mut self, x: f32, y: f32, room: f32, style: Style, text: &str) {
        let lines = wrapped(text, style, room * MM, 2);
        let step = style.size * 0.42;
        let first = if lines.len() > 1 { y + step / 2.0 } else { y };
        self.lines(x, first, style, step, &lines);
    }

    /// At most `most` lines, the first on `y`; answers where the next would stand.
    pub(crate) fn paragraph(&mut self, x: f32, y: f32, room: f32, style: Style, most: usize, text: &str) -> f32 {
        self.lines(x, y, style, style.size * 0.45, &wrapped(text, style, room * MM, most))
    }

    /// Lines `step` millimetres apart, the first on `y`; answers where the next would stand.
    pub(crate) fn lines(&mut self, x: f32, y: f32, style: Style, step: f32, lines: &[String]) -> f32 {
        let mut y = y;
        for line in lines {
            self.text(x, y, style, line);
            y -= step;
        }
        y
    }

    /// A straight line `thick` points thick.
    pub(crate) fn line(&mut self, from: (f32, f32), to: (f32, f32), thick: f32) {
        self.content.set_line_width(thick);
        self.content.move_to(from.0 * MM, from.1 * MM);
        self.content.line_to(to.0 * MM, to.1 * MM);
        self.content.stroke();
    }

    /// The border of a box, `thick` points thick.
    pub(crate) fn frame(&mut self, x: f32, y: f32, wide: f32, high: f32, thick: f32) {
        self.content.set_line_width(thick);
        self.content.rect(x * MM, y * MM, wide * MM, high * MM);
        self.content.stroke();
    }

    /// A small square, crossed when it was chosen.
    pub(crate) fn tick(&mut self, x: f32, y: f32, side: f32, chosen: bool) {
        self.frame(x, y, side, side, 0.5);
        if chosen {
            self.line((x, y), (x + side, y + side), 0.8);
            self.line((x, y + side), (x + side, y), 0.8);
        }
    }

    /// A box filled with a grey, 0 being black.
    pub(crate) fn fill(&mut self, x: f32, y: f32, wide: f32, high: f32, grey: f32) {
        self.content.set_fill_gray(grey);
        self.content.rect(x * MM, y * MM, wide * MM, high * MM);
        self.content.fill_nonzero();
        self.content.set_fill_gray(0.0);
    }

    /// The bars of a code in the middle of a box, on white, with their quiet zones inside it.
    pub(crate) fn bars(&mut self, x: f32, y: f32, wide: f32, high: f32, code: &str) {
        // Bars stand on white whatever was drawn before them.
        self.fill(x, y, wide, high, 1.0);
        let modules = barcode::modules(code);
        // Ten modules of quiet on each side (ISO/IEC 15417, section 4.5) and bars no wider than half a millimetre.
        #[expect(clippy::cast_precision_loss, reason = "a few hundred modules")]
        let count = modules.len() as f32;
        let module = (wide / (count + 20.0)).min(0.5);
        let mut at = x + (wide - module * count) / 2.0;
        for run in modules.chunk_by(|a, b| a == b) {
            #[expect(clippy::cast_precision_loss, reason = "a run is at most four modules")]
            let thick = module * run.len() as f32;
            if run[0] {
                self.content.rect(at * MM, y * MM, thick * MM, high * MM);
            }
            at += thick;
        }
        self.content.fill_nonzero();
    }

    /// The word that makes a document worthless, across a space with its middle at `x`, `y`; drawn first, under the rest.
    pub(crate) fn watermark(&mut self, x: f32, y: f32, size: f32) {
        let style = bold(size);
        let half = width(WATERMARK, style) / MM / 2.0 * DIAGONAL;
        self.content.save_state();
        self.content.set_fill_gray(0.88);
        self.content.begin_text();
        // A third of the size is half the height of a capital, which is what has to stand in the middle.
        let lift = size / MM / 3.0 * DIAGONAL;
        let corner = ((x - half + lift) * MM, (y - half - lift) * MM);
        self.content.set_text_matrix([DIAGONAL, DIAGONAL, -DIAGONAL, DIAGONAL, corner.0, corner.1]);
        self.show(style, WATERMARK);
        self.content.end_text();
        self.content.restore_state();
    }
}
