//! Problem details (RFC 9457).

use domain::request_id::RequestId;
use serde_json::{Value, json};

/// The body of an `application/problem+json` answer. `link` is the page that explains this kind of problem, absolute: a reader resolves
/// what is relative against the API's address, where no page is.
#[must_use]
pub fn problem(status: u16, title: &str, detail: &str, link: &str, id: RequestId) -> Value {
    json!({
        "type": link,
        "title": title,
        "status": status,
        "detail": detail,
        "instance": format!("urn:uuid:{id}"),
    })
}

/// The media type of [`problem`].
pub const MEDIA_TYPE: &str = "application/problem+json";
