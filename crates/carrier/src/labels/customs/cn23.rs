//! The large form, half a sheet of A4; further articles follow on halves of their own.

use crate::labels::{
    customs::{
        Article, Form,
        boxes::{self, ROW, SMALL, Table, caption},
    },
    drawing::Canvas,
    font::{bold, regular},
};

const TABLE: Table = Table { edges: [5.0, 23.0, 117.0, 141.0, 167.0, 191.0, 205.0] };

/// Lines on the first half, under the addresses.
const FIRST: usize = 6;

/// Lines on each of those that follow.
const NEXT: usize = 19;

/// One half sheet of a form.
pub(crate) struct Half<'f> {
    form: &'f Form,
    articles: &'f [Article],
    /// Counted from 1.
    number: usize,
    of: usize,
}

/// The halves of a form.
pub(crate) fn pages(form: &Form) -> Vec<Half<'_>> {
    let (first, more) = form.articles.split_at(form.articles.len().min(FIRST));
    let parts: Vec<&[Article]> = std::iter::once(first).chain(more.chunks(NEXT)).collect();
    let of = parts.len();
    parts.into_iter().zip(1..).map(|(articles, number)| Half { form, articles, number, of }).collect()
}

/// Draws half a sheet with its lower left corner at the origin.
pub(crate) fn draw(page: &mut Canvas<'_>, half: &Half<'_>) {
    if half.form.sandbox {
        page.watermark(105.0, 70.0, 84.0);
    }
    head(page, half);
    if half.number == 1 {
        first(page, half.form, half.articles);
    } else {
        TABLE.head(page, 125.0, 5.8);
        TABLE.rows(page, 119.2, NEXT, half.articles);
    }
    page.frame(5.0, 5.0, 200.0, 138.5, 0.8);
}

fn head(page: &mut Canvas<'_>, half: &Half<'_>) {
    let form = half.form;
    page.text(7.0, 138.2, bold(10.0), "DÉCLARATION EN DOUANE");
    page.text(7.0, 134.4, regular(7.0), "Customs declaration · Declaración de aduanas");
    page.text(7.0, 131.4, regular(4.8), "Peut être ouvert d’office · May be opened officially · Puede abrirse de oficio");
    page.text_in(7.0, 127.0, 70.0, regular(7.0), &form.product);
    page.bars(78.0, 129.8, 92.0, 12.6, &form.code);
    page.text_around(124.0, 126.4, bold(8.5), &form.code);
    page.text_to(203.0, 136.8, bold(16.0), "CN 23");
    page.text_to(203.0, 131.6, bold(9.0), "PALOMA");
    page.text_to(203.0, 127.0, regular(7.0), &format!("{} / {}", half.number, half.of));
    page.line((5.0, 125.0), (205.0, 125.0), 0.5);
}

fn first(page: &mut Canvas<'_>, form: &Form, articles: &[Article]) {
    boxes::party(page, (5.0, 125.0), (100.0, 31.0), (SMALL, "De · From · Remitente"), &form.sender);
    boxes::party(page, (105.0, 125.0), (100.0, 31.0), (SMALL, "À · To · Destinatario"), &form.addressee);
    page.line((105.0, 125.0), (105.0, 94.0), 0.5);
    TABLE.head(page, 94.0, 5.8);
    TABLE.rows(page, 88.2, FIRST, articles);
    #[expect(clippy::cast_precision_loss, reason = "a handful of lines")]
    let y = 88.2 - ROW * FIRST as f32;
    TABLE.totals(page, y, 6.4, form);
    let y = y - 6.4;
    boxes::categories(page, 7.0, y - 3.0, 54.0, form.category);
    page.line((117.0, y), (117.0, 5.0), 0.5);
    page.line((5.0, y - 24.0), (117.0, y - 24.0), 0.5);
    caption(page, 7.0, y - 26.8, 108.0, ["Observations", "Comments", "Observaciones"]);
    page.paragraph(7.0, y - 30.6, 108.0, regular(6.5), 4, &form.notes);
    boxes::signature(page, (117.0, y), (88.0, y - 5.0), regular(7.0), form);
}
