//! `GET /search/{code}`: always 200; an unknown code is told so inside.

use http::StatusCode;
use serde_json::json;

use crate::{
    Answer, Call,
    preregister::read::find,
    respond::answer as json_answer,
    tracking::{UNKNOWN, language, traced, untraced},
};

pub(crate) async fn answer(call: &Call<'_>) -> Answer {
    let mut body;
    match find(call, call.argument).await? {
        Some(parcel) => {
            body = traced(call, &parcel, language(call)).await?;
            body["error"] = json!([]);
        }
        None => {
            body = untraced(call.argument);
            body["error"] = json!([{ "codError": UNKNOWN.0, "desError": UNKNOWN.1 }]);
        }
    }
    Ok(json_answer(StatusCode::OK, &body))
}
