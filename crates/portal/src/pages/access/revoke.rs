//! Taking a grant back, on a page that says what stops.

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
    pages::projects::{must, opened, rail},
    visit::{Outcome, Visit},
    words,
};

#[derive(Template)]
#[template(path = "access/revoke.html")]
struct Revoke<'v> {
    frame: Frame<'v>,
    page: &'v ProjectPage,
    grant: &'v GrantRow,
    environment: &'static str,
    /// The scopes that no other grant of the project brings there; empty when all stay.
    lost: String,
    form: Form,
}

/// `GET /projects/{project}/access/grants/{grant}/revoke`
pub(crate) async fn ask(visit: &Visit<'_>) -> Outcome {
    let page = opened(visit).await?;
    let grant = grant(visit, &page)?;
    must_revoke(visit, &page)?;
    if grant.revoked_at.is_some() {
        return visit.redirect(&format!("/projects/{}/access", page.project.id));
    }
    form_page(visit, &page, grant, StatusCode::OK, Form::new())
}

/// `POST /projects/{project}/access/grants/{grant}/revoke`
pub(crate) async fn submit(visit: &Visit<'_>) -> Outcome {
    let page = opened(visit).await?;
    let grant = grant(visit, &page)?;
    // Before the form is read: it is shown again to those who might have sent it, and to nobody else.
    must_revoke(visit, &page)?;
    let reason = visit.form.text("reason");
    match access::revoke_grant(visit.portal.app(), &visit.actor()?, grant.id, (!reason.is_empty()).then_some(reason)).await {
        Ok(_) => {}
        Err(error @ Error::Invalid { .. }) => {
            let mut form = Form::typed(&visit.form);
            form.refused(error, visit.language)?;
            return form_page(visit, &page, grant, StatusCode::UNPROCESSABLE_ENTITY, form);
        }
        Err(error) => return Err(error.into()),
    }
    visit.redirect_with(&format!("/projects/{}/access", page.project.id), Notice::AccessTakenBack)
}

/// Whether who looks may take access back; else the refusal says why not.
fn must_revoke(visit: &Visit<'_>, page: &ProjectPage) -> Result<(), Failure> {
    if visit.somebody()?.account().staff().is_some_and(|staff| staff.may(Duty::Decide)) { Ok(()) } else { must(page, Permission::Develop) }
}

/// The grant in the path, which must be the project's.
fn grant<'p>(visit: &Visit<'_>, page: &'p ProjectPage) -> Result<&'p GrantRow, Failure> {
    let id: GrantId = visit.id_segment("grant")?;
    page.grants.iter().find(|grant| grant.id == id).ok_or(Failure::Missing)
}

fn form_page(visit: &Visit<'_>, page: &ProjectPage, grant: &GrantRow, status: StatusCode, form: Form) -> Outcome {
    let others =
        page.grants.iter().filter(|other| other.id != grant.id && other.revoked_at.is_none() && other.environment == grant.environment);
    let held = others.fold(ScopeSet::EMPTY, |held, other| held.union(&other.scopes));
    let lost: ScopeSet = grant.scopes.iter().filter(|scope| !held.contains(scope.as_str())).cloned().collect();
    visit.page_with(
        status,
        &Revoke {
            lost: lost.to_string(),
            frame: visit.frame(visit.t("Revocar el acceso", "Revoke access")).beside(rail(visit, page)),
            environment: words::environment(grant.environment, visit.language),
            page,
            grant,
            form,
        },
    )
}
