//! The shapes of answers. One type for what was granted and one for what was refused go in; a dialect is nothing but their encoder,
//! and a fourth carrier is one more file.

mod correos;
mod fedex;
mod oauth;

use domain::{ScopeSet, request_id::RequestId};
use http::StatusCode;
use serde::Serialize;

use crate::{client_auth::TwoMethods, grants::token_exchange::ACCESS_TOKEN, refusal::Refusal};

/// The dialect of a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// RFC 6749.
    Oauth,
    /// FedEx.
    Fedex,
    /// Correos.
    Correos,
}

/// A token, to be answered.
pub(crate) struct Granted {
    pub(crate) token: String,
    /// In seconds.
    pub(crate) lifetime: u32,
    pub(crate) scope: ScopeSet,
    /// Whether it was given for another token (RFC 8693).
    pub(crate) exchanged: bool,
}

/// What an answer says beside the refusal itself.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    /// The id of the request.
    pub(crate) id: RequestId,
    /// What the client calls its transaction, where it says so.
    pub(crate) customer_transaction: Option<&'a str>,
    /// The portal's URL.
    pub(crate) portal: &'a str,
}

impl Dialect {
    pub(crate) const ALL: [Self; 3] = [Self::Oauth, Self::Fedex, Self::Correos];

    /// Its name.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Oauth => "oauth",
            Self::Fedex => "fedex",
            Self::Correos => "correos",
        }
    }

    /// Where its tokens are asked for.
    pub(crate) const fn path(self) -> &'static str {
        match self {
            Self::Oauth => "/oauth2/token",
            Self::Fedex => "/oauth/token",
            Self::Correos => "/Api/Authorize/Token",
        }
    }

    /// What its users may do about client authentication.
    pub(crate) const fn two_methods(self) -> TwoMethods {
        match self {
            Self::Oauth => TwoMethods::Refused,
            Self::Fedex | Self::Correos => TwoMethods::WhenTheyAgree,
        }
    }

    /// The body that hands over a token.
    pub(crate) fn granted(self, granted: &Granted) -> Vec<u8> {
        match self {
            Self::Oauth => oauth::granted(granted, "Bearer", granted.exchanged.then_some(ACCESS_TOKEN)),
            // The same members, in FedEx' spelling, and none that FedEx does not have.
            Self::Fedex => oauth::granted(granted, "bearer", None),
            Self::Correos => correos::granted(granted),
        }
    }

    /// The status of a refusal.
    pub(crate) fn status(self, refusal: Refusal) -> StatusCode {
        match (self, refusal) {
            (_, Refusal::Method(_)) => StatusCode::METHOD_NOT_ALLOWED,
            (_, Refusal::NotFound) => StatusCode::NOT_FOUND,
            (_, Refusal::MediaType) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            (_, Refusal::TooLong) => StatusCode::PAYLOAD_TOO_LARGE,
            (_, Refusal::TooSlow) => StatusCode::REQUEST_TIMEOUT,
            (_, Refusal::WrongCredentials) | (Self::Oauth, Refusal::Unproven(_)) | (Self::Fedex, Refusal::GrantNotAllowed) => {
                StatusCode::UNAUTHORIZED
            }
            (Self::Correos, Refusal::GrantNotAllowed) => StatusCode::FORBIDDEN,
            (_, Refusal::TooManyFailures(_) | Refusal::TooManyRevoked) => StatusCode::TOO_MANY_REQUESTS,
            (_, Refusal::Unavailable) => StatusCode::SERVICE_UNAVAILABLE,
            (_, Refusal::Broken) => StatusCode::INTERNAL_SERVER_ERROR,
            (
                _,
                Refusal::Malformed(_) | Refusal::Unproven(_) | Refusal::UnsupportedGrant | Refusal::Scope(_) | Refusal::GrantNotAllowed,
            ) => StatusCode::BAD_REQUEST,
        }
    }

    /// The body of a refusal.
    pub(crate) fn refused(self, refusal: Refusal, context: &Context<'_>) -> Vec<u8> {
        match self {
            Self::Oauth => oauth::refused(refusal.code(), refusal.description()),
            Self::Fedex => fedex::refused(self.status(refusal), refusal, context),
            Self::Correos => correos::refused(self.status(refusal), refusal, context),
        }
    }
}

/// JSON in one buffer. Structs of text and numbers always serialise.
fn json(capacity: usize, value: &impl Serialize) -> Vec<u8> {
    let mut buffer = Vec::with_capacity(capacity);
    if serde_json::to_writer(&mut buffer, value).is_err() {
        buffer.clear();
    }
    buffer
}
