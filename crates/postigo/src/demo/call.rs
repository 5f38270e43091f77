//! The tour's HTTP client: what `curl` would do, and the `curl` that does it.

use anyhow::{Context as _, Result};
use bytes::Bytes;
use domain::percent::encoded;
use http::{HeaderMap, Method, Request};
use http_body_util::{BodyExt as _, Full};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::Value;

/// One request of the tour.
pub struct Call {
    method: Method,
    url: String,
    headers: Vec<(String, String)>,
    /// Members of a form that `curl` sends with `-d`.
    form: Vec<(String, String)>,
    json: Option<Value>,
    /// What is printed in place of values that are too long to read, such as the token.
    stand_ins: Vec<(String, String)>,
}

/// What came back.
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Call {
    pub fn new(method: Method, url: String) -> Self {
        Self { method, url, headers: Vec::new(), form: Vec::new(), json: None, stand_ins: Vec::new() }
    }

    pub fn form(mut self, members: &[(&str, &str)]) -> Self {
        self.form.extend(members.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        self
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The access token, printed as `$TOKEN`.
    pub fn bearer(mut self, token: &str) -> Self {
        self.stand_ins.push((token.to_owned(), "$TOKEN".to_owned()));
        self.header("authorization", &format!("Bearer {token}"))
    }

    pub fn json(mut self, body: Value) -> Self {
        self.json = Some(body);
        self.header("content-type", "application/json")
    }

    /// The command line that does the same.
    pub fn as_curl(&self) -> String {
        let mut lines = vec![if self.method == Method::GET || !self.form.is_empty() {
            format!("curl {}", self.url)
        } else {
            format!("curl -X {} {}", self.method, self.url)
        }];
        for (name, value) in &self.headers {
            let value = self.stand_ins.iter().fold(value.clone(), |value, (long, short)| value.replace(long, short));
            lines.push(format!("-H \"{name}: {value}\""));
        }
        for (name, value) in &self.form {
            lines.push(if value.contains(' ') { format!("--data-urlencode '{name}={value}'") } else { format!("-d {name}={value}") });
        }
        if let Some(json) = &self.json {
            lines.push(format!("-d '{json}'"));
        }
        lines.join(" \\\n    ")
    }

    /// Does it.
    pub async fn send(&self) -> Result<Answer> {
        let mut request = Request::builder().method(self.method.clone()).uri(&self.url);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let body = match &self.json {
            Some(json) => json.to_string(),
            None => self.form.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect::<Vec<_>>().join("&"),
        };
        if self.json.is_none() && !self.form.is_empty() {
            request = request.method(Method::POST).header("content-type", "application/x-www-form-urlencoded");
        }
        let client: Client<HttpConnector, Full<Bytes>> = Client::builder(TokioExecutor::new()).build(HttpConnector::new());
        let response =
            client.request(request.body(Full::new(Bytes::from(body)))?).await.with_context(|| format!("{} does not answer", self.url))?;
        let (head, body) = response.into_parts();
        let body = body.collect().await.context("the answer broke off")?.to_bytes();
        let body = serde_json::from_slice(&body).unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&body).into_owned()));
        Ok(Answer { status: head.status.as_u16(), headers: head.headers, body })
    }
}
