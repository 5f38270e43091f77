//! A decision by the id of its request, from wherever somebody has it.

use app::view;
use askama::Template;
use domain::request_id::RequestId;

use super::projects;
use crate::{
    failure::Failure,
    form::Form,
    frame::Frame,
    visit::{Outcome, Visit},
};

#[derive(Template)]
#[template(path = "decisions/find.html")]
struct Find<'v> {
    frame: Frame<'v>,
    form: Form,
}

/// `GET /decisions?id=`: on to its project; what belongs to no project is shown to staff here.
pub(crate) async fn find(visit: &Visit<'_>) -> Outcome {
    let wanted = visit.query.text("id");
    if wanted.is_empty() {
        let title = visit.t("Buscar una petición", "Look up a request");
        return visit.page(&Find { frame: visit.frame(title), form: Form::new() });
    }
    let id: RequestId = wanted.parse().map_err(|_| Failure::Missing)?;
    let kept = view::decision(visit.portal.app(), &visit.actor()?, id.0).await?;
    match &kept.project_id {
        Some(project) => visit.redirect(&format!("/projects/{project}/decisions/{id}")),
        None => projects::decision_shown(visit, &kept, None, String::new()),
    }
}
