//! The document of an API.

use super::gone;
use crate::visit::{Outcome, Visit};

/// `GET /apis/{name}/openapi.json`: the document as it was published.
pub(crate) async fn document(visit: &Visit<'_>) -> Outcome {
    let catalogue = visit.portal.catalogue();
    let Some(document) = catalogue.document(visit.segment("name")) else { return gone(visit) };
    visit.file("application/json", None, document.to_string())
}
