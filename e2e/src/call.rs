//! A small HTTP client: one request, one answer, one connection.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, Request};
use http_body_util::{BodyExt as _, Full};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::Value;

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(30);

/// A request on its way.
#[derive(Clone, Debug)]
pub struct Call {
    method: Method,
    url: String,
    headers: Vec<(String, String)>,
    body: Bytes,
    http2: bool,
}

/// A request without a body.
#[must_use]
pub fn get(url: impl Into<String>) -> Call {
    call(Method::GET, url)
}

/// A request that brings something.
#[must_use]
pub fn post(url: impl Into<String>) -> Call {
    call(Method::POST, url)
}

/// A request.
#[must_use]
pub fn call(method: Method, url: impl Into<String>) -> Call {
    Call { method, url: url.into(), headers: Vec::new(), body: Bytes::new(), http2: false }
}

impl Call {
    /// Adds a header, beside others of the same name.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Adds an access token.
    #[must_use]
    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    /// Adds an API credential.
    #[must_use]
    pub fn pair(self, (id, secret): (&str, &str)) -> Self {
        self.header("client_id", id).header("client_secret", secret)
    }

    /// Sends a form.
    #[must_use]
    pub fn form(mut self, members: &[(&str, &str)]) -> Self {
        self.body =
            members.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect::<Vec<_>>().join("&").into();
        self.header("content-type", "application/x-www-form-urlencoded")
    }

    /// Sends JSON.
    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string())
    }

    /// Sends anything.
    #[must_use]
    pub fn body(mut self, media_type: &str, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self.header("content-type", media_type)
    }

    /// Speaks HTTP/2 from the first byte.
    #[must_use]
    pub fn http2(mut self) -> Self {
        self.http2 = true;
        self
    }

    /// Sends it.
    ///
    /// # Panics
    /// When no answer comes.
    pub async fn send(&self) -> Answer {
        self.attempt().await.unwrap_or_else(|error| panic!("{} {}: {error}", self.method, self.url))
    }

    /// Sends it, if there is anybody.
    ///
    /// # Errors
    /// When no answer comes.
    pub async fn attempt(&self) -> Result<Answer, String> {
        let mut request = Request::builder().method(self.method.clone()).uri(&self.url);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let request = request.body(Full::new(self.body.clone())).expect("a request that can be sent");
        let mut builder = Client::builder(TokioExecutor::new());
        // A connection that lies about is closed by the server at a moment of its choosing.
        builder.pool_max_idle_per_host(0).http2_only(self.http2);
        let client: Client<HttpConnector, Full<Bytes>> = builder.build(HttpConnector::new());
        let exchange = async {
            let response = client.request(request).await.map_err(|error| format!("{error:?}"))?;
            let (head, body) = response.into_parts();
            let body = body.collect().await.map_err(|error| format!("the answer broke off: {error:?}"))?.to_bytes();
            Ok(Answer { status: head.status.as_u16(), headers: head.headers, body })
        };
        tokio::time::timeout(PATIENCE, exchange).await.unwrap_or_else(|_| Err(format!("no answer within {PATIENCE:?}")))
    }
}

/// What came back.
#[derive(Clone)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Answer {
    /// The body as JSON.
    ///
    /// # Panics
    /// When it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        assert_eq!(self.header("content-type").split(';').next(), Some("application/json"), "{self:?}");
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header, or nothing.
    ///
    /// # Panics
    /// When there are two, or its value is not text.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        let mut values = self.headers.get_all(name).iter();
        let value = values.next().map_or("", |value| value.to_str().expect("text"));
        assert!(values.next().is_none(), "{name} stands there twice: {self:?}");
        value
    }

    /// The id under which the request is known.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    pub fn id(&self) -> &str {
        let id = self.header("x-request-id");
        assert_eq!((id.len(), id.matches('-').count()), (36, 4), "every answer has a UUID as its request id: {self:?}");
        id
    }
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {:?}\n{}", self.status, self.headers, self.text())
    }
}

/// Percent-encoding, as a form has it.
#[must_use]
pub fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
