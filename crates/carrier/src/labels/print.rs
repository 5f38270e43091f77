//! `POST /labels/print`.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::{Value, json};
use store::shipments;

use crate::{
    Answer, Call,
    body::{self, plain, text, whole},
    codes,
    labels::{FOREIGN, Label, pdf, xml, zpl},
    preregister::read::find,
    respond::{Refusal, answer as json_answer},
};

const MOST_LABELS: usize = 200;

/// Formats and modes by their numbers on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Xml,
    Pdf,
    Zpl,
}

impl Format {
    fn member(self) -> &'static str {
        match self {
            Self::Xml => "xml",
            Self::Pdf => "pdf",
            Self::Zpl => "zpl",
        }
    }
}

pub(crate) async fn answer(call: &Call<'_>) -> Answer {
    let request = body::object(call.body)?;
    if text(&request, "application").is_none() {
        return Err(Refusal::Malformed("Falta application / application is missing".into()));
    }
    let print = request.get("print").filter(|print| print.is_object());
    let print = print.ok_or_else(|| Refusal::Malformed("Falta print / print is missing".into()))?;
    let format = match choice(print, "labelFormat", 2, 1..=3)? {
        1 => Format::Xml,
        2 => Format::Pdf,
        _ => Format::Zpl,
    };
    let sheet = match choice(print, "labelPrintMode", 2, 1..=2)? {
        1 => pdf::Sheet::A4 { first: choice(print, "labelPrintInitialPosition", 1, 1..=4)? },
        _ => pdf::Sheet::Label,
    };
    let documents = choice(&request, "documentationType", 1, 0..=2)?;
    let wanted = wanted(print)?;

    if wanted.iter().any(|code| codes::is_expedition(code)) {
        return Ok(nothing(format, "Se esperan códigos de bulto, no de expedición / Parcel codes are expected"));
    }
    let mut labels = Vec::with_capacity(wanted.len());
    for code in &wanted {
        let parcel = find(call, code).await?.ok_or(Refusal::NotFound(FOREIGN))?;
        if parcel.annulled_at.is_some() {
            return Ok(nothing(format, &format!("El envío {code} está anulado / The shipment is annulled")));
        }
        let of = shipments::parcels_of(&call.house.db, call.caller.owner, &parcel.shipment_code).await?.len();
        labels.push(Label::of(call, &parcel, of));
    }
    if documents == 2 {
        return Ok(nothing(format, "El CN22/CN23 no está disponible en pruebas / Not available in the sandbox"));
    }
    let drawn = match format {
        Format::Xml => xml::write(&labels).into_bytes(),
        Format::Pdf => pdf::write(&labels, sheet),
        Format::Zpl => zpl::write(&labels).into_bytes(),
    };
    let mut answer = json!({ "pdf": Value::Null, "error": Value::Null });
    answer[format.member()] = json!(STANDARD.encode(drawn));
    Ok(json_answer(StatusCode::OK, &answer))
}

/// Nothing could be printed: status 200 with the reason inside, as live.
fn nothing(format: Format, reason: &str) -> Response<Bytes> {
    let mut answer = json!({ "pdf": Value::Null, "error": reason });
    answer[format.member()] = Value::Null;
    json_answer(StatusCode::OK, &answer)
}

/// The parcels to print, in the order they were named; one alone may stand outside an array.
fn wanted(print: &Value) -> Result<Vec<String>, Refusal> {
    let wanted: Vec<String> = match print.get("shipments") {
        Some(Value::Array(codes)) => codes.iter().map(|code| plain(code).unwrap_or_default()).collect(),
        Some(code) => plain(code).into_iter().collect(),
        None => Vec::new(),
    };
    match wanted.len() {
        0 => Err(Refusal::Malformed("Falta print.shipments / print.shipments is missing".into())),
        1..=MOST_LABELS => Ok(wanted),
        _ => Err(Refusal::Malformed(format!("Máximo {MOST_LABELS} etiquetas / At most {MOST_LABELS} labels"))),
    }
}

fn choice(of: &Value, member: &str, or: i64, range: std::ops::RangeInclusive<i64>) -> Result<i64, Refusal> {
    match whole(of, member) {
        Ok(None) => Ok(or),
        Ok(Some(number)) if range.contains(&number) => Ok(number),
        _ => Err(Refusal::Malformed(format!("{member} no es válido / {member} is not valid: {} - {}", range.start(), range.end()))),
    }
}
