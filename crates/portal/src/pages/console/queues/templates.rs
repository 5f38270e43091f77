//! Words for a rejection, to begin with.

use app::{
    Error,
    reason_templates::{self, Wanted},
    records::ReasonTemplate,
};
use askama::Template;
use domain::{queue::Queue, role::Duty};
use http::StatusCode;

use super::super::{frame, has_duty};
use crate::{
    failure::Failure,
    form::Form,
    frame::{Frame, Notice},
    visit::{Outcome, Visit},
    words,
};

const LIST: &str = "/console/queues";

#[derive(Template)]
#[template(path = "console/template.html")]
struct Show<'v> {
    frame: Frame<'v>,
    form: Form,
    action: String,
    is_new: bool,
    decides: bool,
    queues: Vec<(&'static str, &'static str)>,
}

/// `GET /console/queues/templates/new`
pub(crate) async fn new(visit: &Visit<'_>) -> Outcome {
    page(visit, StatusCode::OK, None, Form::with(&[("queue", visit.query.text("queue"))])).await
}

/// `POST /console/queues/templates/new`
pub(crate) async fn create(visit: &Visit<'_>) -> Outcome {
    put(visit, None).await
}

/// `GET /console/queues/templates/{template}`
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    let template = find(visit).await?;
    let form = Form::with(&[
        ("queue", template.queue.as_str()),
        ("name", &template.name),
        ("spanish", &template.spanish),
        ("english", &template.english),
    ]);
    page(visit, StatusCode::OK, Some(&template), form).await
}

/// `POST /console/queues/templates/{template}`
pub(crate) async fn save(visit: &Visit<'_>) -> Outcome {
    let template = find(visit).await?;
    put(visit, Some(&template)).await
}

/// `POST /console/queues/templates/{template}/remove`
pub(crate) async fn remove(visit: &Visit<'_>) -> Outcome {
    reason_templates::remove(visit.portal.app(), &visit.actor()?, visit.id_segment("template")?).await?;
    visit.redirect_with(LIST, Notice::Removed)
}

async fn put(visit: &Visit<'_>, template: Option<&ReasonTemplate>) -> Outcome {
    let text = |name: &str| visit.form.text(name).to_owned();
    let wanted = Wanted {
        queue: visit.form.text("queue").parse().unwrap_or(Queue::Access),
        name: text("name"),
        spanish: text("spanish"),
        english: text("english"),
    };
    match reason_templates::put(visit.portal.app(), &visit.actor()?, template.map(|template| template.id), &wanted).await {
        Ok(_) => visit.redirect_with(LIST, Notice::Saved),
        Err(error) => {
            let mut form = Form::typed(&visit.form);
            form.refused(error, visit.language)?;
            page(visit, StatusCode::UNPROCESSABLE_ENTITY, template, form).await
        }
    }
}

async fn find(visit: &Visit<'_>) -> Result<ReasonTemplate, Failure> {
    Ok(reason_templates::find(visit.portal.app(), &visit.actor()?, visit.id_segment("template")?).await?)
}

async fn page(visit: &Visit<'_>, status: StatusCode, template: Option<&ReasonTemplate>, form: Form) -> Outcome {
    if template.is_none() && !has_duty(visit, Duty::Decide) {
        return Err(Error::StaffOnly { needs: Duty::Decide }.into());
    }
    let title = template.map_or_else(|| visit.t("Plantilla nueva", "New template").to_owned(), |template| template.name.clone());
    let (frame, _) = frame(visit, title).await?;
    visit.page_with(
        status,
        &Show {
            frame,
            form,
            action: template.map_or_else(|| format!("{LIST}/templates/new"), |template| format!("{LIST}/templates/{}", template.id)),
            is_new: template.is_none(),
            decides: has_duty(visit, Duty::Decide),
            queues: Queue::ALL.iter().map(|queue| (queue.as_str(), words::queue(*queue, visit.language))).collect(),
        },
    )
}
