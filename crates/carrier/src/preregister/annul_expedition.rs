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
        annul::annul_each,
        findings::{Finding, Kind, Language},
    },
    respond::{Refusal, answer as json_answer},
};

/// How clients name the expedition.
const NAMES: [&str; 3] = ["shipment", "shipmentCode", "expeditionCode"];

pub(crate) async fn answer(call: &Call<'_>) -> Answer {
    let request = body::object(call.body)?;
    let language = Language::of(&request);
    let code = NAMES.into_iter().find_map(|name| text(&request, name));
    let code = code.ok_or_else(|| Refusal::Malformed("Falta shipment / shipment is missing".into()))?;
    let parcels =
        if codes::is_plausible(&code) { shipments::parcels_of(&call.house.db, call.caller.owner, &code).await? } else { Vec::new() };
    if parcels.is_empty() {
        return Err(Refusal::NotFound(FOREIGN));
    }
    let parcels: Vec<String> = parcels.into_iter().map(|parcel| parcel.code).collect();
    let done = annul_each(call, &parcels).await?;
    let message = if done.contains(&true) {
        language.choose("Preregistro Anulado con éxito", "Preregistration annulled successfully")
    } else {
        language.choose("El preregistro no se ha anulado", "The preregistration was not annulled")
    };
    // One entry for each parcel that stays as it was.
    let errors: Vec<_> = parcels
        .iter()
        .zip(done)
        .filter(|(_, done)| !done)
        .map(|(parcel, _)| {
            let mut error = Finding::new(Kind::Annulled, "packageCode").describe(language);
            error["packageCode"] = json!(parcel);
            error
        })
        .collect();
    Ok(json_answer(StatusCode::OK, &json!({ "message": message, "errors": errors })))
}
