//! The API behind the proxies: 1 KiB of JSON at one path.

use anyhow::Result;
use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header::CONTENT_TYPE};
use http_body_util::Full;
use serde::{Deserialize, Serialize};

/// The length of its answer, in bytes.
pub const LENGTH: usize = 1024;

/// What it is told.
#[derive(Serialize, Deserialize)]
pub struct Settings {
    pub path: String,
}

pub fn run() -> Result<()> {
    let Settings { path } = super::settings()?;
    let path: Bytes = path.into();
    let body = Bytes::from(format!("{{\"parcel\":\"{}\"}}", "x".repeat(LENGTH - 13)));
    super::serve(move |request| {
        let mut response = Response::new(Full::new(body.clone()));
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if request.uri().path().as_bytes() != path {
            *response.status_mut() = StatusCode::NOT_FOUND;
        }
        async { response }
    })
}
