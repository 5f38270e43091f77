//! `GET /expedition/{code}`: the parcels of an expedition with their histories.

use http::StatusCode;
use serde_json::{Value, json};
use store::shipments;

use crate::{
    Answer, Call, codes,
    respond::answer as json_answer,
    tracking::{UNKNOWN, language, traced, untraced},
};

pub(crate) async fn answer(call: &Call<'_>) -> Answer {
    let code = call.argument;
    let parcels =
        if codes::is_plausible(code) { shipments::parcels_of(&call.house.db, call.caller.owner, code).await? } else { Vec::new() };
    let mut body = untraced(code);
    let Some(first) = parcels.first() else {
        body["error"] = json!([{ "codError": UNKNOWN.0, "desError": UNKNOWN.1 }]);
        return Ok(json_answer(StatusCode::OK, &body));
    };
    let mut traces = Vec::with_capacity(parcels.len());
    for parcel in &parcels {
        traces.push(traced(call, parcel, language(call)).await?);
    }
    let events: Vec<&Value> = traces.iter().filter_map(|trace| trace["events"].as_array()).flatten().collect();
    body["codProduct"] = json!(first.product);
    // The parcels of a shipment travel together; it is delivered when the last of them is.
    if traces.iter().all(|trace| trace["deliveryDate"].is_string()) {
        body["deliveryDate"] = traces.last().map_or(Value::Null, |trace| trace["deliveryDate"].clone());
    }
    body["has_incidence"] = json!(traces.iter().any(|trace| trace["has_incidence"] == true));
    body["associatedShipments"] = parcels.iter().map(|parcel| json!(parcel.code)).collect();
    body["events"] = json!(events);
    body["error"] = json!([]);
    Ok(json_answer(StatusCode::OK, &body))
}
