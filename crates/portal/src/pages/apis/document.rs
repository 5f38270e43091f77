//! The document of an API.

use super::gone;
use crate::visit::{Outcome, Visit};

/// `GET /apis/{name}/openapi.json`: the document as it was published, without what is for the operator's staff.
pub(crate) async fn document(visit: &Visit<'_>) -> Outcome {
    let reference = visit.portal.references().find(&visit.portal.catalogue(), visit.segment("name"));
    let Some(reference) = reference else { return gone(visit) };
    visit.file("application/json", None, reference.public())
}
