//! `GET /delivery/package/backoffice/...`: what a shop's back office wants to see of a day: how much was preregistered,
//! what waits to be handed in, what could not be handed in as it stands, and all that was said of one shipment.

use http::StatusCode;
use jiff::{Timestamp, ToSpan as _};
use serde_json::{Value, json};
use store::{
    shipment_lists::{self, Span},
    shipments::{self, Parcel},
};

use crate::{
    Answer, Call, body,
    calendar::read_day,
    codes,
    declaration::Declaration,
    events,
    labels::FOREIGN,
    preregister::{
        described, findings,
        read::{find, state},
        rules,
    },
    respond::{Refusal, answer as json_answer},
};

const LARGEST_PAGE: i64 = 100;

pub(crate) async fn total(call: &Call<'_>) -> Answer {
    let totals = shipment_lists::totals(&call.house.db, call.caller.owner, span(call)?).await?;
    let body = json!({
        "entryDate": call.house.calendar.date(call.now),
        "shipments": totals.shipments,
        "packages": totals.parcels,
        "annulled": totals.annulled,
        "results": [],
    });
    Ok(json_answer(StatusCode::OK, &body))
}

pub(crate) async fn waiting(call: &Call<'_>) -> Answer {
    let mut results = Vec::new();
    for parcels in page(call).await? {
        results.push(preregistration(call, &parcels));
    }
    Ok(told(call, &results))
}

/// What waits and would be refused if it came today: its contract has ended, or a rule came later.
pub(crate) async fn errors(call: &Call<'_>) -> Answer {
    let language = findings::language_of(body::decoded(call.query, "errorCodeLanguage").as_deref());
    let mut results = Vec::new();
    for parcels in page(call).await? {
        let declared = declared(&parcels);
        let found = rules::check(call, Declaration(&declared)).await?;
        if !found.is_empty() {
            let mut result = preregistration(call, &parcels);
            result["error"] = json!(described(language, &found));
            results.push(result);
        }
    }
    Ok(told(call, &results))
}

/// By the code of the expedition or of one of its parcels.
pub(crate) async fn shipment(call: &Call<'_>) -> Answer {
    let code = match find(call, call.argument).await? {
        Some(parcel) => parcel.shipment_code,
        None => call.argument.to_owned(),
    };
    let parcels =
        if codes::is_plausible(&code) { shipments::parcels_of(&call.house.db, call.caller.owner, &code).await? } else { Vec::new() };
    if parcels.is_empty() {
        return Err(Refusal::NotFound(FOREIGN));
    }
    let mut results = vec![preregistration(call, &parcels)];
    for parcel in &parcels {
        if let Some(annulled_at) = parcel.annulled_at {
            results.push(json!({
                "shipmentCode": parcel.shipment_code,
                "entryDate": call.house.calendar.date(annulled_at.0),
                "operation": "ANULACION",
                "request": json!({ "packageCode": parcel.code }).to_string(),
                "packages": [{ "packageCode": parcel.code, "state": state(parcel, call.now) }],
            }));
        }
    }
    Ok(told(call, &results))
}

/// The expeditions of a page that wait to be handed in: `dateFrom` and `dateTo` (both included), `page` from 0, `size`.
/// A page may be thinner than its size: whether a parcel has been handed in is played, and the database does not know.
async fn page(call: &Call<'_>) -> Result<Vec<Vec<Parcel>>, Refusal> {
    let (page, size) = (number(call, "page", 0, 0..=1_000_000)?, number(call, "size", 50, 1..=LARGEST_PAGE)?);
    let codes = shipment_lists::alive(&call.house.db, call.caller.owner, span(call)?, size, page * size).await?;
    let mut found = Vec::with_capacity(codes.len());
    for code in codes {
        let parcels = shipments::parcels_of(&call.house.db, call.caller.owner, &code).await?;
        if parcels.iter().any(|parcel| is_waiting(parcel, call.now)) {
            found.push(parcels);
        }
    }
    Ok(found)
}

/// Whether a parcel is still to be handed in.
fn is_waiting(parcel: &Parcel, now: Timestamp) -> bool {
    parcel.annulled_at.is_none() && !events::is_admitted(parcel, now)
}

fn told(call: &Call<'_>, results: &[Value]) -> http::Response<bytes::Bytes> {
    json_answer(StatusCode::OK, &json!({ "entryDate": call.house.calendar.date(call.now), "results": results }))
}

/// An expedition in a list; `request` is the declaration as text, as it stands today.
fn preregistration(call: &Call<'_>, parcels: &[Parcel]) -> Value {
    let first = parcels.first();
    let packages: Vec<Value> =
        parcels.iter().map(|parcel| json!({ "packageCode": parcel.code, "state": state(parcel, call.now) })).collect();
    json!({
        "shipmentCode": first.map(|first| first.shipment_code.as_str()),
        "entryDate": first.map(|first| call.house.calendar.date(first.created_at.0)),
        "operation": "ALTA",
        "request": declared(parcels).to_string(),
        "packages": packages,
    })
}

fn declared(parcels: &[Parcel]) -> Value {
    parcels.first().and_then(|first| serde_json::from_str(&first.declaration).ok()).unwrap_or_default()
}

fn span(call: &Call<'_>) -> Result<Span, Refusal> {
    let day = |name: &str, more: i64| match body::decoded(call.query, name) {
        None => Ok(None),
        Some(text) => read_day(&text)
            .and_then(|day| day.checked_add(more.days()).ok())
            .and_then(|day| call.house.calendar.beginning(day))
            .map(Some)
            .ok_or_else(|| Refusal::Malformed(format!("{name} no es una fecha / is not a date: 2026-11-22"))),
    };
    Ok(Span { from: day("dateFrom", 0)?.unwrap_or(Timestamp::MIN), until: day("dateTo", 1)?.unwrap_or(Timestamp::MAX) })
}

fn number(call: &Call<'_>, name: &str, or: i64, range: std::ops::RangeInclusive<i64>) -> Result<i64, Refusal> {
    match body::decoded(call.query, name) {
        None => Ok(or),
        Some(text) => text
            .parse()
            .ok()
            .filter(|number| range.contains(number))
            .ok_or_else(|| Refusal::Malformed(format!("{name} no es válido / is not valid: {} - {}", range.start(), range.end()))),
    }
}
