//! One access request of a project.

use app::view::ProjectPage;
use askama::Template;
use domain::{AccessRequestId, role::Permission};

use super::{Line, lacks_credential};
use crate::{
    failure::Failure,
    frame::Frame,
    pages::projects::{has_client, may, opened, rail},
    stamp::Stamp,
    visit::{Outcome, Visit},
};

#[derive(Template)]
#[template(path = "access/show.html")]
struct Show<'v> {
    frame: Frame<'v>,
    page: &'v ProjectPage,
    line: Line,
    /// The API credential that came with it, in the one answer that can hold its secret.
    stamp: Option<Stamp>,
    /// What makes it usable is still missing: an API credential, a client for production.
    lacks_credential: bool,
    lacks_client: bool,
    develops: bool,
    environment: &'static str,
    is_granted: bool,
}

/// `GET /projects/{project}/access/{request}`
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    let page = opened(visit).await?;
    let id: AccessRequestId = visit.id_segment("request")?;
    shown(visit, &page, id, None)
}

/// The page of a request, with the API credential it brought.
pub(super) fn shown(visit: &Visit<'_>, page: &ProjectPage, id: AccessRequestId, stamp: Option<Stamp>) -> Outcome {
    let request = page.access_requests.iter().find(|request| request.id == id).ok_or(Failure::Missing)?;
    let is_granted = page.grants.iter().any(|grant| {
        grant.revoked_at.is_none()
            && grant.api == request.api
            && grant.environment == request.environment
            && grant.scopes.covers(&request.scopes)
    });
    let line = Line::new(visit, request, usize::MAX);
    let title = match visit.language {
        crate::language::Language::Spanish => format!("Acceso a {}", line.title),
        crate::language::Language::English => format!("Access to {}", line.title),
    };
    visit.page(&Show {
        frame: visit.frame(title).beside(rail(visit, page)),
        page,
        lacks_credential: is_granted && stamp.is_none() && lacks_credential(visit, page, request.api.as_str(), request.environment),
        lacks_client: is_granted && !has_client(page, request.environment),
        line,
        stamp,
        develops: may(page, Permission::Develop),
        environment: request.environment.as_str(),
        is_granted,
    })
}
