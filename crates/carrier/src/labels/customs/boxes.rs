//! What both customs forms are put together from.

use crate::labels::{
    customs::{Article, CATEGORIES, Form, euros},
    drawing::{Canvas, MM},
    font::{Face, Style, bold, regular},
    lettering::block,
};

/// What the sender signs, in French, English and Spanish.
pub(crate) const STATEMENT: [&str; 3] = [
    "Je déclare que les indications de ce formulaire sont exactes et que l’envoi ne contient rien d’interdit.",
    "I declare that the particulars on this form are true and that the item holds nothing prohibited.",
    "Declaro que los datos de este formulario son ciertos y que el envío no lleva nada prohibido.",
];

/// How high the line of an article is: two lines of text.
pub(crate) const ROW: f32 = 5.6;

/// The style of captions.
pub(crate) const SMALL: Style = regular(5.0);

/// The three languages of a caption on one line.
pub(crate) fn caption(page: &mut Canvas<'_>, x: f32, y: f32, room: f32, texts: [&str; 3]) {
    let [french, english, spanish] = texts;
    let text = if french == english { format!("{english} · {spanish}") } else { format!("{french} · {english} · {spanish}") };
    page.text_in(x, y, room, SMALL, &text);
}

/// An address under its title and the style of that, in a box whose upper left corner is given.
pub(crate) fn party(page: &mut Canvas<'_>, corner: (f32, f32), size: (f32, f32), title: (Style, &str), lines: &[String]) {
    let (x, y) = (corner.0 + 1.5, corner.1 - 3.0);
    let room = size.0 - 3.0;
    page.text(x, y, title.0, title.1);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few millimetres by a few")]
    let capacity = |points: f32| ((size.1 - 4.5) / (points * 0.43)) as usize;
    let styles = [8.5, 7.5, 6.5, 5.5].map(|points| (regular(points), capacity(points)));
    let (style, lines) = block(lines, &styles, room * MM);
    let step = style.size * 0.43;
    if let Some((name, rest)) = lines.split_first() {
        page.text(x, y - step - 0.4, Style { face: Face::Bold, ..style }, name);
        page.lines(x, y - 2.0 * step - 0.4, style, step, rest);
    }
}

/// The categories in two columns of `room` millimetres each, the declared one crossed.
pub(crate) fn categories(page: &mut Canvas<'_>, x: f32, y: f32, room: f32, chosen: Option<usize>) {
    caption(page, x, y, room * 2.0, ["Catégorie de l’envoi", "Category of item", "Categoría del envío"]);
    for (at, [french, english, spanish]) in CATEGORIES.into_iter().enumerate() {
        #[expect(clippy::cast_precision_loss, reason = "seven of them")]
        let (column, row) = ((at / 4) as f32, (at % 4) as f32);
        let (x, y) = (x + column * room, y - 4.2 - row * 4.9);
        page.tick(x, y - 0.6, 2.6, chosen == Some(at));
        let abroad = if french == english { french.to_owned() } else { format!("{french} · {english}") };
        page.text_in(x + 3.8, y + 0.4, room - 4.5, SMALL, &abroad);
        page.text_in(x + 3.8, y - 1.6, room - 4.5, SMALL, spanish);
    }
}

/// The columns of the table of articles: where each begins and what stands over it. The last number is where it ends.
pub(crate) struct Table {
    pub(crate) edges: [f32; 7],
}

impl Table {
    /// The line of captions with its top at `y`.
    pub(crate) fn head(&self, page: &mut Canvas<'_>, y: f32, high: f32) {
        let titles = [
            ["Qté · Qty", "Cantidad"],
            ["Description du contenu · Contents", "Descripción del contenido"],
            ["Poids net · Net", "Peso neto (g)"],
            ["Valeur · Value", "Valor (EUR)"],
            ["N° tarifaire · HS", "N.º arancelario"],
            ["Orig.", "Origen"],
        ];
        let (left, right) = (self.edges[0], self.edges[6]);
        page.fill(left, y - high, right - left, high, 0.92);
        page.frame(left, y - high, right - left, high, 0.5);
        for (edges, [abroad, spanish]) in self.edges.windows(2).zip(titles) {
            let room = edges[1] - edges[0] - 1.4;
            page.text_in(edges[0] + 0.7, y - 2.6, room, regular(4.6), abroad);
            page.text_in(edges[0] + 0.7, y - 4.8, room, regular(4.6), spanish);
        }
    }

    /// The lines of the articles, the first with its top at `y`, and empty ones up to `rows`.
    pub(crate) fn rows(&self, page: &mut Canvas<'_>, y: f32, rows: usize, articles: &[Article]) {
        let mut top = y;
        for at in 0..rows {
            if let Some(article) = articles.get(at) {
                self.row(page, top, article);
            }
            top -= ROW;
            page.line((self.edges[0], top), (self.edges[6], top), 0.3);
        }
        for x in self.edges {
            page.line((x, y), (x, top), 0.3);
        }
    }

    fn row(&self, page: &mut Canvas<'_>, top: f32, article: &Article) {
        let style = regular(6.0);
        let room = |at: usize| self.edges[at + 1] - self.edges[at] - 1.4;
        let left = |at: usize| self.edges[at] + 0.7;
        page.text_in(left(0), top - 3.4, room(0), style, &article.quantity);
        page.cell(left(1), top - 3.4, room(1), style, &article.description);
        for (at, value) in [(2, &article.weight), (3, &article.value)] {
            page.text_in_to(self.edges[at + 1] - 0.7, top - 3.4, room(at), style, value);
        }
        page.text_in(left(4), top - 3.4, room(4), style, &article.tariff);
        page.text_in(left(5), top - 3.4, room(5), style, &article.origin);
    }

    /// The line of sums with its top at `y`: net weight and value under their columns, the gross weight before them.
    pub(crate) fn totals(&self, page: &mut Canvas<'_>, y: f32, high: f32, form: &Form) {
        let known = |number: Option<i64>, write: fn(i64) -> String| number.map_or_else(|| "—".to_owned(), write);
        page.frame(self.edges[0], y - high, self.edges[6] - self.edges[0], high, 0.5);
        let room = self.edges[2] - self.edges[0] - 2.0;
        caption(page, self.edges[0] + 0.7, y - 2.4, room, ["Poids brut total", "Total gross weight", "Peso bruto total"]);
        let gross = known(form.gross, |grams| format!("{grams} g"));
        page.text(self.edges[0] + 0.7, y - high + 1.1, bold(7.0), &gross);
        for (at, title, value) in
            [(2, "Net · Neto", known(form.net(), |grams| grams.to_string())), (3, "Total", known(form.cents(), euros))]
        {
            page.text_in(self.edges[at] + 0.7, y - 2.4, self.edges[at + 1] - self.edges[at] - 1.4, regular(4.6), title);
            let room = self.edges[at + 1] - self.edges[at] - 1.4;
            page.text_in_to(self.edges[at + 1] - 0.7, y - high + 1.1, room, bold(6.5), &value);
        }
        let currency = regular(5.0);
        page.text_in(self.edges[4] + 0.7, y - 2.4, self.edges[6] - self.edges[4] - 1.4, currency, "Monnaie · Currency · Moneda");
        page.text(self.edges[4] + 0.7, y - high + 1.1, bold(6.5), "EUR");
    }
}

/// The statement, the place and the date, and the line to sign on, in a box whose upper left corner is given.
pub(crate) fn signature(page: &mut Canvas<'_>, corner: (f32, f32), size: (f32, f32), style: Style, form: &Form) {
    let (x, room) = (corner.0 + 1.5, size.0 - 3.0);
    let mut y = corner.1 - style.size * 0.55;
    for text in STATEMENT {
        y = page.paragraph(x, y, room, style, 2, text) - 0.2;
    }
    let foot = corner.1 - size.1;
    caption(page, x, foot + 5.6, room / 2.0, ["Lieu et date", "Place and date", "Lugar y fecha"]);
    let place = [form.place.as_str(), form.entry.as_str()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
    page.text_in(x, foot + 1.8, room / 2.0 - 1.0, regular(7.0), &place.join(", "));
    let middle = x + room / 2.0;
    caption(page, middle, foot + 5.6, room / 2.0, ["Signature", "Signature", "Firma"]);
    page.line((middle, foot + 1.2), (x + room, foot + 1.2), 0.4);
}
