//! Under which rules the APIs may be used.

use askama::Template;

use crate::{
    frame::Frame,
    language::Language,
    visit::{Outcome, Visit},
};

/// The version of the text; whoever accepts it accepts this one. A change of the rules is a new version.
pub(crate) const VERSION: &str = "1";

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
        version: VERSION,
    })
}
