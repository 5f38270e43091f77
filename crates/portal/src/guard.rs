//! Whether a form comes from a page of ours (cross-site request forgery, trust section 1, row 51).

use http::header::ORIGIN;

use crate::{failure::Failure, header, visit::Visit};

/// A form must carry the token that belongs to this visitor's cookie, and the browser must not say that another site sent
/// it. The token suffices; the headers stop a forged request even if a token leaks.
pub(crate) fn is_ours(visit: &Visit<'_>) -> Result<(), Failure> {
    match header(&visit.headers, http::HeaderName::from_static("sec-fetch-site")) {
        "same-origin" | "none" => {}
        // Browsers say nothing on plain connections and old ones never do: then the origin must be the portal's own.
        "" => {
            let origin = header(&visit.headers, ORIGIN);
            if !origin.is_empty() && origin != visit.portal.settings().public_url {
                return Err(Failure::Foreign);
            }
        }
        _ => return Err(Failure::Foreign),
    }
    if visit.portal.app().is_form_token(visit.form.raw("form_token"), &visit.form_token) { Ok(()) } else { Err(Failure::Foreign) }
}
