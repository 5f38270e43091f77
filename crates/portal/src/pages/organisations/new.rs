//! Founding an organisation, which ends with credentials in hand.

use app::organisations;
use askama::Template;
use http::StatusCode;

use super::{created::Created, is_name, words::mend};
use crate::{
    form::Form,
    frame::Frame,
    stamp::Stamp,
    visit::{Outcome, Visit},
};

#[derive(Template)]
#[template(path = "organisations/new.html")]
struct New<'v> {
    frame: Frame<'v>,
    form: Form,
}

/// `GET /organisations/new`
pub(crate) async fn new(visit: &Visit<'_>) -> Outcome {
    let offered = visit.t("Mi primera aplicación", "My first application");
    page(visit, StatusCode::OK, Form::with(&[("project", offered)]))
}

/// `POST /organisations/new`: the only answer with the first project's secret.
pub(crate) async fn create(visit: &Visit<'_>) -> Outcome {
    let account = visit.somebody()?.id();
    let (name, project) = (visit.form.text("name"), visit.form.text("project"));
    let mut form = Form::typed(&visit.form);
    for (field, text) in [("name", name), ("project", project)] {
        if !is_name(text) {
            form.wrong(field, mend("name", visit.language));
        }
    }
    if form.is_wrong() {
        return page(visit, StatusCode::UNPROCESSABLE_ENTITY, form);
    }
    let founded = match organisations::create_by(visit.portal.app(), account, name, project).await {
        Ok(founded) => founded,
        Err(error) => {
            super::refused(&mut form, error, "name", visit.language)?;
            return page(visit, StatusCode::UNPROCESSABLE_ENTITY, form);
        }
    };
    let title = match visit.language {
        domain::Language::Spanish => format!("{} ya está creada", founded.organisation.name),
        domain::Language::English => format!("{} is ready", founded.organisation.name),
    };
    let project = &founded.first.project.name;
    let lead = match visit.language {
        domain::Language::Spanish => {
            format!("Es tuya, y nace con el proyecto «{project}» y su cliente OAuth para el entorno de pruebas, que no necesita contrato.")
        }
        domain::Language::English => {
            format!(
                "It is yours, and it is born with the project \"{project}\" and its OAuth client for the sandbox, which needs no contract."
            )
        }
    };
    visit.page(&Created {
        frame: visit.frame(title),
        lead,
        stamps: vec![Stamp::created_client("client", &founded.first.client, visit.language)],
        access: Vec::new(),
        first_call: format!("/projects/{}/first-call", founded.first.project.id),
        project_href: format!("/projects/{}", founded.first.project.id),
        organisation_href: format!("/organisations/{}", founded.organisation.id),
    })
}

fn page(visit: &Visit<'_>, status: StatusCode, form: Form) -> Outcome {
    visit.page_with(status, &New { frame: visit.frame(visit.t("Crear una organización", "Create an organisation")), form })
}
