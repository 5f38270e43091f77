//! Coming back without the password. The answer never tells whether the address has an account.

pub(crate) mod new_password;

use app::{Error, accounts};
use askama::Template;
use http::StatusCode;

use crate::{
    failure::Failure,
    form::Form,
    frame::Frame,
    visit::{Outcome, Visit},
    words,
};

#[derive(Template)]
#[template(path = "accounts/recover.html")]
struct Recover<'v> {
    frame: Frame<'v>,
    form: Form,
}

#[derive(Template)]
#[template(path = "accounts/recovering.html")]
struct Recovering<'v> {
    frame: Frame<'v>,
    email: &'v str,
}

/// `GET /recover`
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    page(visit, StatusCode::OK, Form::new())
}

/// `POST /recover`
pub(crate) async fn submit(visit: &Visit<'_>) -> Outcome {
    let email = visit.form.text("email");
    match accounts::recover(visit.portal.app(), email, visit.origin()).await {
        Ok(()) => visit.page(&Recovering { frame: visit.frame(visit.t("Mira tu correo", "Check your mail")), email }),
        Err(Error::Invalid { field, mend }) => {
            let mut form = Form::typed(&visit.form);
            form.wrong(field, words::said(&mend, visit.language));
            page(visit, StatusCode::UNPROCESSABLE_ENTITY, form)
        }
        Err(other) => Err(Failure::from(other)),
    }
}

fn page(visit: &Visit<'_>, status: StatusCode, form: Form) -> Outcome {
    visit.page_with(status, &Recover { frame: visit.frame(visit.t("Recuperar la cuenta", "Recover your account")), form })
}
