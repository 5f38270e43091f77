//! Where the pieces go: one on each page of a label printer's roll, or four on a sheet of A4.

use crate::labels::{
    Piece,
    customs::{cn22, cn23},
    drawing::Canvas,
    pdf::{A4, A5_LYING, Document},
    sticker::{self, SIZE},
};

/// What is printed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sheet {
    /// A label printer: one piece a page.
    Label,
    /// Four pieces on a sheet of A4; the first of them at position `first`, counting from 1 along the rows.
    A4 {
        /// The position of the first piece.
        first: i64,
    },
}

/// Two labels one above the other are 3 mm higher than the sheet, and office printers leave some 5 mm of it white.
const A4_SCALE: f32 = 0.95;

/// Draws the pieces in their order. Those of a label's size come first; the larger forms follow on pages of their own, half
/// a sheet each.
pub(crate) fn write(pieces: &[Piece], sheet: Sheet, title: &str) -> Vec<u8> {
    let mut document = Document::default();
    let (small, large): (Vec<_>, Vec<_>) = pieces.iter().partition(|piece| !matches!(piece, Piece::Cn23(_)));
    for placed in lay_out(&small, sheet) {
        let size = if sheet == Sheet::Label { SIZE } else { A4 };
        document.page(size, |page| {
            for Placed { piece, scale, x, y } in placed {
                page.place(x, y, scale, |page| draw(page, piece));
            }
        });
    }
    let halves: Vec<_> = large.iter().filter_map(|piece| piece.form()).flat_map(cn23::pages).collect();
    match sheet {
        Sheet::Label => halves.iter().for_each(|half| document.page(A5_LYING, |page| cn23::draw(page, half))),
        Sheet::A4 { .. } => {
            for pair in halves.chunks(2) {
                document.page(A4, |page| {
                    for (half, y) in pair.iter().zip([A5_LYING.1, 0.0]) {
                        page.place(0.0, y, 1.0, |page| cn23::draw(page, half));
                    }
                });
            }
        }
    }
    document.finish(title)
}

fn draw(page: &mut Canvas<'_>, piece: &Piece) {
    match piece {
        Piece::Label(label) => sticker::draw(page, label),
        Piece::Cn22(form) => cn22::draw(page, form),
        // It is larger than a label.
        Piece::Cn23(_) => {}
    }
}

/// A piece in its place on a page, in millimetres.
struct Placed<'p> {
    piece: &'p Piece,
    scale: f32,
    x: f32,
    y: f32,
}

fn lay_out<'p>(pieces: &[&'p Piece], sheet: Sheet) -> Vec<Vec<Placed<'p>>> {
    let Sheet::A4 { first } = sheet else {
        return pieces.iter().map(|piece| vec![Placed { piece, scale: 1.0, x: 0.0, y: 0.0 }]).collect();
    };
    let skipped = usize::try_from(first - 1).unwrap_or(0);
    let mut pages: Vec<Vec<Placed<'_>>> = Vec::new();
    for (at, piece) in (skipped..).zip(pieces) {
        if pages.is_empty() || at % 4 == 0 {
            pages.push(Vec::new());
        }
        let (column, row) = ([0.0, 1.0][at % 2], [1.0, 0.0][at / 2 % 2]);
        let half = (A4.0 / 2.0, A4.1 / 2.0);
        // In the middle of its quarter of the sheet.
        let x = column * half.0 + (half.0 - SIZE.0 * A4_SCALE) / 2.0;
        let y = row * half.1 + (half.1 - SIZE.1 * A4_SCALE) / 2.0;
        if let Some(page) = pages.last_mut() {
            page.push(Placed { piece, scale: A4_SCALE, x, y });
        }
    }
    pages
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labels::sample;

    #[test]
    fn a_label_printer_gets_a_page_for_each_label() {
        let labels = [sample("A"), sample("B"), sample("C")].map(Piece::Label);
        assert_eq!(lay_out(&labels.iter().collect::<Vec<_>>(), Sheet::Label).len(), 3);
    }

    #[test]
    fn a_sheet_is_filled_from_the_position_asked_for() {
        let labels = [sample("A"), sample("B"), sample("C")].map(Piece::Label);
        let labels: Vec<_> = labels.iter().collect();
        let pages = lay_out(&labels, Sheet::A4 { first: 3 });
        assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
        // Position 3 is below on the left, 4 beside it; the next sheet begins above on the left.
        assert!(pages[0][0].x < 105.0 && pages[0][0].y < 148.0);
        assert!(pages[0][1].x > 105.0 && pages[0][1].y < 148.0);
        assert!(pages[1][0].x < 105.0 && pages[1][0].y > 148.0);
        let pages = lay_out(&labels, Sheet::A4 { first: 1 });
        assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [3]);
    }

    #[test]
    fn the_same_labels_give_the_same_bytes() {
        let labels = [Piece::Label(sample("A"))];
        let bytes = write(&labels, Sheet::Label, "Etiquetas");
        assert!(bytes.starts_with(b"%PDF-"));
        assert_eq!(bytes, write(&labels, Sheet::Label, "Etiquetas"));
    }
}
