//! What a project may call: what it asked for, what came of it, and how it is taken back.

mod list;
mod new;
mod plan;
mod revoke;
mod show;

use app::{records::AccessRequest, view::ProjectPage};
use domain::{Environment, plan::Plan};

pub(crate) use {
    list::list,
    new::{new, submit as ask},
    plan::{ask as choosing_plan, submit as choose_plan},
    revoke::{ask as revoking, submit as revoke},
    show::show,
};

use crate::{
    frame::Moment,
    language::Language,
    visit::Visit,
    waits,
    words::{self, State},
};

/// A request as members see it.
pub(crate) struct Line {
    pub(crate) id: String,
    pub(crate) api: String,
    /// What people call the API.
    pub(crate) title: String,
    pub(crate) environment: &'static str,
    pub(crate) scopes: String,
    pub(crate) plan: String,
    pub(crate) state: State,
    pub(crate) waits: bool,
    pub(crate) asked: Moment,
    pub(crate) age: String,
    pub(crate) decided: Option<Moment>,
    /// Nobody had to decide.
    pub(crate) at_once: bool,
    pub(crate) reason: String,
    pub(crate) decision_reason: String,
}

impl Line {
    /// With as much of the reasons as `most` characters.
    pub(crate) fn new(visit: &Visit<'_>, request: &AccessRequest, most: usize) -> Self {
        let language = visit.language;
        let at_once = request.decided_by.as_deref() == Some("system");
        Self {
            id: request.id.to_string(),
            api: request.api.to_string(),
            title: visit.portal.catalogue().find(request.api.as_str()).map_or_else(|| request.api.to_string(), |api| api.title.clone()),
            environment: words::environment(request.environment, language),
            scopes: request.scopes.to_string(),
            plan: request.plan.clone(),
            state: words::request_state(request.status, language),
            waits: request.decided_at.is_none(),
            asked: Moment::new(*request.created_at, language),
            age: waits::age(*request.created_at, visit.at, language),
            decided: request.decided_at.map(|at| Moment::new(*at, language)),
            at_once,
            reason: waits::clipped(&request.reason, most),
            decision_reason: waits::clipped(&words::decision_reason(request, language), most),
        }
    }
}

/// What becomes of a request in an environment, before it is made.
const fn fate(at_once: bool, language: Language) -> &'static str {
    if at_once {
        language.pick("se concede al momento", "granted at once")
    } else {
        language.pick("lo decide la operadora, y te escribimos", "the operator decides, and we write to you")
    }
}

/// A plan in a line: what it is called, what it allows and, where `decided`, that the operator gives it.
fn plan_offered(visit: &Visit<'_>, plan: &Plan, decided: bool) -> String {
    let limits = words::limits(&visit.frame(""), plan.rate, plan.quota);
    let title = plan.title.in_language(visit.language);
    let called = if title.is_empty() { plan.name.clone() } else { format!("{title} ({})", plan.name) };
    let by = if decided { visit.t(". Lo decide la operadora", ". The operator decides") } else { "" };
    format!("{called}: {limits}{by}")
}

/// Whether the project has a live API credential in an environment.
fn has_credential(page: &ProjectPage, environment: Environment) -> bool {
    page.api_credentials.iter().any(|credential| credential.environment == environment && credential.revoked_at.is_none())
}

/// Whether the API demands an API credential that the project does not have.
pub(crate) fn lacks_credential(visit: &Visit<'_>, page: &ProjectPage, api: &str, environment: Environment) -> bool {
    visit.portal.catalogue().find(api).is_some_and(|api| api.api_credential) && !has_credential(page, environment)
}
