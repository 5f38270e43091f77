//! A new password, by the link in the mail.

use app::{
    Error,
    accounts::{self, Purpose, Refusal},
};
use askama::Template;
use http::StatusCode;

use crate::{
    failure::Failure,
    form::Form,
    frame::{Frame, Notice},
    pages::verify::dead_link,
    visit::{Outcome, Visit},
    words,
};

#[derive(Template)]
#[template(path = "accounts/new_password.html")]
struct NewPassword<'v> {
    frame: Frame<'v>,
    form: Form,
    email: String,
    token: &'v str,
    rules: String,
}

/// `GET /recover/new-password`: changes nothing, because mail programs open links before people do.
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    page(visit, StatusCode::OK, visit.query.text("token"), Form::new()).await
}

/// `POST /recover/new-password`
pub(crate) async fn submit(visit: &Visit<'_>) -> Outcome {
    let token = visit.form.text("token");
    match accounts::reset(visit.portal.app(), token, visit.form.raw("password")).await {
        Ok(()) => visit.redirect_with("/sign-in", Notice::PasswordSet),
        Err(Error::Account(refusal @ Refusal::Weak(_))) => {
            let mut form = Form::new();
            form.wrong("password", words::refusal(&refusal, visit.language));
            page(visit, StatusCode::UNPROCESSABLE_ENTITY, token, form).await
        }
        Err(Error::Account(Refusal::Link)) => dead_link(visit, "/recover", false),
        Err(other) => Err(Failure::from(other)),
    }
}

async fn page(visit: &Visit<'_>, status: StatusCode, token: &str, form: Form) -> Outcome {
    let account = match accounts::peek(visit.portal.app(), token, Purpose::Recover).await {
        Ok(account) => account,
        Err(Error::Account(Refusal::Link)) => return dead_link(visit, "/recover", false),
        Err(other) => return Err(Failure::from(other)),
    };
    let frame = visit.frame(visit.t("Elige una contraseña nueva", "Choose a new password"));
    let rules = words::rules_of_passwords(visit.language);
    visit.page_with(status, &NewPassword { frame, form, email: account.email.to_string(), token, rules })
}
