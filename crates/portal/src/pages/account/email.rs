//! Moving to another address: asked for with a proof, done by whoever reads the mail there.

use app::{
    Error,
    accounts::{self, Purpose, Refusal},
};
use askama::Template;
use domain::Email;
use http::StatusCode;

use crate::{
    failure::Failure,
    form::Form,
    frame::{Frame, Notice},
    visit::{Outcome, Visit},
    words,
};

#[derive(Template)]
#[template(path = "account/email.html")]
struct Change<'v> {
    frame: Frame<'v>,
    form: Form,
    email: &'v str,
}

#[derive(Template)]
#[template(path = "account/email_confirm.html")]
struct Confirm<'v> {
    frame: Frame<'v>,
    /// Empty when the link does not work.
    token: &'v str,
    why: String,
}

/// `GET /account/email`
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    visit.proved()?;
    page(visit, StatusCode::OK, Form::new())
}

/// `POST /account/email`
pub(crate) async fn submit(visit: &Visit<'_>) -> Outcome {
    let (who, typed) = (visit.proved()?, visit.form.text("email"));
    let mut form = Form::typed(&visit.form);
    if typed.parse::<Email>().is_ok_and(|email| email == who.account().email) {
        form.wrong("email", visit.t("Esa ya es tu dirección.", "That is your address already."));
    } else {
        match accounts::change_email(visit.portal.app(), who, typed).await {
            Ok(()) => return visit.redirect_with("/account", Notice::AddressAsked),
            Err(error) => {
                let invalid = visit.t("Escribe una dirección como nombre@ejemplo.es.", "Write an address such as name@example.com.");
                super::refused(&mut form, "email", error, visit.language, invalid)?;
            }
        }
    }
    page(visit, StatusCode::UNPROCESSABLE_ENTITY, form)
}

/// `GET /account/email/confirm`: mail programs open links before people do, so that this only shows a button.
pub(crate) async fn opened(visit: &Visit<'_>) -> Outcome {
    let token = visit.query.text("token");
    match accounts::peek(visit.portal.app(), token, Purpose::Email).await {
        Ok(_) => confirmation(visit, StatusCode::OK, token, String::new()),
        Err(error) => dead(visit, error),
    }
}

/// `POST /account/email/confirm`
pub(crate) async fn confirm(visit: &Visit<'_>) -> Outcome {
    match accounts::confirm_email(visit.portal.app(), visit.form.text("token")).await {
        Ok(()) => visit.redirect_with(if visit.somebody().is_ok() { "/account" } else { "/sign-in" }, Notice::AddressMoved),
        Err(error) => dead(visit, error),
    }
}

fn dead(visit: &Visit<'_>, error: Error) -> Outcome {
    let why = match error {
        Error::Account(Refusal::Link) => words::refusal(&Refusal::Link, visit.language),
        Error::Taken { .. } => visit
            .t("Entretanto alguien ha abierto una cuenta con esa dirección.", "Somebody has opened an account with that address meanwhile.")
            .into(),
        other => return Err(Failure::from(other)),
    };
    confirmation(visit, StatusCode::GONE, "", why)
}

fn confirmation(visit: &Visit<'_>, status: StatusCode, token: &str, why: String) -> Outcome {
    visit.page_with(status, &Confirm { frame: visit.frame(visit.t("Cambiar de dirección", "Move to this address")), token, why })
}

fn page(visit: &Visit<'_>, status: StatusCode, form: Form) -> Outcome {
    let frame = super::frame(visit, visit.t("Cambiar de correo electrónico", "Change the e-mail address"));
    visit.page_with(status, &Change { frame, form, email: visit.somebody()?.account().email.as_str() })
}
