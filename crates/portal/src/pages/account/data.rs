//! What we hold on the person, to take along.

use app::accounts;
use askama::Template;

use crate::{
    failure::Failure,
    frame::Frame,
    visit::{Outcome, Visit},
};

#[derive(Template)]
#[template(path = "account/data.html")]
struct Data<'v> {
    frame: Frame<'v>,
}

/// `GET /account/data`
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    visit.somebody()?;
    visit.page(&Data { frame: super::frame(visit, visit.t("Tus datos", "Your data")) })
}

/// `GET /account/data/export`
pub(crate) async fn export(visit: &Visit<'_>) -> Outcome {
    // A download leaves its page where it is: after the proof, the page with the button comes again.
    if visit.somebody()?.must_be_proved(visit.portal.app()).is_err() {
        return visit.redirect("/account/prove?next=%2Faccount%2Fdata");
    }
    let export = accounts::export(visit.portal.app(), visit.somebody()?).await?;
    let text = serde_json::to_string_pretty(&export).map_err(|error| Failure::Broken(error.to_string()))?;
    visit.file("application/json", Some("postigo-account.json"), text)
}
