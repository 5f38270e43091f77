//! The error of Correos' tracking: a title and a body.

use serde_json::json;
use web::{Response, respond};

use super::Refused;

pub(super) fn encode(refused: &Refused<'_>) -> Response {
    respond::json(refused.status, &json!({"title": "Error", "body": refused.explanation}), refused.id)
}
