//! Proving again who is there, before something dangerous.

use app::accounts::{self, Proof};
use askama::Template;
use http::StatusCode;

use crate::{
    form::Form,
    frame::Frame,
    pages::sign_in::{passkey::asked, staff},
    visit::{Outcome, Visit, encoded},
};

#[derive(Template)]
#[template(path = "account/prove.html")]
struct Prove<'v> {
    frame: Frame<'v>,
    form: Form,
    next: String,
    email: &'v str,
    has_password: bool,
    has_code: bool,
    has_passkey: bool,
    /// The provider that began the session: nothing else proves it again.
    provider: Option<&'v str>,
    /// Where that begins.
    go_on: String,
}

/// `GET /account/prove`
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    if visit.proved().is_ok() {
        return visit.redirect(&visit.next("/account"));
    }
    page(visit, StatusCode::OK, Form::new())
}

/// `POST /account/prove`: by password, by code or by what a passkey answered.
pub(crate) async fn submit(visit: &Visit<'_>) -> Outcome {
    let (app, who, form) = (visit.portal.app(), visit.somebody()?, &visit.form);
    let (field, proved) = if !form.text("ceremony").is_empty() {
        let proved = match form.text("ceremony").parse() {
            Ok(ceremony) => accounts::prove_passkey_finish(app, who, ceremony, &super::credential(visit)).await,
            Err(_) => Err(accounts::Refusal::Passkey.into()),
        };
        ("", proved)
    } else if !form.text("code").is_empty() {
        ("code", accounts::prove(app, who, Proof::Code(form.text("code")), visit.origin()).await)
    } else {
        ("password", accounts::prove(app, who, Proof::Password(form.raw("password")), visit.origin()).await)
    };
    let Err(error) = proved else { return visit.redirect(&visit.next("/account")) };
    let mut form = Form::new();
    if matches!(error, app::Error::Account(accounts::Refusal::Credentials)) {
        form.wrong(field, visit.t("No es tu contraseña.", "That is not your password."));
    } else {
        super::refused(&mut form, field, error, visit.language, "")?;
    }
    page(visit, StatusCode::UNPROCESSABLE_ENTITY, form)
}

/// `POST /account/prove/passkey`: what is asked of the passkey.
pub(crate) async fn ask(visit: &Visit<'_>) -> Outcome {
    let ceremony = accounts::prove_passkey(visit.portal.app(), visit.somebody()?).await?;
    asked(visit, &ceremony)
}

fn page(visit: &Visit<'_>, status: StatusCode, form: Form) -> Outcome {
    let who = visit.somebody()?;
    let account = who.account();
    let provider = staff::button(visit).filter(|_| accounts::proves_by_sign_on(who));
    let is_ours = provider.is_none();
    let page = Prove {
        frame: visit.frame(visit.t("Demuestra que eres tú", "Show that it is you")),
        form,
        next: visit.next("/account"),
        email: account.email.as_str(),
        has_password: is_ours && account.has_password,
        has_code: is_ours && account.has_second_factor(),
        has_passkey: is_ours && account.passkeys > 0 && accounts::passkeys_possible(visit.portal.app()),
        provider,
        go_on: format!("/account/prove/provider?next={}", encoded(&visit.next("/account"))),
    };
    visit.page_with(status, &page)
}
