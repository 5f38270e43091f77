//! Connections to the APIs: one pool, HTTP/1.1 or HTTP/2 as the origin offers, certificates checked against the public roots.

use std::{
    collections::HashMap,
    pin::{Pin, pin},
    sync::{Arc, PoisonError, RwLock},
    task::{Context, Poll},
    time::Duration,
};

use http::{Request, Response, Uri, uri::Authority};
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::{TokioExecutor, TokioIo, TokioTimer},
};
use tokio::net::TcpStream;
use tower_service::Service;
use web::body::BoxError;

use crate::sent::Sent;

/// How long an idle connection is kept. Shorter than most servers keep theirs, so that it is seldom they who close first.
const IDLE: Duration = Duration::from_secs(4);
/// How many idle connections are kept to one origin.
const IDLE_PER_ORIGIN: usize = 256;
/// How long to wait for a connection to an origin that the catalogue does not have any more.
const CONNECT: Duration = Duration::from_secs(2);

/// Why there is no answer.
pub(crate) enum Failure {
    /// No connection could be made: nothing was sent.
    Unreachable(BoxError),
    /// The connection broke off; the request may have arrived.
    Broken(BoxError),
    /// There was no answer in time; the request may have arrived.
    Slow,
    /// Whoever sent the request stopped sending its body.
    Stalled,
}

/// The pool.
pub(crate) struct Pool {
    client: Client<Connector, Sent>,
    patience: Arc<RwLock<HashMap<Authority, Duration>>>,
}

impl Pool {
    /// A pool without connections.
    ///
    /// # Panics
    /// Never: the provider knows the protocol versions asked for.
    pub(crate) fn new() -> Self {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_keepalive(Some(Duration::from_secs(60)));
        let inner = hyper_rustls::HttpsConnectorBuilder::new()
            .with_provider_and_webpki_roots(rustls::crypto::aws_lc_rs::default_provider())
            .expect("the provider knows TLS 1.2 and 1.3")
            .https_or_http()
            .enable_all_versions()
            .wrap_connector(tcp);
        let patience = Arc::default();
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE)
            .pool_max_idle_per_host(IDLE_PER_ORIGIN)
            // `Host` is among the headers already, written once for each origin.
            .set_host(false)
            // Repeats a request only when the connection it was handed to had closed before any of it was written.
            .retry_canceled_requests(true)
            .build(Connector { inner, patience: Arc::clone(&patience) });
        Self { client, patience }
    }

    /// Sets how long to wait for connections, by origin.
    pub(crate) fn set_patience(&self, patience: HashMap<Authority, Duration>) {
        *self.patience.write().unwrap_or_else(PoisonError::into_inner) = patience;
    }

    /// Sends a request and waits for the head of the answer, `patience` from the last moment in which the body moved.
    pub(crate) async fn send(&self, request: Request<Sent>, body: &Sent, patience: Duration) -> Result<Response<Incoming>, Failure> {
        let mut answer = pin!(self.client.request(request));
        let mut moved = body.moved();
        loop {
            match tokio::time::timeout(patience, &mut answer).await {
                Ok(Ok(response)) => return Ok(response),
                Ok(Err(error)) if error.is_connect() => return Err(Failure::Unreachable(error.into())),
                Ok(Err(error)) => return Err(Failure::Broken(error.into())),
                Err(_) if body.moved() != moved => moved = body.moved(),
                Err(_) if body.waits_for_sender() => return Err(Failure::Stalled),
                Err(_) => return Err(Failure::Slow),
            }
        }
    }
}

/// Makes connections, each within the time its API gives it: name, TCP and TLS together.
#[derive(Clone)]
struct Connector {
    inner: HttpsConnector<HttpConnector>,
    patience: Arc<RwLock<HashMap<Authority, Duration>>>,
}

/// No connection in time.
#[derive(Debug, thiserror::Error)]
#[error("no connection within {0:?}")]
struct TooSlow(Duration);

impl Service<Uri> for Connector {
    type Response = MaybeHttpsStream<TokioIo<TcpStream>>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, origin: Uri) -> Self::Future {
        let known = self.patience.read().unwrap_or_else(PoisonError::into_inner);
        let patience = origin.authority().and_then(|authority| known.get(authority).copied()).unwrap_or(CONNECT);
        drop(known);
        let connecting = self.inner.call(origin);
        Box::pin(async move { tokio::time::timeout(patience, connecting).await.map_err(|_| TooSlow(patience))? })
    }
}
