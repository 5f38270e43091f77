//! FedEx' envelope, with FedEx' own words where they are known (`reference/wire-formats.md`, section 1).

use domain::decision::Refusal;
use serde_json::{Value, json};
use web::{Response, respond};

use super::Refused;

pub(super) fn encode(refused: &Refused<'_>) -> Response {
    let (code, message) = words(refused);
    let mut error = json!({"code": code, "message": message});
    if let Refusal::BodyUnfit(places) = refused.refusal {
        error["parameterList"] = places.iter().map(|place| json!({"key": place.at, "value": place.what})).collect::<Value>();
    }
    let mut body = json!({"transactionId": refused.id.to_string()});
    if let Some(transaction) = refused.transaction {
        body["customerTransactionId"] = transaction.into();
    }
    body["errors"] = json!([error]);
    respond::json(refused.status, &body, refused.id)
}

fn words<'a>(refused: &Refused<'a>) -> (&'static str, &'a str) {
    use Refusal as R;
    match (refused.refusal, refused.status.as_u16()) {
        (R::TokenExpired, _) => ("NOT.AUTHORIZED.ERROR", "Access token expired. Please modify your request and try again."),
        (R::RateExceeded(_) | R::KeyRateExceeded(_), _) => {
            ("TOO.MANY.REQUESTS.ERROR", "We have received too many requests in a short duration. Please wait a while to try again.")
        }
        (R::QuotaExceeded(_) | R::KeyQuotaExceeded(_), _) => {
            ("TOO.MANY.REQUESTS.ERROR", "Daily transaction quota exceeded. Retry after 12:00AM GMT")
        }
        (_, 401) => ("NOT.AUTHORIZED.ERROR", refused.explanation),
        (_, 403) => ("FORBIDDEN.ERROR", "We could not authorize your credentials. Please check your permissions and try again."),
        (_, 404) => ("NOT.FOUND.ERROR", "The resource you requested is no longer available. Please modify your request and try again."),
        (_, 405) => ("METHOD.NOT.ALLOWED.ERROR", refused.explanation),
        (_, 413) => ("REQUEST.TOO.LARGE.ERROR", refused.explanation),
        (_, 429) => ("TOO.MANY.REQUESTS.ERROR", refused.explanation),
        (_, 500..) => (
            "SERVICE.UNAVAILABLE.ERROR",
            "The service is currently unavailable and we are working to resolve the issue. We apologize for any inconvenience. Please check back at a later time.",
        ),
        _ => ("BAD.REQUEST.ERROR", refused.explanation),
    }
}
