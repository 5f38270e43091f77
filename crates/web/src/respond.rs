//! Making answers.

use bytes::Bytes;
use domain::request_id::RequestId;
use http::{
    HeaderName, HeaderValue, StatusCode,
    header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS},
};
use serde::Serialize;

use crate::{Body, Response};

/// The header that carries the request's id in every answer.
pub const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// `application/json`.
pub const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// An answer in memory, never stored by caches, never sniffed, with the request's id.
#[must_use]
pub fn answer(status: StatusCode, media_type: HeaderValue, body: impl Into<Bytes>, id: RequestId) -> Response {
    let mut response = Response::new(Body::Whole(body.into()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, media_type);
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(X_REQUEST_ID, id_value(id));
    response
}

/// An answer in JSON.
///
/// # Panics
/// Never for what is handed in here: maps have text for keys.
#[must_use]
pub fn json(status: StatusCode, body: &impl Serialize, id: RequestId) -> Response {
    answer(status, JSON, serde_json::to_vec(body).expect("serialises"), id)
}

/// A request id as a header's value.
///
/// # Panics
/// Never: a UUID is visible ASCII.
#[must_use]
pub fn id_value(id: RequestId) -> HeaderValue {
    let mut buffer = uuid::Uuid::encode_buffer();
    HeaderValue::from_str(id.0.hyphenated().encode_lower(&mut buffer)).expect("a UUID is visible ASCII")
}
