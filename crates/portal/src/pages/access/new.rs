//! Asking for access to an API.

use app::{
    access,
    access::{Outcome as Became, Wish},
    records::GrantRow,
    view::ProjectPage,
};
use askama::Template;
use domain::{Environment, ScopeSet, role::Permission};
use http::StatusCode;

use super::{fate, plan_offered, show::shown};
use crate::{
    failure::Failure,
    form::Form,
    frame::{Frame, Notice},
    pages::{
        apis::{House, houses_of, may_be_asked_for},
        projects::{may, must, opened, rail},
    },
    reference::Reference,
    stamp::Stamp,
    visit::{Outcome, Visit},
    words,
};

/// How many operations are named beside a scope.
const NAMED: usize = 6;

#[derive(Template)]
#[template(path = "access/choose.html")]
struct Choose<'v> {
    frame: Frame<'v>,
    page: &'v ProjectPage,
    houses: Vec<House>,
    /// The environment asked for, as a query to go on with; may be empty.
    environment: String,
}

#[derive(Template)]
#[template(path = "access/new.html")]
struct New<'v> {
    frame: Frame<'v>,
    page: &'v ProjectPage,
    reference: &'v Reference,
    form: Form,
    environments: Vec<(&'static str, String)>,
    scopes: Vec<ScopeLine>,
    plans: Vec<(String, String)>,
    /// In some environment somebody decides, so that a reason is wanted.
    somebody_decides: bool,
    api_credential: bool,
}

/// A scope with what it allows.
struct ScopeLine {
    scope: String,
    /// Where the project has it already.
    held: Vec<&'static str>,
    operations: Vec<String>,
    more: usize,
}

/// `GET /projects/{project}/access/new?api=&environment=`
pub(crate) async fn new(visit: &Visit<'_>) -> Outcome {
    let page = opened(visit).await?;
    must(&page, Permission::Develop)?;
    let environment = visit.query.text("environment").parse::<Environment>().ok();
    let name = visit.query.text("api");
    if name.is_empty() {
        let (catalogue, customer_type) = (visit.portal.catalogue(), page.organisation.customer_type);
        return visit.page(&Choose {
            frame: visit.frame(visit.t("Pedir acceso", "Ask for access")).beside(rail(visit, &page)),
            houses: houses_of(visit, |api| may_be_asked_for(&catalogue, api, customer_type)),
            environment: environment.map(|environment| format!("&environment={environment}")).unwrap_or_default(),
            page: &page,
        });
    }
    let reference = visit.portal.references().find(&visit.portal.catalogue(), name).ok_or(Failure::Missing)?;
    let scopes = reference.api.scopes();
    let scopes: Vec<String> = scopes.iter().map(ToString::to_string).collect();
    let mut values = vec![("environment", environment.unwrap_or(Environment::Sandbox).as_str())];
    values.extend(scopes.iter().map(|scope| ("scopes", scope.as_str())));
    let held = held(&page, &reference, environment.unwrap_or(Environment::Sandbox)).filter(|held| reference.api.plan(held).is_some());
    values.extend(held.or(reference.api.plans.first().map(|plan| plan.name.as_str())).map(|plan| ("plan", plan)));
    form_page(visit, &page, &reference, StatusCode::OK, Form::with(&values))
}

/// `POST /projects/{project}/access/new?api=`: the one answer that holds the API credential, where one came with it.
pub(crate) async fn submit(visit: &Visit<'_>) -> Outcome {
    let page = opened(visit).await?;
    must(&page, Permission::Develop)?;
    let reference = visit.portal.references().find(&visit.portal.catalogue(), visit.query.text("api")).ok_or(Failure::Missing)?;
    let mut form = Form::typed(&visit.form);
    let wished = wish(visit, &page, &reference, &mut form);
    let error = match wished {
        None => None,
        Some(wish) => match access::request(visit.portal.app(), &visit.actor()?, wish).await {
            Ok(became) => return asked(visit, became, Notice::AccessGranted).await,
            Err(error) => Some(error),
        },
    };
    if let Some(error) = error {
        form.refused(error, visit.language)?;
    }
    form_page(visit, &page, &reference, StatusCode::UNPROCESSABLE_ENTITY, form)
}

/// What the form says, or `None` and the form says what is wrong.
fn wish(visit: &Visit<'_>, page: &ProjectPage, reference: &Reference, form: &mut Form) -> Option<Wish> {
    let environment: Option<Environment> = visit.form.text("environment").parse().ok();
    let scopes: ScopeSet = visit.form.all("scopes").flat_map(|scope| scope.parse()).collect();
    if environment.is_none() {
        form.wrong("environment", visit.t("Elige un entorno.", "Choose an environment."));
    }
    if scopes.is_empty() {
        form.wrong("scopes", visit.t("Elige al menos un permiso.", "Choose at least one scope."));
    }
    let plan = visit.form.text("plan");
    let wish = Wish {
        project: page.project.id,
        environment: environment?,
        api: reference.api.name.clone(),
        scopes: Some(scopes),
        plan: (!plan.is_empty()).then(|| plan.to_owned()),
        reason: visit.form.text("reason").to_owned(),
    };
    (!form.is_wrong()).then_some(wish)
}

/// What became of a request, with this notice where it was granted at once.
pub(super) async fn asked(visit: &Visit<'_>, became: Became, granted: Notice) -> Outcome {
    let (project, id) = (became.request.project_id, became.request.id);
    match became.api_credential {
        Some(issued) => {
            // Read again, with the request and what came of it.
            let page = opened(visit).await?;
            shown(visit, &page, id, Some(Stamp::issued_api_credential("issued", &issued, visit.language)))
        }
        None => {
            let notice = if became.grant.is_some() { granted } else { Notice::AccessAsked };
            visit.redirect_with(&format!("/projects/{project}/access/{id}"), notice)
        }
    }
}

/// The plan that the project holds.
fn held<'p>(page: &'p ProjectPage, reference: &Reference, environment: Environment) -> Option<&'p str> {
    let is_it = |grant: &&GrantRow| grant.revoked_at.is_none() && grant.environment == environment && grant.api == reference.api.name;
    page.grants.iter().find(is_it).map(|grant| grant.plan.as_str())
}

fn at_once(page: &ProjectPage, reference: &Reference, environment: Environment, plan: Option<&str>) -> bool {
    access::at_once(&reference.api, environment, page.organisation.customer_type, plan, held(page, reference, environment))
}

fn form_page(visit: &Visit<'_>, page: &ProjectPage, reference: &Reference, status: StatusCode, form: Form) -> Outcome {
    let language = visit.language;
    let plan = Some(form.value("plan")).filter(|plan| !plan.is_empty()).map(str::to_owned);
    let environments = Environment::ALL.iter().map(|environment| {
        let fate = fate(at_once(page, reference, *environment, plan.as_deref()), language);
        (environment.as_str(), format!("{}: {fate}", words::environment(*environment, language)))
    });
    let plans = reference.api.plans.iter().map(|plan| (plan.name.clone(), plan_offered(visit, plan, !plan.approval.is_none())));
    let title = match language {
        domain::Language::Spanish => format!("Pedir acceso a {}", reference.title()),
        domain::Language::English => format!("Ask for access to {}", reference.title()),
    };
    visit.page_with(
        status,
        &New {
            frame: visit.frame(title).beside(rail(visit, page)),
            page,
            reference,
            form,
            environments: environments.collect(),
            scopes: scopes(visit, page, reference),
            plans: plans.collect(),
            somebody_decides: Environment::ALL.iter().any(|environment| !at_once(page, reference, *environment, plan.as_deref()))
                || reference.api.plans.iter().any(|plan| !plan.approval.is_none()),
            api_credential: reference.api.api_credential && may(page, Permission::Develop),
        },
    )
}

/// The scopes of the API with what its document says that each allows.
fn scopes(visit: &Visit<'_>, page: &ProjectPage, reference: &Reference) -> Vec<ScopeLine> {
    let (groups, _) = reference.groups("", visit.language);
    let overviews: Vec<_> = groups.iter().flat_map(|group| &group.operations).collect();
    let line = |scope: &domain::Scope| {
        let all: Vec<_> =
            overviews.iter().filter(|overview| overview.listed.scopes.iter().any(|set| set.iter().any(|one| one == scope))).collect();
        let said = |overview: &&&crate::reference::Overview<'_>| {
            if overview.summary.is_empty() {
                format!("{} {}", overview.listed.method, overview.listed.path)
            } else {
                overview.summary.clone()
            }
        };
        let held = Environment::ALL.iter().filter(|environment| {
            page.grants.iter().any(|grant| {
                grant.revoked_at.is_none()
                    && grant.environment == **environment
                    && grant.api == reference.api.name
                    && grant.scopes.iter().any(|one| one == scope)
            })
        });
        ScopeLine {
            scope: scope.to_string(),
            held: held.map(|environment| words::environment(*environment, visit.language)).collect(),
            operations: all.iter().take(NAMED).map(said).collect(),
            more: all.len().saturating_sub(NAMED),
        }
    };
    reference.api.scopes().iter().map(line).collect()
}
