//! The one responder: headers, metrics and the log of every answer.

use domain::Environment;
use http::{
    HeaderMap, HeaderName, HeaderValue, Method, StatusCode,
    header::{ALLOW, CACHE_CONTROL, RETRY_AFTER, WWW_AUTHENTICATE},
};
use metrics::Counter;
use serde_json::Value;
use web::{
    Response, Visit,
    respond::{JSON, answer, json},
};

use crate::{
    House,
    dialect::{Context, Dialect, Granted},
    refusal::Refusal,
};

/// FedEx' name for the client's own id of a request. It comes back as it was sent.
const CUSTOMER_TRANSACTION: HeaderName = HeaderName::from_static("x-customer-transaction-id");

/// The longest such id that is sent back, in bytes.
const LONGEST_TRANSACTION: usize = 64;

/// RFC 7617, section 2.1.
const CHALLENGE: HeaderValue = HeaderValue::from_static(r#"Basic realm="Postigo", charset="UTF-8""#);

/// How long metadata may be kept: no longer than a signing key is announced before it is used.
const CACHEABLE: HeaderValue = HeaderValue::from_static("public, max-age=300");
const _: () = assert!(domain::signing_key::JWKS_MAX_AGE == 300);

/// The counters of token requests, fetched once.
pub(crate) struct Counters(Vec<Counted>);

/// One dialect's counters, each under its outcome.
struct Counted {
    dialect: Dialect,
    outcomes: Vec<(&'static str, Counter)>,
}

/// The outcome that is no refusal.
const GRANTED: &str = "granted";

impl Counters {
    pub(crate) fn new(environment: Environment) -> Self {
        metrics::describe_counter!("postigo_token_requests_total", "Token requests by environment, dialect and outcome");
        let counted = |dialect: Dialect| {
            let outcomes = [GRANTED].into_iter().chain(Refusal::WORDS).map(|outcome| {
                let counter = metrics::counter!(
                    "postigo_token_requests_total",
                    "environment" => environment.as_str(), "dialect" => dialect.as_str(), "outcome" => outcome
                );
                (outcome, counter)
            });
            Counted { dialect, outcomes: outcomes.collect() }
        };
        Self(Dialect::ALL.into_iter().map(counted).collect())
    }

    fn count(&self, dialect: Dialect, outcome: &str) {
        let of_dialect = self.0.iter().find(|counted| counted.dialect == dialect);
        if let Some((_, counter)) = of_dialect.and_then(|counted| counted.outcomes.iter().find(|(word, _)| *word == outcome)) {
            counter.increment(1);
        }
    }
}

/// The client's own id of the request, when it is fit to be sent back.
pub(crate) fn customer_transaction(headers: &HeaderMap) -> Option<HeaderValue> {
    let value = headers.get(CUSTOMER_TRANSACTION)?;
    let fit = (1..=LONGEST_TRANSACTION).contains(&value.len()) && value.as_bytes().iter().all(|byte| matches!(byte, 0x20..=0x7E));
    fit.then(|| value.clone())
}

/// The answer to a token request.
pub(crate) fn token(
    house: &House,
    dialect: Dialect,
    outcome: Result<Granted, Refusal>,
    visit: &Visit,
    transaction: Option<HeaderValue>,
) -> Response {
    let mut response = match outcome {
        Ok(granted) => {
            house.counters.count(dialect, GRANTED);
            answer(StatusCode::OK, JSON, dialect.granted(&granted), visit.id)
        }
        Err(refusal) => {
            house.counters.count(dialect, refusal.word());
            let customer_transaction = transaction.as_ref().and_then(|value| value.to_str().ok());
            refused(house, dialect, refusal, visit, customer_transaction)
        }
    };
    if let Some(transaction) = transaction {
        response.headers_mut().insert(CUSTOMER_TRANSACTION, transaction);
    }
    response
}

/// A refusal.
pub(crate) fn refused(house: &House, dialect: Dialect, refusal: Refusal, visit: &Visit, customer_transaction: Option<&str>) -> Response {
    let context = Context { id: visit.id, customer_transaction, portal: &house.settings.portal };
    let status = dialect.status(refusal);
    let mut response = answer(status, JSON, dialect.refused(refusal, &context), visit.id);
    let headers = response.headers_mut();
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(WWW_AUTHENTICATE, CHALLENGE);
    }
    if let Refusal::Method(allow) = refusal {
        headers.insert(ALLOW, HeaderValue::from_static(allow));
    }
    if let Some(seconds) = refusal.retry_after() {
        headers.insert(RETRY_AFTER, seconds.into());
    }
    response
}

/// A public document that anybody may read and keep for a while.
pub(crate) fn document(house: &House, method: &Method, visit: &Visit, body: impl FnOnce() -> Value) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return refused(house, Dialect::Oauth, Refusal::Method("GET, HEAD"), visit, None);
    }
    let mut response = json(StatusCode::OK, &body(), visit.id);
    response.headers_mut().insert(CACHE_CONTROL, CACHEABLE);
    response
}
