//! `GET /track/search-continuous-trace/{code}`: an array of one, whose `error` is an object that says "0" when all is well.

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
            body["error"] = json!({ "codError": "0", "desError": "" });
        }
        None => {
            body = untraced(call.argument);
            body["error"] = json!({ "codError": UNKNOWN.0, "desError": UNKNOWN.1 });
        }
    }
    Ok(json_answer(StatusCode::OK, &json!([body])))
}
