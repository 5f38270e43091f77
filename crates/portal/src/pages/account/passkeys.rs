//! Adding a passkey. The browser's script does the asking; there is no other way.

use app::accounts;
use askama::Template;
use http::StatusCode;

use super::{codes, enroller, refused};
use crate::{
    failure::Failure,
    form::Form,
    frame::{Frame, Notice},
    pages::sign_in::passkey::asked,
    visit::{Outcome, Visit},
};

#[derive(Template)]
#[template(path = "account/passkey_add.html")]
struct Add<'v> {
    frame: Frame<'v>,
    form: Form,
    next: String,
}

/// `GET /account/security/passkeys`
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    enroller(visit)?;
    page(visit, StatusCode::OK, Form::new())
}

/// `POST /account/security/passkeys/begin`: what is asked of the authenticator.
pub(crate) async fn ask(visit: &Visit<'_>) -> Outcome {
    let ceremony = accounts::register_passkey(visit.portal.app(), &enroller(visit)?).await?;
    asked(visit, &ceremony)
}

/// `POST /account/security/passkeys`: what it answered.
pub(crate) async fn add(visit: &Visit<'_>) -> Outcome {
    let (app, who) = (visit.portal.app(), enroller(visit)?);
    let added = match visit.form.text("ceremony").parse() {
        Ok(ceremony) => accounts::register_passkey_finish(app, &who, ceremony, visit.form.text("name"), &super::credential(visit)).await,
        Err(_) => Err(accounts::Refusal::Passkey.into()),
    };
    let error = match added {
        Ok(confirmed) => return codes::confirmed(visit, &confirmed, Notice::PasskeyAdded),
        Err(error) => error,
    };
    let mut form = Form::typed(&visit.form);
    let field = if matches!(error, app::Error::Invalid { .. }) { "name" } else { "" };
    match error {
        app::Error::Taken { .. } => form.wrong("", visit.t("Esa llave ya está en una cuenta.", "That passkey is on an account already.")),
        error => refused(&mut form, field, error, visit.language, invalid_name(visit))?,
    }
    page(visit, StatusCode::UNPROCESSABLE_ENTITY, form)
}

/// What the name of a passkey must be.
pub(super) fn invalid_name<'v>(visit: &Visit<'v>) -> &'v str {
    visit.language.pick("Escribe un nombre de 1 a 60 caracteres.", "Write a name of 1 to 60 characters.")
}

fn page(visit: &Visit<'_>, status: StatusCode, form: Form) -> Outcome {
    // Where none can be made, the page about security says why.
    if !accounts::passkeys_possible(visit.portal.app()) {
        return Err(Failure::Missing);
    }
    visit.page_with(
        status,
        &Add { frame: super::frame(visit, visit.t("Añadir una llave de acceso", "Add a passkey")), form, next: visit.next("") },
    )
}
