//! Deleting the account.

use app::{accounts, members, records::Membership};
use askama::Template;
use http::StatusCode;

use crate::{
    failure::Failure,
    frame::{Frame, Notice},
    session,
    visit::{Outcome, Visit},
};

#[derive(Template)]
#[template(path = "account/delete.html")]
struct Delete<'v> {
    frame: Frame<'v>,
    email: &'v str,
    /// What stops it: organisations that would have no owner.
    alone: Vec<Membership>,
}

/// `GET /account/data/delete`
pub(crate) async fn sure(visit: &Visit<'_>) -> Outcome {
    let alone = members::owned_alone(visit.portal.app(), visit.somebody()?.id()).await?;
    // What stops it is said before anybody proves anything for nothing.
    if alone.is_empty() {
        visit.proved()?;
    }
    page(visit, StatusCode::OK, alone)
}

/// `POST /account/data/delete`
pub(crate) async fn submit(visit: &Visit<'_>) -> Outcome {
    let (app, who) = (visit.portal.app(), visit.proved()?);
    match accounts::delete(app, who).await {
        Ok(()) => {
            let mut response = visit.redirect_with("/", Notice::AccountDeleted)?;
            session::end(visit, &mut response);
            Ok(response)
        }
        Err(app::Error::Account(accounts::Refusal::SoleOwner(_))) => {
            let alone = members::owned_alone(app, who.id()).await?;
            page(visit, StatusCode::UNPROCESSABLE_ENTITY, alone)
        }
        Err(other) => Err(Failure::from(other)),
    }
}

fn page(visit: &Visit<'_>, status: StatusCode, alone: Vec<Membership>) -> Outcome {
    let frame = super::frame(visit, visit.t("Eliminar la cuenta", "Delete the account"));
    visit.page_with(status, &Delete { frame, email: visit.somebody()?.account().email.as_str(), alone })
}
