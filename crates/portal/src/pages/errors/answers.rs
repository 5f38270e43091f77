//! What an answer with a code looks like in each carrier's way, to be recognised by whoever has one before them.

use http::StatusCode;
use serde_json::{Value, json};

/// The status with its name.
pub(super) fn named(status: u16) -> String {
    let name = StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason()).unwrap_or_default();
    format!("{status} {name}")
}

fn name(status: u16) -> &'static str {
    StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason()).unwrap_or("Error")
}

fn printed(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

fn fedex(status: u16, explanation: &str) -> String {
    let (code, own) = match status {
        401 => ("NOT.AUTHORIZED.ERROR", ""),
        403 => ("FORBIDDEN.ERROR", "We could not authorize your credentials. Please check your permissions and try again."),
        404 => ("NOT.FOUND.ERROR", "The resource you requested is no longer available. Please modify your request and try again."),
        405 => ("METHOD.NOT.ALLOWED.ERROR", ""),
        413 => ("REQUEST.TOO.LARGE.ERROR", ""),
        429 => ("TOO.MANY.REQUESTS.ERROR", ""),
        500 => ("INTERNAL.SERVER.ERROR", "We encountered an unexpected error and are working to resolve the issue."),
        501.. => ("SERVICE.UNAVAILABLE.ERROR", "The service is currently unavailable and we are working to resolve the issue."),
        _ => ("BAD.REQUEST.ERROR", ""),
    };
    let message = if own.is_empty() { explanation } else { own };
    printed(&json!({"transactionId": "01a20224-bdf5-707e-aa22-0c6954ee4af9", "errors": [{"code": code, "message": message}]}))
}

fn correos(status: u16, explanation: &str, link: &str) -> String {
    let message = if status == 400 { "Invalid Request" } else { name(status) };
    printed(&json!({"code": status.to_string(), "message": message, "moreInformation": {"description": explanation, "link": link}}))
}

/// A refusal on a call to an API, in each shape. The carrier's own refusals are none of the standard's.
pub(super) fn of_apis(status: u16, explanation: &str, link: &str, by_carrier: bool) -> Vec<(&'static str, String)> {
    let mut answers = vec![
        ("Correos", correos(status, explanation, link)),
        ("Correos, tracking", printed(&json!({"title": "Error", "body": explanation}))),
        ("FedEx", fedex(status, explanation)),
    ];
    if !by_carrier {
        answers.extend(of_management(status, explanation, link));
    }
    answers
}

/// A refusal of the management API, which has one shape.
pub(super) fn of_management(status: u16, explanation: &str, link: &str) -> Vec<(&'static str, String)> {
    let problem = json!({
        "type": link, "title": name(status), "status": status, "detail": explanation,
        "instance": "urn:uuid:01a20224-bdf5-707e-aa22-0c6954ee4af9",
    });
    vec![("problem+json (RFC 9457)", printed(&problem))]
}

/// A refusal on a token request, in each shape. The carriers have statuses of their own for some.
pub(super) fn of_token_server(code: &str, status: u16, explanation: &str, link: &str) -> Vec<(&'static str, String)> {
    let (by_fedex, by_correos) = if code == "unauthorized-client" { (401, 403) } else { (status, status) };
    vec![
        ("RFC 6749", printed(&json!({"error": code.replace('-', "_"), "error_description": explanation}))),
        ("FedEx", fedex(by_fedex, explanation)),
        ("Correos", correos(by_correos, explanation, link)),
    ]
}
