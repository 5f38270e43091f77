//! The limit of the gateway: a token verified once and remembered, then a proxy that changes the least it can.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, PoisonError, RwLock},
    time::{SystemTime, UNIX_EPOCH},
};

use anyhow::{Context as _, Result};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, ParsedPublicKey};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, Request, Response, StatusCode, Uri,
    header::{AUTHORIZATION, HOST},
    uri::{Authority, Scheme},
};
use http_body_util::{Either, Empty};
use hyper::body::Incoming;
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What it is told.
#[derive(Serialize, Deserialize)]
pub struct Settings {
    /// Where requests go.
    pub origin: SocketAddr,
    /// The key set (RFC 7517) of whoever issued the tokens.
    pub keys: Value,
}

struct Limit {
    keys: HashMap<String, ParsedPublicKey>,
    /// Tokens that verified, with their expiry.
    verified: RwLock<HashMap<Box<str>, u64>>,
    authority: Authority,
    host: HeaderValue,
    client: Client<HttpConnector, Incoming>,
}

type Body = Either<Incoming, Empty<Bytes>>;

pub fn run() -> Result<()> {
    let limit = Arc::new(Limit::new(&super::settings()?)?);
    super::serve(move |request| {
        let limit = Arc::clone(&limit);
        async move {
            limit.answer(request).await.unwrap_or_else(|status| {
                let mut response = Response::new(Either::Right(Empty::new()));
                *response.status_mut() = status;
                response
            })
        }
    })
}

impl Limit {
    fn new(settings: &Settings) -> Result<Self> {
        let mut tcp = HttpConnector::new();
        tcp.set_nodelay(true);
        let origin = settings.origin.to_string();
        let keys = settings.keys["keys"].as_array().into_iter().flatten().map(|jwk| key(jwk).context("a key of the set cannot be read"));
        Ok(Self {
            keys: keys.collect::<Result<_>>()?,
            verified: RwLock::default(),
            authority: origin.parse()?,
            host: origin.parse()?,
            client: Client::builder(TokioExecutor::new()).pool_max_idle_per_host(256).set_host(false).build(tcp),
        })
    }

    async fn answer(&self, request: Request<Incoming>) -> Result<Response<Body>, StatusCode> {
        let (mut parts, body) = request.into_parts();
        bearer(&parts.headers).filter(|token| self.is_good(token)).ok_or(StatusCode::UNAUTHORIZED)?;
        parts.headers.remove(AUTHORIZATION);
        parts.headers.insert(HOST, self.host.clone());
        let mut uri = parts.uri.into_parts();
        uri.scheme = Some(Scheme::HTTP);
        uri.authority = Some(self.authority.clone());
        parts.uri = Uri::from_parts(uri).map_err(|_| StatusCode::BAD_REQUEST)?;
        let answer = self.client.request(Request::from_parts(parts, body)).await.map_err(|_| StatusCode::BAD_GATEWAY)?;
        Ok(answer.map(Either::Left))
    }

    fn is_good(&self, token: &str) -> bool {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(u64::MAX, |since| since.as_secs());
        let known = self.verified.read().unwrap_or_else(PoisonError::into_inner).get(token).copied();
        let expiry = known.or_else(|| {
            let expiry = self.verify(token)?;
            self.verified.write().unwrap_or_else(PoisonError::into_inner).insert(token.into(), expiry);
            Some(expiry)
        });
        expiry.is_some_and(|expiry| now < expiry)
    }

    /// The expiry of a token that one of the keys signed.
    fn verify(&self, token: &str) -> Option<u64> {
        let (message, signature) = token.rsplit_once('.')?;
        let (header, payload) = message.split_once('.')?;
        let read = |part: &str| serde_json::from_slice::<Value>(&URL_SAFE_NO_PAD.decode(part).ok()?).ok();
        let key = self.keys.get(read(header)?["kid"].as_str()?)?;
        key.verify_sig(message.as_bytes(), &URL_SAFE_NO_PAD.decode(signature).ok()?).ok()?;
        read(payload)?["exp"].as_u64()
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

fn key(jwk: &Value) -> Option<(String, ParsedPublicKey)> {
    let coordinate = |name: &str| URL_SAFE_NO_PAD.decode(jwk[name].as_str()?).ok();
    // SEC 1, uncompressed.
    let point = [vec![4], coordinate("x")?, coordinate("y")?].concat();
    Some((jwk["kid"].as_str()?.to_owned(), ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).ok()?))
}
