//! Every API that is published.

use askama::Template;

use super::{House, houses};
use crate::{
    frame::Frame,
    visit::{Outcome, Visit},
};

#[derive(Template)]
#[template(path = "apis/list.html")]
struct List<'v> {
    frame: Frame<'v>,
    houses: Vec<House>,
}

/// `GET /apis`.
pub(crate) async fn list(visit: &Visit<'_>) -> Outcome {
    visit.page(&List { frame: visit.frame(visit.t("API", "APIs")), houses: houses(visit) })
}
