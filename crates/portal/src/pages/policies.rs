//! Under which rules the APIs may be used.

use app::policies::CURRENT;
use askama::Template;

use crate::{
    frame::Frame,
    language::Language,
    visit::{Outcome, Visit},
};

#[derive(Template)]
#[template(path = "policies.html")]
struct Show<'v> {
    frame: Frame<'v>,
    spanish: bool,
    version: &'static str,
}

/// `GET /policies`.
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    visit.page(&Show {
        frame: visit.frame(visit.t("Políticas de uso de las API", "Usage policies of the APIs")),
        spanish: visit.language == Language::Spanish,
        version: CURRENT,
    })
}
