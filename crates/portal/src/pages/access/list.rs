//! What a project may call, and what it asked for.

use app::view::ProjectPage;
use askama::Template;
use domain::{Environment, role::Permission};

use super::{Line, lacks_credential};
use crate::{
    frame::{Frame, Moment},
    pages::projects::{may, opened, rail},
    visit::{Outcome, Visit},
    words,
};

/// How many requests stand on one page.
const PAGE: usize = 25;
/// How much of a reason stands in the list, in characters.
const CLIPPED: usize = 240;

#[derive(Template)]
#[template(path = "access/list.html")]
struct List<'v> {
    frame: Frame<'v>,
    page: &'v ProjectPage,
    quarters: Vec<Quarter>,
    lines: Vec<Line>,
    develops: bool,
    /// The number of the page with older requests, and of that with newer ones.
    older: Option<usize>,
    newer: Option<usize>,
}

/// An environment with what is granted there now.
struct Quarter {
    name: &'static str,
    word: &'static str,
    grants: Vec<Granted>,
}

struct Granted {
    id: String,
    api: String,
    title: String,
    scopes: String,
    plan: String,
    since: Moment,
    /// The API also demands an API credential, and there is none.
    lacks_credential: bool,
    /// The API offers another plan.
    may_change: bool,
}

/// `GET /projects/{project}/access`
pub(crate) async fn list(visit: &Visit<'_>) -> Outcome {
    let page = opened(visit).await?;
    let develops = may(&page, Permission::Develop);
    let catalogue = visit.portal.catalogue();
    let quarters = Environment::ALL.iter().map(|environment| {
        let live = page.grants.iter().filter(|grant| grant.environment == *environment && grant.revoked_at.is_none());
        let granted = live.map(|grant| Granted {
            id: grant.id.to_string(),
            api: grant.api.to_string(),
            title: catalogue.find(grant.api.as_str()).map_or_else(|| grant.api.to_string(), |api| api.title.clone()),
            scopes: grant.scopes.to_string(),
            plan: grant.plan.clone(),
            since: Moment::new(*grant.created_at, visit.language),
            lacks_credential: lacks_credential(visit, &page, grant.api.as_str(), *environment),
            may_change: develops
                && catalogue.find(grant.api.as_str()).is_some_and(|api| api.plans.iter().any(|plan| plan.name != grant.plan)),
        });
        Quarter { name: words::environment(*environment, visit.language), word: environment.as_str(), grants: granted.collect() }
    });
    let quarters: Vec<_> = quarters.collect();
    let number = visit.query.text("page").parse().unwrap_or(1).clamp(1, 1000);
    // Those that wait come first, then the newest.
    let mut requests: Vec<_> = page.access_requests.iter().collect();
    requests.sort_by_key(|request| (request.decided_at.is_some(), std::cmp::Reverse(request.created_at)));
    let lines: Vec<_> = requests.iter().skip((number - 1) * PAGE).take(PAGE).map(|request| Line::new(visit, request, CLIPPED)).collect();
    visit.page(&List {
        frame: visit.frame(visit.t("Acceso a las API", "Access to APIs")).beside(rail(visit, &page)),
        quarters,
        lines,
        develops,
        older: (requests.len() > number * PAGE).then_some(number + 1),
        newer: (number > 1).then_some(number - 1),
        page: &page,
    })
}
