//! Calls of the console: the one route of the portal that a script of somebody else's making may use, and the only one with CORS.
//!
//! The console's frame has an origin of its own (`sandbox` without `allow-same-origin`), so it holds no cookie and can read nothing of the
//! portal. It calls `/apis/{name}/console/call/...` with its ticket; the call goes on to the sandbox's gateway in the name of the project that
//! the ticket stands for, with a token that never leaves the program. The token routes themselves stay without CORS.

use std::{fmt, net::IpAddr, pin::Pin, sync::Arc};

use app::{Error, try_it};
use domain::{ClientId, request_id::RequestId};
use http::{
    HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri,
    header::{
        ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS,
        ACCESS_CONTROL_MAX_AGE, ALT_SVC, AUTHORIZATION, CACHE_CONTROL, CONTENT_SECURITY_POLICY, COOKIE, ORIGIN, REFERER, REFRESH,
        SET_COOKIE, STRICT_TRANSPORT_SECURITY, VARY,
    },
};
use web::{
    Request, Response,
    problem::{MEDIA_TYPE, problem},
    respond,
};

use crate::{Portal, header};

/// What an answer says to the browser about the whole host it came from, which for the console's calls is the portal's: none of the API's business.
const OF_THE_HOST: [HeaderName; 10] = [
    SET_COOKIE,
    STRICT_TRANSPORT_SECURITY,
    ALT_SVC,
    REFRESH,
    HeaderName::from_static("clear-site-data"),
    HeaderName::from_static("service-worker-allowed"),
    HeaderName::from_static("report-to"),
    HeaderName::from_static("reporting-endpoints"),
    HeaderName::from_static("nel"),
    HeaderName::from_static("access-control-allow-credentials"),
];

/// A call under way.
pub type Calling<'s> = Pin<Box<dyn Future<Output = Option<Response>> + Send + 's>>;

/// The sandbox as the console needs it.
pub trait Sandbox: Send + Sync {
    /// Makes a call in the name of a client, which the caller has checked, from `address`. It carries no credential; the client's token and
    /// all that goes with it are added behind this. `None`: no token can be had, because the client or its organisation is stopped.
    fn call<'s>(&'s self, client: &'s ClientId, request: Request, address: IpAddr) -> Calling<'s>;
}

/// The sandbox, where this house serves one.
#[derive(Clone, Default)]
pub struct Line(Option<Arc<dyn Sandbox>>);

impl Line {
    /// A line to this sandbox.
    #[must_use]
    pub fn to(sandbox: Arc<dyn Sandbox>) -> Self {
        Self(Some(sandbox))
    }

    pub(crate) const fn is_open(&self) -> bool {
        self.0.is_some()
    }
}

impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_open() { "Line(open)" } else { "Line(closed)" })
    }
}

/// The path at the sandbox of a call to the console's route; `None` when the request is for a page.
pub(crate) fn path_of(uri: &Uri) -> Option<&str> {
    let (name, rest) = uri.path().strip_prefix("/apis/")?.split_once('/')?;
    let path = rest.strip_prefix("console/call").filter(|path| path.starts_with('/'))?;
    (!name.is_empty()).then_some(path)
}

/// Answers a call of the console.
pub(crate) async fn answer(portal: &Portal, request: Request, address: IpAddr, id: RequestId) -> Response {
    // The frame's origin is none that could be named. Every other page is refused by the browser: it gets no CORS header.
    let framed = header(request.headers(), ORIGIN) == "null";
    let mut response = if request.method() == Method::OPTIONS {
        respond::answer(StatusCode::NO_CONTENT, HeaderValue::from_static("text/plain"), "", id)
    } else {
        pass(portal, request, address, id).await.unwrap_or_else(|refusal| refused(portal, refusal, id))
    };
    let headers = response.headers_mut();
    for name in OF_THE_HOST {
        headers.remove(name);
    }
    // Only the ticket opened it: no cache in front may hand it to others.
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // Whatever comes from behind the gateway is data here, never a page of the portal.
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox; default-src 'none'"));
    headers.insert(http::header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(VARY, HeaderValue::from_static("origin"));
    if framed {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("null"));
        // The asterisk stands for every header but this one (Fetch, section 3.2.3).
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("authorization, *"));
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("*"));
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("*"));
        headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    }
    response
}

/// A refusal of the portal's own: its status, the word of the page that explains it, and what to do.
type Refusal = (StatusCode, &'static str, &'static str);

async fn pass(portal: &Portal, request: Request, address: IpAddr, id: RequestId) -> Result<Response, Refusal> {
    let Line(Some(sandbox)) = &portal.settings().sandbox else {
        return Err((StatusCode::NOT_FOUND, "404", "This house serves no sandbox: call the environment that it serves."));
    };
    let ticket = header(request.headers(), AUTHORIZATION).strip_prefix("Bearer ").unwrap_or_default();
    let client = try_it::redeem(portal.app(), ticket).await.map_err(|error| {
        if let Error::Store(error) = error {
            tracing::error!(%error, request_id = %id, "a ticket of the console could not be checked");
            return (StatusCode::SERVICE_UNAVAILABLE, "503", "The portal cannot reach its database: try again in a few seconds.");
        }
        (StatusCode::UNAUTHORIZED, "401", "This console was opened too long ago, or by somebody who left: load its page again.")
    })?;
    let (mut head, body) = request.into_parts();
    let query = head.uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let at_home = path_of(&head.uri).and_then(|path| format!("{path}{query}").parse().ok());
    head.uri = at_home.ok_or((StatusCode::NOT_FOUND, "404", "There is no such path at the sandbox: take one from the API's page."))?;
    keep_ours(&mut head.headers);
    sandbox.call(&client, Request::from_parts(head, body), address).await.ok_or((
        StatusCode::FORBIDDEN,
        "client-stopped",
        "No token can be had for this project: its client or its organisation is stopped. Its page says which.",
    ))
}

/// What says who asks is of the browser and the portal, not of the call.
fn keep_ours(headers: &mut HeaderMap) {
    for name in [AUTHORIZATION, COOKIE, ORIGIN, REFERER] {
        headers.remove(name);
    }
    let browsers: Vec<HeaderName> = headers.keys().filter(|name| name.as_str().starts_with("sec-")).cloned().collect();
    for name in browsers {
        headers.remove(name);
    }
}

fn refused(portal: &Portal, (status, code, detail): Refusal, id: RequestId) -> Response {
    let link = format!("{}/errors/{code}", portal.settings().public_url);
    let body = problem(status.as_u16(), status.canonical_reason().unwrap_or_default(), detail, &link, id);
    respond::answer(status, HeaderValue::from_static(MEDIA_TYPE), body.to_string(), id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_told_from_a_page() {
        let path = |uri: &str| path_of(&uri.parse().expect("a URI")).map(str::to_owned);
        assert_eq!(path("/apis/labels/console/call/support/labels?x=1").as_deref(), Some("/support/labels"));
        assert_eq!(path("/apis/labels/console/call//oauth2/token").as_deref(), Some("//oauth2/token"));
        for page in [
            "/apis/labels/console",
            "/apis/labels/console/frame",
            "/apis/labels/console/call",
            "/apis/labels/console/caller/x",
            "/apis//console/call/x",
            "/x",
        ] {
            assert_eq!(path(page), None, "{page}");
        }
    }
}
