//! Asking for another plan of an API that the project has access to.

use app::{access, records::GrantRow, view::ProjectPage};
use askama::Template;
use domain::{GrantId, api::Api, role::Permission};
use http::StatusCode;

use super::{new::asked, plan_offered};
use crate::{
    failure::Failure,
    form::Form,
    frame::{Frame, Notice},
    pages::projects::{must, opened, rail},
    visit::{Outcome, Visit},
    words,
};

#[derive(Template)]
#[template(path = "access/plan.html")]
struct Change<'v> {
    frame: Frame<'v>,
    page: &'v ProjectPage,
    grant: &'v GrantRow,
    environment: &'static str,
    /// What the plan held allows.
    held: String,
    /// The others.
    plans: Vec<(String, String)>,
    /// Some of them are the operator's to give, so that a reason is wanted.
    somebody_decides: bool,
    form: Form,
}

/// `GET /projects/{project}/access/grants/{grant}/plan`
pub(crate) async fn ask(visit: &Visit<'_>) -> Outcome {
    let page = opened(visit).await?;
    let grant = grant(visit, &page)?;
    must(&page, Permission::Develop)?;
    if grant.revoked_at.is_some() {
        return visit.redirect(&format!("/projects/{}/access", page.project.id));
    }
    form_page(visit, &page, grant, StatusCode::OK, Form::new())
}

/// `POST /projects/{project}/access/grants/{grant}/plan`
pub(crate) async fn submit(visit: &Visit<'_>) -> Outcome {
    let page = opened(visit).await?;
    let grant = grant(visit, &page)?;
    must(&page, Permission::Develop)?;
    let mut form = Form::typed(&visit.form);
    let plan = visit.form.text("plan");
    if plan.is_empty() {
        form.wrong("plan", visit.t("Elige un plan.", "Choose a plan."));
        return form_page(visit, &page, grant, StatusCode::UNPROCESSABLE_ENTITY, form);
    }
    match access::change_plan(visit.portal.app(), &visit.actor()?, grant.id, plan, visit.form.text("reason")).await {
        Ok(became) => return asked(visit, became, Notice::PlanChanged).await,
        Err(error) => form.refused(error, visit.language)?,
    }
    form_page(visit, &page, grant, StatusCode::UNPROCESSABLE_ENTITY, form)
}

/// The grant in the path, which must be the project's.
fn grant<'p>(visit: &Visit<'_>, page: &'p ProjectPage) -> Result<&'p GrantRow, Failure> {
    let id: GrantId = visit.id_segment("grant")?;
    page.grants.iter().find(|grant| grant.id == id).ok_or(Failure::Missing)
}

fn form_page(visit: &Visit<'_>, page: &ProjectPage, grant: &GrantRow, status: StatusCode, form: Form) -> Outcome {
    let catalogue = visit.portal.catalogue();
    let api: &Api = catalogue.find(grant.api.as_str()).ok_or(Failure::Missing)?;
    let decided = |plan: &domain::plan::Plan| {
        !access::at_once(api, grant.environment, page.organisation.customer_type, Some(&plan.name), Some(&grant.plan))
    };
    let others: Vec<_> = api.plans.iter().filter(|plan| plan.name != grant.plan).collect();
    let held = api.plan(&grant.plan).map_or_else(|| grant.plan.clone(), |plan| plan_offered(visit, plan, false));
    let title = match visit.language {
        domain::Language::Spanish => format!("Cambiar el plan de {}", api.title),
        domain::Language::English => format!("Change the plan of {}", api.title),
    };
    visit.page_with(
        status,
        &Change {
            frame: visit.frame(title).beside(rail(visit, page)),
            environment: words::environment(grant.environment, visit.language),
            plans: others.iter().map(|plan| (plan.name.clone(), plan_offered(visit, plan, decided(plan)))).collect(),
            somebody_decides: others.iter().any(|plan| decided(plan)),
            held,
            page,
            grant,
            form,
        },
    )
}
