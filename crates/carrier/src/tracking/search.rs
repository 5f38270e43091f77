//! `GET /search/{code}`: always 200; an unknown code is told so inside. One code is answered by an object, several by an array
//! of such objects in their order.

use http::StatusCode;
use serde_json::{Value, json};

use crate::{
    Answer, Call,
    preregister::read::find,
    respond::{Refusal, answer as json_answer},
    tracking::{UNKNOWN, language, traced, untraced},
};

/// The contract's own limit.
const MOST_CODES: usize = 100;

pub(crate) async fn answer(call: &Call<'_>) -> Answer {
    // Clients that encode the path write the comma so.
    let argument = call.argument.replace("%2C", ",").replace("%2c", ",");
    let codes: Vec<&str> = argument.split(',').filter(|code| !code.is_empty()).collect();
    if codes.len() > MOST_CODES {
        return Err(Refusal::Malformed(format!("Máximo {MOST_CODES} códigos / At most {MOST_CODES} codes")));
    }
    let body = match codes[..] {
        [] => one(call, call.argument).await?,
        [code] => one(call, code).await?,
        ref many => {
            let mut traces = Vec::with_capacity(many.len());
            for code in many {
                traces.push(one(call, code).await?);
            }
            Value::Array(traces)
        }
    };
    Ok(json_answer(StatusCode::OK, &body))
}

async fn one(call: &Call<'_>, code: &str) -> Result<Value, Refusal> {
    let (mut body, error) = match find(call, code).await? {
        Some(parcel) => (traced(call, &parcel, language(call)).await?, json!([])),
        None => (untraced(code), json!([{ "codError": UNKNOWN.0, "desError": UNKNOWN.1 }])),
    };
    body["error"] = error;
    Ok(body)
}
