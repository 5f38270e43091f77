//! One plan of the house: made, looked at, changed.

use app::{
    Error, permission,
    plans::{self, COUNTED, PlanInUse},
};
use askama::Template;
use domain::{
    plan::{HousePlan, Title},
    role::Duty,
};
use http::StatusCode;

use super::{counted_to, frame, publishes};
use crate::{
    failure::Failure,
    form::{Form, Values},
    frame::{Frame, Notice},
    pages::limits,
    visit::{Outcome, Visit},
    words,
};

#[derive(Template)]
#[template(path = "console/plan.html")]
struct Page<'v> {
    frame: Frame<'v>,
    form: Form,
    /// What is there; `None`: it is being made.
    held: Option<Held>,
    publishes: bool,
    /// What would change, before it does.
    change: Option<Change>,
}

struct Held {
    name: String,
    version: i64,
    limits: String,
    updated: crate::frame::Moment,
    apis: Vec<String>,
    projects: String,
    is_held: bool,
}

/// What would be different for whom.
struct Change {
    before: String,
    after: String,
    /// What was shown, so that nothing else is saved than what somebody read here.
    shown: String,
}

/// `GET /console/plans/new`
pub(crate) async fn new(visit: &Visit<'_>) -> Outcome {
    permission::staff(visit.portal.app(), &visit.actor()?, Duty::Publish).await?;
    page(visit, StatusCode::OK, None, Form::with(&[("rate_window", "10")]), None).await
}

/// `POST /console/plans/new`
pub(crate) async fn create(visit: &Visit<'_>) -> Outcome {
    permission::staff(visit.portal.app(), &visit.actor()?, Duty::Publish).await?;
    let mut form = Form::typed(&visit.form);
    if let Some(plan) = typed(visit, visit.form.text("name"), &mut form) {
        match plans::put(visit.portal.app(), &visit.actor()?, plan, None).await {
            Ok(plan) => return saved(visit, &plan).await,
            Err(error) => refused(visit, &mut form, error)?,
        }
    }
    page(visit, StatusCode::UNPROCESSABLE_ENTITY, None, form, None).await
}

/// `GET /console/plans/{plan}`
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    let held = plans::find(visit.portal.app(), &visit.actor()?, visit.segment("plan")).await?;
    let [requests, window, quota] = limits::written(held.plan.rate, held.plan.quota);
    let form = Form::with(&[
        ("title_es", &held.plan.title.es),
        ("title_en", &held.plan.title.en),
        ("rate_requests", &requests),
        ("rate_window", &window),
        ("quota", &quota),
    ]);
    page(visit, StatusCode::OK, Some(held), form, None).await
}

/// `POST /console/plans/{plan}`: what projects would notice is shown before it is saved.
pub(crate) async fn change(visit: &Visit<'_>) -> Outcome {
    permission::staff(visit.portal.app(), &visit.actor()?, Duty::Publish).await?;
    let held = plans::find(visit.portal.app(), &visit.actor()?, visit.segment("plan")).await?;
    let mut form = Form::typed(&visit.form);
    let Some(plan) = typed(visit, &held.plan.name, &mut form) else {
        return page(visit, StatusCode::UNPROCESSABLE_ENTITY, Some(held), form, None).await;
    };
    let shown = format!("{:?}", (plan.rate, plan.quota));
    let is_noticed = held.projects > 0 && (plan.rate, plan.quota) != (held.plan.rate, held.plan.quota);
    if is_noticed && visit.form.text("shown") != shown {
        let frame = visit.frame("");
        let limits = |plan: &HousePlan| words::limits(&frame, plan.rate, plan.quota);
        let change = Change { before: limits(&held.plan), after: limits(&plan), shown };
        return page(visit, StatusCode::OK, Some(held), form, Some(change)).await;
    }
    let version = visit.form.text("version").parse().unwrap_or(0);
    match plans::put(visit.portal.app(), &visit.actor()?, plan, Some(version)).await {
        Ok(plan) => saved(visit, &plan).await,
        Err(error) => {
            let status = if matches!(error, Error::Refused(_)) { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
            refused(visit, &mut form, error)?;
            page(visit, status, Some(held), form, None).await
        }
    }
}

/// The list, which must know it already.
async fn saved(visit: &Visit<'_>, plan: &HousePlan) -> Outcome {
    visit.redirect_with(&format!("/console/plans/{}", plan.name), Notice::PlanSaved)
}

/// What a form says, or `None` and the form says what is wrong.
fn typed(visit: &Visit<'_>, name: &str, form: &mut Form) -> Option<HousePlan> {
    let values: &Values = &visit.form;
    let (rate, quota) = limits::typed(visit, form);
    let title = Title { es: values.text("title_es").to_owned(), en: values.text("title_en").to_owned() };
    let plan = HousePlan { name: name.to_owned(), title, rate, quota };
    (!form.is_wrong()).then_some(plan)
}

/// What a use case said, beside the field of this form.
fn refused(visit: &Visit<'_>, form: &mut Form, error: Error) -> Result<(), Failure> {
    match error {
        Error::Invalid { field: "rate", mend } => form.wrong("rate_requests", words::said(&mend, visit.language)),
        Error::Taken { .. } => form.wrong("name", visit.t("Ya hay un plan con ese nombre.", "There is a plan of that name already.")),
        error => form.refused(error, visit.language)?,
    }
    Ok(())
}

async fn page(visit: &Visit<'_>, status: StatusCode, held: Option<PlanInUse>, form: Form, change: Option<Change>) -> Outcome {
    let title = match &held {
        None => visit.t("Plan nuevo", "New plan").to_owned(),
        Some(held) => held.plan.title.in_language(visit.language).to_owned(),
    };
    let (frame, _) = frame(visit, title).await?;
    let held = held.map(|held| Held {
        version: held.version,
        limits: words::limits(&frame, held.plan.rate, held.plan.quota),
        updated: frame.moment(*held.updated_at),
        apis: held.apis.iter().take(100).map(ToString::to_string).collect(),
        projects: counted_to(&frame, held.projects, COUNTED),
        is_held: held.projects > 0,
        name: held.plan.name,
    });
    visit.page_with(status, &Page { form, held, publishes: publishes(visit), change, frame })
}
