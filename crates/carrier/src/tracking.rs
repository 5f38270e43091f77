//! Tracking (wire-formats section 5): what became of a parcel.

pub(crate) mod expedition;
pub(crate) mod search;

use serde_json::{Value, json};
use store::shipments::{self, Parcel};

use crate::{
    Call, body,
    calendar::Calendar,
    declaration::Declaration,
    events::{Event, Language},
    respond::Refusal,
};

/// What is said of a code nobody knows, or that belongs to somebody else.
pub(crate) const UNKNOWN: (&str, &str) = ("3", "Sin Trazabilidad en Minerva");

/// The language the query asks for.
pub(crate) fn language(call: &Call<'_>) -> Language {
    Language::of(body::query(call.query, "languageCode").or_else(|| body::query(call.query, "codIdioma")))
}

/// A parcel with its history. `error` is left to the caller: it is an array on one path and an object on another.
pub(crate) async fn traced(call: &Call<'_>, parcel: &Parcel, language: Language) -> Result<Value, Refusal> {
    let calendar = &call.house.calendar;
    let owner = call.caller.owner;
    let happened = shipments::events(&call.house.db, owner, &parcel.code).await?;
    let siblings = shipments::parcels_of(&call.house.db, owner, &parcel.shipment_code).await?;
    let events: Vec<Value> = happened.iter().filter_map(|happened| event(calendar, &parcel.code, happened, language)).collect();
    let incidence = happened.iter().filter_map(|event| Event::find(&event.code)).any(|event| event.incidence);
    let declared: Value = serde_json::from_str(&parcel.declaration).unwrap_or(Value::Null);
    let declaration = Declaration(&declared);
    let package = declaration.package(parcel.number);
    let associated: Vec<Value> = siblings.iter().filter(|other| other.code != parcel.code).map(|other| json!(other.code)).collect();
    Ok(json!({
        "code": parcel.code,
        "shipmentCode": parcel.shipment_code,
        "codProduct": parcel.product,
        "desProduct": declaration.product_name(),
        "customerReference": package.text("clientReference").or_else(|| declaration.text("shipmentReference1")),
        "weight": package.text("packageWeightGrams"),
        // The contract's own spelling.
        "hight": package.text("packageHeight"),
        "width": package.text("packageWidth"),
        "length": package.text("packageLength"),
        "deliveryDate": Value::Null,
        "has_incidence": incidence,
        "associatedShipments": associated,
        "events": events,
    }))
}

/// Something that happened to a parcel, as it is told; `None` when the matrix does not know it.
pub(crate) fn event(calendar: &Calendar, parcel: &str, happened: &shipments::Event, language: Language) -> Option<Value> {
    let event = Event::find(&happened.code)?;
    let texts = event.texts(language);
    Some(json!({
        "shippingCode": parcel,
        "eventDate": calendar.date(happened.at.0),
        "eventHours": calendar.hour(happened.at.0),
        "eventCode": event.code,
        "eventDes": texts.summary,
        "phase": event.phase,
        "phaseDes": texts.phase,
        "color": event.colour(),
        "summaryText": texts.summary,
        "expandedText": texts.expanded,
        "webaction": "",
        "uniqueCode": event.code,
        "motiveCode": "",
        "situationCode": "",
        "razonCode": "",
        "razonDes": "",
        "location": "",
    }))
}

/// The same for a code that cannot be traced.
pub(crate) fn untraced(code: &str) -> Value {
    json!({
        "code": code,
        "codProduct": Value::Null,
        "deliveryDate": Value::Null,
        "has_incidence": false,
        "associatedShipments": [],
        "events": [],
    })
}
