//! FedEx' error envelope, the same on all of its APIs. It has no top-level `error`: clients in the wild crash on one.

use domain::request_id::RequestId;
use http::StatusCode;
use serde::Serialize;
use uuid::Uuid;

use super::{Context, json};
use crate::refusal::Refusal;

/// FedEx' own texts, where it has published one.
const NOT_AUTHORIZED: &str = "The given client credentials were not valid. Please modify your request and try again.";
const TOO_MANY: &str = "We have received too many requests in a short duration. Please wait a while to try again.";
const INTERNAL: &str = "We encountered an unexpected error and are working to resolve the issue. We apologize for any inconvenience. Please \
    check back at a later time.";
const UNAVAILABLE: &str = "The service is currently unavailable and we are working to resolve the issue. We apologize for any \
    inconvenience. Please check back at a later time.";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Envelope<'a> {
    transaction_id: Uuid,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_transaction_id: Option<&'a str>,
    errors: [Entry<'a>; 1],
}

#[derive(Serialize)]
struct Entry<'a> {
    code: &'a str,
    message: &'a str,
}

pub(super) fn refused(status: StatusCode, refusal: Refusal, context: &Context<'_>) -> Vec<u8> {
    let (code, message) = match refusal {
        Refusal::WrongCredentials => ("NOT.AUTHORIZED.ERROR", NOT_AUTHORIZED),
        Refusal::TooManyFailures(_) => ("TOO.MANY.REQUESTS.ERROR", TOO_MANY),
        Refusal::Unavailable => ("SERVICE.UNAVAILABLE.ERROR", UNAVAILABLE),
        Refusal::Broken => ("INTERNAL.SERVER.ERROR", INTERNAL),
        // FedEx has published no text for a request that is wrong in itself, so ours says what is wrong.
        other if status == StatusCode::UNAUTHORIZED => ("NOT.AUTHORIZED.ERROR", other.description()),
        // Codes in FedEx' manner, the same as the gateway's.
        other if status == StatusCode::METHOD_NOT_ALLOWED => ("METHOD.NOT.ALLOWED.ERROR", other.description()),
        other if status == StatusCode::PAYLOAD_TOO_LARGE => ("REQUEST.TOO.LARGE.ERROR", other.description()),
        other => ("BAD.REQUEST.ERROR", other.description()),
    };
    envelope(context.id, context.customer_transaction, code, message)
}

fn envelope(id: RequestId, customer_transaction_id: Option<&str>, code: &str, message: &str) -> Vec<u8> {
    json(384, &Envelope { transaction_id: id.0, customer_transaction_id, errors: [Entry { code, message }] })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    proptest! {
        #[test]
        fn any_text_under_any_id_is_one_envelope(id: u128, customer: Option<String>, code: String, message: String) {
            let id = RequestId(Uuid::from_u128(id));
            let read: Value = serde_json::from_slice(&envelope(id, customer.as_deref(), &code, &message)).expect("JSON");
            let mut expected = json!({"transactionId": id.to_string(), "errors": [{"code": code, "message": message}]});
            if let Some(customer) = customer {
                expected["customerTransactionId"] = customer.into();
            }
            prop_assert_eq!(read, expected);
        }
    }
}
