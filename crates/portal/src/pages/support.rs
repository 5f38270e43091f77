//! Whom to turn to, and what to bring.

use askama::Template;

use crate::{
    Support,
    frame::Frame,
    visit::{Outcome, Visit},
};

#[derive(Template)]
#[template(path = "support.html")]
struct Show<'v> {
    frame: Frame<'v>,
    support: &'v Support,
    /// The number as a telephone dials it.
    dialled: String,
    is_reachable: bool,
}

/// `GET /support`.
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    let support = &visit.portal.settings().support;
    visit.page(&Show {
        frame: visit.frame(visit.t("Ayuda", "Support")),
        dialled: support.phone.chars().filter(|sign| sign.is_ascii_digit() || *sign == '+').collect(),
        is_reachable: !support.email.is_empty() || !support.phone.is_empty(),
        support,
    })
}
