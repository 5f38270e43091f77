//! What stands behind the link in an invitation's mail, into an organisation or onto the staff.

use app::accounts::Session;
use askama::Template;
use domain::Timestamp;
use http::StatusCode;

use crate::{
    form::Form,
    frame::Frame,
    visit::{Outcome, Visit, encoded},
};

/// What somebody is invited to.
pub(crate) struct Invited<'i> {
    /// Where the link leads.
    pub(crate) path: &'static str,
    /// Into which organisation; `None`: onto the staff.
    pub(crate) organisation: Option<&'i str>,
    pub(crate) role: &'static str,
    pub(crate) duty: &'static str,
    /// The invited address.
    pub(crate) email: &'i str,
    pub(crate) until: Timestamp,
    /// Whether a second factor must be set up first by whoever has none.
    pub(crate) second_factor: bool,
    /// By which provider alone those come who are invited, so that the link leads nowhere.
    pub(crate) provider: Option<&'i str>,
}

#[derive(Template)]
#[template(path = "accounts/invitation.html")]
struct Page<'v> {
    frame: Frame<'v>,
    form: Form,
    organisation: Option<&'v str>,
    role: &'static str,
    duty: &'static str,
    email: &'v str,
    until: Timestamp,
    second_factor: bool,
    path: &'static str,
    token: &'v str,
    /// This page, as a value of a query.
    here: String,
    who: Who<'v>,
}

/// Who opened the link.
enum Who<'v> {
    /// Somebody who has not signed in.
    Nobody,
    /// Somebody who signed in with the invited address.
    Invited,
    /// Somebody who signed in with this one.
    Other(&'v str),
    /// Anybody, where those who are invited come by this provider alone.
    OfProvider(&'v str),
}

#[derive(Template)]
#[template(path = "accounts/invitation_ended.html")]
struct Ended<'v> {
    frame: Frame<'v>,
    is_staff: bool,
}

/// The page that says to what, and lets whoever is meant accept.
pub(crate) fn page(visit: &Visit<'_>, status: StatusCode, invited: &Invited<'_>, form: Form) -> Outcome {
    let token = if visit.form.text("token").is_empty() { visit.query.text("token") } else { visit.form.text("token") };
    let who = match (invited.provider, &visit.session) {
        (Some(provider), _) => Who::OfProvider(provider),
        (None, Some(Session::Whole(somebody))) => match somebody.account().email.as_str() {
            address if address == invited.email => Who::Invited,
            address => Who::Other(address),
        },
        _ => Who::Nobody,
    };
    let title = match invited.organisation {
        Some(_) => visit.t("Te han invitado", "You are invited"),
        None => visit.t("Te invitan al equipo", "You are invited onto the staff"),
    };
    visit.page_with(
        status,
        &Page {
            frame: visit.frame(title),
            form,
            organisation: invited.organisation,
            role: invited.role,
            duty: invited.duty,
            email: invited.email,
            until: invited.until,
            second_factor: invited.second_factor,
            path: invited.path,
            here: here(invited.path, token),
            token,
            who,
        },
    )
}

/// The link's own path, as a value of a query.
pub(crate) fn here(path: &str, token: &str) -> String {
    encoded(&format!("{path}?token={}", encoded(token)))
}

/// The page behind a link that is not good any more.
pub(crate) fn ended(visit: &Visit<'_>, status: StatusCode, is_staff: bool) -> Outcome {
    visit.page_with(
        status,
        &Ended { frame: visit.frame(visit.t("La invitación ya no vale", "The invitation is not good any more")), is_staff },
    )
}
