//! `GET /delivery/package/expedition/{code}` and `GET /delivery/package/reference`: what was declared, found by the
//! expedition's code or by what its owner calls it.

use http::StatusCode;
use serde_json::{Value, json};
use store::{shipment_lists, shipments};

use crate::{
    Answer, Call, body, codes, declaration,
    labels::FOREIGN,
    preregister::read::read_back,
    respond::{Refusal, answer as json_answer},
};

/// More shipments than this under one reference are not told of.
const MOST_SHIPMENTS: i64 = 100;

/// How clients name the reference they look for.
const NAMES: [&str; 3] = ["reference", "shipmentReference", "clientReference"];

pub(crate) async fn by_expedition(call: &Call<'_>) -> Answer {
    let code = call.argument;
    let found = if codes::is_plausible(code) { declared(call, code).await? } else { None };
    Ok(told(&[found.ok_or(Refusal::NotFound(FOREIGN))?]))
}

pub(crate) async fn by_reference(call: &Call<'_>) -> Answer {
    let Some(reference) = NAMES.into_iter().find_map(|name| body::decoded(call.query, name)) else {
        return Err(Refusal::Malformed("Falta reference / reference is missing".into()));
    };
    let wanted = ["contractNumber", "clientNumber"].map(|member| (member, body::decoded(call.query, member)));
    let mut found = Vec::new();
    // What is no reference is none of a shipment, and PostgreSQL would choke on some of it.
    if declaration::is_reference(&reference) {
        for code in shipment_lists::by_reference(&call.house.db, call.caller.owner, &reference, MOST_SHIPMENTS).await? {
            found.extend(declared(call, &code).await?);
        }
    }
    found.retain(|shipment| wanted.iter().all(|(member, value)| value.is_none() || body::text(shipment, member) == *value));
    Ok(told(&found))
}

/// An expedition as it is read back; `None` when the project has none under that code.
async fn declared(call: &Call<'_>, code: &str) -> Result<Option<Value>, Refusal> {
    let parcels = shipments::parcels_of(&call.house.db, call.caller.owner, code).await?;
    Ok(parcels.first().map(|first| read_back(call, first, &parcels)))
}

fn told(shipments: &[Value]) -> http::Response<bytes::Bytes> {
    let packages = shipments.iter().flat_map(|shipment| body::list(shipment, "packages"));
    let codes: Vec<&Value> = packages.filter_map(|package| package.get("packageCode")).collect();
    json_answer(StatusCode::OK, &json!({ "result": "1", "packageCodes": codes, "shipments": shipments }))
}
