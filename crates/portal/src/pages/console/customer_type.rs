//! One organisation that wants to be another customer type.

use app::{customer_types, view};
use askama::Template;
use domain::{CustomerTypeRequestId, queue::Queue};
use http::StatusCode;

use super::{
    back,
    care::{self, Care},
    carried, decides, frame, person, typed, undecided,
};
use crate::{
    form::Form,
    frame::{Frame, Moment, Notice},
    visit::{Outcome, Visit},
    waits,
    words::{self, State},
};

const QUEUE: &str = "/console/customer-types";

#[derive(Template)]
#[template(path = "console/customer_type.html")]
struct Show<'v> {
    frame: Frame<'v>,
    id: String,
    owner_id: String,
    owner: String,
    is_now: &'static str,
    wanted: &'static str,
    state: State,
    waits: bool,
    asked: Moment,
    age: String,
    decided: Option<Moment>,
    by: String,
    reason: String,
    decision_reason: String,
    contracts: Vec<(String, State)>,
    projects: usize,
    form: Form,
    typed: String,
    care: Option<Care>,
    decides: bool,
    carried: String,
}

impl Show<'_> {
    fn path(&self, verb: &str) -> String {
        format!("{QUEUE}/{}/{verb}", self.id)
    }
}

/// `GET /console/customer-types/{request}`
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    page(visit, StatusCode::OK, care::begun(visit).await?).await
}

/// `POST /console/customer-types/{request}/approve`: one click.
pub(crate) async fn approve(visit: &Visit<'_>) -> Outcome {
    let id: CustomerTypeRequestId = visit.id_segment("request")?;
    let done = customer_types::approve(visit.portal.app(), &visit.actor()?, id, None).await;
    decided(visit, done.map(drop), Notice::Approved).await
}

/// `POST /console/customer-types/{request}/reject`
pub(crate) async fn reject(visit: &Visit<'_>) -> Outcome {
    let id: CustomerTypeRequestId = visit.id_segment("request")?;
    let done = customer_types::reject(visit.portal.app(), &visit.actor()?, id, visit.form.text("reason")).await;
    decided(visit, done.map(drop), Notice::Rejected).await
}

async fn decided(visit: &Visit<'_>, done: app::Result<()>, notice: Notice) -> Outcome {
    let Err(error) = done else { return visit.redirect_with(&back(visit, QUEUE), notice) };
    let mut form = Form::typed(&visit.form);
    let status = undecided(visit, &mut form, error)?;
    page(visit, status, form).await
}

async fn page(visit: &Visit<'_>, status: StatusCode, form: Form) -> Outcome {
    let (app, actor, language) = (visit.portal.app(), visit.actor()?, visit.language);
    let request = customer_types::find(app, &actor, visit.id_segment("request")?).await?;
    let organisation = view::organisation(app, &actor, request.organisation_id).await?;
    let wanted = words::customer_type(request.customer_type, language);
    let (frame, _) = frame(visit, format!("{} → {wanted}", organisation.organisation.name)).await?;
    let waits = request.decided_at.is_none();
    let contracts = organisation.contracts.iter().take(10);
    let care = if waits { Some(Care::of(visit, Queue::CustomerTypes, request.id.0, *request.created_at).await?) } else { None };
    visit.page_with(
        status,
        &Show {
            frame,
            id: request.id.to_string(),
            owner_id: request.organisation_id.to_string(),
            is_now: words::customer_type(organisation.organisation.customer_type, language),
            wanted,
            state: words::request_state(request.status, language),
            waits,
            asked: Moment::new(*request.created_at, language),
            age: waits::age(*request.created_at, visit.at, language),
            decided: request.decided_at.map(|at| Moment::new(*at, language)),
            by: person(visit, request.decided_by.as_deref()).await,
            decision_reason: request.decision_reason.unwrap_or_default(),
            reason: request.reason,
            contracts: contracts.map(|contract| (contract.number.clone(), words::contract_state(contract.status, language))).collect(),
            projects: organisation.projects.iter().filter(|project| project.archived_at.is_none()).count(),
            owner: organisation.organisation.name,
            form,
            typed: if waits { String::new() } else { typed(&visit.form) },
            care,
            decides: decides(visit),
            carried: carried(visit),
        },
    )
}
