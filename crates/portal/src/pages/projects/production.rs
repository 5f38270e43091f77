//! The way to production: what it takes, the policies to read and accept, the client.

use app::{Error, Rule, clients, policies, view::ProjectPage};
use askama::Template;
use domain::{Environment, role::Permission};
use http::StatusCode;

use super::{
    has_client,
    issued::{self, Before, Issued},
    may, must, opened, rail,
};
use crate::{
    articles::Article,
    failure::Failure,
    form::Form,
    frame::{Frame, Moment, Notice},
    language::Language,
    stamp::Stamp,
    visit::{Outcome, Visit},
};

#[derive(Template)]
#[template(path = "projects/production.html")]
struct Page<'v, 'p> {
    frame: Frame<'v>,
    page: &'p ProjectPage,
    form: Form,
    /// The policies in force.
    text: Article,
    version: &'p str,
    accepted: Option<Moment>,
    /// The version announced to come, from when, and whether it was accepted.
    next: Option<(&'p str, Moment, bool)>,
    administers: bool,
    has_client: bool,
}

/// `GET /projects/{project}/production`.
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    let page = opened(visit).await?;
    form_page(visit, &page, StatusCode::OK, Form::new()).await
}

/// `POST /projects/{project}/production`: makes the client; the one answer that holds its secret.
pub(crate) async fn create(visit: &Visit<'_>) -> Outcome {
    let page = opened(visit).await?;
    must(&page, Permission::Administer)?;
    // Whoever sends the form again wants the client that is there, not another one.
    if has_client(&page, Environment::Production) {
        return visit.redirect(&format!("/projects/{}#production", page.project.id));
    }
    match clients::create(visit.portal.app(), &visit.actor()?, page.project.id, Environment::Production).await {
        Ok(made) => issued::issued(
            visit,
            &page,
            Issued {
                title: visit.t("Ya estás en producción", "You are in production"),
                stamp: Stamp::created_client("issued", &made, visit.language),
                before: Before::Stays,
                mend: visit.t(
                    "Lo que falta es el acceso a cada API en producción: pídelo en la página del proyecto.",
                    "What remains is access to each API in production: ask for it on the project's page.",
                ),
            },
        ),
        Err(Error::Rule(rule)) => ruled(visit, &page, &rule).await,
        Err(error) => {
            let mut form = Form::typed(&visit.form);
            form.refused(error, visit.language)?;
            form_page(visit, &page, StatusCode::UNPROCESSABLE_ENTITY, form).await
        }
    }
}

/// `POST /projects/{project}/policies`: accepts the version that was read, for one environment.
pub(crate) async fn accept(visit: &Visit<'_>) -> Outcome {
    let page = opened(visit).await?;
    let environment: Environment = visit.form.text("environment").parse().map_err(|_| Failure::Missing)?;
    let address = visit.address.to_canonical().to_string();
    let version = visit.form.text("version");
    match policies::accept(visit.portal.app(), &visit.actor()?, page.project.id, environment, version, &address).await {
        Ok(()) => {
            let next = if environment == Environment::Production { "production" } else { "first-call" };
            visit.redirect_with(&format!("/projects/{}/{next}", page.project.id), Notice::PoliciesAccepted)
        }
        Err(Error::Rule(rule)) if environment == Environment::Production => ruled(visit, &page, &rule).await,
        Err(error) => Err(error.into()),
    }
}

/// The page again, with the rule that says no.
async fn ruled(visit: &Visit<'_>, page: &ProjectPage, rule: &Rule) -> Outcome {
    let mut form = Form::typed(&visit.form);
    form.wrong(
        "",
        match visit.language {
            Language::Spanish => rule.spanish(),
            Language::English => crate::words::sentence(&rule.to_string()),
        },
    );
    form_page(visit, page, StatusCode::UNPROCESSABLE_ENTITY, form).await
}

async fn form_page(visit: &Visit<'_>, page: &ProjectPage, status: StatusCode, form: Form) -> Outcome {
    let title = visit.t("Pasar a producción", "Go to production");
    let current = page.policies.current.version.as_str();
    let text = policies::show(visit.portal.app(), Some(current)).await?.policies;
    let accepted = page.acceptances.iter().find(|one| one.environment == Environment::Production && one.version == current);
    let has = |version: &str| policies::has(&page.acceptances, Environment::Production, version);
    let next = page.policies.next.as_ref();
    visit.page_with(
        status,
        &Page {
            frame: visit.frame(title).beside(rail(visit, page)),
            page,
            form,
            text: Article::read(text.text(visit.language), policies::LONGEST),
            version: current,
            next: next.map(|next| (next.version.as_str(), Moment::new(*next.in_force_at, visit.language), has(&next.version))),
            accepted: accepted.map(|acceptance| Moment::new(*acceptance.accepted_at, visit.language)),
            administers: may(page, Permission::Administer),
            has_client: has_client(page, Environment::Production),
        },
    )
}
