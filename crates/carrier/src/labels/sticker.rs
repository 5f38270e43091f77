//! One label of 100 by 150 mm.

use crate::labels::{
    Label,
    drawing::{Canvas, MM},
    font::{bold, regular},
    lettering::block,
};

/// The size of a label in millimetres.
pub(crate) const SIZE: (f32, f32) = (100.0, 150.0);

const LEFT: f32 = 6.0;
const RIGHT: f32 = 94.0;

/// Draws a label with its lower left corner at the origin.
pub(crate) fn draw(page: &mut Canvas<'_>, label: &Label) {
    if label.sandbox {
        page.watermark(50.0, 82.0, 62.0);
    }
    frame(page);
    head(page, label);
    sender(page, label);
    addressee(page, label);
    facts(page, label);
    bars(page, label);
}

fn frame(page: &mut Canvas<'_>) {
    page.frame(3.0, 3.0, 94.0, 144.0, 0.8);
    for y in [133.0, 106.0, 56.0, 44.0] {
        page.line((3.0, y), (97.0, y), 0.5);
    }
}

fn head(page: &mut Canvas<'_>, label: &Label) {
    let room = 58.0;
    page.text_in(LEFT, 138.0, room, bold(14.0), &label.product);
    page.text_to(RIGHT, 140.5, bold(10.0), "PALOMA");
    if label.sandbox {
        page.text_to(RIGHT, 136.0, regular(7.0), "SANDBOX, sin validez");
    }
}

fn sender(page: &mut Canvas<'_>, label: &Label) {
    page.text(LEFT, 129.5, regular(6.0), "REMITENTE");
    let (style, lines) = block(&label.sender, &[(regular(8.0), 6), (regular(6.5), 7)], (RIGHT - LEFT) * MM);
    page.lines(LEFT, 125.8, style, style.size * 0.44, &lines);
}

fn addressee(page: &mut Canvas<'_>, label: &Label) {
    page.text(LEFT, 102.3, regular(6.0), "DESTINATARIO");
    // The name stands out; nothing else on the label is read as often.
    let (name, rest) = label.addressee.split_at(label.addressee.len().min(1));
    let room = (RIGHT - LEFT) * MM;
    let (style, first) = block(name, &[(bold(11.0), 1), (bold(10.0), 2), (bold(8.0), 3)], room);
    let y = page.lines(LEFT, 97.5, style, style.size * 0.43, &first);
    let high = if first.len() > 1 { [5, 6, 7] } else { [6, 7, 8] };
    let styles = [(regular(10.5), high[0]), (regular(9.0), high[1]), (regular(7.5), high[2])];
    let (style, lines) = block(rest, &styles, room);
    page.lines(LEFT, y, style, style.size * 0.43, &lines);
    let destination = match label.country.as_str() {
        "ESP" | "" => label.postcode.clone(),
        country => format!("{country} {}", label.postcode).trim_end().to_owned(),
    };
    page.text_in_to(RIGHT, 58.5, 48.0, bold(20.0), &destination);
    page.paragraph(LEFT, 60.5, 36.0, regular(6.0), 2, &label.notes);
}

fn facts(page: &mut Canvas<'_>, label: &Label) {
    let columns = [
        (LEFT, 20.0, "PESO", label.weight.clone()),
        (28.0, 15.0, "BULTO", format!("{} / {}", label.number, label.of)),
        (45.0, 20.0, "FECHA", label.entry.clone()),
        (67.0, 27.0, "REFERENCIA", label.reference.clone()),
    ];
    for (x, room, title, value) in columns {
        page.text(x, 52.0, regular(5.5), title);
        page.text_in(x, 46.8, room, bold(9.0), &value);
    }
}

fn bars(page: &mut Canvas<'_>, label: &Label) {
    // The watermark ends above; the bars and their quiet zones stand on white whatever is drawn before them.
    page.fill(3.5, 4.0, 93.0, 39.5, 1.0);
    page.bars(3.5, 14.0, 93.0, 27.0, &label.code);
    page.text_around(SIZE.0 / 2.0, 8.2, bold(12.0), &label.code);
    page.text_to(RIGHT, 4.6, regular(5.5), &format!("Expedición {}", label.shipment_code));
}
