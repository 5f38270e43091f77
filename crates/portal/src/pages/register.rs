//! Opening an account. The answer never tells whether the address has one.

pub(crate) mod again;

use app::{
    Error,
    accounts::{self, Refusal, Registration, Session},
};
use askama::Template;
use http::StatusCode;

use crate::{
    failure::Failure,
    form::Form,
    frame::Frame,
    pages::sign_in::HOME,
    session,
    visit::{Outcome, Visit},
    words,
};

/// What the button says that chooses a passkey in place of a password.
const PASSKEY: &str = "passkey";

#[derive(Template)]
#[template(path = "accounts/register.html")]
struct Register<'v> {
    frame: Frame<'v>,
    form: Form,
    rules: String,
    passkeys: bool,
    way: Way,
}

/// "Check your mail": the same whether or not the address is known.
#[derive(Template)]
#[template(path = "accounts/look.html")]
struct Look<'v> {
    frame: Frame<'v>,
    email: &'v str,
    way: Way,
    /// Whether it was asked for once more.
    again: bool,
}

/// Where the reader is going, and the pages on the way that hand it on.
struct Way {
    next: String,
    sign_in: String,
    register: String,
    again: String,
}

impl Way {
    fn of(visit: &Visit<'_>) -> Self {
        let next = visit.next(HOME);
        let to = |path| session::on_the_way(path, &next);
        Self { sign_in: to("/sign-in"), register: to("/register"), again: to("/register/again"), next }
    }
}

/// `GET /register`
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    match &visit.session {
        Some(Session::Whole(_)) => visit.redirect(&visit.next(HOME)),
        _ => page(visit, StatusCode::OK, Form::new()),
    }
}

/// `POST /register`
pub(crate) async fn submit(visit: &Visit<'_>) -> Outcome {
    let registration = Registration {
        email: visit.form.text("email"),
        name: visit.form.text("name"),
        // Without one, the link in the mail lets its reader in to set up a passkey.
        password: (visit.form.text("way") != PASSKEY).then(|| visit.form.raw("password")),
        language: Some(visit.language),
    };
    let mut form = Form::typed(&visit.form);
    match accounts::register(visit.portal.app(), registration, visit.origin()).await {
        Ok(()) => return look(visit, false),
        Err(Error::Account(refusal @ Refusal::Weak(_))) => form.wrong("password", words::refusal(&refusal, visit.language)),
        Err(Error::Invalid { field, mend }) => form.wrong(field, words::said(&mend, visit.language)),
        Err(other) => return Err(Failure::from(other)),
    }
    page(visit, StatusCode::UNPROCESSABLE_ENTITY, form)
}

/// What follows once a link is on its way. Where the reader was going is kept in this browser, because the link cannot carry it.
fn look(visit: &Visit<'_>, again: bool) -> Outcome {
    let frame = visit.frame(visit.t("Mira tu correo", "Check your mail"));
    let look = Look { frame, email: visit.form.text("email"), way: Way::of(visit), again };
    let mut response = visit.page(&look)?;
    if look.way.next != HOME {
        session::keep_next(visit, &mut response, &look.way.next);
    }
    Ok(response)
}

fn page(visit: &Visit<'_>, status: StatusCode, form: Form) -> Outcome {
    let frame = visit.frame(visit.t("Crear una cuenta", "Create an account"));
    let (rules, passkeys) = (words::rules_of_passwords(visit.language), accounts::passkeys_possible(visit.portal.app()));
    visit.page_with(status, &Register { frame, form, rules, passkeys, way: Way::of(visit) })
}
