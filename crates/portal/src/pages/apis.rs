//! The catalogue: its list, a reference page for each API and one for each operation.

mod changes;
mod document;
mod list;
mod operation;
mod show;
mod try_it;

use std::sync::Arc;

use askama::Template;
pub(crate) use changes::{Histories, changes};
use directory::Catalogue;
pub(crate) use document::document;
use domain::{
    CustomerType,
    api::{Api, Dialect, Status},
};
use http::StatusCode;
pub(crate) use list::list;
pub(crate) use operation::{operation, operation_of};
pub(crate) use show::{overview, show};
pub(crate) use try_it::{frame, show as try_it};

use crate::{
    failure::Failure,
    frame::{Frame, Moment, Rail},
    language::Language,
    reference::{Products, Reference},
    visit::{Outcome, Visit},
};

#[derive(Template)]
#[template(path = "apis/retired.html")]
struct Retired<'v> {
    frame: Frame<'v>,
    name: &'v str,
    version: i64,
    retired: Option<Moment>,
}

/// What is said in place of every page of an API that is not served: that it was retired, when it was.
fn gone(visit: &Visit<'_>) -> Outcome {
    let (catalogue, name) = (visit.portal.catalogue(), visit.segment("name"));
    let life = catalogue.life(name).filter(|life| life.status == Status::Retired).ok_or(Failure::Missing)?;
    let title = match visit.language {
        Language::Spanish => format!("{name}: retirada"),
        Language::English => format!("{name}: retired"),
    };
    let retired = life.retired_at.map(|at| Moment::new(at, visit.language));
    visit.page_with(StatusCode::GONE, &Retired { frame: visit.frame(title), name, version: life.version, retired })
}

/// An API in a list of them.
pub(crate) struct Card {
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) summary: String,
    pub(crate) products: &'static str,
    pub(crate) scopes: String,
    pub(crate) deprecated: bool,
}

/// The APIs that answer in one carrier's way.
pub(crate) struct House {
    pub(crate) name: &'static str,
    pub(crate) description: &'static str,
    pub(crate) cards: Vec<Card>,
}

/// Every API under the carrier whose ways it has; carriers without any are left out. What is hidden is there for staff alone.
pub(crate) fn houses(visit: &Visit<'_>) -> Vec<House> {
    houses_of(visit, |_| true)
}

/// The same, of the APIs that this says yes to.
pub(crate) fn houses_of(visit: &Visit<'_>, fits: impl Fn(&Api) -> bool) -> Vec<House> {
    let (language, catalogue) = (visit.language, visit.portal.catalogue());
    let references = shown(visit);
    let among = |dialects: &[Dialect]| -> Vec<Card> {
        references
            .iter()
            .filter(|reference| dialects.contains(&reference.api.dialect) && fits(&reference.api))
            .map(|reference| card(reference, &catalogue, language))
            .collect()
    };
    let houses = vec![
        House {
            name: visit.t("como Correos", "in Correos' way"),
            description: visit.t(
                "Token en /Api/Authorize/Token y, en cada llamada, la credencial de API además del token. Lo que programaste para Correos funciona cambiando solo la dirección.",
                "A token from /Api/Authorize/Token and, on every call, the API credential beside the token. What you wrote for Correos works with nothing but another address.",
            ),
            cards: among(&[Dialect::Correos, Dialect::CorreosTracking]),
        },
        House {
            name: visit.t("como FedEx", "in FedEx' way"),
            description: visit.t(
                "Token en /oauth/token y nada más: sin segunda credencial. Los mismos envíos, en la forma de FedEx.",
                "A token from /oauth/token and nothing else: no second credential. The same parcels, in FedEx' form.",
            ),
            cards: among(&[Dialect::Fedex]),
        },
        House {
            name: visit.t("según los estándares", "by the standards"),
            description: visit.t(
                "Token en /oauth2/token (RFC 6749) y errores en problem+json (RFC 9457).",
                "A token from /oauth2/token (RFC 6749) and errors as problem+json (RFC 9457).",
            ),
            cards: among(&[Dialect::Problem]),
        },
    ];
    houses.into_iter().filter(|house| !house.cards.is_empty()).collect()
}

/// The APIs that this visitor finds in lists.
pub(crate) fn shown(visit: &Visit<'_>) -> Vec<Arc<Reference>> {
    let is_staff = visit.somebody().is_ok_and(|somebody| somebody.account().staff().is_some());
    let mut references = visit.portal.references().all(&visit.portal.catalogue());
    references.retain(|reference| is_staff || !reference.api.hidden);
    references
}

/// The APIs that an organisation of this type may ask for now.
pub(crate) fn may_be_asked_for(catalogue: &Catalogue, api: &Api, customer_type: CustomerType) -> bool {
    let is_published = catalogue.life(api.name.as_str()).is_some_and(|life| life.status == Status::Published);
    is_published && api.is_open_to(customer_type)
}

fn card(reference: &Reference, catalogue: &Catalogue, language: Language) -> Card {
    Card {
        deprecated: catalogue.life(reference.api.name.as_str()).is_some_and(|life| life.status == Status::Deprecated),
        name: reference.api.name.to_string(),
        title: reference.title().to_owned(),
        summary: reference.summary(language),
        products: products(reference, language),
        scopes: reference.api.scopes().to_string(),
    }
}

/// Which parcels an API covers, in words; empty when its document does not say.
fn products(reference: &Reference, language: Language) -> &'static str {
    match reference.products().as_slice() {
        [] => "",
        [Products::National] => language.pick("Paquetería nacional", "National parcels"),
        [Products::International] => language.pick("Paquetería internacional", "International parcels"),
        _ => language.pick("Paquetería nacional e internacional", "National and international parcels"),
    }
}

/// Plans in words.
struct Offer {
    name: String,
    /// What people call it; may be empty.
    title: String,
    /// The operator decides who gets it.
    decided: bool,
    rate: String,
    quota: String,
}

fn offers(api: &Api, visit: &Visit<'_>) -> Vec<Offer> {
    let frame = visit.frame("");
    let unlimited = || visit.t("sin límite", "no limit").to_owned();
    let offer = |plan: &domain::plan::Plan| Offer {
        name: plan.name.clone(),
        title: plan.title.in_language(visit.language).to_owned(),
        decided: !plan.approval.is_none(),
        rate: plan.rate.map_or_else(unlimited, |rate| {
            format!("{} {} {} s", frame.number(rate.requests), visit.t("cada", "every"), rate.window_seconds)
        }),
        quota: plan.quota.map_or_else(unlimited, |quota| frame.number(quota.requests)),
    };
    api.plans.iter().map(offer).collect()
}

/// The operations of an API beside its pages. A long list would push the page down on narrow screens and is left out.
fn rail(visit: &Visit<'_>, reference: &Reference, base: &str) -> Rail {
    let mut stops = vec![(base.to_owned(), visit.t("Resumen", "Overview").to_owned())];
    let (groups, _) = reference.groups("", visit.language);
    let overviews: Vec<_> = groups.into_iter().flat_map(|group| group.operations).collect();
    if overviews.len() <= 24 {
        stops.extend(overviews.into_iter().map(|overview| {
            let text = if overview.summary.is_empty() { overview.listed.id.clone() } else { overview.summary };
            (format!("{base}/{}", overview.listed.slug), text)
        }));
    }
    Rail::new(reference.title(), &visit.path, stops)
}
