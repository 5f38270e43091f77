//! The document of an API.

use crate::{
    failure::Failure,
    visit::{Outcome, Visit},
};

/// `GET /apis/{name}/openapi.json`: the document as it was published.
pub(crate) async fn document(visit: &Visit<'_>) -> Outcome {
    let catalogue = visit.portal.catalogue();
    let document = catalogue.document(visit.segment("name")).ok_or(Failure::Missing)?;
    visit.file("application/json", None, document.to_string())
}
