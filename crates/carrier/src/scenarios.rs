//! Faults on demand (`domain::scenario`): in the sandbox a call may ask for what elsewhere goes wrong by chance.
//!
//! A call that fails on demand changes nothing, but for the counters of what fails twice. What belongs to the wire, a late answer or a
//! broken one, is left to the server around this one: it finds a [`Wire`] among the extensions of the answer.

mod asked;
mod inside;
mod twice;

use std::time::Duration;

use bytes::Bytes;
use domain::{
    Environment, ScopeSet,
    decision::Refusal as Verdict,
    scenario::{Asked, Fault},
};
use http::{HeaderName, HeaderValue, Response, StatusCode, header};
use serde_json::json;

use crate::{
    Answer, Call,
    respond::{Refusal, answer as json_answer},
    router::Endpoint,
};

/// Asks for a fault, and says in an answer that it was asked for.
const HEADER: HeaderName = HeaderName::from_static("x-sandbox-scenario");

/// How long somebody throttled shall wait, in seconds, and how long when nothing is available.
const WAIT: (u32, u32) = (7, 5);

/// How much text stands in an answer that breaks off, in bytes: more than one that is read in one go by chance.
const CUT: usize = 4096;

/// What the server shall do to an answer on its way to the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wire {
    /// How long to hold it back.
    pub after: Duration,
    /// After how many bytes of the body to break off the connection, fewer than it has; `None`: it goes out whole.
    pub cut_at: Option<usize>,
}

/// What a call does, as far as scenarios care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    Annul,
    Print,
    Other,
}

impl Deed {
    fn of(path: &str) -> Self {
        if path.contains("/delivery/annulment") || path == "/ship/v1/shipments/cancel" {
            Self::Annul
        } else if path.ends_with("/labels/print") || path.ends_with("/labels/print/labels") {
            Self::Print
        } else {
            Self::Other
        }
    }

    /// Whether a fault can happen to it at all.
    fn suffers(self, fault: Fault) -> bool {
        match fault {
            Fault::AnnulmentFailsTwice => self == Self::Annul,
            Fault::LabelNotReady => self == Self::Print,
            _ => true,
        }
    }
}

/// Answers a call: with the fault it asks for, if it does, or as the endpoint does.
pub(crate) async fn answer(call: &Call<'_>, endpoint: Endpoint) -> Answer {
    // Nothing real may fail because somebody's reference looks like a test.
    if call.caller.owner.environment != Environment::Sandbox {
        return endpoint.answer(call).await;
    }
    let deed = Deed::of(call.path);
    let asked = asked::fault(call, deed)?;
    let Some(asked) = asked.filter(|asked| !matches!(asked.fault, Fault::AnnulmentFailsTwice | Fault::LabelNotReady)) else {
        return match twice::failure(call, deed, asked.is_some()).await? {
            Some((asked, failed)) => Ok(marked(call, asked, failed)),
            None => endpoint.answer(call).await,
        };
    };
    let played = play(call, endpoint, asked.fault).await;
    let mut response = marked(call, asked, played);
    let after = Duration::from_secs(asked.seconds.into());
    let cut_at = (asked.fault == Fault::Cut).then(|| response.body().len() / 2);
    if !after.is_zero() || cut_at.is_some() {
        response.extensions_mut().insert(Wire { after, cut_at });
    }
    Ok(response)
}

/// An answer that says that it was asked for.
fn marked(call: &Call<'_>, asked: Asked, answer: Answer) -> Response<Bytes> {
    let mut response = answer.unwrap_or_else(|refusal| {
        let mut response = call.envelope.refuse(&refusal, &call.house.links);
        for (name, value) in accompanying(asked.fault, &refusal) {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().insert(name, value);
            }
        }
        response
    });
    if let Ok(word) = HeaderValue::from_str(&asked.to_string()) {
        response.headers_mut().insert(HEADER, word);
    }
    response
}

/// What a fault looks like that needs nothing but the call.
async fn play(call: &Call<'_>, endpoint: Endpoint, fault: Fault) -> Answer {
    match fault {
        Fault::ExpiredToken => Err(as_gateway(&Verdict::TokenExpired)),
        Fault::RevokedAccess => Err(as_gateway(&Verdict::GrantRevoked(scope(call.path)))),
        Fault::Throttled | Fault::ThrottledBare => Err(as_gateway(&Verdict::RateExceeded(WAIT.0))),
        Fault::Unavailable => Err(Refusal::Staged(StatusCode::SERVICE_UNAVAILABLE)),
        Fault::Cut => Ok(json_answer(StatusCode::OK, &json!({ "result": "1", "cut": ".".repeat(CUT) }))),
        Fault::ErrorInside => inside::answer(call, endpoint),
        // The one that does take effect: who gives up waiting shall find that it did.
        Fault::Slow => endpoint.answer(call).await,
        Fault::ServerError | Fault::AnnulmentFailsTwice | Fault::LabelNotReady => Err(Refusal::Staged(StatusCode::INTERNAL_SERVER_ERROR)),
    }
}

fn as_gateway(verdict: &Verdict) -> Refusal {
    let status = StatusCode::from_u16(verdict.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    Refusal::Gateway(status, verdict.code(), verdict.explanation())
}

/// The headers beside a refusal, as the gateway sets them. It alone knows its own address, which its challenges name besides.
fn accompanying(fault: Fault, refusal: &Refusal) -> Vec<(HeaderName, String)> {
    let challenge = |error: &str| {
        let Refusal::Gateway(.., explanation) = refusal else { return String::new() };
        format!("Bearer error=\"{error}\", error_description=\"{explanation}\"")
    };
    match fault {
        Fault::ExpiredToken => vec![(header::WWW_AUTHENTICATE, challenge("invalid_token"))],
        Fault::RevokedAccess => vec![(header::WWW_AUTHENTICATE, challenge("insufficient_scope"))],
        Fault::Throttled => vec![
            (header::RETRY_AFTER, WAIT.0.to_string()),
            (HeaderName::from_static("ratelimit"), format!("\"rate\";r=0;t={}", WAIT.0)),
            (HeaderName::from_static("ratelimit-policy"), "\"rate\";q=1400;w=10".to_owned()),
        ],
        Fault::Unavailable => vec![(header::RETRY_AFTER, WAIT.1.to_string())],
        _ => Vec::new(),
    }
}

/// The scope that an operation needs, as the OpenAPI documents say.
fn scope(path: &str) -> ScopeSet {
    let scopes =
        [("/preregister/", "AP3"), ("/labels/", "LBS"), ("/requests", "RCG"), ("/trackpub/", "TPB"), ("/tradeinout/api/v1/track/", "TPB")];
    let shop = if path.starts_with("/logistics/tradeinout/") { "AP3" } else { "CXS" };
    let scope = scopes.iter().find(|(part, _)| path.contains(part)).map_or(shop, |(_, scope)| scope);
    ScopeSet::parse(scope).unwrap_or_default()
}
