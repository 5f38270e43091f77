//! A decision by the id of its request, from wherever somebody has it.

use app::{Error, view};
use askama::Template;
use domain::request_id::RequestId;
use http::StatusCode;

use super::projects;
use crate::{
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
        return again(visit, StatusCode::OK, Form::new());
    }
    let mut form = Form::typed(&visit.query);
    let Ok(id) = wanted.parse::<RequestId>() else {
        form.wrong(
            "id",
            visit.t(
                "Es un UUID: cópialo entero de la cabecera X-Request-Id de la respuesta.",
                "It is a UUID: copy the whole of it from the header X-Request-Id of the answer.",
            ),
        );
        return again(visit, StatusCode::NOT_FOUND, form);
    };
    let kept = match view::decision(visit.portal.app(), &visit.actor()?, id.0).await {
        // Strangers hear of what is not theirs what they would hear of what is not there.
        Err(Error::NotFound { .. }) => {
            form.wrong(
                "id",
                visit.t(
                    "De esa petición no hay nada que puedas ver: ya no se guarda, o no es de un proyecto tuyo. Las llamadas rechazadas se guardan todas; de las que pasan, una muestra.",
                    "There is nothing of that request that you may see: it is not kept any more, or is of no project of yours. Refused calls are all kept; of those that passed, a sample.",
                ),
            );
            return again(visit, StatusCode::NOT_FOUND, form);
        }
        kept => kept?,
    };
    match &kept.project_id {
        Some(project) => visit.redirect(&format!("/projects/{project}/decisions/{id}")),
        None => projects::decision_shown(visit, &kept, None, String::new()),
    }
}

fn again(visit: &Visit<'_>, status: StatusCode, form: Form) -> Outcome {
    visit.page_with(status, &Find { frame: visit.frame(visit.t("Buscar una petición", "Look up a request")), form })
}
