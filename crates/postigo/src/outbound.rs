//! Calls to services of the carrier's own, at addresses that the configuration names.

use std::{path::Path, time::Duration};

use anyhow::{Context as _, Result};
use bytes::Bytes;
use http::{HeaderValue, Method, Request, StatusCode, header};
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper_rustls::HttpsConnector;
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use tokio::time::timeout;

use crate::tls;

/// The longest answer that is read, in bytes.
const LONGEST: usize = 256 * 1024;

/// A client for one service.
pub struct Outbound {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    bearer: Option<HeaderValue>,
    patience: Duration,
}

impl Outbound {
    /// A client that shows the token in this file, where there is one, and waits no longer than `patience` for a whole answer.
    ///
    /// # Errors
    /// One line with the mend.
    pub fn new(token_file: Option<&Path>, patience: Duration) -> Result<Self> {
        let bearer = token_file.map(bearer).transpose()?;
        let mut connector = tls::tcp();
        connector.set_connect_timeout(Some(patience));
        let tls = tls::over(connector, "TLS cannot be spoken")?;
        Ok(Self { client: Client::builder(TokioExecutor::new()).build(tls), bearer, patience })
    }

    /// One exchange: status and body, or why there was none. The body of an answer that is too long is empty: that it came is known, and it is no
    /// sign that nobody works there.
    pub async fn exchange(&self, method: Method, url: &str, body: Option<String>) -> Result<(StatusCode, Bytes), String> {
        let mut request =
            Request::builder().method(method).uri(url).header(header::USER_AGENT, "Postigo").header(header::ACCEPT, "application/json");
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        if let Some(bearer) = &self.bearer {
            request = request.header(header::AUTHORIZATION, bearer.clone());
        }
        let request = request.body(Full::from(body.unwrap_or_default())).map_err(|error| error.to_string())?;
        let whole = async {
            let response = self.client.request(request).await.map_err(|error| error.to_string())?;
            let (head, body) = response.into_parts();
            match Limited::new(body, LONGEST).collect().await {
                Ok(body) => Ok((head.status, body.to_bytes())),
                Err(error) if error.is::<LengthLimitError>() => Ok((head.status, Bytes::new())),
                Err(error) => Err(error.to_string()),
            }
        };
        timeout(self.patience, whole).await.unwrap_or_else(|_| Err(format!("no answer within {} s", self.patience.as_secs_f32())))
    }
}

fn bearer(file: &Path) -> Result<HeaderValue> {
    let token = std::fs::read_to_string(file).with_context(|| format!("cannot read the token in {}", file.display()))?;
    let mut value = HeaderValue::from_str(&format!("Bearer {}", token.trim()))
        .with_context(|| format!("{} holds no token: one line of visible signs", file.display()))?;
    value.set_sensitive(true);
    Ok(value)
}
