//! Signing in by address and password; under it, by passkey, and the second factor.

pub(crate) mod passkey;
pub(crate) mod second_factor;
pub(crate) mod staff;

use app::accounts::{self, Refusal, Session};
use askama::Template;
use http::StatusCode;

use crate::{
    failure::Failure,
    form::Form,
    frame::Frame,
    session,
    visit::{Outcome, Visit},
    words,
};

#[derive(Template)]
#[template(path = "accounts/sign_in.html")]
struct SignIn<'v> {
    frame: Frame<'v>,
    form: Form,
    next: String,
    register: String,
    /// The address, when the password was right and nobody confirmed it yet.
    unverified: Option<String>,
    passkeys: bool,
    /// What staff call the provider they sign on by, where there is one.
    provider: Option<&'v str>,
    /// Where that begins.
    sign_on: String,
}

/// Where somebody goes who came from nowhere in particular.
pub(crate) const HOME: &str = "/organisations";

/// `GET /sign-in`
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    match &visit.session {
        Some(Session::Whole(_)) => visit.redirect(&visit.next(HOME)),
        _ => page(visit, StatusCode::OK, Form::new(), None),
    }
}

/// `POST /sign-in`
pub(crate) async fn submit(visit: &Visit<'_>) -> Outcome {
    let (email, password) = (visit.form.text("email"), visit.form.raw("password"));
    match accounts::sign_in(visit.portal.app(), email, password, visit.origin()).await {
        Ok(opened) => session::enter(visit, &opened, &visit.next(HOME)).await,
        Err(app::Error::Account(refusal)) => refused(visit, &refusal),
        Err(other) => Err(Failure::from(other)),
    }
}

/// The form again, and why nobody was let in.
fn refused(visit: &Visit<'_>, refusal: &Refusal) -> Outcome {
    let mut form = Form::typed(&visit.form);
    form.wrong("", words::refusal(refusal, visit.language));
    let unverified = (*refusal == Refusal::Unverified).then(|| visit.form.text("email").to_owned());
    page(visit, StatusCode::UNPROCESSABLE_ENTITY, form, unverified)
}

fn page(visit: &Visit<'_>, status: StatusCode, form: Form, unverified: Option<String>) -> Outcome {
    let passkeys = accounts::passkeys_possible(visit.portal.app());
    let (frame, next) = (visit.frame(visit.t("Entrar", "Sign in")), visit.next(HOME));
    let register = session::on_the_way("/register", &next);
    let (provider, sign_on) = (staff::button(visit), session::on_the_way("/sign-in/staff", &next));
    visit.page_with(status, &SignIn { frame, form, next, register, unverified, passkeys, provider, sign_on })
}
