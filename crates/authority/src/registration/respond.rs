//! Answers and refusals in FedEx' envelope. It has no top-level `error`: clients in the wild crash on one.

use app::registration::{Failure, Method, Refusal};
use bytes::Bytes;
use domain::{Timestamp, holder::Channel};
use http::{
    HeaderMap, HeaderValue, Response, StatusCode,
    header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER},
};
use serde_json::{Value, json};

/// FedEx' own texts, where it has published one.
const FORBIDDEN: &str = "We could not authorize your credentials. Please check your permissions and try again.";
const SESSION: &str = "Your session is expired. Please enter your user ID and password to log in again.";
const INTERNAL: &str = "We encountered an unexpected error and are working to resolve the issue. We apologize for any inconvenience. Please \
    check back at a later time.";
const UNAVAILABLE: &str = "The service is currently unavailable and we are working to resolve the issue. We apologize for any \
    inconvenience. Please check back at a later time.";

/// Why a call is not answered as asked.
#[derive(Debug)]
pub(super) enum Refused {
    /// The caller may not register customers.
    Forbidden,
    /// The path takes POST.
    Method,
    /// There is nothing at this path.
    NotFound,
    /// There was something at this path; what took its place.
    Gone(&'static str),
    /// The body is no JSON; line and column.
    NotJson(usize, usize),
    /// The body is JSON of another kind.
    NotAnObject,
    /// Something is missing.
    Missing(&'static str),
    /// Something is not what it should be, and what it should be.
    Wrong(&'static str, &'static str),
    /// The register says no; at this moment.
    No(Refusal),
    /// Our side.
    Broken(app::Error),
}

impl From<Failure> for Refused {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(refusal) => Self::No(refusal),
            // The project was archived, or somebody suspended, since the call was let in.
            Failure::Broken(app::Error::Rule(_)) => Self::Forbidden,
            Failure::Broken(error) => Self::Broken(error),
        }
    }
}

impl Refused {
    /// Status, code and message.
    fn said(&self) -> (StatusCode, &'static str, String) {
        let (status, code, message) = match self {
            Self::Forbidden | Self::No(Refusal::Forbidden) => (StatusCode::FORBIDDEN, "FORBIDDEN.ERROR", FORBIDDEN),
            Self::Method => {
                (StatusCode::METHOD_NOT_ALLOWED, "METHOD.NOT.ALLOWED.ERROR", "This method is not supported for the requested resource.")
            }
            Self::NotFound => (
                StatusCode::NOT_FOUND,
                "NOT.FOUND.ERROR",
                "The resource you requested is no longer available. Please modify your request and try again.",
            ),
            Self::Gone(path) => return (StatusCode::GONE, "GONE.ERROR", format!("This version is gone. Use v2: POST {path}.")),
            Self::NotJson(line, column) => {
                return (
                    StatusCode::BAD_REQUEST,
                    "BAD.REQUEST.ERROR",
                    format!("The body is not valid JSON: line {line}, column {column}."),
                );
            }
            Self::NotAnObject => (StatusCode::BAD_REQUEST, "BAD.REQUEST.ERROR", "The body must be a JSON object."),
            Self::Missing(what) => return (StatusCode::BAD_REQUEST, "BAD.REQUEST.ERROR", format!("{what} is missing.")),
            Self::Wrong(what, why) => return (StatusCode::BAD_REQUEST, "BAD.REQUEST.ERROR", format!("{what} {why}.")),
            Self::No(refusal) => no(refusal),
            Self::Broken(app::Error::Store(error)) if error.is_unavailable() => {
                (StatusCode::SERVICE_UNAVAILABLE, "SERVICE.UNAVAILABLE.ERROR", UNAVAILABLE)
            }
            Self::Broken(_) => (StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL.SERVER.ERROR", INTERNAL),
        };
        (status, code, message.to_owned())
    }

    /// After how many seconds it is worth another try.
    fn wait(&self, now: Timestamp) -> Option<i64> {
        match self {
            Self::No(Refusal::Locked(_, until) | Refusal::TooManyPins(until)) => Some(until.duration_since(now).as_secs().max(1)),
            _ => None,
        }
    }
}

fn no(refusal: &Refusal) -> (StatusCode, &'static str, &'static str) {
    let bad = StatusCode::BAD_REQUEST;
    match refusal {
        Refusal::Forbidden => (StatusCode::FORBIDDEN, "FORBIDDEN.ERROR", FORBIDDEN),
        // The same for an account that does not exist.
        Refusal::Mismatch => (
            bad,
            "ACCOUNT.ADDRESS.MISMATCH",
            "The account number, the customer name and the address do not match. Please check them and try again.",
        ),
        Refusal::SessionOver => (StatusCode::UNAUTHORIZED, "LOGIN.REAUTHENTICATE.ERROR", SESSION),
        Refusal::WrongPin => {
            (bad, "PIN.PINSECURECODE.INVALIDEXPIRED", "The PIN is invalid or expired. Please check it, or request another.")
        }
        Refusal::NoInvoice => (
            StatusCode::NOT_FOUND,
            "INVOICEDETAILS.NUMBER.NOTEXIST",
            "The invoice details do not match an invoice of this account. Please check them and try again.",
        ),
        Refusal::InvoiceTooOld => (bad, "INVOICEDETAILS.DATE.OUTOFRANGE", "Please use an invoice of the last 90 days."),
        Refusal::NotRegistered(Channel::Email) => {
            (bad, "EMAIL.NOT.REGISTERED", "No email can be used for this account. Please choose another option.")
        }
        Refusal::NotRegistered(Channel::Sms | Channel::Call) => {
            (bad, "PHONENUMBER.NOT.REGISTERED", "No phone number can be used for this account. Please choose another option.")
        }
        Refusal::NoWay => (
            bad,
            "MFA.OPTIONS.NOT.AVAILABLE",
            "No option to verify this account can be used here. The customer must contact the carrier, which can issue a key itself.",
        ),
        Refusal::Locked(Method::Address, _) => {
            (bad, "ADDRESSVALIDATION.MAXRETRY.EXCEEDED", "Too many failed attempts. This account is locked here for 24 hours.")
        }
        Refusal::Locked(Method::Pin, _) => (
            bad,
            "PINVALIDATION.MAXRETRY.EXCEEDED",
            "Too many failed attempts. PIN validation is locked for 24 hours. Please use another option.",
        ),
        Refusal::Locked(Method::Invoice, _) => (
            bad,
            "INVOICEVALIDATION.MAXRETRY.EXCEEDED",
            "Too many failed attempts. Invoice validation is locked for 24 hours. Please use another option.",
        ),
        Refusal::TooManyPins(_) => (
            StatusCode::TOO_MANY_REQUESTS,
            "PINGENERATION.MAXRETRY.EXCEEDED",
            "Too many PINs were requested for this account. Please try again later, or use another option.",
        ),
        Refusal::TooManyKeys => {
            (bad, "CUSTOMERKEY.MAXIMUM.EXCEEDED", "You hold too many keys for this account. Please revoke those that you do not use.")
        }
        Refusal::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "SERVICE.UNAVAILABLE.ERROR", UNAVAILABLE),
    }
}

/// What every answer repeats.
pub(super) struct Envelope {
    transaction: String,
    customer_transaction: Option<String>,
}

impl Envelope {
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        Self {
            transaction: text("x-request-id").unwrap_or_default(),
            customer_transaction: text("x-customer-transaction-id").filter(|id| !id.is_empty() && id.len() <= 64),
        }
    }

    pub(super) fn output(&self, output: Value) -> Response<Bytes> {
        self.answer(StatusCode::OK, "output", output)
    }

    pub(super) fn refuse(&self, refused: &Refused, now: Timestamp) -> Response<Bytes> {
        if let Refused::Broken(cause) = refused {
            tracing::error!(request_id = self.transaction, %cause, "a registration could not be answered");
        }
        let (status, code, message) = refused.said();
        let mut error = json!({"code": code, "message": message});
        match refused {
            Refused::Missing(what) => error["parameterList"] = json!([{"key": what, "value": "missing"}]),
            Refused::Wrong(what, why) => error["parameterList"] = json!([{"key": what, "value": why}]),
            _ => {}
        }
        let mut response = self.answer(status, "errors", json!([error]));
        if matches!(refused, Refused::Method) {
            response.headers_mut().insert(ALLOW, HeaderValue::from_static("POST"));
        }
        if let Some(seconds) = refused.wait(now) {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }

    fn answer(&self, status: StatusCode, name: &str, content: Value) -> Response<Bytes> {
        let mut body = json!({"transactionId": self.transaction});
        if let Some(echo) = &self.customer_transaction {
            body["customerTransactionId"] = json!(echo);
        }
        body[name] = content;
        let mut response = Response::new(Bytes::from(body.to_string()));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        // Keys, tokens and what is known of a customer.
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_while_a_call_is_answered_is_a_refusal_and_no_fault_of_ours() {
        for rule in [app::Rule::Archived, app::Rule::SuspendedByOperator] {
            let (status, code, _) = Refused::from(Failure::Broken(rule.into())).said();
            assert_eq!((status, code), (StatusCode::FORBIDDEN, "FORBIDDEN.ERROR"));
        }
    }

    #[test]
    fn every_code_of_a_refusal_stands_in_the_document_in_both_languages() {
        let document = include_str!("../../openapi/registration.yaml");
        let (english, spanish) = document.split_once("\n  x-es:\n").expect("there is a Spanish description");
        let description = |text: &'static str| text.split("\npaths:").next().unwrap_or_default();
        let until = store::Moment(Timestamp::UNIX_EPOCH);
        let refusals = [
            Refusal::Mismatch,
            Refusal::WrongPin,
            Refusal::NoInvoice,
            Refusal::InvoiceTooOld,
            Refusal::NotRegistered(Channel::Email),
            Refusal::NotRegistered(Channel::Sms),
            Refusal::NoWay,
            Refusal::Locked(Method::Address, until),
            Refusal::Locked(Method::Pin, until),
            Refusal::Locked(Method::Invoice, until),
            Refusal::TooManyPins(until),
            Refusal::TooManyKeys,
        ];
        for code in refusals.iter().map(|refusal| no(refusal).1).chain(["BAD.REQUEST.ERROR"]) {
            for (language, text) in [("English", description(english)), ("Spanish", description(spanish))] {
                assert!(text.contains(&format!("`{code}`")), "{code} in {language}");
            }
        }
    }
}
