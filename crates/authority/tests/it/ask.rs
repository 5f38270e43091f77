//! Asking, and reading the answer.

use std::net::IpAddr;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::{Environment, request_id::RequestId};
use http::{HeaderMap, Method, header};
use serde_json::Value;
use web::{Body, Visit};

use crate::house::{House, Member};

/// The token routes, each with the name of its dialect.
pub const TOKEN_ROUTES: [(&str, &str); 3] = [("oauth", "/oauth2/token"), ("fedex", "/oauth/token"), ("correos", "/Api/Authorize/Token")];

/// A request in the making.
pub struct Ask {
    request: http::Request<Body>,
    environment: Environment,
    address: IpAddr,
}

/// An answer, read whole.
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
    pub id: String,
}

pub fn post(path: &str) -> Ask {
    ask(Method::POST, path)
}

pub fn get(path: &str) -> Ask {
    ask(Method::GET, path)
}

pub fn ask(method: Method, path: &str) -> Ask {
    let request = http::Request::builder().method(method).uri(path).body(Body::Empty).expect("a request");
    Ask { request, environment: Environment::Sandbox, address: IpAddr::from([192, 0, 2, 1]) }
}

/// `grant_type=client_credentials` of `member` on one of the token routes, without credentials yet.
pub fn token(path: &str, parameters: &[(&str, &str)]) -> Ask {
    let mut all = vec![("grant_type", "client_credentials")];
    all.extend_from_slice(parameters);
    post(path).form(&all)
}

/// The same, of `member`, at `/oauth2/token`, as JSON.
pub async fn token_of(house: &House, member: &Member, parameters: &[(&str, &str)]) -> Value {
    let answer = token("/oauth2/token", parameters).basic(member.id.as_str(), &member.secret).send(house).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()
}

/// An access token of `member`.
pub async fn access_token(house: &House, member: &Member) -> String {
    token_of(house, member, &[]).await["access_token"].as_str().expect("a token").to_owned()
}

/// Form-encodes so that no parser can mistake it.
pub fn encode(text: &str) -> String {
    text.bytes().map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

pub fn form(parameters: &[(&str, &str)]) -> String {
    parameters.iter().map(|(name, value)| format!("{}={}", name, encode(value))).collect::<Vec<_>>().join("&")
}

impl Ask {
    pub fn form(self, parameters: &[(&str, &str)]) -> Self {
        self.body(form(parameters))
    }

    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        *self.request.body_mut() = Body::from(body.into());
        self.header("content-type", "application/x-www-form-urlencoded")
    }

    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        self.request.headers_mut().insert(name, value.parse().expect("a value"));
        self
    }

    pub fn another_header(mut self, name: &'static str, value: &str) -> Self {
        self.request.headers_mut().append(name, value.parse().expect("a value"));
        self
    }

    pub fn without_header(mut self, name: &'static str) -> Self {
        self.request.headers_mut().remove(name);
        self
    }

    pub fn basic(self, id: &str, secret: &str) -> Self {
        let both = STANDARD.encode(format!("{}:{}", encode(id), encode(secret)));
        self.header("authorization", &format!("Basic {both}"))
    }

    pub fn production(mut self) -> Self {
        self.environment = Environment::Production;
        self
    }

    pub fn from(mut self, address: IpAddr) -> Self {
        self.address = address;
        self
    }

    pub async fn send(self, house: &House) -> Answer {
        let at = house.hands.clock().now();
        self.send_at(house, at).await
    }

    pub async fn send_at(self, house: &House, at: domain::Timestamp) -> Answer {
        let visit = Visit { id: RequestId::new(at, &house.entropy), at, address: self.address, secure: false };
        let Ok(response) = house.of(self.environment).handle(self.request, visit).await else { panic!("this path is not the authority's") };
        let (head, body) = response.into_parts();
        let body = body.read(1 << 20).await.expect("a body");
        let answer = Answer {
            status: head.status.as_u16(),
            headers: head.headers,
            body: String::from_utf8(body.to_vec()).expect("UTF-8"),
            id: visit.id.to_string(),
        };
        answer.check_what_holds_for_every_answer();
        answer
    }
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("visible ASCII"))
    }

    /// The `error` of an OAuth answer.
    pub fn error(&self) -> String {
        self.json()["error"].as_str().unwrap_or_else(|| panic!("no error in {}", self.body)).to_owned()
    }

    /// Everything but what differs from request to request.
    pub fn comparable(&self) -> (u16, Vec<(String, String)>, String) {
        let mut headers: Vec<_> = self
            .headers
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().expect("visible ASCII").replace(&self.id, "[id]")))
            .collect();
        headers.sort();
        (self.status, headers, self.body.replace(&self.id, "[id]"))
    }

    /// The answer as a person would read it, without ids and tokens.
    pub fn redacted(&self) -> String {
        let (status, headers, mut body) = self.comparable();
        if let Ok(json) = serde_json::from_str::<Value>(&body) {
            for member in ["access_token", "idToken"] {
                if let Some(token) = json[member].as_str() {
                    body = body.replace(token, "[token]");
                }
            }
        }
        let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
        format!("{status}\n{headers}\n{body}\n")
    }

    fn check_what_holds_for_every_answer(&self) {
        assert_eq!(self.header("x-request-id"), Some(&*self.id));
        assert_eq!(self.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(self.headers.get_all(header::CONTENT_TYPE).iter().count(), usize::from(!self.body.is_empty()));
        assert!(self.body.is_empty() || self.header("content-type") == Some("application/json"), "{}", self.body);
        assert!(self.headers.keys().all(|name| !name.as_str().starts_with("access-control-")), "{:?}", self.headers);
        if self.status >= 400 {
            assert_eq!(self.header("cache-control"), Some("no-store"));
            let json = self.json();
            if let Some(description) = json["error_description"].as_str() {
                assert!(description.bytes().all(|b| matches!(b, 0x20..=0x21 | 0x23..=0x5B | 0x5D..=0x7E)), "{description}");
            }
            assert_eq!(self.status == 401, self.headers.contains_key("www-authenticate"));
        }
    }
}
