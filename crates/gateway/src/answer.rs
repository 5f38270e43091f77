//! What a refusal looks like on the wire: one meaning, one encoder for each dialect.

mod correos;
mod correos_tracking;
mod fedex;
mod problem;

use bytes::Bytes;
use domain::{
    api::Dialect,
    decision::{Decision, Refusal},
    request_id::RequestId,
};
use http::{
    HeaderName, HeaderValue, StatusCode,
    header::{ALLOW, CONNECTION, RETRY_AFTER, WWW_AUTHENTICATE},
};
use web::Response;

use crate::{Settings, limit::Standing, route::allow_value};

/// FedEx' own request id, the caller's to choose.
pub(crate) const X_CUSTOMER_TRANSACTION_ID: HeaderName = HeaderName::from_static("x-customer-transaction-id");
const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// Where metadata about this resource server lies (RFC 9728, section 3).
const RESOURCE_METADATA: &str = "/.well-known/oauth-protected-resource";

/// A refusal as an encoder sees it.
struct Refused<'a> {
    refusal: &'a Refusal,
    id: RequestId,
    status: StatusCode,
    /// What happened and what to do.
    explanation: &'a str,
    /// The page that explains this refusal.
    link: &'a str,
    /// What the caller sent in `X-Customer-Transaction-Id`.
    transaction: Option<&'a str>,
}

/// The answer to a refused request.
pub(crate) fn refuse(
    decision: &Decision,
    refusal: &Refusal,
    dialect: Dialect,
    settings: &Settings,
    transaction: Option<&HeaderValue>,
) -> Response {
    let explanation = refusal.explanation();
    let link = format!("{}/errors/{}", settings.portal.trim_end_matches('/'), refusal.code());
    let refused = Refused {
        refusal,
        id: decision.id,
        status: StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
        explanation: &explanation,
        link: &link,
        transaction: transaction.and_then(|value| value.to_str().ok()),
    };
    let mut response = match dialect {
        Dialect::Problem => problem::encode(&refused),
        Dialect::Fedex => fedex::encode(&refused),
        Dialect::Correos => correos::encode(&refused),
        Dialect::CorreosTracking => correos_tracking::encode(&refused),
    };
    let headers = response.headers_mut();
    if let Some(challenge) = challenge(refusal, &explanation, &settings.issuer) {
        headers.insert(WWW_AUTHENTICATE, challenge);
    }
    match refusal {
        Refusal::MethodNotAllowed(allow) => drop(headers.insert(ALLOW, allow_value(allow))),
        Refusal::RateExceeded(seconds)
        | Refusal::QuotaExceeded(seconds)
        | Refusal::KeyRateExceeded(seconds)
        | Refusal::KeyQuotaExceeded(seconds)
        | Refusal::TooManyFailures(seconds) => {
            headers.insert(RETRY_AFTER, HeaderValue::from(*seconds));
        }
        Refusal::Unavailable => drop(headers.insert(RETRY_AFTER, HeaderValue::from(1))),
        // Whatever else stands on this connection may be part of what could be read in two ways.
        Refusal::Malformed => drop(headers.insert(CONNECTION, HeaderValue::from_static("close"))),
        _ => {}
    }
    response
}

/// Tells a caller how it stands against its plan, and its customer key against that key's limits: two lines of one list.
pub(crate) fn add_standings(response: &mut Response, standings: [Option<Standing>; 2]) {
    let headers = response.headers_mut();
    for (place, Standing { policy, left }) in standings.into_iter().flatten().enumerate() {
        if place == 0 {
            // What the API says of limits of its own gives way to what is counted here.
            headers.insert(RATE_LIMIT_POLICY, policy);
            headers.insert(RATE_LIMIT, left);
        } else {
            headers.append(RATE_LIMIT_POLICY, policy);
            headers.append(RATE_LIMIT, left);
        }
    }
}

/// What is wrong with the token or its use (RFC 6750, section 3.1). `None`: nothing is said about it.
fn error(refusal: &Refusal) -> Option<&'static str> {
    use Refusal as R;
    match refusal {
        R::TwoTokens | R::TokenInQuery => Some("invalid_request"),
        R::TokenMalformed
        | R::TokenForeign
        | R::TokenExpired
        | R::TokenRevoked
        | R::SecretRevoked
        | R::ClientStopped
        | R::WrongAudience
        | R::CustomerKeyStopped => Some("invalid_token"),
        R::ScopeMissing(_) | R::GrantRevoked(_) => Some("insufficient_scope"),
        _ => None,
    }
}

/// `WWW-Authenticate` (RFC 6750, section 3; RFC 9728, section 5.1). Every 401 has one; one that is not about the token says no error, so
/// that nobody fetches a new token in vain.
fn challenge(refusal: &Refusal, explanation: &str, issuer: &str) -> Option<HeaderValue> {
    let error = error(refusal);
    if error.is_none() && refusal.status() != 401 {
        return None;
    }
    let mut text = format!("Bearer realm=\"{issuer}\"");
    if let Some(error) = error {
        // The characters RFC 6750, section 3, allows in a description.
        let description: String = explanation.chars().filter(|c| matches!(c, ' ' | '!' | '#'..='[' | ']'..='~')).collect();
        text.push_str(&format!(", error=\"{error}\", error_description=\"{description}\""));
    }
    if let Refusal::ScopeMissing(scopes) | Refusal::GrantRevoked(scopes) = refusal {
        text.push_str(&format!(", scope=\"{scopes}\""));
    }
    text.push_str(&format!(", resource_metadata=\"{}{RESOURCE_METADATA}\"", issuer.trim_end_matches('/')));
    HeaderValue::from_maybe_shared(Bytes::from(text)).ok()
}
