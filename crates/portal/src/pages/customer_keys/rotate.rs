//! Another secret for a customer key, while the one before goes on for as long as it is chosen.

use app::{customer_keys, records::CustomerKeyRow};
use askama::Template;
use domain::{contract::Standing, role::Permission, rotation::Overlap};
use http::StatusCode;

use super::{Place, previous};
use crate::{
    failure::Failure,
    form::Form,
    frame::{Frame, Moment},
    pages::projects::{ends, must, overlap, overlaps},
    stamp::Stamp,
    visit::{Outcome, Visit},
    words,
};

#[derive(Template)]
#[template(path = "customer_keys/rotate.html")]
struct Page<'v> {
    frame: Frame<'v>,
    place: &'v Place,
    key: CustomerKeyRow,
    environment: &'static str,
    form: Form,
    options: Vec<(&'static str, &'static str)>,
    /// The secret before, while it still opens something: then another one comes only when both end at once.
    previous: Option<(String, Moment)>,
}

#[derive(Template)]
#[template(path = "customer_keys/rotated.html")]
struct Rotated<'v> {
    frame: Frame<'v>,
    place: &'v Place,
    key: CustomerKeyRow,
    stamp: Stamp,
    /// Until when the one before opens; `None`: it has ended.
    until: Option<Moment>,
}

/// `GET /projects/{project}/customer-keys/{child}/rotate`
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    let place = Place::of(visit).await?;
    let key = usable(visit, &place).await?;
    let first = if previous(visit, &key).is_some() { Overlap::Now } else { Overlap::Day };
    form_page(visit, &place, key, StatusCode::OK, Form::with(&[("overlap", first.as_str())])).await
}

/// `POST /projects/{project}/customer-keys/{child}/rotate`: the one answer that holds the secret.
pub(crate) async fn submit(visit: &Visit<'_>) -> Outcome {
    let place = Place::of(visit).await?;
    let key = usable(visit, &place).await?;
    let mut form = Form::typed(&visit.form);
    let Some(chosen) = overlap(visit, &mut form) else {
        return form_page(visit, &place, key, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    };
    match customer_keys::rotate(visit.portal.app(), &visit.actor()?, &key.id, chosen).await {
        Ok(made) => visit.page(&Rotated {
            frame: place.frame(visit, visit.t("Contraseña de cliente renovada", "Customer password rotated")).await?,
            stamp: Stamp::issued_customer_key("issued", &made, visit.language),
            until: ends(visit, chosen),
            key: made.record,
            place: &place,
        }),
        Err(error) => {
            form.refused(error, visit.language)?;
            form_page(visit, &place, key, StatusCode::UNPROCESSABLE_ENTITY, form).await
        }
    }
}

/// The key in the path, for somebody who may rotate it. A revoked one has no page that could change it.
async fn usable(visit: &Visit<'_>, place: &Place) -> Result<CustomerKeyRow, Failure> {
    let key = place.key(visit).await?;
    must(&place.page, Permission::Develop)?;
    if key.status == Standing::Revoked { Err(Failure::Missing) } else { Ok(key) }
}

async fn form_page(visit: &Visit<'_>, place: &Place, key: CustomerKeyRow, status: StatusCode, form: Form) -> Outcome {
    let page = Page {
        frame: place.frame(visit, visit.t("Renovar la contraseña de cliente", "Rotate the customer password")).await?,
        environment: words::environment(key.environment, visit.language),
        options: overlaps(visit),
        previous: previous(visit, &key),
        place,
        key,
        form,
    };
    visit.page_with(status, &page)
}
