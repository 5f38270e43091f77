//! Showing that the address is one's own, by the link in the mail.

use app::{
    Error,
    accounts::{self, Purpose, Refusal},
};
use askama::Template;
use http::StatusCode;

use crate::{
    failure::Failure,
    frame::{Frame, Notice},
    pages::sign_in::HOME,
    session,
    visit::{Outcome, Visit},
};

#[derive(Template)]
#[template(path = "accounts/verify.html")]
struct Verify<'v> {
    frame: Frame<'v>,
    email: String,
    token: &'v str,
}

#[derive(Template)]
#[template(path = "accounts/dead_link.html")]
struct DeadLink<'v> {
    frame: Frame<'v>,
    /// Where another one is asked for.
    another: &'static str,
    /// Whether it confirmed an address, which may have happened already.
    confirms: bool,
}

/// `GET /verify`: changes nothing, because mail programs open links before people do.
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    let token = visit.query.text("token");
    match accounts::peek(visit.portal.app(), token, Purpose::Verify).await {
        Ok(account) => {
            let frame = visit.frame(visit.t("Confirma tu correo", "Confirm your address"));
            visit.page(&Verify { frame, email: account.email.to_string(), token })
        }
        Err(Error::Account(Refusal::Link)) => dead_link(visit, "/register/again", true),
        Err(other) => Err(Failure::from(other)),
    }
}

/// `POST /verify`
pub(crate) async fn submit(visit: &Visit<'_>) -> Outcome {
    let verified = match accounts::verify(visit.portal.app(), visit.form.text("token"), visit.origin()).await {
        Ok(verified) => verified,
        Err(Error::Account(Refusal::Link)) => return dead_link(visit, "/register/again", true),
        Err(other) => return Err(Failure::from(other)),
    };
    if let Some(opened) = &verified.opened {
        // There is no way in yet but this one: one is set up next.
        return session::enter(visit, opened, session::ENROLMENT).await;
    }
    let next = session::kept_next(visit).unwrap_or_else(|| HOME.to_owned());
    let mut response = visit.redirect_with(&session::on_the_way("/sign-in", &next), Notice::Verified)?;
    session::forget_next(visit, &mut response);
    Ok(response)
}

/// A link that does not work, with the way to another.
pub(crate) fn dead_link(visit: &Visit<'_>, another: &'static str, confirms: bool) -> Outcome {
    let frame = visit.frame(visit.t("Este enlace ya no vale", "This link does not work any more"));
    visit.page_with(StatusCode::NOT_FOUND, &DeadLink { frame, another, confirms })
}
