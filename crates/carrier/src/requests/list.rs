//! `GET /requests?state=&page=&size=`: newest first.

use http::StatusCode;
use store::collections;

use crate::{
    Answer, Call, body,
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
    let state = body::query(call.query, "state").unwrap_or_default();
    // A state has only these characters; anything else matches nothing, without asking.
    let collections = if state.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_') {
        collections::list(&call.house.db, call.caller.owner, state, size, page * size).await?
    } else {
        Vec::new()
    };
    let shown: serde_json::Value = collections.iter().map(|collection| shown(call, collection)).collect();
    Ok(json_answer(StatusCode::OK, &shown))
}
