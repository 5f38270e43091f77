//! `GET /requests/shipment/{id}`: the requests that name a parcel, newest first; none when nobody asked for it to be collected.

use http::StatusCode;
use serde_json::Value;
use store::collections;

use crate::{Answer, Call, codes, requests::shown, respond::answer as json_answer};

/// The most requests that are shown; the older ones are left out.
const MOST: i64 = 100;

pub(crate) async fn answer(call: &Call<'_>) -> Answer {
    let parcel = call.argument;
    let found = if codes::is_plausible(parcel) {
        collections::of_parcel(&call.house.db, call.caller.owner, parcel, call.now, MOST).await?
    } else {
        Vec::new()
    };
    let shown: Value = found.iter().map(|collection| shown(call, collection)).collect();
    Ok(json_answer(StatusCode::OK, &shown))
}
