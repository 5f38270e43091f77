//! What fails twice and then works: annulling and printing a parcel. The attempts are counted for each parcel, so that tests side by side
//! do not disturb each other. A parcel whose declaration holds the fixed value fails without being asked again.

use domain::scenario::{Asked, FAILURES, Fault};
use http::StatusCode;
use serde_json::Value;
use store::shipments;

use crate::{
    Answer, Call,
    body::{list, plain, text},
    codes::is_plausible,
    preregister::read::find,
    respond::{Refusal, answer as json_answer},
    scenarios::{Deed, asked::holds, inside},
};

/// As many as a call of Labels may name.
const MOST: usize = 200;

/// How a call fails that asks for it, or whose parcels do; `None` when it works.
pub(super) async fn failure(call: &Call<'_>, deed: Deed, asked_now: bool) -> Result<Option<(Asked, Answer)>, Refusal> {
    let fault = match deed {
        Deed::Annul => Fault::AnnulmentFailsTwice,
        Deed::Print => Fault::LabelNotReady,
        Deed::Other => return Ok(None),
    };
    let request: Value = serde_json::from_slice(call.body).unwrap_or(Value::Null);
    // Parcels that are not there are the endpoint's to refuse.
    let mut parcels = Vec::new();
    for code in named(&request, deed) {
        parcels.extend(find(call, &code).await?);
    }
    if let (Deed::Annul, Some(code)) = (deed, text(&request, "shipment").filter(|code| is_plausible(code))) {
        parcels.extend(shipments::parcels_of(&call.house.db, call.caller.owner, &code).await?);
    }
    let concerned = parcels.into_iter().filter(|parcel| asked_now || holds(&parcel.declaration, fault)).map(|parcel| parcel.code);
    let mut concerned: Vec<String> = concerned.collect();
    if concerned.is_empty() {
        return Ok(None);
    }
    // Everybody counts in one order, so that two calls never wait for each other in a circle.
    concerned.sort_unstable();
    concerned.dedup();
    let mut attempt = i64::MAX;
    let mut tx = call.house.db.begin().await?;
    for code in &concerned {
        let counted = shipments::take_numbers(&mut tx, call.caller.owner, &format!("{fault} {code}"), 1).await?;
        attempt = attempt.min(counted);
    }
    tx.commit(call.now).await?;
    Ok((attempt <= FAILURES).then(|| (Asked { fault, seconds: 0 }, failed(call, deed, &request, attempt))))
}

fn failed(call: &Call<'_>, deed: Deed, request: &Value, attempt: i64) -> Answer {
    if deed == Deed::Print {
        let reason = "La etiqueta todavía no está lista / The label is not ready yet";
        return Ok(json_answer(StatusCode::OK, &inside::unprinted(request, reason)));
    }
    if attempt == 1 {
        return Err(Refusal::Staged(StatusCode::INTERNAL_SERVER_ERROR));
    }
    Ok(if call.path.starts_with("/ship/") { inside::uncancelled(call) } else { json_answer(StatusCode::OK, &inside::unannulled(request)) })
}

/// The parcels that a call is about.
fn named(request: &Value, deed: Deed) -> Vec<String> {
    if deed == Deed::Annul {
        return text(request, "packageCode").or_else(|| text(request, "trackingNumber")).into_iter().collect();
    }
    let print = request.get("print").unwrap_or(&Value::Null);
    match print.get("shipments") {
        Some(Value::Array(_)) => list(print, "shipments").iter().filter_map(plain).take(MOST).collect(),
        Some(code) => plain(code).into_iter().collect(),
        None => Vec::new(),
    }
}
