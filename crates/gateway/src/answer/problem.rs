//! Problem details (RFC 9457).

use domain::decision::Refusal;
use http::HeaderValue;
use serde_json::{Value, json};
use web::{Response, problem, respond};

use super::Refused;

pub(super) fn encode(refused: &Refused<'_>) -> Response {
    let title = refused.status.canonical_reason().unwrap_or("Refused");
    let mut body = problem::problem(refused.status.as_u16(), title, refused.explanation, refused.link, refused.id);
    if let Refusal::BodyUnfit(places) = refused.refusal {
        body["errors"] = places.iter().map(|place| json!({"pointer": place.at, "detail": place.what})).collect::<Value>();
    }
    respond::answer(refused.status, HeaderValue::from_static(problem::MEDIA_TYPE), body.to_string(), refused.id)
}
