//! Labels as PDF, with the standard fonts every reader has, so that none needs to be shipped.

use pdf_writer::{Content, Finish as _, Name, Pdf, Rect, Ref, TextStr};

use crate::labels::{
    Label,
    drawing::{BOLD, MM, REGULAR, SIZE, draw},
};

/// What the labels are printed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sheet {
    /// A label printer: one label a page.
    Label,
    /// Four labels on a sheet of A4; the first of them at position `first`, counting from 1 along the rows.
    A4 {
        /// The position of the first label.
        first: i64,
    },
}

const A4: (f32, f32) = (210.0, 297.0);

/// Two labels one above the other are 3 mm higher than the sheet.
const A4_SCALE: f32 = 0.98;

/// Writes the labels in their order.
pub(crate) fn write(labels: &[Label], sheet: Sheet) -> Vec<u8> {
    let mut ids = (1..).map(Ref::new);
    let mut id = || ids.next().unwrap_or(Ref::new(1));
    let (catalog, tree, info, regular, bold) = (id(), id(), id(), id(), id());
    let pages: Vec<(Ref, Ref, Vec<Placed<'_>>)> = lay_out(labels, sheet).into_iter().map(|placed| (id(), id(), placed)).collect();

    let mut pdf = Pdf::new();
    pdf.catalog(catalog).pages(tree);
    let count = i32::try_from(pages.len()).unwrap_or(i32::MAX);
    pdf.pages(tree).kids(pages.iter().map(|(page, ..)| *page)).count(count);
    pdf.document_info(info).title(TextStr("Etiquetas de prueba")).creator(TextStr("Paloma"));
    for (font, name) in [(regular, b"Helvetica".as_slice()), (bold, b"Helvetica-Bold")] {
        pdf.type1_font(font).base_font(Name(name)).encoding_predefined(Name(b"WinAnsiEncoding"));
    }
    let (wide, high) = match sheet {
        Sheet::Label => SIZE,
        Sheet::A4 { .. } => A4,
    };
    for (page_id, content_id, placed) in pages {
        let mut page = pdf.page(page_id);
        page.parent(tree).media_box(Rect::new(0.0, 0.0, wide * MM, high * MM)).contents(content_id);
        page.resources().fonts().pair(REGULAR, regular).pair(BOLD, bold);
        page.finish();
        let mut content = Content::new();
        for Placed { label, scale, x, y } in placed {
            content.save_state();
            content.transform([scale, 0.0, 0.0, scale, x * MM, y * MM]);
            draw(&mut content, label);
            content.restore_state();
        }
        pdf.stream(content_id, &content.finish());
    }
    pdf.finish()
}

/// A label in its place on a page, in millimetres.
struct Placed<'l> {
    label: &'l Label,
    scale: f32,
    x: f32,
    y: f32,
}

fn lay_out(labels: &[Label], sheet: Sheet) -> Vec<Vec<Placed<'_>>> {
    match sheet {
        Sheet::Label => labels.iter().map(|label| vec![Placed { label, scale: 1.0, x: 0.0, y: 0.0 }]).collect(),
        Sheet::A4 { first } => {
            let skipped = usize::try_from(first - 1).unwrap_or(0);
            let mut pages: Vec<Vec<Placed<'_>>> = Vec::new();
            for (at, label) in (skipped..).zip(labels) {
                if pages.is_empty() || at % 4 == 0 {
                    pages.push(Vec::new());
                }
                let (column, row) = ([0.0, 1.0][at % 2], [1.0, 0.0][at / 2 % 2]);
                let half = (A4.0 / 2.0, A4.1 / 2.0);
                // In the middle of its quarter of the sheet.
                let x = column * half.0 + (half.0 - SIZE.0 * A4_SCALE) / 2.0;
                let y = row * half.1 + (half.1 - SIZE.1 * A4_SCALE) / 2.0;
                if let Some(page) = pages.last_mut() {
                    page.push(Placed { label, scale: A4_SCALE, x, y });
                }
            }
            pages
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(code: &str) -> Label {
        Label {
            code: code.into(),
            shipment_code: "PQXXX1000000001R".into(),
            product: "Paq Estándar".into(),
            sender: vec!["Remitente".into()],
            addressee: vec!["Destinatario".into()],
            postcode: "28001".into(),
            country: "ESP".into(),
            weight: "1,000 kg".into(),
            number: 1,
            of: 1,
            reference: String::new(),
            entry: "22/11/2026".into(),
            notes: String::new(),
        }
    }

    #[test]
    fn a_label_printer_gets_a_page_for_each_label() {
        let labels = vec![label("A"), label("B"), label("C")];
        assert_eq!(lay_out(&labels, Sheet::Label).len(), 3);
    }

    #[test]
    fn a_sheet_is_filled_from_the_position_asked_for() {
        let labels = vec![label("A"), label("B"), label("C")];
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
        let labels = vec![label("A")];
        let bytes = write(&labels, Sheet::Label);
        assert!(bytes.starts_with(b"%PDF-"));
        assert_eq!(bytes, write(&labels, Sheet::Label));
    }
}
