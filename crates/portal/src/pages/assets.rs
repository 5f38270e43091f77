//! Stylesheet, script and mark.

use http::{
    HeaderValue,
    header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, VARY},
};

use crate::{
    assets,
    failure::Failure,
    header,
    visit::{Outcome, Visit},
};

const SCRIPT: &str = "text/javascript; charset=utf-8";

/// `GET /assets/{digest}/{name}`: never changes under its address.
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    let (digest, name) = (visit.segment("digest"), visit.segment("name"));
    let mut response = match assets::scalar(digest, name) {
        Some(scalar) => {
            let gzip = header(&visit.headers, ACCEPT_ENCODING).contains("gzip");
            let mut response = visit.file(SCRIPT, None, if gzip { scalar.gzip.clone() } else { scalar.plain.clone() })?;
            if gzip {
                response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            }
            response.headers_mut().insert(VARY, HeaderValue::from_static("accept-encoding"));
            response
        }
        None => {
            let (media_type, content) = assets::find(digest, name).ok_or(Failure::Missing)?;
            visit.file(media_type, None, content)?
        }
    };
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    Ok(response)
}
