//! Stylesheet, script and mark.

use http::{HeaderValue, header::CACHE_CONTROL};

use crate::{
    assets,
    failure::Failure,
    visit::{Outcome, Visit},
};

/// `GET /assets/{digest}/{name}`: never changes under its address.
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    let (media_type, content) = assets::find(visit.segment("digest"), visit.segment("name")).ok_or(Failure::Missing)?;
    let mut response = visit.file(media_type, None, content)?;
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    Ok(response)
}
