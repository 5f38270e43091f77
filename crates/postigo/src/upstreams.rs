//! The HTTP client handed to the portal for test calls of upstreams.

use std::time::Duration;

use anyhow::Result;
use bytes::Bytes;
use http::{Method, Request, header::USER_AGENT};
use http_body_util::Empty;
use hyper_rustls::HttpsConnector;
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use portal::upstreams::{Tried, Trying, Upstreams};
use tokio::{
    sync::Semaphore,
    time::{Instant, timeout},
};

use crate::tls;

/// How long an upstream may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// How many are tried at once.
const AT_ONCE: usize = 4;

/// A client without kept connections.
pub struct Caller {
    client: Client<HttpsConnector<HttpConnector>, Empty<Bytes>>,
    slots: Semaphore,
}

impl Caller {
    pub fn new() -> Result<Self> {
        let tls = tls::over(tls::tcp(), "upstreams cannot be tried over TLS")?;
        let client = Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build(tls);
        Ok(Self { client, slots: Semaphore::new(AT_ONCE) })
    }
}

impl Upstreams for Caller {
    fn get<'s>(&'s self, origin: &'s str, path: &'s str) -> Trying<'s> {
        Box::pin(async move {
            let request =
                Request::builder().method(Method::GET).uri(format!("{origin}{path}")).header(USER_AGENT, "Postigo").body(Empty::new());
            let Ok(request) = request else { return Tried::Unreachable };
            // Closed never: it lives as long as this. Who waits for others has not begun: the upstream's time runs from its call on.
            let _slot = self.slots.acquire().await;
            let call = async {
                let started = Instant::now();
                (self.client.request(request).await, started.elapsed())
            };
            match timeout(PATIENCE, call).await {
                // The body is dropped unread, and the connection with it.
                Ok((Ok(response), took)) => {
                    Tried::Answered(response.status().as_u16(), u64::try_from(took.as_millis()).unwrap_or(u64::MAX))
                }
                Ok((Err(_), _)) => Tried::Unreachable,
                Err(_) => Tried::Slow,
            }
        })
    }
}
