//! Why a request is refused: one type for every endpoint, grant and dialect.

use std::fmt::Display;

use domain::token_refusal::Step;
use web::Visit;

/// A refusal. The texts in it are ours and never repeat what was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The path takes only the methods named here.
    Method(&'static str),
    /// There is nothing at this path.
    NotFound,
    /// The body is not a form.
    MediaType,
    /// The body is longer than a token request can be.
    TooLong,
    /// The body did not come in time.
    TooSlow,
    /// A parameter is malformed, missing, repeated, contradicts another or stands where it must not.
    Malformed(&'static str),
    /// No usable client authentication came: nothing was compared with anything.
    Unproven(&'static str),
    /// The grant does not exist here.
    UnsupportedGrant,
    /// The scope is malformed, or nothing of it is granted.
    Scope(&'static str),
    /// Unknown client, wrong secret, unknown, foreign, wrong or suspended customer key: one refusal, which does not say which.
    WrongCredentials,
    /// The client is who it says, and may not use this grant.
    GrantNotAllowed,
    /// The same as [`Refusal::WrongCredentials`], too often; seconds to wait.
    TooManyFailures(u32),
    /// The client has as many revoked tokens as one may have.
    TooManyRevoked,
    /// What must be known to decide cannot be read, or done, at the moment.
    Unavailable,
    /// Our fault.
    Broken,
}

impl Refusal {
    /// Notes in the log, under the request's id, why it cannot be decided, and says so.
    pub(crate) fn unavailable(visit: &Visit, cause: &dyn Display) -> Self {
        tracing::warn!(request_id = %visit.id, %cause, "a request could not be decided");
        Self::Unavailable
    }

    /// Notes in the log, under the request's id, what broke, and says that something did.
    pub(crate) fn broken(visit: &Visit, cause: &str) -> Self {
        tracing::error!(request_id = %visit.id, cause, "a request could not be answered");
        Self::Broken
    }

    /// Every word there is.
    pub(crate) const WORDS: [&str; 8] = [
        "invalid-request",
        "invalid-client",
        "unsupported-grant-type",
        "invalid-scope",
        "unauthorized-client",
        "too-many-failures",
        "unavailable",
        "server-error",
    ];

    /// The error code of RFC 6749, section 5.2 (for 500 and 503, of section 4.1.2.1). Failed too often is still failed.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Method(_)
            | Self::NotFound
            | Self::MediaType
            | Self::TooLong
            | Self::TooSlow
            | Self::Malformed(_)
            | Self::TooManyRevoked => "invalid_request",
            Self::Unproven(_) | Self::WrongCredentials | Self::TooManyFailures(_) => "invalid_client",
            Self::UnsupportedGrant => "unsupported_grant_type",
            Self::Scope(_) => "invalid_scope",
            Self::GrantNotAllowed => "unauthorized_client",
            Self::Unavailable => "temporarily_unavailable",
            Self::Broken => "server_error",
        }
    }

    /// A word for metrics and for the page `/errors/{word}` that explains it.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::TooManyFailures(_) => "too-many-failures",
            Self::Unavailable => "unavailable",
            Self::Method(_)
            | Self::NotFound
            | Self::MediaType
            | Self::TooLong
            | Self::TooSlow
            | Self::Malformed(_)
            | Self::TooManyRevoked => "invalid-request",
            Self::Unproven(_) | Self::WrongCredentials => "invalid-client",
            Self::UnsupportedGrant => "unsupported-grant-type",
            Self::Scope(_) => "invalid-scope",
            Self::GrantNotAllowed => "unauthorized-client",
            Self::Broken => "server-error",
        }
    }

    /// Where a token request stopped; `None` when nobody's client is to blame, or none was asked for.
    pub(crate) const fn step(self) -> Option<Step> {
        match self {
            Self::MediaType | Self::TooLong | Self::TooSlow | Self::Malformed(_) | Self::UnsupportedGrant => Some(Step::Request),
            Self::Unproven(_) | Self::WrongCredentials | Self::TooManyFailures(_) => Some(Step::Client),
            Self::GrantNotAllowed => Some(Step::Grant),
            Self::Scope(_) => Some(Step::Scope),
            Self::Method(_) | Self::NotFound | Self::TooManyRevoked | Self::Unavailable | Self::Broken => None,
        }
    }

    /// What happened and what to do. The same for everybody: it must not tell more than the code where the code must not.
    pub(crate) const fn description(self) -> &'static str {
        match self {
            Self::Method(_) => "This path does not take this method. See the Allow header.",
            Self::NotFound => "No API of this environment has this path.",
            Self::MediaType => "Send the parameters in the body as application/x-www-form-urlencoded, without a content encoding.",
            Self::TooLong => "The body is longer than 16 KiB.",
            Self::TooSlow => "The body did not arrive in time.",
            Self::Malformed(what) | Self::Unproven(what) | Self::Scope(what) => what,
            Self::UnsupportedGrant => {
                "This grant_type is not known here. Use client_credentials, csp_credentials, client_pc_credentials or \
                 urn:ietf:params:oauth:grant-type:token-exchange, in lower case and without spaces."
            }
            Self::WrongCredentials => {
                "The credentials were not accepted. Check that they belong to this environment and were copied whole, without a space or a \
                 line break at the end."
            }
            Self::GrantNotAllowed => {
                "This client may not use this grant_type: its organisation is of another customer type, or the client was narrowed to other \
                 grants."
            }
            Self::TooManyFailures(_) => {
                "Too many requests with wrong credentials; these were not accepted either. Right credentials are never held up: check for a \
                 key that was replaced, or a line break at its end."
            }
            Self::TooManyRevoked => {
                "This client has revoked as many tokens as it may at a time. Revoke the secret that obtained them instead."
            }
            Self::Unavailable => "This cannot be decided at the moment. Try again shortly.",
            Self::Broken => "Something went wrong on our side.",
        }
    }

    /// How long to wait before trying again, in seconds, where that helps.
    pub(crate) const fn retry_after(self) -> Option<u32> {
        match self {
            Self::TooManyFailures(seconds) => Some(seconds),
            Self::TooManyRevoked => Some(60),
            Self::Unavailable => Some(1),
            _ => None,
        }
    }
}
