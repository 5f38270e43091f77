//! The page behind the link in the mail that invites onto the staff.

use app::{Error, Rule, accounts::Session, records::StaffInvitation, staff};
use askama::Template;
use domain::Timestamp;
use http::StatusCode;

use crate::{
    form::Form,
    frame::Frame,
    visit::{Outcome, Visit, encoded},
    words,
};

#[derive(Template)]
#[template(path = "accounts/staff_invitation.html")]
struct Page<'v> {
    frame: Frame<'v>,
    form: Form,
    role: &'static str,
    duty: &'static str,
    /// The invited address.
    email: String,
    until: Timestamp,
    token: String,
    /// This page, as a value of a query.
    here: String,
    /// With which address somebody signed in; empty when nobody did.
    signed_in: String,
}

#[derive(Template)]
#[template(path = "accounts/staff_invitation_ended.html")]
struct Ended<'v> {
    frame: Frame<'v>,
}

/// `GET /staff/accept?token=`
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    match staff::open(visit.portal.app(), visit.query.text("token")).await {
        Ok(invitation) => page(visit, StatusCode::OK, &invitation, Form::new()),
        Err(Error::Rule(Rule::InvitationEnded)) => ended(visit, StatusCode::NOT_FOUND),
        Err(error) => Err(error.into()),
    }
}

/// `POST /staff/accept`
pub(crate) async fn accept(visit: &Visit<'_>) -> Outcome {
    let (app, token) = (visit.portal.app(), visit.form.text("token"));
    let Some(Session::Whole(somebody)) = &visit.session else {
        return visit.redirect(&format!("/sign-in?next={}", here(token)));
    };
    match staff::accept(app, somebody.id(), token).await {
        // Without a second factor the console leads to where one is set up.
        Ok(_) => visit.redirect("/console"),
        Err(Error::Rule(Rule::InvitationEnded)) => ended(visit, StatusCode::CONFLICT),
        Err(error) => {
            let mut form = Form::typed(&visit.form);
            form.refused(error, visit.language)?;
            match staff::open(app, token).await {
                Ok(invitation) => page(visit, StatusCode::UNPROCESSABLE_ENTITY, &invitation, form),
                Err(_) => ended(visit, StatusCode::CONFLICT),
            }
        }
    }
}

/// The link's own path, as a value of a query.
fn here(token: &str) -> String {
    encoded(&format!("/staff/accept?token={}", encoded(token)))
}

fn page(visit: &Visit<'_>, status: StatusCode, invitation: &StaffInvitation, form: Form) -> Outcome {
    let token = if visit.form.text("token").is_empty() { visit.query.text("token") } else { visit.form.text("token") };
    visit.page_with(
        status,
        &Page {
            frame: visit.frame(visit.t("Te invitan al equipo", "You are invited onto the staff")),
            form,
            role: words::staff(invitation.role, visit.language),
            duty: words::duty_of_staff(invitation.role, visit.language),
            email: invitation.email.clone(),
            until: *invitation.expires_at,
            here: here(token),
            token: token.to_owned(),
            signed_in: visit.somebody().map(|somebody| somebody.account().email.to_string()).unwrap_or_default(),
        },
    )
}

fn ended(visit: &Visit<'_>, status: StatusCode) -> Outcome {
    visit.page_with(status, &Ended { frame: visit.frame(visit.t("La invitación ya no vale", "The invitation is not good any more")) })
}
