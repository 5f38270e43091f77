//! Requests in the making, and their answers.

use bytes::Bytes;
use domain::{ApiCredentialId, request_id::RequestId};
use http::{HeaderMap, Method, Request, StatusCode};
use serde_json::Value;
use web::Body;

/// A request in the making.
pub struct Call(pub web::Request);

pub fn call(method: Method, target: &str) -> Call {
    let request = Request::builder().method(method).uri(target).header("host", "sandbox.test").body(Body::Empty).expect("a request");
    Call(request)
}

pub fn get(target: &str) -> Call {
    call(Method::GET, target)
}

pub fn post(target: &str, body: impl Into<Bytes>) -> Call {
    let mut call = call(Method::POST, target);
    *call.0.body_mut() = Body::Whole(body.into());
    call
}

impl Call {
    pub fn with(mut self, name: &str, value: &str) -> Self {
        let name: http::HeaderName = name.parse().expect("a name");
        self.0.headers_mut().append(name, http::HeaderValue::from_bytes(value.as_bytes()).expect("a value"));
        self
    }

    pub fn bearer(self, token: &str) -> Self {
        self.with("authorization", &format!("Bearer {token}"))
    }

    pub fn credential(self, (id, secret): &(ApiCredentialId, String)) -> Self {
        self.with("client_id", id.as_str()).with("client_secret", secret)
    }
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
    pub id: RequestId,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("not JSON: {self:?}"))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("text"))
    }

    /// The status and the code of a refusal in the default dialect; `-` when it passed.
    pub fn verdict(&self) -> String {
        let code = match self.header("content-type") {
            "application/problem+json" => {
                self.json()["type"].as_str().and_then(|t| t.strip_prefix("http://portal.test/errors/")).map(str::to_owned)
            }
            _ => None,
        };
        format!("{} {}", self.status.as_u16(), code.unwrap_or_else(|| "-".into()))
    }
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {:?} {}", self.status, self.headers, String::from_utf8_lossy(&self.body))
    }
}
