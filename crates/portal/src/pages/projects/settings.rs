//! What a project is called.

use app::{projects, view::ProjectPage};
use askama::Template;
use domain::role::Permission;
use http::StatusCode;

use super::{may, must, opened, rail};
use crate::{
    form::Form,
    frame::{Frame, Moment, Notice},
    visit::{Outcome, Visit},
};

#[derive(Template)]
#[template(path = "projects/settings.html")]
struct Page<'v> {
    frame: Frame<'v>,
    page: &'v ProjectPage,
    form: Form,
    created: Moment,
    develops: bool,
    administers: bool,
}

/// `GET /projects/{project}/settings`.
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    let page = opened(visit).await?;
    form_page(visit, &page, StatusCode::OK, Form::with(&[("name", &page.project.name)]))
}

/// `POST /projects/{project}/settings`.
pub(crate) async fn submit(visit: &Visit<'_>) -> Outcome {
    let page = opened(visit).await?;
    must(&page, Permission::Develop)?;
    if let Err(error) = projects::rename(visit.portal.app(), &visit.actor()?, page.project.id, visit.form.text("name")).await {
        let mut form = Form::typed(&visit.form);
        form.refused(error, visit.language)?;
        return form_page(visit, &page, StatusCode::UNPROCESSABLE_ENTITY, form);
    }
    visit.redirect_with(&visit.path, Notice::Saved)
}

fn form_page(visit: &Visit<'_>, page: &ProjectPage, status: StatusCode, form: Form) -> Outcome {
    visit.page_with(
        status,
        &Page {
            frame: visit.frame(visit.t("Ajustes del proyecto", "Project settings")).beside(rail(visit, page)),
            page,
            form,
            created: Moment::new(*page.project.created_at, visit.language),
            develops: may(page, Permission::Develop),
            administers: may(page, Permission::Administer),
        },
    )
}
