//! `PUT /ship/v1/shipments/cancel`: annuls the parcel, or with `DELETE_ALL_PACKAGES` its whole expedition.

use http::StatusCode;
use serde_json::json;
use store::shipments;

use crate::{
    Answer, Call,
    body::{self, text},
    events,
    fedex::sample,
    preregister::{annul::annul, read::find},
    respond::Refusal,
};

const SUCCESS: &str = "Success";

pub(crate) async fn answer(call: &Call<'_>) -> Answer {
    let request = body::object(call.body)?;
    let number = text(&request, "trackingNumber")
        .ok_or(Refusal::MalformedCode("TRACKINGNUMBER.EMPTY", "Please provide a valid tracking number to cancel the shipment."))?;
    // The sample parcel is everybody's: it says yes to everybody and stays as it is.
    let (cancelled, message) = if sample::is_meant(call, &number) {
        (true, SUCCESS)
    } else {
        let parcel = find(call, &number).await?.ok_or(Refusal::NotFound("No such tracking number"))?;
        let parcels = if text(&request, "deletionControl").as_deref() == Some("DELETE_ALL_PACKAGES") {
            shipments::parcels_of(&call.house.db, call.caller.owner, &parcel.shipment_code).await?
        } else {
            vec![parcel]
        };
        if parcels.iter().any(|parcel| events::is_admitted(parcel, call.now)) {
            (false, "Shipment has been picked up already")
        } else {
            let codes: Vec<String> = parcels.into_iter().map(|parcel| parcel.code).collect();
            let cancelled = annul(call, &codes).await?;
            (cancelled, if cancelled { SUCCESS } else { "Shipment is already cancelled" })
        }
    };
    let output = json!({
        "cancelledShipment": cancelled,
        "cancelledHistory": true,
        "successMessage": message,
    });
    Ok(call.envelope.fedex(StatusCode::OK, "output", output))
}
