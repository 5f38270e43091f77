//! The small form, as large as a label, so that it comes from the same roll.

use crate::labels::{
    customs::{
        CN22_ARTICLES, Form,
        boxes::{self, ROW, SMALL, Table},
    },
    drawing::Canvas,
    font::{bold, regular},
};

const TABLE: Table = Table { edges: [3.0, 11.5, 47.5, 60.5, 74.0, 89.5, 97.0] };

/// Draws the form with its lower left corner at the origin.
pub(crate) fn draw(page: &mut Canvas<'_>, form: &Form) {
    if form.sandbox {
        page.watermark(50.0, 62.0, 62.0);
    }
    head(page, form);
    boxes::party(page, (3.0, 114.0), (47.0, 28.0), (SMALL, "De · From · Remitente"), &form.sender);
    boxes::party(page, (50.0, 114.0), (47.0, 28.0), (SMALL, "À · To · Destinatario"), &form.addressee);
    page.line((50.0, 114.0), (50.0, 86.0), 0.5);
    boxes::categories(page, 4.5, 83.0, 46.0, form.category);
    let mut y = 61.5;
    TABLE.head(page, y, 5.8);
    y -= 5.8;
    TABLE.rows(page, y, CN22_ARTICLES, &form.articles);
    #[expect(clippy::cast_precision_loss, reason = "a handful of lines")]
    let high = ROW * CN22_ARTICLES as f32;
    y -= high;
    TABLE.totals(page, y, 6.2, form);
    y -= 6.2;
    boxes::signature(page, (3.0, y), (94.0, y - 3.0), regular(5.0), form);
    page.frame(3.0, 3.0, 94.0, 144.0, 0.8);
    for y in [132.5, 114.0, 86.0, 61.5] {
        page.line((3.0, y), (97.0, y), 0.5);
    }
}

fn head(page: &mut Canvas<'_>, form: &Form) {
    page.text(4.5, 142.4, bold(8.5), "DÉCLARATION EN DOUANE");
    page.text(4.5, 139.0, regular(6.5), "Customs declaration · Declaración de aduanas");
    page.text(4.5, 136.2, regular(4.6), "Peut être ouvert d’office · May be opened officially · Puede abrirse de oficio");
    page.text_in(4.5, 133.7, 60.0, regular(4.6), &form.product);
    page.text_to(95.5, 140.2, bold(15.0), "CN 22");
    page.text_to(95.5, 135.0, bold(8.0), "PALOMA");
    page.bars(8.0, 118.2, 84.0, 12.6, &form.code);
    page.text_around(50.0, 115.2, bold(7.5), &form.code);
}
