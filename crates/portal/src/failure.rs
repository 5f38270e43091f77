//! Why a page is not what was asked for, and the page that says so.

use app::{Error, Rule};
use askama::Template;
use http::StatusCode;

use crate::{
    frame::Frame,
    language::Language,
    visit::{Outcome, Visit, encoded},
};

/// What keeps a page from being shown.
#[derive(Debug)]
pub(crate) enum Failure {
    /// It does not exist, or not for this visitor.
    Missing,
    /// It is for people who are signed in.
    SignedOut,
    /// It is for staff of another duty, or members of another role.
    Forbidden(String),
    /// The form does not come from a page of ours.
    Foreign,
    /// More was posted than the page takes.
    TooLong,
    /// A use case said no.
    Refused(String),
    /// A rule that members run into says no; it knows both languages.
    Rule(Rule),
    /// Not now: too busy, or the database is away.
    Unavailable,
    /// Our fault; the cause is for the log.
    Broken(String),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound { .. } => Self::Missing,
            Error::Store(store_error) if store_error.is_unavailable() => Self::Unavailable,
            Error::Forbidden { .. } | Error::StaffOnly { .. } => Self::Forbidden(error.to_string()),
            Error::Rule(rule) => Self::Rule(rule),
            Error::Wait { .. } | Error::Busy => Self::Unavailable,
            Error::Account(_) | Error::Unproved => Self::Refused(error.to_string()),
            Error::Invalid { .. } | Error::Taken { .. } | Error::Refused(_) | Error::Faults(_) => Self::Refused(error.to_string()),
            Error::Unopened(_) | Error::Store(_) => Self::Broken(error.to_string()),
        }
    }
}

#[derive(Template)]
#[template(path = "failure.html")]
struct FailurePage<'v> {
    frame: Frame<'v>,
    what: &'v str,
    detail: &'v str,
    mend: &'v str,
}

impl Failure {
    /// The page that says what happened, why, and what to do.
    pub(crate) fn page(&self, visit: &Visit<'_>) -> Outcome {
        let t = |spanish: &'static str, english: &'static str| visit.language.pick(spanish, english);
        let why = match self {
            Self::Refused(why) => why.clone(),
            Self::Rule(rule) => match visit.language {
                Language::Spanish => rule.spanish(),
                Language::English => rule.to_string(),
            },
            _ => String::new(),
        };
        let (status, title, what, detail, mend) = match self {
            Self::SignedOut => return visit.redirect(&format!("/sign-in?next={}", encoded(&visit.path))),
            Self::Missing => (
                StatusCode::NOT_FOUND,
                t("Página no encontrada", "Page not found"),
                t("Aquí no hay nada, o nada que puedas ver con esta cuenta.", "There is nothing here, or nothing this account may see."),
                "",
                t(
                    "Revisa la dirección, entra con otra cuenta o vuelve al inicio.",
                    "Check the address, sign in with another account, or go back to the start.",
                ),
            ),
            Self::Forbidden(why) => (
                StatusCode::FORBIDDEN,
                t("No te corresponde", "Not yours to do"),
                t("Tu papel no permite hacer esto.", "Your role does not allow this."),
                why.as_str(),
                t("Pídeselo a quien tenga ese papel.", "Ask somebody who has that role."),
            ),
            Self::Foreign => (
                StatusCode::FORBIDDEN,
                t("El formulario ha caducado", "The form has expired"),
                t(
                    "El formulario se abrió con otra sesión, o no salió de este portal. No se ha cambiado nada.",
                    "The form was opened under another session, or did not come from this portal. Nothing was changed.",
                ),
                "",
                t("Vuelve atrás, recarga la página y envíalo de nuevo.", "Go back, reload the page and send it again."),
            ),
            Self::TooLong => (
                StatusCode::PAYLOAD_TOO_LARGE,
                t("Demasiado largo", "Too long"),
                t("El formulario es más largo de lo que esta página admite.", "The form is longer than this page takes."),
                "",
                t("Vuelve atrás y acorta lo que escribiste.", "Go back and shorten what you wrote."),
            ),
            Self::Refused(_) | Self::Rule(_) => (
                StatusCode::CONFLICT,
                t("No se ha hecho", "Not done"),
                t("Una regla lo impide. No se ha cambiado nada.", "A rule does not allow it. Nothing was changed."),
                why.as_str(),
                t("Vuelve atrás y mira cómo está ahora.", "Go back and see how things stand now."),
            ),
            Self::Unavailable => (
                StatusCode::SERVICE_UNAVAILABLE,
                t("Ahora mismo no se puede", "Not at the moment"),
                t(
                    "El portal no llega a su base de datos, o tiene demasiado trabajo.",
                    "The portal cannot reach its database, or has too much to do.",
                ),
                "",
                t("Inténtalo otra vez en unos segundos.", "Try again in a few seconds."),
            ),
            Self::Broken(cause) => {
                tracing::error!(request_id = %visit.id, path = visit.path, cause, "a page could not be made");
                (
                    StatusCode::INTERNAL_SERVER_ERROR,
                    t("Ha fallado algo nuestro", "Something of ours failed"),
                    t("La página no se ha podido hacer. No es cosa tuya.", "The page could not be made. It is not your doing."),
                    "",
                    t(
                        "Inténtalo otra vez; si sigue igual, escríbenos con el identificador de la petición que ves abajo.",
                        "Try again; if it stays so, write to us with the request id you see below.",
                    ),
                )
            }
        };
        visit.page_with(status, &FailurePage { frame: visit.frame(title), what, detail, mend })
    }
}
