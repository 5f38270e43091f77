//! What an operation answers.

use domain::digest;
use http::{
    HeaderValue, StatusCode,
    header::{ETAG, LINK, LOCATION},
};
use serde_json::{Value, json};
use web::{Response, respond};

/// An answer of an operation that was done.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    /// `None`: there is none.
    pub(crate) body: Option<Value>,
    pub(crate) etag: Option<String>,
    pub(crate) location: Option<String>,
    pub(crate) link: Option<String>,
}

/// The tag of a thing as it stands (RFC 9110, section 8.8.3): a strong one, of what is shown of it.
pub(crate) fn etag(thing: &Value) -> String {
    let mut digest = digest::hex(thing.to_string().as_bytes());
    digest.truncate(32);
    format!("\"{digest}\"")
}

impl Answer {
    pub(crate) fn of(status: StatusCode, body: Value) -> Self {
        Self { status, body: Some(body), etag: None, location: None, link: None }
    }

    /// A single thing, with its tag.
    pub(crate) fn one(thing: Value) -> Self {
        let etag = Some(etag(&thing));
        Self { etag, ..Self::of(StatusCode::OK, thing) }
    }

    /// It was done, and there is nothing to say.
    pub(crate) fn nothing() -> Self {
        Self { status: StatusCode::NO_CONTENT, body: None, etag: None, location: None, link: None }
    }

    pub(crate) fn tagged(mut self, thing: &Value) -> Self {
        self.etag = Some(etag(thing));
        self
    }

    pub(crate) fn response(&self, visit: &web::Visit) -> Response {
        let mut response = match &self.body {
            Some(body) => respond::json(self.status, body, visit.id),
            None => {
                let mut response = respond::answer(self.status, respond::JSON, "", visit.id);
                response.headers_mut().remove(http::header::CONTENT_TYPE);
                response
            }
        };
        for (name, value) in [(ETAG, &self.etag), (LOCATION, &self.location), (LINK, &self.link)] {
            if let Some(value) = value.as_deref().and_then(|value| HeaderValue::from_str(value).ok()) {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }

    /// All of it, to be kept for a retry.
    pub(crate) fn kept(&self) -> Vec<u8> {
        json!({"body": self.body, "etag": self.etag, "location": self.location}).to_string().into_bytes()
    }

    /// The answer again, as [`Answer::kept`] wrote it.
    pub(crate) fn again(status: u16, kept: &[u8]) -> Option<Self> {
        let kept: Value = serde_json::from_slice(kept).ok()?;
        let text = |name: &str| kept[name].as_str().map(str::to_owned);
        Some(Self {
            status: StatusCode::from_u16(status).ok()?,
            body: Some(kept["body"].clone()).filter(|body| !body.is_null()),
            etag: text("etag"),
            location: text("location"),
            link: None,
        })
    }
}
