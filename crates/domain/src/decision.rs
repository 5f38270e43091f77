//! The gateway's verdict on one request.
//!
//! The order of the checks is fixed, so a decision need not list them: it knows how far the request came. What passed is what
//! stands before that check, what was never looked at is what stands after it. The answer on the wire, the log line, the metric and the
//! page in the portal are views of this one value.

use std::{net::IpAddr, sync::Arc};

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::{ApiName, ChildKey, ClientId, Environment, OrganisationId, ProjectId, ScopeSet, request_id::RequestId, words::words};

words! {
    /// The checks, in the order in which they are made.
    pub enum Check: "a check" {
        /// Which operation of which API is this?
        Route = "route",
        /// Is there exactly one token, in a place where this API takes it, with our signature, in its time?
        Token = "token",
        /// Has it, its secret, its client or its organisation been revoked or suspended?
        Revocation = "revocation",
        /// Is it for this environment and this audience?
        Audience = "audience",
        /// Does it hold a scope of this operation, still granted?
        Scope = "scope",
        /// Is the API credential right, of the same organisation, and of a project that may use this API?
        ApiCredential = "api_credential",
        /// May the customer key act?
        CustomerKey = "customer_key",
        /// Is there room in the customer key's limits, and in the plan's rate and quota?
        Rate = "rate",
        /// Does the body fit the limits and, where the API asks for it, the schema?
        Schema = "schema",
        /// Did the API behind the gateway answer?
        Upstream = "upstream",
    }
}

/// Why a request was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The message names two hosts or none, or two lengths of its body.
    Malformed,
    /// The path could be read in more than one way.
    AmbiguousPath,
    /// No API has this path.
    NoRoute,
    /// The path is known, the method is not among these.
    MethodNotAllowed(Arc<str>),
    /// The API has no upstream in this environment.
    NotHere,
    /// No token came.
    NoToken,
    /// More than one token came.
    TwoTokens,
    /// The token came in the query, where this API does not take it.
    TokenInQuery,
    /// It has not the form of a token.
    TokenMalformed,
    /// Nobody here signed it: another environment, another issuer, a forgery.
    TokenForeign,
    /// Its time is over.
    TokenExpired,
    /// It was revoked itself.
    TokenRevoked,
    /// The secret that got it was revoked.
    SecretRevoked,
    /// Its client is suspended, revoked or gone, or its organisation is.
    ClientStopped,
    /// It was issued for another audience.
    WrongAudience,
    /// The token lacks these scopes.
    ScopeMissing(ScopeSet),
    /// The token has the scopes, but the grant behind them was revoked.
    GrantRevoked(ScopeSet),
    /// No API credential came.
    ApiCredentialMissing,
    /// The API credential is unknown, wrong, revoked or another organisation's.
    ApiCredentialWrong,
    /// The credentials are right, but the project of the token, or of the API credential, has no access to this API.
    ApiNotApproved,
    /// The customer key is suspended or revoked.
    CustomerKeyStopped,
    /// Too many requests in the window; seconds until it ends.
    RateExceeded(u32),
    /// Too many requests today; seconds until midnight UTC.
    QuotaExceeded(u32),
    /// Too many requests with this customer key in the window; seconds until it ends.
    KeyRateExceeded(u32),
    /// Too many requests with this customer key today; seconds until midnight UTC.
    KeyQuotaExceeded(u32),
    /// Too many wrong API credentials from this address; seconds until the next try counts.
    TooManyFailures(u32),
    /// The body is longer than the API takes, in bytes.
    BodyTooLarge(u64),
    /// The body does not fit the schema; what is wrong where.
    BodyUnfit(Vec<Unfit>),
    /// No upstream could be reached, or it broke off.
    UpstreamUnreachable,
    /// The upstream did not answer in time.
    UpstreamTooSlow,
    /// We cannot decide now.
    Unavailable,
}

/// A place in a body that does not fit its schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfit {
    /// Where, as a JSON pointer.
    pub at: String,
    /// What is wrong there.
    pub what: String,
}

impl Refusal {
    /// The check that refused.
    #[must_use]
    pub const fn check(&self) -> Check {
        use Refusal as R;
        match self {
            R::Malformed | R::AmbiguousPath | R::NoRoute | R::MethodNotAllowed(_) | R::NotHere => Check::Route,
            R::NoToken | R::TwoTokens | R::TokenInQuery | R::TokenMalformed | R::TokenForeign | R::TokenExpired => Check::Token,
            R::TokenRevoked | R::SecretRevoked | R::ClientStopped | R::Unavailable => Check::Revocation,
            R::WrongAudience => Check::Audience,
            R::ScopeMissing(_) | R::GrantRevoked(_) => Check::Scope,
            R::ApiCredentialMissing | R::ApiCredentialWrong | R::ApiNotApproved | R::TooManyFailures(_) => Check::ApiCredential,
            R::CustomerKeyStopped => Check::CustomerKey,
            R::RateExceeded(_) | R::QuotaExceeded(_) | R::KeyRateExceeded(_) | R::KeyQuotaExceeded(_) => Check::Rate,
            R::BodyTooLarge(_) | R::BodyUnfit(_) => Check::Schema,
            R::UpstreamUnreachable | R::UpstreamTooSlow => Check::Upstream,
        }
    }

    /// The status of the answer.
    #[must_use]
    pub const fn status(&self) -> u16 {
        use Refusal as R;
        match self {
            R::Malformed | R::AmbiguousPath | R::TwoTokens | R::TokenInQuery | R::BodyUnfit(_) => 400,
            R::NoToken
            | R::TokenMalformed
            | R::TokenForeign
            | R::TokenExpired
            | R::TokenRevoked
            | R::SecretRevoked
            | R::ClientStopped
            | R::WrongAudience
            | R::ApiCredentialMissing
            | R::ApiCredentialWrong
            | R::CustomerKeyStopped => 401,
            R::ScopeMissing(_) | R::GrantRevoked(_) | R::ApiNotApproved => 403,
            R::NoRoute | R::NotHere => 404,
            R::MethodNotAllowed(_) => 405,
            R::BodyTooLarge(_) => 413,
            R::RateExceeded(_) | R::QuotaExceeded(_) | R::KeyRateExceeded(_) | R::KeyQuotaExceeded(_) | R::TooManyFailures(_) => 429,
            R::UpstreamUnreachable => 502,
            R::Unavailable => 503,
            R::UpstreamTooSlow => 504,
        }
    }

    /// A word for metrics, logs and the page `/errors/{code}`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        use Refusal as R;
        match self {
            R::Malformed => "malformed-request",
            R::AmbiguousPath => "ambiguous-path",
            R::NoRoute => "no-route",
            R::MethodNotAllowed(_) => "method-not-allowed",
            R::NotHere => "not-in-this-environment",
            R::NoToken => "no-token",
            R::TwoTokens => "two-tokens",
            R::TokenInQuery => "token-in-query",
            R::TokenMalformed => "token-malformed",
            R::TokenForeign => "token-foreign",
            R::TokenExpired => "token-expired",
            R::TokenRevoked => "token-revoked",
            R::SecretRevoked => "secret-revoked",
            R::ClientStopped => "client-stopped",
            R::WrongAudience => "wrong-audience",
            R::ScopeMissing(_) => "scope-missing",
            R::GrantRevoked(_) => "grant-revoked",
            R::ApiCredentialMissing => "api-credential-missing",
            R::ApiCredentialWrong => "api-credential-wrong",
            R::ApiNotApproved => "api-not-approved",
            R::CustomerKeyStopped => "customer-key-stopped",
            R::RateExceeded(_) => "rate-exceeded",
            R::QuotaExceeded(_) => "quota-exceeded",
            R::KeyRateExceeded(_) => "customer-key-rate-exceeded",
            R::KeyQuotaExceeded(_) => "customer-key-quota-exceeded",
            R::TooManyFailures(_) => "too-many-failures",
            R::BodyTooLarge(_) => "body-too-large",
            R::BodyUnfit(_) => "body-unfit",
            R::UpstreamUnreachable => "upstream-unreachable",
            R::UpstreamTooSlow => "upstream-too-slow",
            R::Unavailable => "unavailable",
        }
    }

    /// What happened and what to do, for the one who sent the request. Holds nothing that only the operator may know.
    #[must_use]
    pub fn explanation(&self) -> String {
        use Refusal as R;
        match self {
            R::Malformed => "The request is not well formed: it must name one host and say the length of its body once.".into(),
            R::AmbiguousPath => "The path can be read in more than one way. Send it without encoded slashes, dot segments, double slashes or semicolons.".into(),
            R::NoRoute => "No API here has this path. Compare it with the API's reference page; upper and lower case count.".into(),
            R::MethodNotAllowed(allow) => format!("This path takes other methods: {allow}."),
            R::NotHere => "This API is not offered in this environment.".into(),
            R::NoToken => "The request carries no access token. Send it as: Authorization: Bearer <token>.".into(),
            R::TwoTokens => "The request carries more than one access token. Send it once, in the Authorization header.".into(),
            R::TokenInQuery => "This API does not take the access token in the query. Send it as: Authorization: Bearer <token>.".into(),
            R::TokenMalformed => "The access token does not have the form of a token. Send exactly what the token endpoint answered.".into(),
            R::TokenForeign => "The access token was not issued by this environment. Check that sandbox and production are not mixed.".into(),
            R::TokenExpired => "The access token has expired. Ask the token endpoint for a new one and repeat the request.".into(),
            R::TokenRevoked => "The access token was revoked. Ask the token endpoint for a new one.".into(),
            R::SecretRevoked => "The client secret that obtained this access token was revoked. Ask for a new token with a live secret.".into(),
            R::ClientStopped => "The client of this access token may not act: it, or its organisation, is suspended or revoked.".into(),
            R::WrongAudience => "The access token was issued for another audience.".into(),
            R::ScopeMissing(scopes) => format!("This operation needs the scope {scopes}. Ask for it in the token request; if it is not granted yet, request access to the API."),
            R::GrantRevoked(scopes) => format!("The scope {scopes} in this access token is no longer granted to your project. Request access to the API again."),
            R::ApiCredentialMissing => "This API needs its own credential beside the token. Send the headers client_id and client_secret.".into(),
            R::ApiCredentialWrong => "The API credential in client_id and client_secret is not valid here, or does not belong to the organisation of the access token.".into(),
            R::ApiNotApproved => "The credentials are right, but the project has no approved access to this API. Request access to it.".into(),
            R::CustomerKeyStopped => "The customer key behind this access token is suspended or revoked, or its project may not act for others any more.".into(),
            R::RateExceeded(seconds) => format!("Too many requests in this window. Wait {seconds} s."),
            R::QuotaExceeded(seconds) => format!("The daily quota is used up. It starts anew at 00:00 UTC, in {seconds} s."),
            R::KeyRateExceeded(seconds) => format!("Too many requests with this customer key in this window. Wait {seconds} s; the other customer keys of the project go on."),
            R::KeyQuotaExceeded(seconds) => format!("What this customer key may ask for in a day is used up. It starts anew at 00:00 UTC, in {seconds} s; the other customer keys of the project go on."),
            R::TooManyFailures(seconds) => format!("Too many requests with a wrong API credential. Wait {seconds} s and check client_id and client_secret."),
            R::BodyTooLarge(limit) => format!("The request body is longer than {limit} bytes."),
            R::BodyUnfit(places) => {
                let named: Vec<_> = places.iter().map(|unfit| format!("{}: {}", if unfit.at.is_empty() { "body" } else { &unfit.at }, unfit.what)).collect();
                format!("The request body does not fit the API's schema. {}", named.join("; "))
            }
            R::UpstreamUnreachable => "The API behind the gateway cannot be reached. Try again in a moment.".into(),
            R::UpstreamTooSlow => "The API behind the gateway did not answer in time. Look whether the request took effect before you repeat it.".into(),
            R::Unavailable => "The gateway cannot decide at the moment. Try again shortly.".into(),
        }
    }
}

/// What became of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It was passed on and answered with this status.
    Passed(u16),
    /// It was refused.
    Refused(Refusal),
}

/// One request and its verdict.
#[derive(Debug, Clone)]
pub struct Decision {
    /// The id in `X-Request-Id`.
    pub id: RequestId,
    /// When the request came.
    pub at: Timestamp,
    /// Where.
    pub environment: Environment,
    /// The method.
    pub method: String,
    /// The path without its query, which may hold secrets; cut at 256 characters.
    pub path: String,
    /// The API, once the route is known.
    pub api: Option<ApiName>,
    /// The operation, once the route is known.
    pub operation: Option<Arc<str>>,
    /// Whose request it is, once the token is known.
    pub caller: Option<Caller>,
    /// From where.
    pub address: IpAddr,
    /// How long the gateway and the API took together, in microseconds.
    pub micros: u64,
    /// What became of it.
    pub outcome: Outcome,
}

/// Whose request it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The company.
    pub organisation: OrganisationId,
    /// Its project.
    pub project: ProjectId,
    /// The client that got the token.
    pub client: ClientId,
    /// The customer key acted with.
    pub customer_key: Option<ChildKey>,
}

impl Decision {
    /// The decision as people and programs read it: what was asked, each check with its verdict, the explanation.
    #[must_use]
    pub fn report(&self) -> Value {
        let refusal = match &self.outcome {
            Outcome::Refused(refusal) => Some(refusal),
            Outcome::Passed(_) => None,
        };
        let checks: Vec<_> = Check::ALL
            .iter()
            .map(|check| {
                let verdict = match refusal.map(Refusal::check) {
                    Some(at) if *check == at => "refused",
                    Some(at) if *check > at => "not reached",
                    _ => "passed",
                };
                json!({"check": check, "verdict": verdict})
            })
            .collect();
        json!({
            "id": self.id.to_string(),
            "at": self.at.to_string(),
            "environment": self.environment,
            "request": {"method": self.method, "path": self.path, "address": self.address},
            "api": self.api,
            "operation": self.operation,
            "caller": self.caller.as_ref().map(|caller| json!({
                "organisation": caller.organisation, "project": caller.project,
                "client_id": caller.client, "customer_key": caller.customer_key,
            })),
            "verdict": if refusal.is_some() { "refused" } else { "passed" },
            "status": match &self.outcome { Outcome::Passed(status) => *status, Outcome::Refused(refusal) => refusal.status() },
            "code": refusal.map(Refusal::code),
            "explanation": refusal.map(Refusal::explanation),
            "checks": checks,
            "micros": self.micros,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(refusal: Refusal) -> Value {
        Decision {
            id: RequestId(uuid::Uuid::nil()),
            at: Timestamp::UNIX_EPOCH,
            environment: Environment::Sandbox,
            method: "GET".into(),
            path: "/".into(),
            api: None,
            operation: None,
            caller: None,
            address: IpAddr::from([127, 0, 0, 1]),
            micros: 1,
            outcome: Outcome::Refused(refusal),
        }
        .report()
    }

    #[test]
    fn a_report_says_what_passed_what_refused_and_what_was_never_reached() {
        let report = refused(Refusal::ScopeMissing(ScopeSet::parse("AP3").expect("scope")));
        let verdict = |check: &str| {
            let checks = report["checks"].as_array().expect("checks");
            checks.iter().find(|entry| entry["check"] == check).map(|entry| entry["verdict"].clone()).expect("listed")
        };
        assert_eq!(verdict("revocation"), "passed");
        assert_eq!(verdict("scope"), "refused");
        assert_eq!(verdict("api_credential"), "not reached");
        assert!(report["explanation"].as_str().is_some_and(|text| text.contains("AP3")));
    }

    #[test]
    fn a_decision_that_cannot_be_made_is_a_503_and_no_verdict_on_the_caller() {
        assert_eq!(refused(Refusal::Unavailable)["status"], 503);
    }
}
