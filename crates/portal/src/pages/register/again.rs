//! Another link that confirms the address.

use app::{Error, accounts};
use askama::Template;
use http::StatusCode;

use super::look;
use crate::{
    failure::Failure,
    form::Form,
    frame::Frame,
    pages::sign_in::HOME,
    visit::{Outcome, Visit},
    words,
};

#[derive(Template)]
#[template(path = "accounts/again.html")]
struct Again<'v> {
    frame: Frame<'v>,
    form: Form,
    next: String,
}

/// `GET /register/again`
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    page(visit, StatusCode::OK, Form::new())
}

/// `POST /register/again`
pub(crate) async fn submit(visit: &Visit<'_>) -> Outcome {
    match accounts::resend(visit.portal.app(), visit.form.text("email"), visit.origin()).await {
        Ok(()) => look(visit, true),
        Err(Error::Invalid { field, mend }) => {
            let mut form = Form::typed(&visit.form);
            form.wrong(field, words::said(&mend, visit.language));
            page(visit, StatusCode::UNPROCESSABLE_ENTITY, form)
        }
        Err(other) => Err(Failure::from(other)),
    }
}

fn page(visit: &Visit<'_>, status: StatusCode, form: Form) -> Outcome {
    let frame = visit.frame(visit.t("Otro enlace para confirmar tu correo", "Another link to confirm your address"));
    visit.page_with(status, &Again { frame, form, next: visit.next(HOME) })
}
