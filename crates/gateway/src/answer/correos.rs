//! Correos' error object, as Preregister, Labels and Requests answer.

use serde_json::json;
use web::{Response, respond};

use super::Refused;

pub(super) fn encode(refused: &Refused<'_>) -> Response {
    let message = match refused.status.as_u16() {
        // The contract's own word for a 400.
        400 => "Invalid Request",
        _ => refused.status.canonical_reason().unwrap_or("Error"),
    };
    let body = json!({
        "code": refused.status.as_str(),
        "message": message,
        "moreInformation": {"description": refused.explanation, "link": refused.link},
    });
    respond::json(refused.status, &body, refused.id)
}
