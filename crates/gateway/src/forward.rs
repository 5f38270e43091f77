//! Passing a request on and its answer back.

use std::{sync::atomic::Ordering, time::Duration};

use bytes::Bytes;
use domain::{api::Upstream, decision::Refusal};
use http::{
    HeaderMap, HeaderValue, Method, Request, StatusCode, Uri,
    header::HOST,
    request::Parts,
    uri::{Authority, PathAndQuery, Scheme},
};
use serde_json::{Map, Value};
use web::{Body, Response, Visit};

use crate::{
    Gateway, credential,
    decide::Pass,
    headers::{self, Received},
    schema,
    sent::{Fault, Sent},
    upstream::Failure,
};

/// How long an identity JWT is good, in seconds.
const IDENTITY_LIFETIME: i64 = 60;

/// A place to which requests of an API go.
pub(crate) struct Target {
    kind: Kind,
    /// For whom an identity JWT is: the origin, or the service with its prefix.
    audience: String,
}

enum Kind {
    Service(String),
    Origin { scheme: Scheme, authority: Authority, host: HeaderValue },
}

impl Target {
    /// Reads an upstream of the catalogue; `None` when it cannot be addressed.
    pub(crate) fn new(upstream: &Upstream) -> Option<Self> {
        Some(match upstream {
            Upstream::Service(name) => Self { audience: format!("service:{name}"), kind: Kind::Service(name.clone()) },
            Upstream::Origin(origin) => {
                let parts = origin.parse::<Uri>().ok()?.into_parts();
                let authority = parts.authority?;
                let host = HeaderValue::from_str(authority.as_str()).ok()?;
                Self { audience: origin.clone(), kind: Kind::Origin { scheme: parts.scheme?, authority, host } }
            }
        })
    }

    /// Where connections go to.
    pub(crate) fn authority(&self) -> Option<&Authority> {
        match &self.kind {
            Kind::Service(_) => None,
            Kind::Origin { authority, .. } => Some(authority),
        }
    }

    fn is_service(&self) -> bool {
        matches!(self.kind, Kind::Service(_))
    }
}

/// What goes to the upstream, whichever of them it will be.
struct Outgoing {
    method: Method,
    path: PathAndQuery,
    headers: HeaderMap,
}

impl Gateway {
    /// Passes a request on that every check let through.
    pub(crate) async fn forward(&self, parts: Parts, mut body: Body, visit: &Visit, pass: Pass) -> Result<Response, Refusal> {
        let served = &pass.endpoint.served;
        let limit = served.api.max_body_bytes;
        if served.targets.iter().any(Target::is_service) && matches!(body, Body::Incoming(_) | Body::Bounded(..)) {
            // A service reads the whole body anyway; what is wrong with it is ours to say, as for any other upstream.
            body = Body::Whole(schema::collect(body, limit).await?);
        }
        let body = Sent::new(body, limit);
        let patience = Duration::from_millis(served.api.response_ms);
        let mut outgoing = outgoing(parts, visit, &pass);

        let count = served.targets.len();
        let turn = served.turn.fetch_add(1, Ordering::Relaxed);
        let mut others = count - 1;
        // A connection can close at the very moment it is used. What changes nothing and can be sent again is, once; all else may have
        // taken effect and is not.
        let mut repeats = usize::from(matches!(outgoing.method, Method::GET | Method::HEAD) && matches!(body, Sent::Whole(_)));
        for attempt in turn.. {
            let target = &served.targets[attempt % count];
            let headers = if others + repeats > 0 { outgoing.headers.clone() } else { std::mem::take(&mut outgoing.headers) };
            let failure = match self.try_target(target, &outgoing, headers, &body, patience, visit, &pass).await {
                Ok(response) => return Ok(response),
                Err(failure) => failure,
            };
            if let Some(fault) = body.fault() {
                return Err(if fault == Fault::TooLong { Refusal::BodyTooLarge(limit) } else { schema::broken() });
            }
            let error = match failure {
                Failure::Stalled => return Err(schema::stalled()),
                Failure::Slow => {
                    tracing::warn!(id = %visit.id, api = %served.api.name, upstream = target.audience, ?patience, "no answer in time");
                    return Err(Refusal::UpstreamTooSlow);
                }
                Failure::Unreachable(ref error) | Failure::Broken(ref error) => error,
            };
            tracing::warn!(id = %visit.id, api = %served.api.name, upstream = target.audience, error = chain(error.as_ref()), "an upstream failed");
            match failure {
                Failure::Unreachable(_) if others > 0 => others -= 1,
                Failure::Broken(_) if repeats > 0 => repeats -= 1,
                _ => break,
            }
        }
        Err(Refusal::UpstreamUnreachable)
    }

    #[expect(clippy::too_many_arguments, reason = "one try, with all that tries share")]
    async fn try_target(
        &self,
        target: &Target,
        outgoing: &Outgoing,
        mut headers: HeaderMap,
        body: &Sent,
        patience: Duration,
        visit: &Visit,
        pass: &Pass,
    ) -> Result<Response, Failure> {
        if pass.endpoint.served.api.identity_jwt
            && let Some(identity) = self.identity(target, visit, pass)
        {
            headers.insert(headers::X_POSTIGO_IDENTITY, identity);
        }
        let mut response = match &target.kind {
            Kind::Service(name) => {
                let service = self
                    .0
                    .services
                    .get(name)
                    .ok_or_else(|| Failure::Unreachable(format!("there is no service {name:?} in this program").into()))?;
                let Sent::Whole(bytes) = body else { return Err(Failure::Unreachable("a service takes whole bodies".into())) };
                let request = outgoing.request(Uri::from(outgoing.path.clone()), headers, Body::Whole(bytes.clone()));
                tokio::time::timeout(patience, service.call(request)).await.map_err(|_| Failure::Slow)?
            }
            Kind::Origin { scheme, authority, host } => {
                headers.insert(HOST, host.clone());
                let mut uri = http::uri::Parts::default();
                uri.scheme = Some(scheme.clone());
                uri.authority = Some(authority.clone());
                uri.path_and_query = Some(outgoing.path.clone());
                let uri = Uri::from_parts(uri).map_err(|error| Failure::Unreachable(error.into()))?;
                let request = outgoing.request(uri, headers, body.again());
                self.0.pool.send(request, body, patience).await?.map(Body::from)
            }
        };
        if response.status() == StatusCode::SWITCHING_PROTOCOLS {
            return Err(Failure::Broken("it changed protocols without being asked".into()));
        }
        headers::strip_response(response.headers_mut());
        *response.version_mut() = http::Version::HTTP_11;
        Ok(response)
    }

    /// The caller's identity for an upstream that wants it signed. `None`, and so no header, while no key signs.
    fn identity(&self, target: &Target, visit: &Visit, pass: &Pass) -> Option<HeaderValue> {
        let claims = &pass.verified.claims;
        let now = visit.at.as_second();
        let text = |text: &str| Value::from(text);
        let mut payload = Map::from_iter([
            ("iss".to_owned(), text(&self.0.settings.issuer)),
            ("aud".to_owned(), text(&target.audience)),
            ("sub".to_owned(), text(claims.client_id.as_str())),
            ("org".to_owned(), Value::from(pass.client.organisation.to_string())),
            ("project".to_owned(), Value::from(pass.client.project.to_string())),
            ("env".to_owned(), text(claims.env.as_str())),
            ("scope".to_owned(), text(pass.scope.to_str().unwrap_or_default())),
            ("iat".to_owned(), Value::from(now)),
            ("exp".to_owned(), Value::from(now + IDENTITY_LIFETIME)),
            ("jti".to_owned(), Value::from(self.0.entropy.uuid(visit.at).to_string())),
        ]);
        if let Some(account) = &claims.account {
            payload.insert("account".to_owned(), text(account));
        }
        let payload = serde_json::to_vec(&payload).ok()?;
        let token = self.0.directory.keys(self.0.settings.environment).identity.sign(&payload, visit.at)?;
        HeaderValue::from_maybe_shared(Bytes::from(token)).ok()
    }
}

impl Outgoing {
    fn request<B>(&self, uri: Uri, headers: HeaderMap, body: B) -> Request<B> {
        let mut request = Request::new(body);
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = uri;
        *request.headers_mut() = headers;
        request
    }
}

/// The request as the API gets it: its path and query byte for byte, less our token; its headers less what stops here, plus ours.
fn outgoing(parts: Parts, visit: &Visit, pass: &Pass) -> Outgoing {
    let received = Received::of(&parts);
    let mut headers = parts.headers;
    headers::strip_request(&mut headers, parts.version);
    headers::label(&mut headers, visit, received, &pass.verified, pass.verified.owner(&pass.client), pass.scope.clone());
    let path = parts.uri.into_parts().path_and_query.unwrap_or(PathAndQuery::from_static("/"));
    let path = if pass.token_in_query { without_token(&path) } else { path };
    Outgoing { method: parts.method, path, headers }
}

fn without_token(path: &PathAndQuery) -> PathAndQuery {
    let text = match path.query().and_then(credential::without_token) {
        Some(query) => format!("{}?{query}", path.path()),
        None => path.path().to_owned(),
    };
    // A part of a valid target is one; were it not, the token must not be what is passed on instead.
    PathAndQuery::from_maybe_shared(Bytes::from(text)).unwrap_or(PathAndQuery::from_static("/"))
}

/// An error with its causes, for the log.
fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text
}
