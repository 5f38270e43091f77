//! The pages of somebody's own account.

pub(crate) mod codes;
pub(crate) mod data;
pub(crate) mod email;
pub(crate) mod erasure;
pub(crate) mod passkey;
pub(crate) mod passkeys;
pub(crate) mod profile;
pub(crate) mod prove;
pub(crate) mod security;
pub(crate) mod sessions;
pub(crate) mod totp;

use app::{
    Error,
    accounts::{Enroller, Refusal, SignedIn},
};
use serde_json::Value;

use crate::{
    failure::Failure,
    form::Form,
    frame::{Frame, Rail},
    language::Language,
    visit::{Visit, encoded},
    words,
};

/// The frame of a page about the account, with its sections beside it; who may not act yet has none to go to.
fn frame<'v>(visit: &'v Visit<'_>, title: &'v str) -> Frame<'v> {
    let frame = visit.frame(title);
    if visit.somebody().is_err() {
        return frame;
    }
    let stops = [
        ("/account", visit.t("Perfil", "Profile")),
        ("/account/security", visit.t("Seguridad", "Security")),
        ("/account/sessions", visit.t("Sesiones", "Sessions")),
        ("/account/data", visit.t("Tus datos", "Your data")),
    ];
    let stops = stops.into_iter().map(|(href, text)| (href.to_owned(), text.to_owned())).collect();
    frame.beside(Rail::new(visit.t("Tu cuenta", "Your account"), &visit.path, stops))
}

/// Somebody who may set up a second factor: also staff who must, before they may do anything else.
fn enroller<'v>(visit: &'v Visit<'_>) -> Result<Enroller<'v>, Failure> {
    let session = visit.session.as_ref().ok_or(Failure::SignedOut)?;
    Ok(session.enroller(visit.portal.app())?)
}

/// Where to go on to after this, as a parameter of an address; empty when the way leads nowhere in particular.
fn onward(visit: &Visit<'_>) -> String {
    match visit.next("").as_str() {
        "" => String::new(),
        next => format!("?next={}", encoded(next)),
    }
}

/// Notes at a field what a use case said; `invalid` is what the field takes. What no form can mend is handed back.
fn refused(form: &mut Form, field: &'static str, error: Error, language: Language, invalid: &str) -> Result<(), Failure> {
    match error {
        Error::Account(refusal) if !matches!(refusal, Refusal::Ended | Refusal::Half) => {
            form.wrong(field, words::refusal(&refusal, language));
        }
        Error::Invalid { .. } => form.wrong(field, invalid),
        Error::Rule(rule) => form.wrong(
            field,
            match language {
                Language::Spanish => rule.spanish(),
                Language::English => words::sentence(&rule.to_string()),
            },
        ),
        other => form.refused(other, language)?,
    }
    Ok(())
}

/// What an authenticator answered, as the script sends it; what is none is `null`, which no ceremony takes.
fn credential(visit: &Visit<'_>) -> Value {
    serde_json::from_str(visit.form.raw("credential")).unwrap_or(Value::Null)
}

/// Whether the operator wants this account to have a second factor.
fn must_have_second_factor(visit: &Visit<'_>, who: &SignedIn) -> bool {
    who.account().staff().is_some() && visit.portal.app().settings().staff_second_factor
}
