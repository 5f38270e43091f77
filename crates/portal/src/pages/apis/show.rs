//! One API: what it is for, what it needs, its operations.

use askama::Template;
use domain::Environment;

use super::{Offer, offers, products, rail};
use crate::{
    failure::Failure,
    frame::Frame,
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
}

/// `GET /apis/{name}`: with `?q=`, only the operations in which those words occur.
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    let reference = visit.portal.references().find(&visit.portal.catalogue(), visit.segment("name")).ok_or(Failure::Missing)?;
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
        frame: visit.frame(reference.title()).beside(rail(visit, &reference)),
        reference: &reference,
        summary: reference.summary(visit.language),
        description: reference.description(visit.language, settings),
        products: products(&reference, visit.language),
        token_path: token_route(reference.api.dialect).0,
        places: places.collect(),
        offers: offers(&reference.api, visit),
        groups,
        wanted,
        left_out,
        changes: reference.changelog(visit.language),
    })
}
