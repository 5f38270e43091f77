//! Answers and refusals in the shape that clients of each path read.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use serde_json::{Value, json};
use uuid::Uuid;

/// The shape of errors on a path (wire-formats sections 1 and 3.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// `{"code","message","moreInformation":{"description","link"}}`.
    Correos,
    /// `{"title","body"}`.
    Trackpub,
    /// `{"transactionId","errors":[{"code","message"}]}`.
    Fedex,
}

/// Why a request is not answered as asked.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// The request cannot be read, or lacks what the carrier needs to look at it at all.
    Malformed(String),
    /// The same for FedEx-shaped paths, with a code of theirs.
    MalformedCode(&'static str, &'static str),
    /// The gateway's headers do not say for whom the call is made.
    Unauthorised,
    /// Nobody serves this path.
    NoRoute,
    /// The path is served, but under these methods.
    Method(String),
    /// The project has no such thing. What belongs to another project does not exist either.
    NotFound(&'static str),
    /// The thing is not in a state that allows this.
    Conflict(String),
    /// As the gateway in front refuses: what a scenario asked for.
    Gateway(StatusCode, &'static str, String),
    /// A fault that a scenario asked for. Nothing is wrong, so nothing is logged.
    Staged(StatusCode),
    /// Our side.
    Store(store::Error),
    /// A code that this program made cannot be right; the cause is for the log.
    Broken(&'static str),
}

impl From<store::Error> for Refusal {
    fn from(error: store::Error) -> Self {
        Self::Store(error)
    }
}

impl Refusal {
    fn status(&self) -> StatusCode {
        match self {
            Self::Malformed(_) | Self::MalformedCode(..) => StatusCode::BAD_REQUEST,
            Self::Unauthorised => StatusCode::UNAUTHORIZED,
            Self::NoRoute | Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::Method(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::Gateway(status, ..) | Self::Staged(status) => *status,
            Self::Store(store::Error::Unavailable(_)) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Store(_) | Self::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn title(&self) -> &'static str {
        match self.status() {
            StatusCode::BAD_REQUEST => "Invalid Request",
            StatusCode::UNAUTHORIZED => "Unauthorized",
            StatusCode::FORBIDDEN => "Forbidden",
            StatusCode::TOO_MANY_REQUESTS => "Too Many Requests",
            StatusCode::NOT_FOUND => "Not Found",
            StatusCode::METHOD_NOT_ALLOWED => "Method Not Allowed",
            StatusCode::CONFLICT => "Conflict",
            StatusCode::SERVICE_UNAVAILABLE => "Service Unavailable",
            _ => "Internal Server Error",
        }
    }

    /// What a person reads. Never the cause of a fault of ours.
    fn description(&self) -> &str {
        match self {
            Self::Malformed(text) | Self::Conflict(text) | Self::Gateway(.., text) => text,
            Self::MalformedCode(_, text) | Self::NotFound(text) => text,
            Self::Unauthorised => "Falta la identidad de la llamada / The identity of the call is missing",
            Self::NoRoute => "Recurso no encontrado / No such resource",
            Self::Method(_) => "Método no permitido / Method not allowed",
            Self::Store(store::Error::Unavailable(_)) | Self::Staged(StatusCode::SERVICE_UNAVAILABLE) => {
                "Servicio no disponible, inténtelo más tarde / Not available, try again later"
            }
            Self::Store(_) | Self::Broken(_) | Self::Staged(_) => "Error interno / Internal error",
        }
    }

    /// The portal's page about it, after `/errors/`.
    fn page(&self) -> String {
        match self {
            Self::Gateway(_, code, _) => (*code).to_owned(),
            _ => self.status().as_str().to_owned(),
        }
    }

    fn fedex(&self) -> (&'static str, &str) {
        match self {
            Self::MalformedCode(code, message) => (code, message),
            Self::Malformed(message) => ("BAD.REQUEST.ERROR", message),
            Self::Gateway(StatusCode::FORBIDDEN, ..) => {
                ("FORBIDDEN.ERROR", "We could not authorize your credentials. Please check your permissions and try again.")
            }
            Self::Gateway(StatusCode::TOO_MANY_REQUESTS, ..) => {
                ("TOO.MANY.REQUESTS.ERROR", "We have received too many requests in a short duration. Please wait a while to try again.")
            }
            Self::Unauthorised | Self::Gateway(..) => {
                ("NOT.AUTHORIZED.ERROR", "Access token expired. Please modify your request and try again.")
            }
            Self::NoRoute | Self::NotFound(_) => {
                ("NOT.FOUND.ERROR", "The resource you requested is no longer available. Please modify your request and try again.")
            }
            Self::Method(_) => ("METHOD.NOT.ALLOWED.ERROR", "This method is not supported for the requested resource."),
            Self::Conflict(message) => ("CONFLICT.ERROR", message),
            Self::Store(store::Error::Unavailable(_)) | Self::Staged(StatusCode::SERVICE_UNAVAILABLE) => (
                "SERVICE.UNAVAILABLE.ERROR",
                "The service is currently unavailable and we are working to resolve the issue. \
                 We apologize for any inconvenience. Please check back at a later time.",
            ),
            Self::Store(_) | Self::Broken(_) | Self::Staged(_) => (
                "INTERNAL.SERVER.ERROR",
                "We encountered an unexpected error and are working to resolve the issue. \
                 We apologize for any inconvenience. Please check back at a later time.",
            ),
        }
    }
}

/// What frames an answer: the shape of errors, and what FedEx-shaped answers repeat.
#[derive(Debug)]
pub(crate) struct Envelope {
    shape: Shape,
    transaction: String,
    customer_transaction: Option<String>,
}

impl Envelope {
    /// Reads the path and the headers; `fresh` makes an id when the request came without one.
    pub(crate) fn of(path: &str, headers: &HeaderMap, fresh: impl FnOnce() -> Uuid) -> Self {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let shape = if path.starts_with("/support/trackpub/") {
            Shape::Trackpub
        } else if path.starts_with("/track/") || path.starts_with("/ship/") {
            Shape::Fedex
        } else {
            Shape::Correos
        };
        Self {
            shape,
            transaction: text("x-request-id").filter(|id| !id.is_empty()).unwrap_or_else(|| fresh().to_string()),
            customer_transaction: text("x-customer-transaction-id"),
        }
    }

    /// Puts `output` (or `errors`) beside the transaction ids, as every FedEx answer does.
    pub(crate) fn fedex(&self, status: StatusCode, name: &str, content: Value) -> Response<Bytes> {
        let mut body = json!({ "transactionId": self.transaction });
        if let Some(echo) = &self.customer_transaction {
            body["customerTransactionId"] = json!(echo);
        }
        body[name] = content;
        answer(status, &body)
    }

    /// Encodes a refusal; the pages about refusals are under `links`. Faults of ours are logged here and nowhere else.
    pub(crate) fn refuse(&self, refusal: &Refusal, links: &str) -> Response<Bytes> {
        match refusal {
            Refusal::Store(cause) => {
                tracing::error!(request_id = self.transaction, %cause, "the carrier could not answer");
            }
            Refusal::Broken(cause) => tracing::error!(request_id = self.transaction, cause, "the carrier could not answer"),
            _ => {}
        }
        let status = refusal.status();
        let mut response = match self.shape {
            Shape::Correos => answer(
                status,
                &json!({
                    "code": status.as_str(),
                    "message": refusal.title(),
                    "moreInformation": {
                        "description": refusal.description(),
                        "link": format!("{links}/errors/{}", refusal.page()),
                    },
                }),
            ),
            Shape::Trackpub => answer(status, &json!({ "title": "Error", "body": refusal.description() })),
            Shape::Fedex => {
                let (code, message) = refusal.fedex();
                self.fedex(status, "errors", json!([{ "code": code, "message": message }]))
            }
        };
        if let Refusal::Method(allow) = refusal
            && let Ok(allow) = HeaderValue::from_str(allow)
        {
            response.headers_mut().insert(header::ALLOW, allow);
        }
        response
    }
}

/// A JSON answer.
pub(crate) fn answer(status: StatusCode, body: &Value) -> Response<Bytes> {
    encoded(status, body.to_string())
}

/// A JSON answer whose text is there already.
pub(crate) fn encoded(status: StatusCode, body: String) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
