//! Taking a grant back, on a page that says what stops: for its members under the project, for the operator's staff in the console.

use app::{Error, access, records::GrantRow, view::ProjectPage};
use askama::Template;
use domain::{
    GrantId, ScopeSet,
    role::{Duty, Permission},
};
use http::StatusCode;

use crate::{
    failure::Failure,
    form::Form,
    frame::{Frame, Notice},
    pages::{
        console,
        projects::{must, opened, rail},
    },
    visit::{Outcome, Visit},
    words,
};

#[derive(Template)]
#[template(path = "access/revoke.html")]
struct Revoke<'v> {
    frame: Frame<'v>,
    place: &'v Place,
    grant: &'v GrantRow,
    environment: &'static str,
    /// The scopes that no other grant of the project brings there; empty when all stay.
    lost: String,
    form: Form,
}

/// A project of which somebody takes a grant back.
struct Place {
    page: ProjectPage,
    /// Whether it is a page of the console.
    console: bool,
    /// Where the grants are listed.
    list: String,
}

impl Place {
    /// The project in the path, for those who may take its access back.
    async fn of(visit: &Visit<'_>) -> Result<Self, Failure> {
        let page = opened(visit).await?;
        let console = visit.path.starts_with("/console/");
        let list = if console {
            format!("/console/organisations/{}", page.organisation.id)
        } else {
            format!("/projects/{}/access", page.project.id)
        };
        Ok(Self { page, console, list })
    }

    /// The grant in the path, which must be the project's, for those who may take it back.
    fn grant(&self, visit: &Visit<'_>) -> Result<&GrantRow, Failure> {
        let id: GrantId = visit.id_segment("grant")?;
        let grant = self.page.grants.iter().find(|grant| grant.id == id).ok_or(Failure::Missing)?;
        if !self.console {
            must(&self.page, Permission::Develop)?;
        } else if !console::has_duty(visit, Duty::Decide) {
            return Err(Error::StaffOnly { needs: Duty::Decide }.into());
        }
        Ok(grant)
    }
}

/// `GET /projects/{project}/access/grants/{grant}/revoke`, and the same under `/console/projects/{project}/grants`
pub(crate) async fn ask(visit: &Visit<'_>) -> Outcome {
    let place = Place::of(visit).await?;
    let grant = place.grant(visit)?;
    if grant.revoked_at.is_some() {
        return visit.redirect(&place.list);
    }
    form_page(visit, &place, grant, StatusCode::OK, Form::new()).await
}

/// `POST /projects/{project}/access/grants/{grant}/revoke`, and the same under `/console/projects/{project}/grants`
pub(crate) async fn submit(visit: &Visit<'_>) -> Outcome {
    let place = Place::of(visit).await?;
    // Before the form is read: it is shown again to those who might have sent it, and to nobody else.
    let grant = place.grant(visit)?;
    let reason = visit.form.text("reason");
    match access::revoke_grant(visit.portal.app(), &visit.actor()?, grant.id, (!reason.is_empty()).then_some(reason)).await {
        Ok(_) => {}
        Err(error @ Error::Invalid { .. }) => {
            let mut form = Form::typed(&visit.form);
            form.refused(error, visit.language)?;
            return form_page(visit, &place, grant, StatusCode::UNPROCESSABLE_ENTITY, form).await;
        }
        Err(error) => return Err(error.into()),
    }
    visit.redirect_with(&place.list, Notice::AccessTakenBack)
}

async fn form_page(visit: &Visit<'_>, place: &Place, grant: &GrantRow, status: StatusCode, form: Form) -> Outcome {
    let title = visit.t("Revocar el acceso", "Revoke access");
    let frame = if place.console { console::frame(visit, title).await?.0 } else { visit.frame(title).beside(rail(visit, &place.page)) };
    let others = place
        .page
        .grants
        .iter()
        .filter(|other| other.id != grant.id && other.revoked_at.is_none() && other.environment == grant.environment);
    let held = others.fold(ScopeSet::EMPTY, |held, other| held.union(&other.scopes));
    let lost: ScopeSet = grant.scopes.iter().filter(|scope| !held.contains(scope.as_str())).cloned().collect();
    visit.page_with(
        status,
        &Revoke { lost: lost.to_string(), frame, environment: words::environment(grant.environment, visit.language), place, grant, form },
    )
}
