//! `POST /requests`: collections are asked for, an array in and an array out; all of them or none.

use std::collections::BTreeSet;

use domain::collection::State;
use http::StatusCode;
use serde_json::Value;
use store::{
    Moment, Tx,
    collections::{self, Collection, Draft},
};

use crate::{
    Answer, Call,
    body::{self, list, text},
    codes,
    idempotency::{self, Guard},
    requests::{
        rules::{self, Sound},
        shown, states,
    },
    respond::{Refusal, answer as json_answer},
};

const MOST_REQUESTS: usize = 50;

/// How many parcels all requests of a call may name: each is a row, and all are written while others wait.
const MOST_PARCELS: usize = 1000;

pub(crate) async fn answer(call: &Call<'_>) -> Answer {
    let request = body::json(call.body)?;
    // The contract shows an array; some clients send the one request bare.
    let wanted: &[Value] = match &request {
        Value::Array(many) => many,
        Value::Object(_) => std::slice::from_ref(&request),
        _ => &[],
    };
    if wanted.is_empty() || wanted.len() > MOST_REQUESTS {
        return Err(Refusal::Malformed(format!(
            "El cuerpo debe ser una lista de 1 a {MOST_REQUESTS} solicitudes / The body must be an array of 1 to \
             {MOST_REQUESTS} requests"
        )));
    }
    if wanted.iter().map(|one| list(one, "shipments").len()).sum::<usize>() > MOST_PARCELS {
        return Err(Refusal::Malformed(format!(
            "shipments: como mucho {MOST_PARCELS} entre todas las solicitudes / at most {MOST_PARCELS} in all requests together"
        )));
    }
    let guard = match idempotency::guard(call).await? {
        Guard::Answered(answer) => return Ok(answer),
        Guard::Open(guard) => guard,
    };
    let sound = rules::check_all(call, wanted).await?;

    let now = call.now;
    let mut tx = call.house.db.begin().await?;
    if let Some(key) = &guard
        && !key.claim(call, &mut tx).await?
    {
        drop(tx);
        return key.replay(call).await;
    }
    let day = call.house.calendar.digits(now);
    let many = i64::try_from(wanted.len()).unwrap_or(i64::MAX);
    // A day has 99,999 numbers; a call that would need more gets none of them, and tomorrow they start anew.
    let first = store::shipments::take_numbers(&mut tx, call.caller.owner, &format!("request {day}"), many).await?;
    let mut made = Vec::with_capacity(wanted.len());
    for ((serial, one), sound) in (first..).zip(wanted).zip(sound) {
        let kind = if text(one, "type").as_deref() == Some("F") { 'F' } else { 'E' };
        let code = codes::collection(&day, serial, kind)
            .ok_or_else(|| Refusal::Conflict("El proyecto ha agotado la numeración de hoy / No numbers are left for today".into()))?;
        made.push(take(call, &mut tx, code, one, &sound).await?);
    }
    let answer = json_answer(StatusCode::CREATED, &Value::Array(made));
    if let Some(key) = &guard {
        key.settle(call, &mut tx, &answer).await?;
    }
    tx.commit(now).await?;
    Ok(answer)
}

/// Writes one request under its code.
async fn take(call: &Call<'_>, tx: &mut Tx, code: String, one: &Value, sound: &Sound) -> Result<Value, Refusal> {
    let (owner, now) = (call.caller.owner, call.now);
    let state = sound.fixed.map_or(State::Inicial, |fixed| fixed.state);
    let course = states::course(&call.house.calendar, state, now, sound.day, text(one, "timeSlot").as_deref());
    let (declaration, day) = (one.to_string(), sound.day.to_string());
    let draft = Draft { code: &code, state: state.as_str(), declaration: &declaration, day: &day, course };
    collections::insert(tx, owner, &draft, now).await?;
    let named: BTreeSet<_> = list(one, "shipments").iter().filter_map(|shipment| text(shipment, "codShipmentCorreos")).collect();
    for parcel in named.iter().filter(|parcel| codes::is_plausible(parcel)) {
        collections::insert_parcel(tx, owner, &code, parcel).await?;
    }
    let state = state.as_str().to_owned();
    let collection = Collection { code, kept: state.clone(), state, declaration, created_at: Moment(now), changed_at: Moment(now) };
    Ok(shown(call, &collection))
}
