//! The page behind the link in the mail that invites into an organisation.

use app::{
    Error, Rule,
    accounts::Session,
    invitations::{self, Opened},
};
use http::StatusCode;

use crate::{
    form::Form,
    frame::Notice,
    pages::invitation::{self as shared, Invited, here},
    visit::{Outcome, Visit},
    words,
};

const PATH: &str = "/invitations/accept";

/// `GET /invitations/accept?token=`
pub(crate) async fn invitation(visit: &Visit<'_>) -> Outcome {
    match invitations::open(visit.portal.app(), visit.query.text("token")).await {
        Ok(opened) => page(visit, StatusCode::OK, &opened, Form::new()),
        Err(Error::Rule(Rule::InvitationEnded)) => shared::ended(visit, StatusCode::NOT_FOUND, false),
        Err(error) => Err(error.into()),
    }
}

/// `POST /invitations/accept`
pub(crate) async fn accept(visit: &Visit<'_>) -> Outcome {
    let (app, token) = (visit.portal.app(), visit.form.text("token"));
    let Some(Session::Whole(somebody)) = &visit.session else {
        return visit.redirect(&format!("/sign-in?next={}", here(PATH, token)));
    };
    match invitations::accept(app, somebody.id(), token).await {
        Ok(opened) => visit.redirect_with(&format!("/organisations/{}", opened.organisation.id), Notice::Joined),
        Err(Error::Rule(Rule::InvitationEnded)) => shared::ended(visit, StatusCode::CONFLICT, false),
        Err(Error::Rule(rule)) => {
            let mut form = Form::typed(&visit.form);
            form.wrong("", words::rule(&rule, visit.language));
            // Told with the page around it, as long as the link still opens something.
            match invitations::open(app, token).await {
                Ok(opened) => page(visit, StatusCode::UNPROCESSABLE_ENTITY, &opened, form),
                Err(_) => shared::ended(visit, StatusCode::CONFLICT, false),
            }
        }
        Err(error) => Err(error.into()),
    }
}

fn page(visit: &Visit<'_>, status: StatusCode, opened: &Opened, form: Form) -> Outcome {
    let invitation = &opened.invitation;
    let invited = Invited {
        path: PATH,
        organisation: Some(&opened.organisation.name),
        role: words::role(invitation.role, visit.language),
        duty: words::duty_of(invitation.role, visit.language),
        email: &invitation.email,
        until: *invitation.expires_at,
        second_factor: false,
        provider: None,
    };
    shared::page(visit, status, &invited, form)
}
