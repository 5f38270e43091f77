//! `GET /requests?state=&requestDateFrom=&requestDateTo=&page=&size=`: newest first.

use domain::collection::State;
use http::StatusCode;
use store::collections::{self, Filter};

use crate::{
    Answer, Call, body,
    calendar::read_day,
    requests::shown,
    respond::{Refusal, answer as json_answer},
};

const LARGEST_PAGE: i64 = 100;

pub(crate) async fn answer(call: &Call<'_>) -> Answer {
    let number = |name: &str, or: i64, range: std::ops::RangeInclusive<i64>| match body::query(call.query, name) {
        None | Some("") => Ok(or),
        Some(text) => text
            .parse()
            .ok()
            .filter(|number| range.contains(number))
            .ok_or_else(|| Refusal::Malformed(format!("{name} no es válido / is not valid: {} - {}", range.start(), range.end()))),
    };
    let page = number("page", 0, 0..=1_000_000)?;
    let size = number("size", 50, 1..=LARGEST_PAGE)?;
    let day = |name: &str| match body::query(call.query, name) {
        None | Some("") => Ok(String::new()),
        Some(text) => read_day(text)
            .map(|day| day.to_string())
            .ok_or_else(|| Refusal::Malformed(format!("{name} no es una fecha / is not a date: YYYY-MM-DD"))),
    };
    let (from, to) = (day("requestDateFrom")?, day("requestDateTo")?);
    let state = body::query(call.query, "state").unwrap_or_default();
    // A word that is no state matches nothing, without asking.
    let collections = if state.is_empty() || state.parse::<State>().is_ok() {
        let filter = Filter { state, from: &from, to: &to };
        collections::list(&call.house.db, call.caller.owner, filter, call.now, size, page * size).await?
    } else {
        Vec::new()
    };
    let shown: serde_json::Value = collections.iter().map(|collection| shown(call, collection)).collect();
    Ok(json_answer(StatusCode::OK, &shown))
}
