//! Signing in and registering: until there are forms for it, a page that says whom to ask.

use askama::Template;

use crate::{
    frame::Frame,
    visit::{Outcome, Visit},
};

#[derive(Template)]
#[template(path = "accounts/closed.html")]
struct Closed<'v> {
    frame: Frame<'v>,
}

/// `GET /sign-in` and `GET /register`.
pub(crate) async fn closed(visit: &Visit<'_>) -> Outcome {
    visit.page(&Closed { frame: visit.frame(visit.t("Las cuentas todavía no están abiertas", "Accounts are not open yet")) })
}
