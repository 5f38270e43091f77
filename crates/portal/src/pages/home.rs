//! What this is, for whom, and how to begin.

use askama::Template;

use super::apis::{House, houses, shown};
use crate::{
    frame::Frame,
    reference::Products,
    visit::{Outcome, Visit},
};

#[derive(Template)]
#[template(path = "home.html")]
struct Home<'v> {
    frame: Frame<'v>,
    houses: Vec<House>,
    covered: Vec<Family>,
}

/// A family of products, and the APIs whose documents say that they cover it.
struct Family {
    name: &'static str,
    about: &'static str,
    /// Names and titles.
    apis: Vec<(String, String)>,
}

/// `GET /`.
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    let title = visit.t("La puerta de las API de paquetería", "The front door of the parcel APIs");
    visit.page(&Home { frame: visit.frame(title), houses: houses(visit), covered: covered(visit) })
}

fn covered(visit: &Visit<'_>) -> Vec<Family> {
    let references = shown(visit);
    let of = |products| -> Vec<(String, String)> {
        let covering = references.iter().filter(|reference| reference.products().contains(&products));
        covering.map(|reference| (reference.api.name.to_string(), reference.title().to_owned())).collect()
    };
    let families = vec![
        Family {
            name: visit.t("Paquetería nacional", "National parcels"),
            about: visit
                .t("de puerta a puerta, a oficina o a terminal, y devoluciones", "door to door, to an office or a locker, and returns"),
            apis: of(Products::National),
        },
        Family {
            name: visit.t("Paquetería internacional", "International parcels"),
            about: visit.t("con sus datos de aduana y su número UPU S10", "with their customs data and their UPU S10 number"),
            apis: of(Products::International),
        },
    ];
    families.into_iter().filter(|family| !family.apis.is_empty()).collect()
}
