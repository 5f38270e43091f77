//! What this is, for whom, and how to begin.

use askama::Template;

use super::apis::{House, houses};
use crate::{
    frame::Frame,
    visit::{Outcome, Visit},
};

#[derive(Template)]
#[template(path = "home.html")]
struct Home<'v> {
    frame: Frame<'v>,
    houses: Vec<House>,
}

/// `GET /`.
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    let title = visit.t("La puerta de las API de paquetería", "The front door of the parcel APIs");
    visit.page(&Home { frame: visit.frame(title), houses: houses(visit) })
}
