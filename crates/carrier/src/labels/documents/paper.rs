//! How such a paper looks: a sheet of A4, and further ones when there are many parcels.

use super::{Kind, Line, Paper};
use crate::labels::{
    customs::{boxes, euros},
    drawing::Canvas,
    font::{bold, regular},
    kilograms,
    pdf::{A4, Document},
};

const LEFT: f32 = 18.0;
const RIGHT: f32 = 192.0;
const ROOM: f32 = RIGHT - LEFT;

/// Lines of parcels on the first sheet and on those that follow.
const FIRST: usize = 10;
const NEXT: usize = 28;

/// How high the line of a parcel is.
const ROW: f32 = 7.6;

/// Where the columns of the table begin, and where the last ends.
const EDGES: [f32; 5] = [LEFT, 72.0, 98.0, 164.0, RIGHT];

impl Kind {
    fn titles(self) -> [&'static str; 2] {
        match self {
            Self::Dcaf => ["Autorización de despacho aduanero", "Authority for customs clearance"],
            Self::Ddp => ["Entrega con derechos pagados", "Delivered duty paid"],
        }
    }

    fn texts(self) -> [&'static str; 2] {
        match self {
            Self::Dcaf => [
                "El remitente autoriza a Paloma a presentar en su nombre, ante las aduanas de salida y de llegada, las \
                 declaraciones que necesiten los bultos de esta expedición, y a entregar con ellas los documentos que los \
                 acompañan. Responde de que lo declarado aquí es cierto y de que los bultos no llevan nada que esté \
                 prohibido enviar.",
                "The sender authorises Paloma to lodge on their behalf, with the customs of departure and of arrival, the \
                 declarations that the parcels of this shipment need, together with the documents that go with them. The \
                 sender answers for the truth of what is declared here and for the parcels holding nothing that may not be \
                 sent.",
            ],
            Self::Ddp => [
                "El remitente se hace cargo de los aranceles, impuestos y gastos de despacho que se exijan en destino por los \
                 bultos de esta expedición, de modo que el destinatario los reciba sin pagar nada. Paloma los adelanta y \
                 se los carga al remitente en su contrato.",
                "The sender bears the duties, taxes and clearance charges that are asked at destination for the parcels of \
                 this shipment, so that the addressee receives them without paying anything. Paloma advances them and \
                 charges them to the sender's contract.",
            ],
        }
    }
}

/// Adds the sheets of a paper to the document.
pub(super) fn draw(document: &mut Document, paper: &Paper) {
    let (first, more) = paper.parcels.split_at(paper.parcels.len().min(FIRST));
    let parts: Vec<&[Line]> = std::iter::once(first).chain(more.chunks(NEXT)).collect();
    for (number, lines) in (1..).zip(&parts) {
        document.page(A4, |page| {
            if paper.sandbox {
                page.watermark(105.0, 150.0, 110.0);
            }
            head(page, paper, number, parts.len());
            let top = if number == 1 { front(page, paper) } else { 254.0 };
            table(page, top, lines);
        });
    }
}

fn head(page: &mut Canvas<'_>, paper: &Paper, number: usize, of: usize) {
    let [spanish, english] = paper.kind.titles();
    page.text(LEFT, 275.0, bold(15.0), spanish);
    page.text(LEFT, 269.0, regular(10.0), english);
    page.text_to(RIGHT, 275.0, bold(18.0), paper.kind.name());
    page.text_to(RIGHT, 269.0, bold(10.0), "PALOMA");
    page.text(LEFT, 261.0, regular(9.0), &format!("Expedición / Shipment {}", paper.shipment_code));
    page.text_to(RIGHT, 261.0, regular(9.0), &format!("{number} / {of}"));
    page.line((LEFT, 258.5), (RIGHT, 258.5), 0.8);
}

/// Everything but the table, on the first sheet; answers where the table begins.
fn front(page: &mut Canvas<'_>, paper: &Paper) -> f32 {
    let half = ROOM / 2.0;
    for (x, title, lines) in [(LEFT, "Remitente / Sender", &paper.sender), (LEFT + half, "Destinatario / Addressee", &paper.addressee)] {
        page.frame(x, 218.0, half, 36.0, 0.5);
        boxes::party(page, (x, 254.0), (half, 36.0), (regular(6.5), title), lines);
    }
    let facts = [
        ("Producto / Product", paper.product.clone()),
        ("Bultos / Parcels", paper.parcels.len().to_string()),
        ("Peso bruto / Gross weight", paper.weight()),
        ("Valor declarado / Declared value", value(paper.cents())),
    ];
    for ((title, value), x) in facts.iter().zip([LEFT, 78.0, 108.0, 150.0]) {
        page.text(x, 211.5, regular(6.5), title);
        page.text_in(x, 206.5, 56.0_f32.min(RIGHT - x), bold(9.5), value);
    }
    let mut y = 198.0;
    for text in paper.kind.texts() {
        y = page.paragraph(LEFT, y, ROOM, regular(9.0), 5, text) - 2.6;
    }
    sign(page, paper);
    y - 1.0
}

fn sign(page: &mut Canvas<'_>, paper: &Paper) {
    let place: Vec<&str> = [paper.place.as_str(), paper.entry.as_str()].into_iter().filter(|part| !part.is_empty()).collect();
    page.text(LEFT, 44.0, regular(7.0), "Lugar y fecha / Place and date");
    page.text_in(LEFT, 38.0, 80.0, regular(9.5), &place.join(", "));
    page.text(110.0, 44.0, regular(7.0), "Firma y sello del remitente / Sender's signature and stamp");
    page.frame(110.0, 18.0, RIGHT - 110.0, 24.0, 0.5);
}

/// The parcels, from `top` down.
fn table(page: &mut Canvas<'_>, top: f32, lines: &[Line]) {
    page.fill(LEFT, top - 6.0, ROOM, 6.0, 0.92);
    let titles = ["Bulto / Parcel", "Peso / Weight", "Contenido / Contents", "Valor / Value"];
    for (x, title) in EDGES.iter().zip(titles) {
        page.text(x + 1.2, top - 4.1, regular(7.0), title);
    }
    let mut y = top - 6.0;
    for line in lines {
        page.text_in(EDGES[0] + 1.2, y - 4.8, EDGES[1] - EDGES[0] - 2.0, regular(8.5), &line.code);
        page.text_to(EDGES[2] - 1.2, y - 4.8, regular(8.5), &line.grams.map_or_else(|| "—".into(), kilograms));
        let contents = if line.contents.is_empty() { "—" } else { &line.contents };
        page.cell(EDGES[2] + 1.2, y - 4.8, EDGES[3] - EDGES[2] - 2.4, regular(7.0), contents);
        page.text_in_to(EDGES[4] - 1.2, y - 4.8, EDGES[4] - EDGES[3] - 2.0, regular(8.5), &value(line.cents));
        y -= ROW;
        page.line((LEFT, y), (RIGHT, y), 0.3);
    }
    page.frame(LEFT, y, ROOM, top - y, 0.5);
}

fn value(cents: Option<i64>) -> String {
    cents.map_or_else(|| "—".into(), |cents| format!("{} EUR", euros(cents)))
}
