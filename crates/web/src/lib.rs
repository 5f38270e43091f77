//! The HTTP kit that the surfaces share: bodies, request ids, the client's address, limits on failures, problem details.

pub mod address;
pub mod body;
pub mod failures;
pub mod problem;
pub mod respond;

use std::net::IpAddr;

use domain::{Timestamp, request_id::RequestId};

pub use body::Body;

/// A request as the surfaces see it.
pub type Request = http::Request<Body>;
/// An answer as the surfaces give it.
pub type Response = http::Response<Body>;

/// What is known of a request beside its bytes. Made once, by the listener.
#[derive(Debug, Clone, Copy)]
pub struct Visit {
    /// Its id, ours, in every answer as `X-Request-Id`.
    pub id: RequestId,
    /// When it came.
    pub at: Timestamp,
    /// From where, after trusted proxies.
    pub address: IpAddr,
    /// Whether it came over TLS.
    pub secure: bool,
}
