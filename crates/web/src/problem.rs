//! Problem details (RFC 9457).

use domain::request_id::RequestId;
use serde_json::{Value, json};

/// The body of an `application/problem+json` answer. `code` names the page `/errors/{code}` that explains it.
#[must_use]
pub fn problem(status: u16, title: &str, detail: &str, code: &str, id: RequestId) -> Value {
    json!({
        "type": format!("/errors/{code}"),
        "title": title,
        "status": status,
        "detail": detail,
        "instance": format!("urn:uuid:{id}"),
    })
}

/// The media type of [`problem`].
pub const MEDIA_TYPE: &str = "application/problem+json";
