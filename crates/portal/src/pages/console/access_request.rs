//! One access request, with what its organisation has already, and its decision.

use app::{Error, access, records::AccessRequest, view};
use askama::Template;
use domain::{AccessRequestId, queue::Queue};
use http::StatusCode;

use super::{
    back,
    care::{self, Care},
    carried, decides, frame, person, typed, undecided,
};
use crate::{
    form::Form,
    frame::{Frame, Moment, Notice},
    pages::access::Line,
    visit::{Outcome, Visit},
    words::{self, State},
};

const QUEUE: &str = "/console/access";
/// How many of anything the organisation has are shown.
const SHOWN: usize = 10;

#[derive(Template)]
#[template(path = "console/access_request.html")]
struct Show<'v> {
    frame: Frame<'v>,
    line: Line,
    /// The plan that the project holds there now, where another is asked for, and what both allow.
    from: Option<PlanHeld>,
    allows: String,
    form: Form,
    care: Option<Care>,
    decides: bool,
    carried: String,
    by: String,
    /// A reason that was typed for a decision that somebody else made first.
    typed: String,
    owner_id: String,
    owner: String,
    customer_type: &'static str,
    project_id: String,
    project: String,
    archived: bool,
    contracts: Vec<(String, State)>,
    grants: Vec<Held>,
    before: Vec<Line>,
}

/// A plan and what it allows; empty where the API does not offer it any more.
struct PlanHeld {
    name: String,
    allows: String,
}

struct Held {
    api: String,
    environment: &'static str,
    scopes: String,
    plan: String,
    since: Moment,
}

/// `GET /console/access/{request}`
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    page(visit, StatusCode::OK, care::begun(visit).await?).await
}

/// `POST /console/access/{request}/approve`: one click. No secret is made here; the project's people make theirs.
pub(crate) async fn approve(visit: &Visit<'_>) -> Outcome {
    let id: AccessRequestId = visit.id_segment("request")?;
    let reason = visit.form.text("reason");
    match access::approve(visit.portal.app(), &visit.actor()?, id, (!reason.is_empty()).then_some(reason)).await {
        Ok(_) => visit.redirect_with(&back(visit, QUEUE), Notice::Approved),
        Err(error) => again(visit, error).await,
    }
}

/// `POST /console/access/{request}/reject`
pub(crate) async fn reject(visit: &Visit<'_>) -> Outcome {
    let id: AccessRequestId = visit.id_segment("request")?;
    match access::reject(visit.portal.app(), &visit.actor()?, id, visit.form.text("reason")).await {
        Ok(_) => visit.redirect_with(&back(visit, QUEUE), Notice::Rejected),
        Err(error) => again(visit, error).await,
    }
}

/// The page once more, with what was typed and why it was not done.
async fn again(visit: &Visit<'_>, error: Error) -> Outcome {
    let mut form = Form::typed(&visit.form);
    let status = undecided(visit, &mut form, error)?;
    page(visit, status, form).await
}

async fn page(visit: &Visit<'_>, status: StatusCode, form: Form) -> Outcome {
    let (app, actor, language) = (visit.portal.app(), visit.actor()?, visit.language);
    let request: AccessRequest = access::find(app, &actor, visit.id_segment("request")?).await?;
    let project = view::project(app, &actor, request.project_id).await?;
    let organisation = view::organisation(app, &actor, project.organisation.id).await?;
    let line = Line::new(visit, &request, usize::MAX);
    let (frame, _) = frame(visit, format!("{} · {}", line.title, project.organisation.name)).await?;
    let catalogue = visit.portal.catalogue();
    let plans = catalogue.find(request.api.as_str()).map(|api| api.plans.as_slice()).unwrap_or_default();
    let allows = |name: &str| {
        let plan = plans.iter().find(|plan| plan.name == name);
        plan.map_or_else(String::new, |plan| words::limits(&frame, plan.rate, plan.quota))
    };
    let live = project
        .grants
        .iter()
        .find(|grant| grant.revoked_at.is_none() && grant.api == request.api && grant.environment == request.environment)
        .filter(|grant| request.decided_at.is_none() && grant.plan != request.plan);
    let from = live.map(|grant| PlanHeld { name: grant.plan.clone(), allows: allows(&grant.plan) });
    let allows = allows(&request.plan);
    let contracts = organisation.contracts.iter().take(SHOWN);
    let grants = project.grants.iter().filter(|grant| grant.revoked_at.is_none()).take(SHOWN * 2);
    let before = project.access_requests.iter().rev().filter(|other| other.id != request.id && other.api == request.api).take(SHOWN);
    let care = if line.waits { Some(Care::of(visit, Queue::Access, request.id.0, *request.created_at).await?) } else { None };
    visit.page_with(
        status,
        &Show {
            frame,
            from,
            allows,
            typed: if line.waits { String::new() } else { typed(&visit.form) },
            by: person(visit, request.decided_by.as_deref()).await,
            line,
            form,
            care,
            decides: decides(visit),
            carried: carried(visit),
            owner_id: project.organisation.id.to_string(),
            customer_type: words::customer_type(project.organisation.customer_type, language),
            project_id: project.project.id.to_string(),
            archived: project.project.archived_at.is_some(),
            contracts: contracts.map(|contract| (contract.number.clone(), words::contract_state(contract.status, language))).collect(),
            grants: grants
                .map(|grant| Held {
                    api: grant.api.to_string(),
                    environment: words::environment(grant.environment, language),
                    scopes: grant.scopes.to_string(),
                    plan: grant.plan.clone(),
                    since: Moment::new(*grant.created_at, language),
                })
                .collect(),
            before: before.map(|other| Line::new(visit, other, super::CLIPPED)).collect(),
            owner: project.organisation.name,
            project: project.project.name,
        },
    )
}
