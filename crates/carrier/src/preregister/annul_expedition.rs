//! `POST /delivery/annulment/expedition`: every parcel of an expedition is called off.

use http::StatusCode;
use serde_json::json;
use store::shipments;

use crate::{
    Answer, Call,
    body::{self, text},
    codes,
    labels::FOREIGN,
    preregister::{
        annul::{annul_each, describe, told},
        findings,
    },
    respond::{Refusal, answer as json_answer},
};

/// How clients name the expedition.
const NAMES: [&str; 3] = ["shipment", "shipmentCode", "expeditionCode"];

pub(crate) async fn answer(call: &Call<'_>) -> Answer {
    let request = body::object(call.body)?;
    let language = findings::language(&request);
    let code = NAMES.into_iter().find_map(|name| text(&request, name));
    let code = code.ok_or_else(|| Refusal::Malformed("Falta shipment / shipment is missing".into()))?;
    let parcels =
        if codes::is_plausible(&code) { shipments::parcels_of(&call.house.db, call.caller.owner, &code).await? } else { Vec::new() };
    if parcels.is_empty() {
        return Err(Refusal::NotFound(FOREIGN));
    }
    let each = annul_each(call, &parcels).await?;
    let any = each.contains(&None);
    let errors = parcels.iter().zip(each).filter_map(|(parcel, why)| {
        let mut error = describe(why?, language);
        error["packageCode"] = json!(parcel.code);
        Some(error)
    });
    Ok(json_answer(StatusCode::OK, &told(language, any, errors)))
}
