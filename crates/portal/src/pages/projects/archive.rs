//! The end of a project.

use app::{projects, view::ProjectPage};
use askama::Template;
use domain::{contract::Standing, role::Permission};

use super::{live, must, opened, quarter::used, rail};
use crate::{
    frame::{Frame, Notice},
    visit::{Outcome, Visit},
    words,
};

#[derive(Template)]
#[template(path = "projects/archive.html")]
struct Page<'v> {
    frame: Frame<'v>,
    page: &'v ProjectPage,
    /// The clients that get tokens: id, environment, last use.
    clients: Vec<(String, &'static str, Option<super::quarter::Used>)>,
    credentials: usize,
    grants: usize,
    waiting: usize,
}

/// `GET /projects/{project}/archive`.
pub(crate) async fn ask(visit: &Visit<'_>) -> Outcome {
    let page = opened(visit).await?;
    must(&page, Permission::Administer)?;
    visit.proved()?;
    let clients = page.clients.iter().filter(|client| client.client.status != Standing::Revoked && live(client).next().is_some());
    let clients = clients.map(|client| {
        let last = live(client).max_by_key(|secret| secret.secret.last_used_at.map(|at| at.0));
        let used = last.and_then(|secret| used(&secret.secret, visit));
        (client.client.id.to_string(), words::environment(client.client.environment, visit.language), used)
    });
    visit.page(&Page {
        frame: visit.frame(visit.t("Archivar el proyecto", "Archive the project")).beside(rail(visit, &page)),
        page: &page,
        clients: clients.collect(),
        credentials: page.api_credentials.iter().filter(|row| row.revoked_at.is_none()).count(),
        grants: page.grants.iter().filter(|grant| grant.revoked_at.is_none()).count(),
        waiting: page.access_requests.iter().filter(|request| request.status == app::records::AccessStatus::Pending).count(),
    })
}

/// `POST /projects/{project}/archive`.
pub(crate) async fn submit(visit: &Visit<'_>) -> Outcome {
    let page = opened(visit).await?;
    must(&page, Permission::Administer)?;
    visit.proved()?;
    projects::archive(visit.portal.app(), &visit.actor()?, page.project.id).await?;
    visit.redirect_with(&format!("/projects/{}", page.project.id), Notice::ProjectArchived)
}
