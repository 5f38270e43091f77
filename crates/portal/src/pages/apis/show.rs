//! One API: what it is for, what it needs, its operations.

use askama::Template;
use domain::{Environment, api::Life};

use super::{Offer, gone, offers, products, rail};
use crate::{
    frame::{Frame, Moment},
    reference::{Change, Group, Reference, operation::token_route, prose::Prose},
    visit::{Outcome, Visit},
};

#[derive(Template)]
#[template(path = "apis/show.html")]
struct Show<'v> {
    frame: Frame<'v>,
    reference: &'v Reference,
    summary: String,
    description: Prose,
    products: &'static str,
    token_path: &'static str,
    /// Where the API is served: the environment in words, its address, and an id for the element.
    places: Vec<(&'static str, &'v str, &'static str)>,
    offers: Vec<Offer>,
    groups: Vec<Group<'v>>,
    wanted: &'v str,
    left_out: usize,
    changes: Vec<Change>,
    /// The address that the pages of this API begin with.
    base: &'v str,
    /// Its life; `None`: it is not published, and shown to those who may publish it.
    life: Option<&'v Life>,
    deprecated: Option<Moment>,
    sunset: Option<Moment>,
}

/// `GET /apis/{name}`: with `?q=`, only the operations in which those words occur.
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    let (catalogue, name) = (visit.portal.catalogue(), visit.segment("name"));
    let Some(reference) = visit.portal.references().find(&catalogue, name) else { return gone(visit) };
    overview(visit, &reference, &format!("/apis/{name}"), catalogue.life(name))
}

/// The page of an API that is served, or of one that is not yet.
pub(crate) fn overview(visit: &Visit<'_>, reference: &Reference, base: &str, life: Option<&Life>) -> Outcome {
    let settings = visit.portal.settings();
    let typed = visit.query.text("q");
    let wanted = &typed[..typed.floor_char_boundary(100)];
    let (groups, left_out) = reference.groups(wanted, visit.language);
    let places = Environment::ALL.iter().filter_map(|environment| {
        let name = match environment {
            Environment::Sandbox => visit.t("Pruebas (sandbox)", "Sandbox"),
            Environment::Production => visit.t("Producción", "Production"),
        };
        let served = !reference.api.upstreams.of(*environment).is_empty();
        settings.base_url(*environment).filter(|_| served).map(|url| (name, url, environment.as_str()))
    });
    visit.page(&Show {
        frame: visit.frame(reference.title()).beside(rail(visit, reference, base)),
        reference,
        base,
        life,
        deprecated: life.and_then(|life| life.deprecated_at).map(|at| Moment::new(at, visit.language)),
        sunset: life.and_then(|life| life.sunset_at).map(|at| Moment::new(at, visit.language)),
        summary: reference.summary(visit.language),
        description: reference.description(visit.language, settings),
        products: products(reference, visit.language),
        token_path: token_route(reference.api.dialect).0,
        places: places.collect(),
        offers: offers(&reference.api, visit),
        groups,
        wanted,
        left_out,
        changes: reference.changelog(visit.language),
    })
}
