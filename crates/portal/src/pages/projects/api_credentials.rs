//! The second pair: another one, and the end of one.

use app::{api_credentials, records::ApiCredentialRow, view::ProjectPage};
use askama::Template;
use domain::{ApiCredentialId, Environment, role::Permission};
use http::StatusCode;

use super::{
    issued::{self, Before, Issued},
    must, opened, rail,
};
use crate::{
    failure::Failure,
    form::Form,
    frame::{Frame, Moment, Notice},
    stamp::Stamp,
    visit::{Outcome, Visit},
    words,
};

#[derive(Template)]
#[template(path = "projects/api_credential_new.html")]
struct New<'v> {
    frame: Frame<'v>,
    page: &'v ProjectPage,
    form: Form,
    environment: Environment,
    name: &'static str,
    demanding: Vec<String>,
}

#[derive(Template)]
#[template(path = "projects/api_credential_revoke.html")]
struct Revoke<'v> {
    frame: Frame<'v>,
    page: &'v ProjectPage,
    credential: &'v ApiCredentialRow,
    created: Moment,
    name: &'static str,
    demanding: Vec<String>,
    /// Another one lives on.
    others: bool,
}

/// `GET /projects/{project}/api-credentials/new?environment=`.
pub(crate) async fn new(visit: &Visit<'_>) -> Outcome {
    let page = opened(visit).await?;
    let environment = visit.query.text("environment").parse().map_err(|_| Failure::Missing)?;
    form_page(visit, &page, environment, StatusCode::OK, Form::new())
}

/// `POST /projects/{project}/api-credentials/new`: the one answer that holds the secret.
pub(crate) async fn create(visit: &Visit<'_>) -> Outcome {
    let page = opened(visit).await?;
    let environment = visit.form.text("environment").parse().map_err(|_| Failure::Missing)?;
    must(&page, Permission::Develop)?;
    match api_credentials::create(visit.portal.app(), &visit.actor()?, page.project.id, environment).await {
        Ok(made) => issued::issued(
            visit,
            &page,
            Issued {
                title: visit.t("Credencial de API creada", "API credential created"),
                stamp: Stamp::issued_api_credential("issued", &made, visit.language),
                before: Before::Stays,
                mend: visit.t(
                    "Va en las cabeceras client_id y client_secret de cada llamada, además del token. No sirve para pedir tokens.",
                    "It goes into the headers client_id and client_secret of every call, beside the token. It is not for asking for tokens.",
                ),
            },
        ),
        Err(error) => {
            let mut form = Form::typed(&visit.form);
            form.refused(error, visit.language)?;
            form_page(visit, &page, environment, StatusCode::UNPROCESSABLE_ENTITY, form)
        }
    }
}

fn form_page(visit: &Visit<'_>, page: &ProjectPage, environment: Environment, status: StatusCode, form: Form) -> Outcome {
    must(page, Permission::Develop)?;
    let title = visit.t("Crear una credencial de API", "Create an API credential");
    visit.page_with(
        status,
        &New {
            frame: visit.frame(title).beside(rail(visit, page)),
            page,
            form,
            environment,
            name: words::environment(environment, visit.language),
            demanding: demanding(visit, page, environment),
        },
    )
}

/// `GET /projects/{project}/api-credentials/{credential}/revoke`.
pub(crate) async fn revoking(visit: &Visit<'_>) -> Outcome {
    let page = opened(visit).await?;
    let credential = credential(visit, &page)?;
    must(&page, Permission::Develop)?;
    let title = visit.t("Revocar una credencial de API", "Revoke an API credential");
    let alive = |row: &&ApiCredentialRow| row.environment == credential.environment && row.revoked_at.is_none();
    visit.page(&Revoke {
        frame: visit.frame(title).beside(rail(visit, &page)),
        page: &page,
        created: Moment::new(*credential.created_at, visit.language),
        name: words::environment(credential.environment, visit.language),
        demanding: demanding(visit, &page, credential.environment),
        others: page.api_credentials.iter().filter(alive).count() > 1,
        credential,
    })
}

/// `POST /projects/{project}/api-credentials/{credential}/revoke`.
pub(crate) async fn revoke(visit: &Visit<'_>) -> Outcome {
    let page = opened(visit).await?;
    let credential = credential(visit, &page)?;
    must(&page, Permission::Develop)?;
    api_credentials::revoke(visit.portal.app(), &visit.actor()?, &credential.id).await?;
    visit.redirect_with(&format!("/projects/{}", page.project.id), Notice::CredentialRevoked)
}

/// The live API credential in the path, which must be the project's.
fn credential<'p>(visit: &Visit<'_>, page: &'p ProjectPage) -> Result<&'p ApiCredentialRow, Failure> {
    let id = ApiCredentialId::from(visit.segment("credential"));
    page.api_credentials.iter().find(|row| row.id == id && row.revoked_at.is_none()).ok_or(Failure::Missing)
}

/// The titles of the granted APIs that demand it.
fn demanding(visit: &Visit<'_>, page: &ProjectPage, environment: Environment) -> Vec<String> {
    let catalogue = visit.portal.catalogue();
    let granted = page.grants.iter().filter(|grant| grant.environment == environment && grant.revoked_at.is_none());
    let apis = granted.filter_map(|grant| catalogue.find(grant.api.as_str()));
    apis.filter(|api| api.api_credential).map(|api| api.title.clone()).collect()
}
