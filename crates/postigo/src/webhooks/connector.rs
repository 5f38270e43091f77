//! Connections to servers that strangers name: the name is looked up here, every address it has is looked at, and the connection goes
//! to one of those and to no other.

use std::{
    error::Error,
    net::SocketAddr,
    pin::Pin,
    task::{Context, Poll},
};

use domain::public_address::is_public;
use http::Uri;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpStream, lookup_host};
use tower_service::Service;
use web::body::BoxError;

/// Connects to public addresses, and to `private` ones where that is allowed.
#[derive(Debug, Clone, Copy)]
pub struct Connector {
    pub private: bool,
}

/// The server has an address that is not of the public Internet.
#[derive(Debug, thiserror::Error)]
#[error("{0} is not an address of the public Internet")]
pub struct PrivateAddress(SocketAddr);

impl PrivateAddress {
    /// Whether this is what an error comes from.
    pub fn caused(error: &(dyn Error + 'static)) -> bool {
        let mut cause = Some(error);
        while let Some(error) = cause {
            if error.is::<Self>() {
                return true;
            }
            cause = error.source();
        }
        false
    }
}

/// A URL without a host.
#[derive(Debug, thiserror::Error)]
#[error("a URL without a host")]
struct NoHost;

impl Service<Uri> for Connector {
    type Response = TokioIo<TcpStream>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, origin: Uri) -> Self::Future {
        let private = self.private;
        Box::pin(async move {
            let host = origin.host().ok_or(NoHost)?.trim_start_matches('[').trim_end_matches(']');
            let port = origin.port_u16().unwrap_or(if origin.scheme_str() == Some("https") { 443 } else { 80 });
            let addresses: Vec<_> = lookup_host((host, port)).await?.collect();
            // One is enough to refuse: a name that has both is a name that changes its mind.
            if let Some(address) = addresses.iter().find(|address| !private && !is_public(address.ip())) {
                return Err(PrivateAddress(*address).into());
            }
            let stream = TcpStream::connect(&addresses[..]).await?;
            stream.set_nodelay(true)?;
            Ok(TokioIo::new(stream))
        })
    }
}
