//! `POST /delivery/package`: what was declared, read back by the codes of its parcels.

use http::StatusCode;
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use store::shipments::{self, Parcel};

use crate::{
    Answer, Call,
    body::{self, list, plain},
    codes, events,
    labels::FOREIGN,
    respond::{Refusal, answer as json_answer},
};

const MOST_CODES: usize = 100;

pub(crate) async fn answer(call: &Call<'_>) -> Answer {
    let request = body::object(call.body)?;
    let wanted: Vec<String> = list(&request, "shipments").iter().filter_map(plain).collect();
    if wanted.is_empty() {
        return Err(Refusal::Malformed("Falta shipments o está vacío / shipments is missing or empty".into()));
    }
    if wanted.len() > MOST_CODES {
        return Err(Refusal::Malformed(format!("Máximo {MOST_CODES} códigos / At most {MOST_CODES} codes")));
    }
    let mut seen: Vec<String> = Vec::new();
    let mut declared = Vec::new();
    for code in wanted {
        let parcel = find(call, &code).await?.ok_or(Refusal::NotFound(FOREIGN))?;
        if !seen.contains(&parcel.shipment_code) {
            let parcels = shipments::parcels_of(&call.house.db, call.caller.owner, &parcel.shipment_code).await?;
            declared.push(read_back(call, &parcel, &parcels));
            seen.push(parcel.shipment_code);
        }
    }
    Ok(json_answer(StatusCode::OK, &json!({ "result": "1", "shipments": declared })))
}

/// The caller's parcel with that code.
pub(crate) async fn find(call: &Call<'_>, code: &str) -> Result<Option<Parcel>, Refusal> {
    if !codes::is_plausible(code) {
        return Ok(None);
    }
    Ok(shipments::parcel(&call.house.db, call.caller.owner, code).await?)
}

/// Where a parcel stands at `now`, in a word.
pub(crate) fn state(parcel: &Parcel, now: Timestamp) -> &'static str {
    if parcel.annulled_at.is_some() {
        "ANULADO"
    } else if events::is_admitted(parcel, now) {
        "ADMITIDO"
    } else {
        "PRERREGISTRADO"
    }
}

/// The declaration with the codes it was given.
pub(crate) fn read_back(call: &Call<'_>, parcel: &Parcel, parcels: &[Parcel]) -> Value {
    let mut shipment: Map<String, Value> = serde_json::from_str(&parcel.declaration).unwrap_or_default();
    if let Some(packages) = shipment.get_mut("packages").and_then(Value::as_array_mut) {
        for (package, parcel) in packages.iter_mut().zip(parcels) {
            if let Some(package) = package.as_object_mut() {
                package.entry("packageId").or_insert_with(|| json!(parcel.number.to_string()));
                package.insert("packageCode".into(), json!(parcel.code));
                package.insert("state".into(), json!(state(parcel, call.now)));
            }
        }
    }
    let mut answer = Map::new();
    answer.insert("shipmentCode".into(), json!(parcel.shipment_code));
    answer.insert("entryDate".into(), json!(call.house.calendar.date(parcel.created_at.0)));
    answer.extend(shipment);
    // A client's own members of these names do not stand before ours.
    answer.insert("shipmentCode".into(), json!(parcel.shipment_code));
    answer.insert("entryDate".into(), json!(call.house.calendar.date(parcel.created_at.0)));
    Value::Object(answer)
}
