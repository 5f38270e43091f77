//! The page behind the link in the mail that invites onto the staff.

use app::{Error, Rule, accounts::Session, records::StaffInvitation, staff};
use http::StatusCode;

use super::invitation::{self, Invited, here};
use crate::{
    form::Form,
    visit::{Outcome, Visit},
    words,
};

const PATH: &str = "/staff/accept";

/// `GET /staff/accept?token=`
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    match staff::open(visit.portal.app(), visit.query.text("token")).await {
        Ok(invitation) => page(visit, StatusCode::OK, &invitation, Form::new()),
        Err(Error::Rule(Rule::InvitationEnded)) => invitation::ended(visit, StatusCode::NOT_FOUND, true),
        Err(error) => Err(error.into()),
    }
}

/// `POST /staff/accept`
pub(crate) async fn accept(visit: &Visit<'_>) -> Outcome {
    let (app, token) = (visit.portal.app(), visit.form.text("token"));
    let Some(Session::Whole(somebody)) = &visit.session else {
        return visit.redirect(&format!("/sign-in?next={}", here(PATH, token)));
    };
    match staff::accept(app, somebody.id(), token).await {
        // Without a second factor the console leads to where one is set up.
        Ok(_) => visit.redirect("/console"),
        Err(Error::Rule(Rule::InvitationEnded)) => invitation::ended(visit, StatusCode::CONFLICT, true),
        Err(error) => {
            let mut form = Form::typed(&visit.form);
            form.refused(error, visit.language)?;
            match staff::open(app, token).await {
                Ok(invitation) => page(visit, StatusCode::UNPROCESSABLE_ENTITY, &invitation, form),
                Err(_) => invitation::ended(visit, StatusCode::CONFLICT, true),
            }
        }
    }
}

fn page(visit: &Visit<'_>, status: StatusCode, invitation: &StaffInvitation, form: Form) -> Outcome {
    let app = visit.portal.app();
    let invited = Invited {
        path: PATH,
        organisation: None,
        role: words::staff(invitation.role, visit.language),
        duty: words::duty_of_staff(invitation.role, visit.language),
        email: &invitation.email,
        until: *invitation.expires_at,
        second_factor: app.settings().staff_second_factor,
        provider: staff::only_by_provider(app),
    };
    invitation::page(visit, status, &invited, form)
}
