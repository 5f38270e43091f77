//! Tracking (wire-formats section 5): what became of a parcel.

pub(crate) mod expedition;
pub(crate) mod place;
pub(crate) mod search;

use domain::{
    Language,
    event_matrix::{Matrix, State},
};
use serde_json::{Value, json};
use store::shipments::{self, Parcel};

use crate::{
    Call, body,
    calendar::Calendar,
    declaration::Declaration,
    events::{self, Happened},
    respond::Refusal,
};

/// What is said of a code nobody knows, or that belongs to somebody else.
pub(crate) const UNKNOWN: (&str, &str) = ("3", "Sin Trazabilidad en Minerva");

/// The language the query asks for.
pub(crate) fn language(call: &Call<'_>) -> Language {
    events::language(body::query(call.query, "languageCode").or_else(|| body::query(call.query, "codIdioma")))
}

/// A parcel with its history. `error` is left to the caller: it is an array on one path and an object on another.
pub(crate) async fn traced(call: &Call<'_>, parcel: &Parcel, language: Language) -> Result<Value, Refusal> {
    let (calendar, matrix) = (&call.house.calendar, &call.house.matrix);
    let siblings = shipments::parcels_of(&call.house.db, call.caller.owner, &parcel.shipment_code).await?;
    let happened = events::events_until(parcel, call.now);
    let declared: Value = serde_json::from_str(&parcel.declaration).unwrap_or(Value::Null);
    let declaration = Declaration(&declared);
    let package = declaration.package(parcel.number);
    let told: Vec<Value> = happened.iter().map(|one| event(calendar, matrix, parcel, declaration, one, language)).collect();
    let delivered = happened.iter().find(|one| one.row(matrix).state == State::Delivered);
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
        "deliveryDate": delivered.map(|one| calendar.date(one.at)),
        "has_incidence": happened.iter().any(|one| one.row(matrix).incidence),
        "associatedShipments": associated,
        "events": told,
    }))
}

/// One event of a parcel, in the members of trackpub.
pub(crate) fn event(
    calendar: &Calendar,
    matrix: &Matrix,
    parcel: &Parcel,
    declaration: Declaration<'_>,
    happened: &Happened,
    language: Language,
) -> Value {
    let row = happened.row(matrix);
    json!({
        "shippingCode": parcel.code,
        "eventDate": calendar.date(happened.at),
        "eventHours": calendar.hour(happened.at),
        "eventCode": row.code,
        "eventDes": row.description.in_language(language),
        "phase": row.phase,
        "phaseDes": row.phase_name.in_language(language),
        "color": row.colour,
        "summaryText": row.summary.in_language(language),
        "expandedText": row.expanded.in_language(language),
        "webaction": row.web_action,
        "uniqueCode": row.unique_code,
        "motiveCode": row.motive_code,
        "situationCode": row.situation_code,
        "razonCode": row.reason_code,
        "razonDes": row.reason.in_language(language),
        "location": place::name(happened.spot, declaration, language),
    })
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
