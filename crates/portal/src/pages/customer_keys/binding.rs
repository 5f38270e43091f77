//! The public key that a customer key is bound to.

use app::{customer_keys, records::CustomerKeyRow};
use domain::{contract::Standing, role::Permission};
use http::StatusCode;

use super::{Place, key_page};
use crate::{
    form::Form,
    frame::Notice,
    pages::projects::must,
    visit::{Outcome, Visit},
};

/// `POST .../customer-keys/{child}/bind`: to the public key chosen, or to none.
pub(crate) async fn bind(visit: &Visit<'_>) -> Outcome {
    let place = Place::of(visit).await?;
    let key = place.key(visit).await?;
    must(&place.page, Permission::Develop)?;
    let (app, actor, chosen) = (visit.portal.app(), visit.actor()?, visit.form.text("thumbprint"));
    let (done, notice) = if chosen.is_empty() {
        (customer_keys::unbind(app, &actor, &key.id).await, Notice::KeyUnbound)
    } else {
        (customer_keys::bind(app, &actor, &key.id, chosen).await, Notice::KeyBound)
    };
    match done {
        Ok(()) => visit.redirect_with(&format!("{}/{}", place.path, key.id), notice),
        Err(error) => {
            let mut form = Form::new();
            form.refused(error, visit.language)?;
            key_page(visit, &place, key, StatusCode::UNPROCESSABLE_ENTITY, form, false).await
        }
    }
}

/// To what a key may be bound: what its project's clients have there, and what it is bound to, also when that was removed.
pub(super) fn bindings(visit: &Visit<'_>, place: &Place, key: &CustomerKeyRow) -> Vec<(String, String)> {
    if place.console || !place.turns || key.status == Standing::Revoked {
        return Vec::new();
    }
    let clients = place.page.clients.iter().filter(|page| page.client.environment == key.environment);
    let clients = clients.filter(|page| page.client.status != Standing::Revoked);
    let mut thumbprints: Vec<&str> = clients.flat_map(|page| &page.public_keys).map(|row| row.thumbprint.as_str()).collect();
    thumbprints.sort_unstable();
    thumbprints.dedup();
    if thumbprints.is_empty() && key.bound_to.is_none() {
        return Vec::new();
    }
    let none = visit.t("a ninguna: basta la clave secreta", "to none: the secret is enough");
    let removed = key.bound_to.as_deref().filter(|bound| !thumbprints.contains(bound));
    let said =
        removed.map(|bound| (bound.to_owned(), format!("{bound} ({})", visit.t("ya no está registrada", "not registered any more"))));
    let live = thumbprints.into_iter().map(|thumbprint| (thumbprint.to_owned(), thumbprint.to_owned()));
    std::iter::once((String::new(), none.to_owned())).chain(live).chain(said).collect()
}
