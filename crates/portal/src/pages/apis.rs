//! The catalogue.

use std::sync::Arc;

use askama::Template;
use directory::Catalogue;
use domain::api::Api;

use crate::{
    failure::Failure,
    frame::Frame,
    visit::{Outcome, Visit},
};

#[derive(Template)]
#[template(path = "apis/list.html")]
struct List<'v> {
    frame: Frame<'v>,
    catalogue: Arc<Catalogue>,
}

#[derive(Template)]
#[template(path = "apis/show.html")]
struct Show<'v> {
    frame: Frame<'v>,
    api: &'v Api,
}

/// `GET /apis`: every API that is published.
pub(crate) async fn list(visit: &Visit<'_>) -> Outcome {
    visit.page(&List { frame: visit.frame(visit.t("API", "APIs")), catalogue: visit.portal.catalogue() })
}

/// `GET /apis/{name}`: one of them.
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    let catalogue = visit.portal.catalogue();
    let api = catalogue.find(visit.segment("name")).ok_or(Failure::Missing)?;
    visit.page(&Show { frame: visit.frame(api.title.as_str()), api })
}

/// `GET /apis/{name}/openapi.json`: its document as it was published.
pub(crate) async fn document(visit: &Visit<'_>) -> Outcome {
    let catalogue = visit.portal.catalogue();
    let document = catalogue.document(visit.segment("name")).ok_or(Failure::Missing)?;
    visit.file("application/json", None, document.to_string())
}
