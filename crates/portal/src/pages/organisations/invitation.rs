//! The page behind the link in an invitation's mail.

use app::{
    Error, Rule,
    accounts::Session,
    invitations::{self, Opened},
};
use askama::Template;
use domain::Timestamp;
use http::StatusCode;

use crate::{
    form::Form,
    frame::{Frame, Notice},
    visit::{Outcome, Visit, encoded},
    words,
};

#[derive(Template)]
#[template(path = "organisations/invitation.html")]
struct Page<'v> {
    frame: Frame<'v>,
    form: Form,
    /// Into which organisation.
    organisation: String,
    role: &'static str,
    duty: &'static str,
    /// The invited address.
    email: String,
    until: Timestamp,
    token: String,
    /// This page, as a value of a query.
    here: String,
    who: Who,
}

/// Who opened the link.
enum Who {
    /// Somebody who has not signed in.
    Nobody,
    /// Somebody who signed in with the invited address.
    Invited,
    /// Somebody who signed in with this one.
    Other(String),
}

#[derive(Template)]
#[template(path = "organisations/invitation_ended.html")]
struct Ended<'v> {
    frame: Frame<'v>,
}

/// `GET /invitations/accept?token=`
pub(crate) async fn invitation(visit: &Visit<'_>) -> Outcome {
    match invitations::open(visit.portal.app(), visit.query.text("token")).await {
        Ok(opened) => page(visit, StatusCode::OK, &opened, Form::new()),
        Err(Error::Rule(Rule::InvitationEnded)) => ended(visit, StatusCode::NOT_FOUND),
        Err(error) => Err(error.into()),
    }
}

/// `POST /invitations/accept`
pub(crate) async fn accept(visit: &Visit<'_>) -> Outcome {
    let (app, token) = (visit.portal.app(), visit.form.text("token"));
    let Some(Session::Whole(somebody)) = &visit.session else {
        return visit.redirect(&format!("/sign-in?next={}", here(token)));
    };
    match invitations::accept(app, somebody.id(), token).await {
        Ok(opened) => visit.redirect_with(&format!("/organisations/{}", opened.organisation.id), Notice::Joined),
        Err(Error::Rule(Rule::InvitationEnded)) => ended(visit, StatusCode::CONFLICT),
        Err(Error::Rule(rule)) => {
            let mut form = Form::typed(&visit.form);
            form.wrong("", words::rule(&rule, visit.language));
            // Told with the page around it, as long as the link still opens something.
            match invitations::open(app, token).await {
                Ok(opened) => page(visit, StatusCode::UNPROCESSABLE_ENTITY, &opened, form),
                Err(_) => ended(visit, StatusCode::CONFLICT),
            }
        }
        Err(error) => Err(error.into()),
    }
}

/// The link's own path, as a value of a query.
fn here(token: &str) -> String {
    encoded(&format!("/invitations/accept?token={}", encoded(token)))
}

fn page(visit: &Visit<'_>, status: StatusCode, opened: &Opened, form: Form) -> Outcome {
    let invitation = &opened.invitation;
    let token = if visit.form.text("token").is_empty() { visit.query.text("token") } else { visit.form.text("token") };
    let who = match &visit.session {
        Some(Session::Whole(somebody)) => {
            let address = somebody.account().email.to_string();
            if address == invitation.email { Who::Invited } else { Who::Other(address) }
        }
        _ => Who::Nobody,
    };
    visit.page_with(
        status,
        &Page {
            frame: visit.frame(visit.t("Te han invitado", "You are invited")),
            form,
            organisation: opened.organisation.name.clone(),
            role: words::role(invitation.role, visit.language),
            duty: words::duty_of(invitation.role, visit.language),
            email: invitation.email.clone(),
            until: *invitation.expires_at,
            here: here(token),
            token: token.to_owned(),
            who,
        },
    )
}

fn ended(visit: &Visit<'_>, status: StatusCode) -> Outcome {
    visit.page_with(status, &Ended { frame: visit.frame(visit.t("La invitación ya no vale", "The invitation is not good any more")) })
}
