//! Why a page is not what was asked for, and the page that says so.

use app::{Error, Rule, Words, accounts::Refusal};
use askama::Template;
use domain::{OrganisationId, Timestamp};
use http::{HeaderValue, Method, StatusCode, header::RETRY_AFTER};

use crate::{
    frame::Frame,
    header,
    language::Language,
    visit::{Outcome, Visit, encoded, is_local},
    words,
};

/// What keeps a page from being shown.
#[derive(Debug)]
pub(crate) enum Failure {
    /// It does not exist, or not for this visitor.
    Missing,
    /// It is for people who are signed in.
    SignedOut,
    /// It is for people who brought their second factor.
    HalfSignedIn,
    /// It takes a proof that is not older than ten minutes.
    Unproved,
    /// Staff say first why they look at what this organisation's members see.
    Unsaid(OrganisationId),
    /// Staff who look at it change nothing there.
    OnlyLooking(OrganisationId),
    /// There were too many tries; the next may be made then.
    Wait(Timestamp),
    /// A rule about accounts says no.
    Account(Refusal),
    /// It is for staff of another duty, or members of another role.
    Forbidden(Words),
    /// The form does not come from a page of ours.
    Foreign,
    /// More was posted than the page takes.
    TooLong,
    /// A use case said no.
    Refused(Words),
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
            Error::Forbidden { .. } | Error::StaffOnly { .. } => Self::Forbidden(error.words()),
            Error::Rule(rule) => Self::Rule(rule),
            Error::Wait { until } => Self::Wait(until),
            Error::Busy => Self::Unavailable,
            Error::Account(Refusal::Ended) => Self::SignedOut,
            Error::Account(Refusal::Half) => Self::HalfSignedIn,
            Error::Account(refusal) => Self::Account(refusal),
            Error::Unproved => Self::Unproved,
            Error::Invalid { .. } | Error::Taken { .. } | Error::Refused(_) | Error::Faults(_) => Self::Refused(error.words()),
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
    /// Where it can be mended, and what that is called.
    way: Option<(String, &'v str)>,
}

impl Failure {
    /// The page that says what happened, why, and what to do.
    pub(crate) fn page(&self, visit: &Visit<'_>) -> Outcome {
        let t = |spanish: &'static str, english: &'static str| visit.language.pick(spanish, english);
        let why = match self {
            Self::Refused(why) | Self::Forbidden(why) => words::said(why, visit.language),
            Self::Rule(rule) => match visit.language {
                Language::Spanish => rule.spanish(),
                Language::English => rule.to_string(),
            },
            Self::Account(refusal) => words::refusal(refusal, visit.language),
            _ => String::new(),
        };
        let (status, title, what, detail, mend) = match self {
            Self::SignedOut => return visit.redirect(&format!("/sign-in?next={}", encoded(&back(visit)))),
            Self::HalfSignedIn => return visit.redirect(&format!("/sign-in/second-factor?next={}", encoded(&back(visit)))),
            Self::Unproved => return visit.redirect(&format!("/account/prove?next={}", encoded(&back(visit)))),
            Self::Unsaid(organisation) => {
                return visit.redirect(&format!("/console/organisations/{organisation}?next={}#look", encoded(&looked_at(visit))));
            }
            Self::Wait(until) => return waiting(visit, *until),
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
            Self::Forbidden(_) => (
                StatusCode::FORBIDDEN,
                t("No tienes permiso", "You may not do this"),
                t("Tu papel no permite hacer esto. No se ha cambiado nada.", "Your role does not allow this. Nothing was changed."),
                why.as_str(),
                "",
            ),
            Self::OnlyLooking(_) => (
                StatusCode::FORBIDDEN,
                t("Solo lectura", "Read-only"),
                t(
                    "Esta página es de los miembros de la organización: el equipo solo la mira. No se ha cambiado nada.",
                    "This page belongs to an organisation's members: staff only look at it. Nothing was changed.",
                ),
                "",
                t("Lo que puedes hacer tú está en la consola:", "What you may do is in the console:"),
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
            Self::Refused(_) | Self::Rule(_) | Self::Account(_) => (
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
        let way = match self {
            Self::OnlyLooking(organisation) => {
                Some((format!("/console/organisations/{organisation}"), t("su página en la consola", "its page in the console")))
            }
            _ => None,
        };
        visit.page_with(status, &FailurePage { frame: visit.frame(title), what, detail, mend, way })
    }
}

/// Where to come back to: the page itself, or the one the form was on, since nothing that is posted can be shown again.
fn back(visit: &Visit<'_>) -> String {
    if visit.method != Method::POST {
        let query = visit.query.without(&["done"]);
        return if query.is_empty() { visit.path.clone() } else { format!("{}?{query}", visit.path) };
    }
    let referrer = header(&visit.headers, http::header::REFERER);
    let path = referrer.strip_prefix(visit.portal.settings().public_url.as_str()).unwrap_or_default();
    if is_local(path) { path.to_owned() } else { "/organisations".to_owned() }
}

/// The page that staff go on to once they said why: a file, or a stream, has one that it is on; too long an address loses its query.
fn looked_at(visit: &Visit<'_>) -> String {
    let there = back(visit);
    let path = there.split('?').next().unwrap_or_default();
    match path.strip_suffix(".csv").or_else(|| path.strip_suffix("/light")) {
        Some(page) => page.to_owned(),
        None if is_local(&there) => there,
        None => path.to_owned(),
    }
}

/// Too many tries. The wait is the same whether or not there is such an account.
fn waiting(visit: &Visit<'_>, until: Timestamp) -> Outcome {
    let t = |spanish: &'static str, english: &'static str| visit.language.pick(spanish, english);
    let frame = visit.frame(t("Demasiados intentos", "Too many tries"));
    let (moment, seconds) = (frame.moment(until).plain(), until.duration_since(visit.at).as_secs().max(1));
    // A moment without seconds says little about a wait of a few.
    let detail = match (visit.language, seconds) {
        (Language::Spanish, 1) => "Puedes volver a intentarlo dentro de un segundo.".to_owned(),
        (Language::English, 1) => "You can try again in a second.".to_owned(),
        (Language::Spanish, ..120) => format!("Puedes volver a intentarlo dentro de {seconds} segundos."),
        (Language::English, ..120) => format!("You can try again in {seconds} seconds."),
        (Language::Spanish, _) => format!("Puedes volver a intentarlo a partir de: {moment}."),
        (Language::English, _) => format!("You can try again from then on: {moment}."),
    };
    let mend = match &visit.session {
        Some(_) => t("Mientras tanto, todo sigue como estaba.", "Meanwhile everything stays as it was."),
        None => t("Si no recuerdas la contraseña, recupera la cuenta.", "If you do not remember the password, recover the account."),
    };
    let page = FailurePage {
        frame,
        what: t(
            "Ha habido demasiados intentos seguidos. No se ha cambiado nada.",
            "There were too many tries in a row. Nothing was changed.",
        ),
        detail: &detail,
        mend,
        way: None,
    };
    let mut response = visit.page_with(StatusCode::TOO_MANY_REQUESTS, &page)?;
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    Ok(response)
}
