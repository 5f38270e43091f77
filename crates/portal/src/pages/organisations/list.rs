//! The organisations of whoever signed in.

use app::{invitations, organisations, records::Offer};
use askama::Template;
use domain::contract::Standing;

use crate::{
    frame::Frame,
    visit::{Outcome, Visit},
    words,
};

#[derive(Template)]
#[template(path = "organisations/list.html")]
struct List<'v> {
    frame: Frame<'v>,
    mine: Vec<Mine>,
    offers: Vec<Offer>,
}

struct Mine {
    href: String,
    name: String,
    role: &'static str,
    duty: &'static str,
    is_closed: bool,
    is_suspended: bool,
}

/// `GET /organisations`
pub(crate) async fn list(visit: &Visit<'_>) -> Outcome {
    let (app, account) = (visit.portal.app(), visit.somebody()?.id());
    let memberships = organisations::of_account(app, account).await?;
    let mut mine: Vec<Mine> = memberships
        .into_iter()
        .map(|one| Mine {
            href: format!("/organisations/{}", one.id),
            name: one.name,
            role: words::role(one.role, visit.language),
            duty: words::duty_of(one.role, visit.language),
            is_closed: one.status == Standing::Revoked,
            is_suspended: one.status == Standing::Suspended,
        })
        .collect();
    mine.sort_by_key(|one| one.is_closed);
    let offers = invitations::of_account(app, account).await?;
    visit.page(&List { frame: visit.frame(visit.t("Organizaciones", "Organisations")), mine, offers })
}
