//! Ending a secret: in its time, or at once with everything it got.

use app::{secrets, view::ProjectPage};
use askama::Template;
use domain::{role::Permission, rotation::Verdict};
use http::StatusCode;

use super::{must, opened, overlap, overlaps, quarter::is_only, rail, rotate::Line, secret};
use crate::{
    failure::Failure,
    form::Form,
    frame::{Frame, Notice},
    visit::{Outcome, Visit},
    words,
};

#[derive(Template)]
#[template(path = "projects/secret_end.html")]
struct Page<'v> {
    frame: Frame<'v>,
    page: &'v ProjectPage,
    secret: Line,
    client: String,
    environment: &'static str,
    verdict: &'static str,
    class: &'static str,
    /// Nothing will get a token any more.
    only: bool,
    /// At once, with its tokens.
    revokes: bool,
    form: Form,
    options: Vec<(&'static str, &'static str)>,
}

/// `GET /projects/{project}/secrets/{secret}/retire`.
pub(crate) async fn retiring(visit: &Visit<'_>) -> Outcome {
    let page = opened(visit).await?;
    form_page(visit, &page, false, StatusCode::OK, Form::with(&[("overlap", "24h")]))
}

/// `POST /projects/{project}/secrets/{secret}/retire`.
pub(crate) async fn retire(visit: &Visit<'_>) -> Outcome {
    let page = opened(visit).await?;
    let id = secret(visit, &page)?.1.secret.id;
    let mut form = Form::typed(&visit.form);
    must(&page, Permission::Develop)?;
    let Some(chosen) = overlap(visit, &mut form) else {
        return form_page(visit, &page, false, StatusCode::UNPROCESSABLE_ENTITY, form);
    };
    if let Err(error) = secrets::retire(visit.portal.app(), &visit.actor()?, id, chosen.seconds()).await {
        form.refused(error, visit.language)?;
        return form_page(visit, &page, false, StatusCode::UNPROCESSABLE_ENTITY, form);
    }
    visit.redirect_with(&format!("/projects/{}", page.project.id), Notice::SecretRetired)
}

/// `GET /projects/{project}/secrets/{secret}/revoke`.
pub(crate) async fn revoking(visit: &Visit<'_>) -> Outcome {
    let page = opened(visit).await?;
    form_page(visit, &page, true, StatusCode::OK, Form::new())
}

/// `POST /projects/{project}/secrets/{secret}/revoke`.
pub(crate) async fn revoke(visit: &Visit<'_>) -> Outcome {
    let page = opened(visit).await?;
    let id = secret(visit, &page)?.1.secret.id;
    must(&page, Permission::Develop)?;
    secrets::revoke(visit.portal.app(), &visit.actor()?, id).await?;
    visit.redirect_with(&format!("/projects/{}", page.project.id), Notice::SecretRevoked)
}

fn form_page(visit: &Visit<'_>, page: &ProjectPage, revokes: bool, status: StatusCode, form: Form) -> Outcome {
    let (client, found) = secret(visit, page)?;
    must(page, Permission::Develop)?;
    // What has ended cannot be ended; the tokens of one that was only retired still can.
    if found.secret.revoked_at.is_some() || (!revokes && found.verdict == Verdict::Ended) {
        return Err(Failure::Missing);
    }
    let title = if revokes {
        visit.t("Revocar una clave secreta", "Revoke a secret")
    } else {
        visit.t("Retirar una clave secreta", "Retire a secret")
    };
    let (verdict, class) = words::verdict(found.verdict, visit.language);
    visit.page_with(
        status,
        &Page {
            frame: visit.frame(title).beside(rail(visit, page)),
            page,
            secret: Line::new(visit, &found.secret),
            client: client.client.id.to_string(),
            environment: words::environment(client.client.environment, visit.language),
            verdict,
            class,
            only: is_only(found.verdict),
            revokes,
            form,
            options: overlaps(visit),
        },
    )
}
