//! The organisation itself: its name, and its end.

use app::organisations;
use askama::Template;
use domain::role::Permission;
use http::StatusCode;

use super::{Place, refused};
use crate::{
    form::Form,
    frame::{Frame, Notice},
    visit::{Outcome, Visit},
};

#[derive(Template)]
#[template(path = "organisations/settings.html")]
struct Settings<'v> {
    frame: Frame<'v>,
    place: &'v Place,
    form: Form,
}

/// `GET /organisations/{organisation}/settings`
pub(crate) async fn settings(visit: &Visit<'_>) -> Outcome {
    page(visit, StatusCode::OK, None).await
}

/// `POST /organisations/{organisation}/settings`: renames.
pub(crate) async fn rename(visit: &Visit<'_>) -> Outcome {
    let organisation = visit.id_segment("organisation")?;
    match organisations::rename(visit.portal.app(), &visit.actor()?, organisation, visit.form.text("name")).await {
        Ok(()) => visit.redirect_with(&format!("/organisations/{organisation}/settings"), Notice::Saved),
        Err(error) => {
            let mut form = Form::typed(&visit.form);
            refused(&mut form, error, "name", visit.language)?;
            page(visit, StatusCode::UNPROCESSABLE_ENTITY, Some(form)).await
        }
    }
}

async fn page(visit: &Visit<'_>, status: StatusCode, form: Option<Form>) -> Outcome {
    let place = Place::of_form(visit, status, Permission::Own).await?;
    let form = form.unwrap_or_else(|| Form::with(&[("name", &place.all.organisation.name)]));
    visit.page_with(status, &Settings { frame: place.frame(visit, visit.t("Ajustes", "Settings")), form, place: &place })
}
