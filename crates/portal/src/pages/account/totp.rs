//! The authenticator app: set up, confirmed by a code, removed.

use app::accounts::{self, Enrolment, Refusal};
use askama::Template;
use http::StatusCode;

use super::{codes, enroller, must_have_second_factor};
use crate::{
    failure::Failure,
    form::Form,
    frame::{Frame, Notice},
    qr::Drawing,
    visit::{Outcome, Visit},
};

#[derive(Template)]
#[template(path = "account/totp.html")]
struct App<'v> {
    frame: Frame<'v>,
    form: Form,
    next: String,
    /// Whether a secret was drawn, and a code is awaited.
    begun: bool,
    drawing: Option<Drawing>,
    uri: String,
    secret: String,
}

#[derive(Template)]
#[template(path = "account/totp_remove.html")]
struct Remove<'v> {
    frame: Frame<'v>,
    /// Whether signing in takes the password alone from then on.
    last: bool,
    required: bool,
}

/// `GET /account/security/app`
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    enroller(visit)?;
    if visit.session.as_ref().is_some_and(|session| session.account().has_totp) {
        return visit.redirect("/account/security");
    }
    page(visit, StatusCode::OK, Form::new(), None, false)
}

/// `POST /account/security/app`: draws a secret, or takes the code that shows that the app has it.
pub(crate) async fn submit(visit: &Visit<'_>) -> Outcome {
    let (app, who) = (visit.portal.app(), enroller(visit)?);
    if visit.form.text("step") != "confirm" {
        let enrolment = accounts::enrol_totp(app, &who).await?;
        return page(visit, StatusCode::OK, Form::new(), Some(&enrolment), true);
    }
    match accounts::confirm_totp(app, &who, visit.form.text("code")).await {
        Ok(confirmed) => codes::confirmed(visit, &confirmed, Notice::AppAdded),
        Err(app::Error::Account(Refusal::Code)) => {
            let mut form = Form::new();
            form.wrong(
                "code",
                visit.t(
                    "Ese código no es correcto. Mira que el reloj del teléfono vaya bien y escribe el que se ve ahora.",
                    "That is not the code. See that the clock of the telephone is right, and type the code shown now.",
                ),
            );
            page(visit, StatusCode::UNPROCESSABLE_ENTITY, form, None, true)
        }
        Err(other) => Err(Failure::from(other)),
    }
}

/// `GET /account/security/app/remove`
pub(crate) async fn sure(visit: &Visit<'_>) -> Outcome {
    let who = visit.proved()?;
    if !who.account().has_totp {
        return visit.redirect("/account/security");
    }
    let frame = super::frame(visit, visit.t("Quitar la aplicación de autenticación", "Remove the authenticator app"));
    let last = who.account().passkeys == 0;
    visit.page(&Remove { frame, last, required: last && must_have_second_factor(visit, who) })
}

/// `POST /account/security/app/remove`
pub(crate) async fn remove(visit: &Visit<'_>) -> Outcome {
    accounts::disable_totp(visit.portal.app(), visit.proved()?).await?;
    visit.redirect_with("/account/security", Notice::AppRemoved)
}

/// The secret is on the page that was made when it was drawn, and on no other: not even on the one that says a code was wrong.
fn page(visit: &Visit<'_>, status: StatusCode, form: Form, enrolment: Option<&Enrolment>, begun: bool) -> Outcome {
    let uri = enrolment.map_or("", |enrolment| enrolment.uri.expose());
    let page = App {
        frame: super::frame(visit, visit.t("Configurar la aplicación de autenticación", "Set up the authenticator app")),
        form,
        next: visit.next(""),
        begun,
        drawing: enrolment.and_then(|_| Drawing::of(uri)),
        uri: uri.to_owned(),
        secret: enrolment.map(|enrolment| in_fours(enrolment.secret.expose())).unwrap_or_default(),
    };
    visit.page_with(status, &page)
}

/// As people type it; apps take the spaces.
fn in_fours(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().collect();
    letters.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}
