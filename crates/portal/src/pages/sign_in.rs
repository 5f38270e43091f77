//! Signing in by address and password.

use app::accounts::{self, Session};
use askama::Template;
use http::StatusCode;

use crate::{
    failure::Failure,
    form::Form,
    frame::Frame,
    session,
    visit::{Outcome, Visit, encoded},
    words,
};

#[derive(Template)]
#[template(path = "accounts/sign_in.html")]
struct SignIn<'v> {
    frame: Frame<'v>,
    form: Form,
    next: String,
}

/// Where somebody goes who came from nowhere in particular.
const HOME: &str = "/organisations";

/// `GET /sign-in`
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    match &visit.session {
        Some(Session::Whole(_)) => visit.redirect(&visit.next(HOME)),
        _ => page(visit, StatusCode::OK, Form::new()),
    }
}

/// `POST /sign-in`
pub(crate) async fn submit(visit: &Visit<'_>) -> Outcome {
    let (email, password) = (visit.form.text("email"), visit.form.raw("password"));
    let opened = match accounts::sign_in(visit.portal.app(), email, password, visit.origin()).await {
        Ok(opened) => opened,
        Err(app::Error::Account(refusal)) => {
            let mut form = Form::typed(&visit.form);
            form.wrong("", words::refusal(&refusal, visit.language));
            return page(visit, StatusCode::UNPROCESSABLE_ENTITY, form);
        }
        Err(other) => return Err(Failure::from(other)),
    };
    let next = visit.next(HOME);
    let mut response = match opened.session {
        Session::Whole(_) => visit.redirect(&next)?,
        Session::Half(_) => visit.redirect(&format!("/sign-in/second-factor?next={}", encoded(&next)))?,
    };
    session::begin(visit, &mut response, &opened);
    Ok(response)
}

fn page(visit: &Visit<'_>, status: StatusCode, form: Form) -> Outcome {
    visit.page_with(status, &SignIn { frame: visit.frame(visit.t("Entrar", "Sign in")), form, next: visit.next(HOME) })
}
