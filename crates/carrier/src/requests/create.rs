//! `POST /requests`: collections are asked for, an array in and an array out; all of them or none.

use http::StatusCode;
use serde_json::Value;
use store::{
    Moment,
    collections::{self, Collection},
};

use crate::{
    Answer, Call,
    body::{self, text, whole},
    calendar::read_day,
    codes,
    idempotency::{self, Guard},
    requests::{INITIAL, shown},
    respond::{Refusal, answer as json_answer},
};

const MOST_REQUESTS: usize = 50;

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
    let guard = match idempotency::guard(call).await? {
        Guard::Answered(answer) => return Ok(answer),
        Guard::Open(guard) => guard,
    };
    let now = call.now;
    for (at, one) in wanted.iter().enumerate() {
        check(call, one, now).map_err(|complaint| Refusal::Malformed(format!("[{at}] {complaint}")))?;
    }

    let mut tx = call.house.db.begin().await?;
    if let Some(key) = &guard
        && !key.claim(call, &mut tx).await?
    {
        drop(tx);
        return key.replay(call).await;
    }
    let owner = call.caller.owner;
    let day = call.house.calendar.digits(now);
    let many = i64::try_from(wanted.len()).unwrap_or(i64::MAX);
    let first = store::shipments::take_numbers(&mut tx, owner, &format!("request {day}"), many).await?;
    let mut made = Vec::with_capacity(wanted.len());
    for (serial, one) in (first..).zip(wanted) {
        let kind = if text(one, "type").as_deref() == Some("F") { 'F' } else { 'E' };
        let code = codes::collection(&day, serial, kind)
            .ok_or_else(|| Refusal::Conflict("El proyecto ha agotado la numeración de hoy / No numbers are left for today".into()))?;
        let declaration = one.to_string();
        collections::insert(&mut tx, owner, &code, INITIAL, &declaration, now).await?;
        let collection = Collection { code, state: INITIAL.into(), declaration, created_at: Moment(now), updated_at: Moment(now) };
        made.push(shown(call, &collection));
    }
    let answer = json_answer(StatusCode::CREATED, &Value::Array(made));
    if let Some(key) = &guard {
        key.settle(call, &mut tx, &answer).await?;
    }
    tx.commit(now).await?;
    Ok(answer)
}

/// What a request must say. Any day from today on will do.
fn check(call: &Call<'_>, one: &Value, now: jiff::Timestamp) -> Result<(), String> {
    if !one.is_object() {
        return Err("no es un objeto / is not an object".into());
    }
    let Some(day) = text(one, "requestDate") else {
        return Err("requestDate: falta / is missing".into());
    };
    let day = read_day(&day).ok_or("requestDate: no es una fecha / is not a date")?;
    if day < call.house.calendar.day(now) {
        return Err("requestDate: ya ha pasado / is in the past".into());
    }
    for member in ["address", "locality", "postalCode"] {
        if text(one, member).is_none() {
            return Err(format!("{member}: falta / is missing"));
        }
    }
    let one_of = |member: &str, words: &[&str]| match text(one, member) {
        Some(word) if !words.contains(&word.as_str()) => Err(format!("{member}: uno de / one of {}", words.join(", "))),
        _ => Ok(()),
    };
    one_of("type", &["E", "F"])?;
    one_of("timeSlot", &["1", "2", "3", "4"])?;
    one_of("modalityType", &["S", "E", "F", "C", "P"])?;
    one_of("codAnnex", &["054", "091"])?;
    for member in ["estimatedShipments", "estimatedVolume"] {
        if !matches!(whole(one, member), Ok(None | Some(0..=1_000_000))) {
            return Err(format!("{member}: no es un número / is not a number"));
        }
    }
    Ok(())
}
