//! Why an operation was not done, as problem details (RFC 9457) in the caller's language.

use app::{Error, Words};
use http::{
    HeaderValue, StatusCode,
    header::{ALLOW, RETRY_AFTER},
};
use serde_json::{Value, json};
use web::{Response, problem, respond};

use crate::language::Language;

/// The words of this API's own refusals, each a page `/errors/{code}`, with their statuses.
pub(crate) const CODES: &[(&str, u16)] = &[
    ("bad-parameter", 400),
    ("not-permitted", 403),
    ("not-found", 404),
    ("not-acceptable", 406),
    ("rule", 409),
    ("idempotency-key-busy", 409),
    ("precondition-failed", 412),
    ("media-type", 415),
    ("idempotency-key-reused", 422),
    ("precondition-required", 428),
];

/// A refusal.
#[derive(Debug)]
pub(crate) struct Problem {
    status: StatusCode,
    code: &'static str,
    detail: Box<Words>,
    /// Pointers into the body, or names of parameters, and what is wrong there.
    errors: Vec<(Place, Words)>,
    allow: Option<String>,
    retry_after: Option<u32>,
    /// For the log alone.
    cause: Option<String>,
}

/// Where something is wrong.
#[derive(Debug)]
pub(crate) enum Place {
    /// A JSON pointer into the body.
    Body(String),
    /// A parameter of the query, or a header.
    Parameter(String),
}

impl Problem {
    pub(crate) fn new(status: StatusCode, code: &'static str, spanish: impl Into<String>, english: impl Into<String>) -> Self {
        Self {
            status,
            code,
            detail: Box::new(Words::new(spanish, english)),
            errors: Vec::new(),
            allow: None,
            retry_after: None,
            cause: None,
        }
    }

    /// A body that does not fit, with every place named.
    pub(crate) fn body(wrong: Vec<super::schema::Wrong>) -> Self {
        let mut problem = Self::new(
            StatusCode::BAD_REQUEST,
            "body-unfit",
            "El cuerpo de la petición no encaja en el esquema de la operación: mira «errors».",
            "The request body does not fit the schema of the operation: look at \"errors\".",
        );
        problem.errors = wrong.into_iter().map(|wrong| (Place::Body(wrong.at), wrong.what)).collect();
        problem
    }

    /// A parameter that cannot be used.
    pub(crate) fn parameter(name: impl Into<String>, spanish: impl Into<String>, english: impl Into<String>) -> Self {
        let mut problem = Self::new(
            StatusCode::BAD_REQUEST,
            "bad-parameter",
            "Un parámetro o una cabecera no vale: mira «errors».",
            "A parameter or a header cannot be used: look at \"errors\".",
        );
        problem.errors.push((Place::Parameter(name.into()), Words::new(spanish, english)));
        problem
    }

    pub(crate) fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not-found",
            "No existe lo que pides: comprueba el identificador.",
            "What you ask for does not exist: check the id.",
        )
    }

    /// Something that is not any more as the caller saw it.
    pub(crate) fn changed() -> Self {
        Self::new(
            StatusCode::PRECONDITION_FAILED,
            "precondition-failed",
            "Alguien lo ha cambiado desde que lo leíste: léelo otra vez y decide con lo que hay ahora.",
            "Somebody changed it since you read it: read it again and decide on what is there now.",
        )
    }

    /// Something of ours that broke, whose cause is for the log alone.
    pub(crate) fn ours(cause: &dyn std::fmt::Display) -> Self {
        Self {
            cause: Some(cause.to_string()),
            ..Self::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "server-error",
                "Ha fallado algo nuestro: con el identificador de la petición podemos encontrar qué.",
                "Something of ours failed: with the request id we can find out what.",
            )
        }
    }

    /// Whether the request itself was refused, so that nothing came of it.
    pub(crate) fn is_refusal(&self) -> bool {
        self.status.is_client_error()
    }

    pub(crate) fn method_not_allowed(allow: &str) -> Self {
        let mut problem = Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method-not-allowed",
            format!("Esta ruta admite otros métodos: {allow}."),
            format!("This path takes other methods: {allow}."),
        );
        problem.allow = Some(allow.to_owned());
        problem
    }

    /// The problem as an answer.
    pub(crate) fn response(&self, visit: &web::Visit, language: Language, portal: &str) -> Response {
        if let Some(cause) = &self.cause {
            tracing::error!(request_id = %visit.id, cause, "an operation of the management API failed");
        }
        let link = format!("{portal}/errors/{}", self.code);
        let title = self.status.canonical_reason().unwrap_or("Refused");
        let mut body = problem::problem(self.status.as_u16(), title, self.detail.in_language(language), &link, visit.id);
        if !self.errors.is_empty() {
            let named = self.errors.iter().map(|(place, words)| match place {
                Place::Body(pointer) => json!({"pointer": pointer, "detail": words.in_language(language)}),
                Place::Parameter(name) => json!({"parameter": name, "detail": words.in_language(language)}),
            });
            body["errors"] = named.collect::<Value>();
        }
        let mut response = respond::answer(self.status, HeaderValue::from_static(problem::MEDIA_TYPE), body.to_string(), visit.id);
        if let Some(allow) = self.allow.as_deref().and_then(|allow| HeaderValue::from_str(allow).ok()) {
            response.headers_mut().insert(ALLOW, allow);
        }
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let words = error.words();
        let with = |status, code| Self { detail: Box::new(words.clone()), ..Self::new(status, code, "", "") };
        match error {
            Error::NotFound { .. } => Self::not_found(),
            Error::Invalid { field, mend } => {
                let mut problem = Self::body(Vec::new());
                problem.errors.push((Place::Body(format!("/{field}")), mend));
                problem
            }
            Error::Faults(faults) => {
                let mut problem = Self::body(Vec::new());
                // A fault reads `file: /pointer: what`.
                problem.errors = faults.into_iter().take(100).map(|fault| fault_place(&fault)).collect();
                problem
            }
            Error::Forbidden { .. } | Error::StaffOnly { .. } => with(StatusCode::FORBIDDEN, "not-permitted"),
            Error::Taken { .. } | Error::Rule(_) | Error::Refused(_) | Error::Account(_) | Error::Unproved => {
                with(StatusCode::CONFLICT, "rule")
            }
            Error::Wait { .. } | Error::Busy => Self { retry_after: Some(5), ..with(StatusCode::SERVICE_UNAVAILABLE, "unavailable") },
            Error::Store(error) if error.is_unavailable() => Self {
                retry_after: Some(5),
                ..Self::new(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "unavailable",
                    "Ahora mismo no se llega a la base de datos: repite la petición en unos segundos.",
                    "The database cannot be reached at the moment: repeat the request in a few seconds.",
                )
            },
            error @ (Error::Unopened(_) | Error::Store(_)) => Self::ours(&error),
        }
    }
}

fn fault_place(fault: &str) -> (Place, Words) {
    let mut parts = fault.splitn(3, ": ");
    match (parts.next(), parts.next(), parts.next()) {
        (Some(_), Some(pointer), Some(what)) if pointer.starts_with('/') => (Place::Body(pointer.to_owned()), Words::new(what, what)),
        _ => (Place::Body(String::new()), Words::new(fault, fault)),
    }
}
