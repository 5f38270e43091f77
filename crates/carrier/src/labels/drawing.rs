//! One label of 100 by 150 mm, drawn in millimetres from its lower left corner.

use pdf_writer::{Content, Name, Str};

use crate::labels::{
    Label, WATERMARK, barcode,
    lettering::{fitted, width, win_ansi, wrapped},
};

/// Points in a millimetre.
pub(crate) const MM: f32 = 72.0 / 25.4;

/// The size of a label.
pub(crate) const SIZE: (f32, f32) = (100.0, 150.0);

/// The names of the fonts in the page's resources.
pub(crate) const REGULAR: Name<'static> = Name(b"F1");
pub(crate) const BOLD: Name<'static> = Name(b"F2");

const LEFT: f32 = 6.0;
const RIGHT: f32 = 94.0;

/// Half a square root of two: the watermark climbs at 45 degrees.
const DIAGONAL: f32 = std::f32::consts::FRAC_1_SQRT_2;

/// Draws a label into the space whose unit is the point and whose origin is the label's lower left corner.
pub(crate) fn draw(page: &mut Content, label: &Label) {
    watermark(page);
    frame(page);
    head(page, label);
    sender(page, label);
    addressee(page, label);
    facts(page, label);
    bars(page, label);
}

fn watermark(page: &mut Content) {
    let size = 62.0;
    page.save_state();
    page.set_fill_gray(0.88);
    page.begin_text();
    page.set_font(BOLD, size);
    page.set_text_matrix([DIAGONAL, DIAGONAL, -DIAGONAL, DIAGONAL, 14.0 * MM, 46.0 * MM]);
    page.show(Str(&win_ansi(WATERMARK)));
    page.end_text();
    page.restore_state();
}

fn frame(page: &mut Content) {
    page.set_stroke_gray(0.0);
    page.set_line_width(0.8);
    page.rect(3.0 * MM, 3.0 * MM, 94.0 * MM, 144.0 * MM);
    page.stroke();
    page.set_line_width(0.5);
    for y in [133.0, 105.0, 56.0, 44.0] {
        page.move_to(3.0 * MM, y * MM);
        page.line_to(97.0 * MM, y * MM);
        page.stroke();
    }
}

fn head(page: &mut Content, label: &Label) {
    let room = 60.0 * MM;
    let size = if width(&label.product, 15.0, true) <= room { 15.0 } else { 12.0 };
    write(page, LEFT, 138.0, size, true, &fitted(&label.product, size, true, room));
    write_to_right(page, RIGHT, 140.5, 10.0, true, "PALOMA");
    write_to_right(page, RIGHT, 136.0, 7.0, false, "SANDBOX, sin validez");
}

fn sender(page: &mut Content, label: &Label) {
    write(page, LEFT, 128.5, 6.5, false, "REMITENTE");
    for (line, y) in label.sender.iter().take(6).zip(steps(124.5, 3.7)) {
        write(page, LEFT, y, 8.5, false, &fitted(line, 8.5, false, (RIGHT - LEFT) * MM));
    }
}

fn addressee(page: &mut Content, label: &Label) {
    write(page, LEFT, 100.5, 6.5, false, "DESTINATARIO");
    let mut lines = Vec::new();
    for (at, line) in label.addressee.iter().enumerate() {
        // The name and the address may be long; nothing else on the label is read as often.
        lines.extend(wrapped(line, 11.0, at == 0, (RIGHT - LEFT) * MM, 2).into_iter().map(|line| (line, at == 0)));
    }
    for ((line, bold), y) in lines.iter().take(7).zip(steps(95.0, 4.8)) {
        write(page, LEFT, y, 11.0, *bold, line);
    }
    let destination = match label.country.as_str() {
        "ESP" | "" => label.postcode.clone(),
        country => format!("{country} {}", label.postcode),
    };
    write_to_right(page, RIGHT, 59.0, 20.0, true, &fitted(&destination, 20.0, true, 60.0 * MM));
    if !label.notes.is_empty() {
        write(page, LEFT, 58.5, 6.5, false, &fitted(&label.notes, 6.5, false, 42.0 * MM));
    }
}

fn facts(page: &mut Content, label: &Label) {
    let columns = [
        (LEFT, "PESO", label.weight.clone()),
        (28.0, "BULTO", format!("{} / {}", label.number, label.of)),
        (45.0, "FECHA", label.entry.clone()),
        (66.0, "REFERENCIA", label.reference.clone()),
    ];
    for (x, title, value) in columns {
        write(page, x, 52.0, 6.0, false, title);
        write(page, x, 46.8, 9.5, true, &fitted(&value, 9.5, true, (RIGHT - x).min(28.0) * MM));
    }
}

fn bars(page: &mut Content, label: &Label) {
    // The watermark ends above; the bars and their quiet zones stand on white whatever is drawn before them.
    page.set_fill_gray(1.0);
    page.rect(3.5 * MM, 4.0 * MM, 93.0 * MM, 39.5 * MM);
    page.fill_nonzero();
    page.set_fill_gray(0.0);
    let modules = barcode::modules(&label.code);
    // Ten modules of quiet on each side (ISO/IEC 15417, section 4.5) and bars no wider than half a millimetre.
    #[expect(clippy::cast_precision_loss, reason = "a few hundred modules")]
    let count = modules.len() as f32;
    let module = (93.0 / (count + 20.0)).min(0.5);
    let left = (SIZE.0 - module * count) / 2.0;
    let mut x = left;
    for run in modules.chunk_by(|a, b| a == b) {
        #[expect(clippy::cast_precision_loss, reason = "a run is at most four modules")]
        let wide = module * run.len() as f32;
        if run[0] {
            page.rect(x * MM, 14.0 * MM, wide * MM, 27.0 * MM);
        }
        x += wide;
    }
    page.fill_nonzero();
    let size = 12.0;
    let middle = (SIZE.0 * MM - width(&label.code, size, true)) / 2.0;
    write(page, middle / MM, 8.0, size, true, &label.code);
    write_to_right(page, RIGHT, 4.6, 5.5, false, &format!("Expedición {}", label.shipment_code));
}

fn steps(from: f32, step: f32) -> impl Iterator<Item = f32> {
    std::iter::successors(Some(from), move |y| Some(y - step))
}

fn write(page: &mut Content, x: f32, y: f32, size: f32, bold: bool, text: &str) {
    page.begin_text();
    page.set_font(if bold { BOLD } else { REGULAR }, size);
    page.next_line(x * MM, y * MM);
    page.show(Str(&win_ansi(text)));
    page.end_text();
}

fn write_to_right(page: &mut Content, right: f32, y: f32, size: f32, bold: bool, text: &str) {
    write(page, right - width(text, size, bold) / MM, y, size, bold, text);
}
