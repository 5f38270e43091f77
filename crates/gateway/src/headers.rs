//! The headers of a request on its way to the API, and of the answer on its way back.
//!
//! What arrives is the sender's word. What the API gets under the names below is ours, or is absent.

use std::net::IpAddr;

use bytes::Bytes;
use http::{
    HeaderMap, HeaderName, HeaderValue, Version,
    header::{CONNECTION, CONTENT_LENGTH, FORWARDED, HOST, TE, TRANSFER_ENCODING, VIA},
    request::Parts,
};
use web::{Visit, respond::X_REQUEST_ID};

use crate::verify::{Owner, Verified};

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const X_FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const X_FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const X_POSTIGO_ORGANISATION: HeaderName = HeaderName::from_static("x-postigo-organisation");
const X_POSTIGO_PROJECT: HeaderName = HeaderName::from_static("x-postigo-project");
const X_POSTIGO_CLIENT: HeaderName = HeaderName::from_static("x-postigo-client");
const X_POSTIGO_ENVIRONMENT: HeaderName = HeaderName::from_static("x-postigo-environment");
const X_POSTIGO_SCOPE: HeaderName = HeaderName::from_static("x-postigo-scope");
const X_POSTIGO_ACCOUNT: HeaderName = HeaderName::from_static("x-postigo-account");
/// The caller's identity as a signed JWT.
pub(crate) const X_POSTIGO_IDENTITY: HeaderName = HeaderName::from_static("x-postigo-identity");

/// Longer names are compared by their beginning; no name below comes near.
const NAME: usize = 48;

/// Whether a header of a request stops here, whoever sent it. Some servers read `_` as `-`, so both spell one name.
fn stops_here(name: &str) -> bool {
    let mut buffer = [0; NAME];
    let length = name.len().min(NAME);
    for (place, byte) in buffer.iter_mut().zip(name.bytes()) {
        *place = if byte == b'_' { b'-' } else { byte };
    }
    let name = &buffer[..length];
    match name {
        // The credentials that were for us.
        b"authorization" | b"client-id" | b"client-secret" | b"x-client-id" | b"x-client-secret" => true,
        // About this connection only (RFC 9110, section 7.6.1), and how the body is framed on it.
        b"connection"
        | b"keep-alive"
        | b"proxy-connection"
        | b"proxy-authorization"
        | b"proxy-authenticate"
        | b"te"
        | b"trailer"
        | b"transfer-encoding"
        | b"content-length"
        | b"upgrade"
        | b"http2-settings"
        | b"expect"
        | b"host" => true,
        // What only we may say of a request: where it came from, who sent it, what it was for.
        b"forwarded"
        | b"x-forwarded"
        | b"x-real-ip"
        | b"x-client-ip"
        | b"x-cluster-client-ip"
        | b"true-client-ip"
        | b"x-original-url"
        | b"x-original-uri"
        | b"x-original-method"
        | b"x-rewrite-url"
        | b"x-scope"
        | b"x-request-id"
        | b"remote-user"
        | b"x-remote-user"
        | b"client-cert"
        | b"client-cert-chain" => true,
        // Methods other than the one that was checked.
        b"x-http-method" | b"x-http-method-override" | b"x-method-override" => true,
        _ => [&b"x-postigo-"[..], b"x-forwarded-", b"x-consumer-", b"x-authenticated-", b"x-ssl-", b"x-client-cert", b"ssl-client-"]
            .iter()
            .any(|prefix| name.starts_with(prefix)),
    }
}

/// Takes out of a request what its sender may not tell the API.
pub(crate) fn strip_request(headers: &mut HeaderMap, version: Version) {
    let named = named_by_connection(headers);
    // gRPC over HTTP/2 asks for trailers, and nothing else may stand there (RFC 9113, section 8.2.2).
    let trailers = version == Version::HTTP_2 && headers.get(TE).is_some_and(|te| te == "trailers");
    let doomed: Vec<_> = headers.keys().filter(|name| stops_here(name.as_str())).cloned().collect();
    for name in doomed.into_iter().chain(named) {
        headers.remove(name);
    }
    if trailers {
        headers.insert(TE, HeaderValue::from_static("trailers"));
    }
}

/// Takes out of an answer what was about the connection to the upstream, and the upstream's own request id.
pub(crate) fn strip_response(headers: &mut HeaderMap) {
    for name in named_by_connection(headers) {
        headers.remove(name);
    }
    if headers.remove(TRANSFER_ENCODING).is_some() {
        // Both together are an attack on whoever believes the other one; the body comes as it was decoded.
        headers.remove(CONTENT_LENGTH);
    }
    for name in ["connection", "keep-alive", "proxy-connection", "proxy-authenticate", "te", "upgrade"] {
        headers.remove(name);
    }
    headers.remove(X_REQUEST_ID);
}

fn named_by_connection(headers: &HeaderMap) -> Vec<HeaderName> {
    let values = headers.get_all(CONNECTION).iter().flat_map(|value| value.as_bytes().split(|byte| *byte == b','));
    values.filter_map(|name| HeaderName::from_bytes(name.trim_ascii()).ok()).collect()
}

/// What a request says about where it was sent, before any of it is changed.
pub(crate) struct Received {
    host: Option<HeaderValue>,
    version: Version,
}

impl Received {
    pub(crate) fn of(parts: &Parts) -> Self {
        // HTTP/2 has the host in its target.
        let host = match parts.uri.authority() {
            Some(authority) => HeaderValue::from_str(authority.as_str()).ok(),
            None => parts.headers.get(HOST).cloned(),
        };
        Self { host: host.filter(is_host), version: parts.version }
    }
}

/// What may stand in a host and a port, and nothing that ends a parameter or a header.
fn is_host(value: &HeaderValue) -> bool {
    let fits = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b':' | b'[' | b']');
    (1..=255).contains(&value.len()) && value.as_bytes().iter().all(fits)
}

/// Adds what the API may trust: who calls, from where, and under which id.
pub(crate) fn label(headers: &mut HeaderMap, visit: &Visit, received: Received, verified: &Verified, owner: Owner, scope: HeaderValue) {
    headers.insert(X_REQUEST_ID, web::respond::id_value(visit.id));
    headers.insert(X_POSTIGO_ORGANISATION, owner.organisation);
    headers.insert(X_POSTIGO_PROJECT, owner.project);
    headers.insert(X_POSTIGO_CLIENT, verified.client.clone());
    headers.insert(X_POSTIGO_ENVIRONMENT, HeaderValue::from_static(verified.claims.env.as_str()));
    headers.insert(X_POSTIGO_SCOPE, scope);
    if let Some(account) = &verified.account {
        headers.insert(X_POSTIGO_ACCOUNT, account.clone());
    }
    let scheme = if visit.secure { "https" } else { "http" };
    headers.insert(FORWARDED, forwarded(visit.address, received.host.as_ref(), scheme));
    headers.insert(X_FORWARDED_FOR, text(visit.address.to_string()));
    headers.insert(X_FORWARDED_PROTO, HeaderValue::from_static(scheme));
    if let Some(host) = received.host {
        headers.insert(X_FORWARDED_HOST, host);
    }
    // RFC 9110, section 7.6.3: a gateway must say so on the way in.
    let via = match received.version {
        Version::HTTP_2 => "2 postigo",
        Version::HTTP_10 => "1.0 postigo",
        _ => "1.1 postigo",
    };
    headers.append(VIA, HeaderValue::from_static(via));
}

/// RFC 7239, section 4: an IPv6 address stands in brackets, and so in quotes; so does anything with a colon.
fn forwarded(address: IpAddr, host: Option<&HeaderValue>, scheme: &str) -> HeaderValue {
    let mut value = match address {
        IpAddr::V4(v4) => format!("for={v4}"),
        IpAddr::V6(v6) => format!("for=\"[{v6}]\""),
    };
    if let Some(host) = host.and_then(|host| host.to_str().ok()) {
        value.push_str(";host=\"");
        value.push_str(host);
        value.push('"');
    }
    value.push_str(";proto=");
    value.push_str(scheme);
    text(value)
}

fn text(value: String) -> HeaderValue {
    // Addresses and checked hosts are visible ASCII.
    HeaderValue::from_maybe_shared(Bytes::from(value)).unwrap_or(HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests;
