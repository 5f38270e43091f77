//! `POST /documents/print`: the papers the sender signs so that the carrier may clear a shipment through customs, DCAF (5),
//! or pay what the customs ask of the addressee, DDP (6). One for each shipment, with the parcels that were named.
//!
//! What the carriers' own papers say is not published; these say what such papers are for, in our own words.

mod paper;

use crate::{
    Answer, Call,
    labels::{
        customs::{Form, party},
        is_sandbox, kilograms,
        lettering::plain,
        parcels::{self, Item, Order, Wanted, choice},
        pdf::Document,
        print::{Format, ONLY_PDF, read},
    },
};

/// `documentationType`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Dcaf,
    Ddp,
}

/// Everything one paper says.
#[derive(Debug)]
struct Paper {
    kind: Kind,
    sandbox: bool,
    shipment_code: String,
    product: String,
    sender: Vec<String>,
    addressee: Vec<String>,
    place: String,
    entry: String,
    parcels: Vec<Line>,
}

/// One parcel on it.
#[derive(Debug)]
struct Line {
    code: String,
    grams: Option<i64>,
    contents: String,
    cents: Option<i64>,
}

pub(crate) async fn answer(call: &Call<'_>) -> Answer {
    let (request, print) = read(call)?;
    let kind = match choice(&request, "documentationType", 5, 5..=6)? {
        5 => Kind::Dcaf,
        _ => Kind::Ddp,
    };
    let format = Format::of(&print)?;
    let order = Order::of(&print)?;
    let mut found = match parcels::wanted(call, &print).await? {
        Wanted::Items(items) => items,
        Wanted::Nothing(reason) => return Ok(format.nothing(&reason)),
    };
    if format != Format::Pdf {
        return Ok(format.nothing(ONLY_PDF));
    }
    order.sort(&mut found);

    let mut papers: Vec<Paper> = Vec::new();
    for item in &found {
        let line = Line::of(call, item);
        match papers.iter_mut().find(|paper| paper.shipment_code == item.parcel.shipment_code) {
            Some(paper) => paper.parcels.push(line),
            None => papers.push(Paper::of(call, kind, item, line)),
        }
    }
    let mut document = Document::default();
    papers.iter().for_each(|one| paper::draw(&mut document, one));
    Ok(format.printed(&document.finish(kind.name())))
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Dcaf => "DCAF",
            Self::Ddp => "DDP",
        }
    }
}

impl Paper {
    fn of(call: &Call<'_>, kind: Kind, item: &Item, line: Line) -> Self {
        let (parcel, declaration) = (&item.parcel, item.declaration());
        Self {
            kind,
            sandbox: is_sandbox(call),
            shipment_code: parcel.shipment_code.clone(),
            product: declaration.product_name().to_owned(),
            sender: party(declaration.sender()),
            addressee: party(declaration.addressee()),
            place: plain(declaration.sender().text("locality")),
            entry: call.house.calendar.date(parcel.created_at.0),
            parcels: vec![line],
        }
    }

    /// The weight of all parcels as it is written; a dash when one does not say its own.
    fn weight(&self) -> String {
        let sum = self.parcels.iter().try_fold(0_i64, |sum, line| sum.checked_add(line.grams?));
        sum.map_or_else(|| "—".into(), kilograms)
    }

    /// What all parcels are worth in cents; none unless each says it.
    fn cents(&self) -> Option<i64> {
        self.parcels.iter().try_fold(0_i64, |sum, line| sum.checked_add(line.cents?))
    }
}

impl Line {
    fn of(call: &Call<'_>, item: &Item) -> Self {
        let form = Form::of(call, item);
        let cents = form.as_ref().and_then(Form::cents);
        // Two lines of the table hold fewer than this many.
        let articles = form.iter().flat_map(|form| form.articles.iter().take(20));
        let contents: Vec<&str> = articles.map(|article| article.description.as_str()).filter(|text| !text.is_empty()).collect();
        Self { code: item.parcel.code.clone(), grams: item.package().grams(), contents: contents.join("; "), cents }
    }
}
