//! How much a customer key may ask for: one of its own, or each of a project's.

use app::{customer_keys, records::CustomerKeyRow};
use askama::Template;
use domain::{ChildKey, Environment, contract::Standing, customer_key::Limits};
use http::StatusCode;

use super::Place;
use crate::{
    failure::Failure,
    form::Form,
    frame::{Frame, Notice},
    pages::limits::{typed, written},
    visit::{Outcome, Visit},
    words,
};

#[derive(Template)]
#[template(path = "customer_keys/limits.html")]
struct Page<'v> {
    frame: Frame<'v>,
    place: &'v Place,
    /// Where the form goes.
    action: String,
    /// Where it leads back to.
    back: String,
    /// Of which key; `None`: of each that has none of its own.
    key: Option<ChildKey>,
    account_number: String,
    environment: &'static str,
    /// The other environment, for the same page there: its word for addresses and that for people.
    other: Option<(&'static str, &'static str)>,
    /// What holds for a key that has none of its own.
    of_project: String,
    /// Whether the key has limits of its own.
    owns: bool,
    form: Form,
}

/// `GET .../customer-keys/{child}/limits`
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    let place = Place::of(visit).await?;
    let key = usable(visit, &place).await?;
    let set = customer_keys::limits(visit.portal.app(), &visit.actor()?, &key.id).await?;
    key_page(visit, &place, key, StatusCode::OK, filled(set.in_force())).await
}

/// `POST .../customer-keys/{child}/limits`: limits of its own, or those of its project again.
pub(crate) async fn submit(visit: &Visit<'_>) -> Outcome {
    let place = Place::of(visit).await?;
    let key = usable(visit, &place).await?;
    let mut form = Form::typed(&visit.form);
    let own = visit.form.text("as_project").is_empty();
    let (rate, quota) = if own { typed(visit, &mut form) } else { (None, None) };
    if !form.is_wrong() {
        let limits = own.then_some(Limits { rate, quota });
        match customer_keys::set_limits(visit.portal.app(), &visit.actor()?, &key.id, limits).await {
            Ok(()) => return visit.redirect_with(&format!("{}/{}", place.path, key.id), Notice::KeyLimited),
            Err(error) => form.refused(error, visit.language)?,
        }
    }
    key_page(visit, &place, key, StatusCode::UNPROCESSABLE_ENTITY, form).await
}

/// `GET .../customer-keys/limits?environment=`
pub(crate) async fn show_all(visit: &Visit<'_>) -> Outcome {
    let place = Place::of(visit).await?;
    place.must_turn(visit)?;
    let environment = visit.query.text("environment").parse().unwrap_or(Environment::Production);
    let app = visit.portal.app();
    let limits = customer_keys::project_limits(app, &visit.actor()?, place.page.project.id, environment).await?;
    project_page(visit, &place, environment, StatusCode::OK, filled(limits)).await
}

/// `POST .../customer-keys/limits?environment=`
pub(crate) async fn submit_all(visit: &Visit<'_>) -> Outcome {
    let place = Place::of(visit).await?;
    place.must_turn(visit)?;
    let environment = visit.query.text("environment").parse().unwrap_or(Environment::Production);
    let mut form = Form::typed(&visit.form);
    let (rate, quota) = typed(visit, &mut form);
    if !form.is_wrong() {
        let (app, project) = (visit.portal.app(), place.page.project.id);
        match customer_keys::set_project_limits(app, &visit.actor()?, project, environment, Limits { rate, quota }).await {
            Ok(()) => return visit.redirect_with(&place.path, Notice::KeysLimited),
            Err(error) => form.refused(error, visit.language)?,
        }
    }
    project_page(visit, &place, environment, StatusCode::UNPROCESSABLE_ENTITY, form).await
}

fn filled(limits: Limits) -> Form {
    let [requests, window, quota] = written(limits.rate, limits.quota);
    Form::with(&[("rate_requests", &requests), ("rate_window", if window.is_empty() { "60" } else { &window }), ("quota", &quota)])
}

/// The key in the path, for somebody who may limit it. A revoked one has no page that could change it.
async fn usable(visit: &Visit<'_>, place: &Place) -> Result<CustomerKeyRow, Failure> {
    let key = place.key(visit).await?;
    place.must_turn(visit)?;
    if key.status == Standing::Revoked { Err(Failure::Missing) } else { Ok(key) }
}

async fn key_page(visit: &Visit<'_>, place: &Place, key: CustomerKeyRow, status: StatusCode, form: Form) -> Outcome {
    let set = customer_keys::limits(visit.portal.app(), &visit.actor()?, &key.id).await?;
    let frame = place.frame(visit, visit.t("Límites de una clave de cliente", "Limits of a customer key")).await?;
    let page = Page {
        action: format!("{}/{}/limits", place.path, key.id),
        back: format!("{}/{}", place.path, key.id),
        account_number: key.account_number,
        environment: words::environment(key.environment, visit.language),
        other: None,
        of_project: words::limits(&frame, set.of_project.rate, set.of_project.quota),
        owns: set.own.is_some(),
        key: Some(key.id),
        frame,
        place,
        form,
    };
    visit.page_with(status, &page)
}

async fn project_page(visit: &Visit<'_>, place: &Place, environment: Environment, status: StatusCode, form: Form) -> Outcome {
    let frame = place.frame(visit, visit.t("Límites de cada clave de cliente", "Limits of each customer key")).await?;
    let other = if environment == Environment::Production { Environment::Sandbox } else { Environment::Production };
    let page = Page {
        action: format!("{}/limits?environment={environment}", place.path),
        back: place.path.clone(),
        key: None,
        account_number: String::new(),
        environment: words::environment(environment, visit.language),
        other: Some((other.as_str(), words::environment(other, visit.language))),
        of_project: String::new(),
        owns: false,
        frame,
        place,
        form,
    };
    visit.page_with(status, &page)
}
