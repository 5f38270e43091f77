//! The limit of the token route: read the form, hash the secret, compare, sign, answer. No look-up but one, nothing counted, nothing kept.

use std::{
    borrow::Cow,
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use anyhow::{Context as _, Result};
use aws_lc_rs::{
    hmac,
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Incoming;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;

/// What it is told: one client, and an answer of the server it is the limit of, so that both send as many bytes.
#[derive(Serialize, Deserialize)]
pub struct Settings {
    pub client_id: String,
    pub client_secret: String,
    /// The token's header, encoded.
    pub header: String,
    /// The token's payload, in JSON.
    pub payload: String,
    /// What stands before and after the token in the body.
    pub before: String,
    pub after: String,
    /// The headers of the answer.
    pub headers: Vec<(String, String)>,
}

struct Limit {
    hash_key: hmac::Key,
    /// The hashes of the clients' secrets.
    clients: HashMap<String, Vec<u8>>,
    pair: EcdsaKeyPair,
    header: String,
    payload: String,
    /// Where the token's id stands in the payload.
    id: std::ops::Range<usize>,
    issued: AtomicU64,
    before: String,
    after: String,
    headers: HeaderMap,
}

pub fn run() -> Result<()> {
    let limit = Arc::new(Limit::new(super::settings()?)?);
    super::serve(move |request| {
        let limit = Arc::clone(&limit);
        async move { limit.answer(request).await }
    })
}

impl Limit {
    fn new(settings: Settings) -> Result<Self> {
        let hash_key = hmac::Key::new(hmac::HMAC_SHA256, &[7; 32]);
        let hash = hmac::sign(&hash_key, settings.client_secret.as_bytes()).as_ref().to_vec();
        let read = |(name, value): &(String, String)| Ok((name.parse::<HeaderName>()?, value.parse::<HeaderValue>()?));
        let start = settings.payload.find("\"jti\":\"").context("a token has an id")? + 7;
        Ok(Self {
            hash_key,
            clients: HashMap::from([(settings.client_id, hash)]),
            pair: EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)?,
            header: settings.header,
            payload: settings.payload,
            id: start..start + 36,
            issued: AtomicU64::new(0),
            before: settings.before,
            after: settings.after,
            headers: settings.headers.iter().map(read).collect::<Result<_>>()?,
        })
    }

    async fn answer(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        match self.token(request).await {
            Some(body) => {
                let mut response = Response::new(Full::new(body.into()));
                response.headers_mut().clone_from(&self.headers);
                response
            }
            None => {
                let mut response = Response::new(Full::new(Bytes::new()));
                *response.status_mut() = StatusCode::UNAUTHORIZED;
                response
            }
        }
    }

    async fn token(&self, request: Request<Incoming>) -> Option<String> {
        if request.method() != Method::POST || request.uri().path() != "/oauth2/token" {
            return None;
        }
        let body = Limited::new(request.into_body(), 16 * 1024).collect().await.ok()?.to_bytes();
        let form = form(&body)?;
        let get = |name: &str| form.iter().find(|(own, _)| own == name).map(|(_, value)| &**value);
        if get("grant_type")? != "client_credentials" {
            return None;
        }
        let known = self.clients.get(get("client_id")?)?;
        let hash = hmac::sign(&self.hash_key, get("client_secret")?.as_bytes());
        bool::from(hash.as_ref().ct_eq(known)).then(|| self.sign())
    }

    fn sign(&self) -> String {
        let mut payload = self.payload.clone();
        let id = self.issued.fetch_add(1, Ordering::Relaxed);
        payload.replace_range(self.id.clone(), &format!("00000000-0000-7000-{:04x}-{:012x}", id >> 48, id & 0xFFFF_FFFF_FFFF));

        let mut token = String::with_capacity(self.header.len() + payload.len() * 4 / 3 + 96);
        token.push_str(&self.header);
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(&payload, &mut token);
        let signature = self.pair.sign(&SystemRandom::new(), token.as_bytes());
        token.push('.');
        if let Ok(signature) = signature {
            URL_SAFE_NO_PAD.encode_string(signature, &mut token);
        }
        format!("{}{token}{}", self.before, self.after)
    }
}

type Parameters<'a> = Vec<(Cow<'a, str>, Cow<'a, str>)>;

fn form(body: &[u8]) -> Option<Parameters<'_>> {
    let body = std::str::from_utf8(body).ok()?;
    body.split('&')
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Some((decoded(name)?, decoded(value)?))
        })
        .collect()
}

fn decoded(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains(['%', '+']) {
        return Some(Cow::Borrowed(text));
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                u8::try_from(digit()? * 16 + digit()?).ok()?
            }
            other => other,
        });
    }
    String::from_utf8(bytes).ok().map(Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read() {
        let read = form(b"a=1&b=c%20d+e&f").expect("a form");
        assert_eq!(read, [("a".into(), "1".into()), ("b".into(), "c d e".into()), ("f".into(), Cow::from(""))]);
        assert!(form(b"a=%zz").is_none());
    }
}
