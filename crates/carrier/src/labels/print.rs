//! `POST /labels/print`: labels, and the customs forms CN 22 and CN 23 of what declared its contents.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::{Value, json};

use crate::{
    Answer, Call,
    body::{self, text},
    labels::{
        Label, Piece,
        customs::Form,
        parcels::{self, Item, Order, Wanted, choice},
        sheet::{self, Sheet},
        xml, zpl,
    },
    respond::{Refusal, answer as json_answer},
};

/// How many articles one document may list: each is a line that is measured and drawn.
const MOST_ARTICLES: usize = 1000;

/// `labelFormat`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Xml,
    Pdf,
    Zpl,
}

impl Format {
    /// Reads the member; PDF when it is absent.
    pub(crate) fn of(print: &Value) -> Result<Self, Refusal> {
        Ok(match choice(print, "labelFormat", 2, 1..=3)? {
            1 => Self::Xml,
            2 => Self::Pdf,
            _ => Self::Zpl,
        })
    }

    fn member(self) -> &'static str {
        match self {
            Self::Xml => "xml",
            Self::Pdf => "pdf",
            Self::Zpl => "zpl",
        }
    }

    /// The document, in base64 under the name of its format.
    pub(crate) fn printed(self, drawn: &[u8]) -> Response<Bytes> {
        let mut answer = json!({ "pdf": Value::Null, "error": Value::Null });
        answer[self.member()] = json!(STANDARD.encode(drawn));
        json_answer(StatusCode::OK, &answer)
    }

    /// Nothing could be printed: status 200 with the reason inside, as live.
    pub(crate) fn nothing(self, reason: &str) -> Response<Bytes> {
        let mut answer = json!({ "pdf": Value::Null, "error": reason });
        answer[self.member()] = Value::Null;
        json_answer(StatusCode::OK, &answer)
    }
}

/// `documentationType`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Documentation {
    All,
    Labels,
    Customs,
}

pub(crate) async fn answer(call: &Call<'_>) -> Answer {
    let (request, print) = read(call)?;
    let format = Format::of(&print)?;
    let sheet = sheet(&print)?;
    let order = Order::of(&print)?;
    let documentation = match choice(&request, "documentationType", 1, 0..=2)? {
        0 => Documentation::All,
        1 => Documentation::Labels,
        _ => Documentation::Customs,
    };
    let mut items = match parcels::wanted(call, &print).await? {
        Wanted::Items(items) => items,
        Wanted::Nothing(reason) => return Ok(format.nothing(&reason)),
    };
    if documentation == Documentation::Customs && format != Format::Pdf {
        return Ok(format.nothing(ONLY_PDF));
    }
    order.sort(&mut items);

    let labelled = if documentation == Documentation::Customs { &[] } else { items.as_slice() };
    let labels: Vec<Label> = labelled.iter().map(|item| Label::of(call, item)).collect();
    let drawn = match format {
        Format::Xml => xml::write(&labels).into_bytes(),
        Format::Zpl => zpl::write(&labels).into_bytes(),
        Format::Pdf => match pieces(call, documentation, &items, labels) {
            Ok(pieces) => sheet::write(&pieces, sheet, title(documentation)),
            Err(reason) => return Ok(format.nothing(&reason)),
        },
    };
    Ok(format.printed(&drawn))
}

/// Why ZPL and XML have no customs forms.
pub(crate) const ONLY_PDF: &str = "La documentación aduanera solo está disponible en PDF / Customs documents are only available as PDF";

/// The body and its member `print`.
pub(crate) fn read(call: &Call<'_>) -> Result<(Value, Value), Refusal> {
    let request = body::object(call.body)?;
    if text(&request, "application").is_none() {
        return Err(Refusal::Malformed("Falta application / application is missing".into()));
    }
    let print = request.get("print").filter(|print| print.is_object()).cloned();
    let print = print.ok_or_else(|| Refusal::Malformed("Falta print / print is missing".into()))?;
    Ok((request, print))
}

/// `labelPrintMode` and `labelPrintInitialPosition`, in which 0 is another way to say that any place will do.
fn sheet(print: &Value) -> Result<Sheet, Refusal> {
    let first = choice(print, "labelPrintInitialPosition", 1, 0..=4)?.max(1);
    Ok(match choice(print, "labelPrintMode", 2, 1..=2)? {
        1 => Sheet::A4 { first },
        _ => Sheet::Label,
    })
}

fn title(documentation: Documentation) -> &'static str {
    match documentation {
        Documentation::All | Documentation::Labels => "Etiquetas",
        Documentation::Customs => "CN22 / CN23",
    }
}

/// What goes into the PDF: each label with its form behind it. `Err` says why there is nothing.
fn pieces(call: &Call<'_>, documentation: Documentation, items: &[Item], labels: Vec<Label>) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::with_capacity(items.len());
    let mut labels = labels.into_iter();
    let mut articles = 0;
    for item in items {
        pieces.extend(labels.next().map(Piece::Label));
        if documentation == Documentation::Labels {
            continue;
        }
        match Form::of(call, item) {
            Some(form) => {
                articles += form.articles.len();
                if articles > MOST_ARTICLES {
                    return Err(format!("Máximo {MOST_ARTICLES} artículos por documento / At most {MOST_ARTICLES} articles in a document"));
                }
                pieces.push(if form.is_light() { Piece::Cn22(form) } else { Piece::Cn23(form) });
            }
            None if documentation == Documentation::Customs => {
                return Err(format!("El envío {} no declara contenido / The shipment declares no contents", item.parcel.code));
            }
            None => {}
        }
    }
    Ok(pieces)
}
