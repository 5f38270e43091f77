//! Name, address, language, password.

use app::accounts::{self, Current};
use askama::Template;
use domain::password::SHORTEST;
use http::StatusCode;

use crate::{
    LANGUAGE_SECONDS,
    cookies::Cookie,
    failure::Failure,
    form::Form,
    frame::{Frame, Notice},
    language::Language,
    visit::{Outcome, Visit},
};

#[derive(Template)]
#[template(path = "account/profile.html")]
struct Profile<'v> {
    frame: Frame<'v>,
    form: Form,
    email: &'v str,
    account: String,
    has_password: bool,
    /// What a new password must be.
    rule: String,
    languages: [(&'static str, &'v str); 3],
}

/// `GET /account`
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    let account = visit.somebody()?.account();
    let language = account.language().map_or("", Language::as_str);
    page(visit, StatusCode::OK, Form::with(&[("name", &account.name), ("language", language)]))
}

/// `POST /account`: one of the page's three forms, which says which it is.
pub(crate) async fn submit(visit: &Visit<'_>) -> Outcome {
    match visit.form.text("change") {
        "name" => name(visit).await,
        "language" => language(visit).await,
        "password" => password(visit).await,
        _ => Err(Failure::Missing),
    }
}

async fn name(visit: &Visit<'_>) -> Outcome {
    let who = visit.somebody()?;
    let Err(error) = accounts::set_name(visit.portal.app(), who, visit.form.text("name")).await else {
        return visit.redirect_with("/account", Notice::Saved);
    };
    let language = who.account().language().map_or("", Language::as_str);
    let mut form = Form::with(&[("name", visit.form.raw("name")), ("language", language)]);
    let most = domain::account::LONGEST_NAME;
    let invalid = match visit.language {
        Language::Spanish => format!("Escribe de 1 a {most} caracteres, sin saltos de línea."),
        Language::English => format!("Write 1 to {most} characters, without line breaks."),
    };
    super::refused(&mut form, "name", error, visit.language, &invalid)?;
    page(visit, StatusCode::UNPROCESSABLE_ENTITY, form)
}

async fn language(visit: &Visit<'_>) -> Outcome {
    let chosen = match visit.form.text("language") {
        "" => None,
        tag => Some(tag.parse::<Language>().map_err(|_| Failure::Missing)?),
    };
    accounts::set_language(visit.portal.app(), visit.somebody()?, chosen).await?;
    let mut response = visit.redirect_with("/account", Notice::Saved)?;
    // The cookie comes before the account's choice: it would hide this one.
    match chosen {
        Some(language) => visit.give(&mut response, Cookie::Language, language.as_str(), LANGUAGE_SECONDS),
        None => visit.give(&mut response, Cookie::Language, "", 0),
    }
    Ok(response)
}

async fn password(visit: &Visit<'_>) -> Outcome {
    let who = visit.somebody()?;
    // Who has none proves it otherwise.
    let current = if who.account().has_password { Current::Password(visit.form.raw("current")) } else { Current::Proof };
    let changed = accounts::change_password(visit.portal.app(), who, current, visit.form.raw("password"), visit.origin()).await;
    let Err(error) = changed else { return visit.redirect_with("/account", Notice::PasswordChanged) };
    let account = who.account();
    let mut form = Form::with(&[("name", &account.name), ("language", account.language().map_or("", Language::as_str))]);
    if matches!(error, app::Error::Account(accounts::Refusal::Credentials)) {
        form.wrong("current", visit.t("No es tu contraseña actual.", "That is not your current password."));
    } else {
        super::refused(&mut form, "password", error, visit.language, "")?;
    }
    page(visit, StatusCode::UNPROCESSABLE_ENTITY, form)
}

fn page(visit: &Visit<'_>, status: StatusCode, form: Form) -> Outcome {
    let account = visit.somebody()?.account();
    let rule = match visit.language {
        Language::Spanish => format!("Al menos {SHORTEST} caracteres. Unas cuantas palabras sin relación hacen una buena."),
        Language::English => format!("At least {SHORTEST} characters. A few unrelated words make a good one."),
    };
    let page = Profile {
        frame: super::frame(visit, visit.t("Tu cuenta", "Your account")),
        form,
        email: account.email.as_str(),
        account: account.id.to_string(),
        has_password: account.has_password,
        rule,
        languages: [("es", "Español"), ("en", "English"), ("", visit.t("La que pida el navegador", "As the browser asks"))],
    };
    visit.page_with(status, &page)
}
