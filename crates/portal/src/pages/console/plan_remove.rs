//! Removing a plan of the house, on a page that asks.

use app::{
    Error, permission,
    plans::{self, PlanInUse},
};
use askama::Template;
use domain::role::Duty;
use http::StatusCode;

use super::frame;
use crate::{
    form::Form,
    frame::{Frame, Notice},
    visit::{Outcome, Visit},
    words,
};

#[derive(Template)]
#[template(path = "console/plan_remove.html")]
struct Remove<'v> {
    frame: Frame<'v>,
    form: Form,
    name: String,
    limits: String,
    /// The APIs that offer it, which keep it from going.
    apis: Vec<String>,
}

/// `GET /console/plans/{plan}/remove`
pub(crate) async fn ask(visit: &Visit<'_>) -> Outcome {
    let held = reached(visit).await?;
    page(visit, StatusCode::OK, held, Form::new()).await
}

/// `POST /console/plans/{plan}/remove`
pub(crate) async fn submit(visit: &Visit<'_>) -> Outcome {
    let held = reached(visit).await?;
    match plans::remove(visit.portal.app(), &visit.actor()?, &held.plan.name).await {
        Ok(()) => visit.redirect_with("/console/plans", Notice::PlanRemoved),
        Err(error @ Error::Refused(_)) => {
            let mut form = Form::new();
            form.refused(error, visit.language)?;
            page(visit, StatusCode::CONFLICT, held, form).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn reached(visit: &Visit<'_>) -> Result<PlanInUse, crate::failure::Failure> {
    permission::staff(visit.portal.app(), &visit.actor()?, Duty::Publish).await?;
    Ok(plans::find(visit.portal.app(), &visit.actor()?, visit.segment("plan")).await?)
}

async fn page(visit: &Visit<'_>, status: StatusCode, held: PlanInUse, form: Form) -> Outcome {
    let (frame, _) = frame(visit, visit.t("Quitar el plan", "Remove the plan")).await?;
    let page = Remove {
        limits: words::limits(&frame, held.plan.rate, held.plan.quota),
        apis: held.apis.iter().take(100).map(ToString::to_string).collect(),
        name: held.plan.name,
        form,
        frame,
    };
    visit.page_with(status, &page)
}
