//! The portal: pages for everybody, for members of organisations and for the operator's staff.
//!
//! A request is read into a [`Visit`](visit::Visit) (who asks, in which language, with which form), its route is looked up in
//! the one table of [`routes`], and the page function answers with a rendered template. Nothing is decided here: who may do
//! what is `app`'s business. Every page works without JavaScript.

mod agent;
mod articles;
mod assets;
mod bands;
mod cookies;
mod downloads;
mod failure;
mod form;
mod frame;
mod guard;
mod language;
mod local;
pub mod management;
mod multipart;
mod pages;
mod qr;
mod reference;
pub mod routes;
mod samples;
mod session;
mod sheet;
mod stamp;
mod streams;
mod told;
pub mod try_it;
pub mod upstreams;
mod visit;
mod waits;
mod words;

use std::{net::IpAddr, sync::Arc};

use app::App;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use directory::{Catalogue, Directory};
use domain::{Entropy, Environment, event_matrix::Matrix, request_id::RequestId};
use http::{
    HeaderMap, HeaderValue, Method, StatusCode,
    header::{ACCEPT_LANGUAGE, ALLOW, CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY, REFERRER_POLICY, VARY},
};
use matchit::Router;
use web::{Body, Request, Response, body::ReadError, respond};

use crate::{
    cookies::Cookie,
    failure::Failure,
    form::Values,
    language::Language,
    routes::{Audience, ROUTES, Route, Verb},
    visit::Visit,
};

/// How long a chosen language is remembered, in seconds.
const LANGUAGE_SECONDS: u32 = 400 * 86_400;

/// What the portal must be told.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The portal's own address, without a slash at its end; links in mails begin with it.
    pub public_url: String,
    /// The address of each environment that is served.
    pub environments: Vec<(Environment, String)>,
    /// Whether there is a page with the mails that a house without a mail server cannot send.
    pub mailbox: bool,
    /// How the console reaches the sandbox.
    pub sandbox: try_it::Line,
    /// Who judges the tokens of the management API.
    pub management: management::Gate,
    /// How the origins behind the APIs are tried.
    pub upstreams: upstreams::Line,
    /// The Event Matrix that is shown and handed out.
    pub matrix: Arc<Matrix>,
    /// Whom people can turn to.
    pub support: Support,
}

/// How the operator's support is reached. What is empty is not shown.
#[derive(Debug, Clone, Default)]
pub struct Support {
    /// An e-mail address.
    pub email: String,
    /// A telephone number, as people write it.
    pub phone: String,
    /// When somebody answers, in the operator's words.
    pub hours: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            public_url: String::new(),
            environments: Vec::new(),
            mailbox: false,
            sandbox: try_it::Line::default(),
            management: management::Gate::default(),
            upstreams: upstreams::Line::default(),
            matrix: Matrix::built_in(),
            support: Support::default(),
        }
    }
}

impl Settings {
    /// The address of an environment, where it is served.
    #[must_use]
    pub fn base_url(&self, environment: Environment) -> Option<&str> {
        self.environments.iter().find(|(known, _)| *known == environment).map(|(_, url)| url.as_str())
    }
}

/// The portal. Cloning is cheap.
#[derive(Clone)]
pub struct Portal(Arc<Inner>);

struct Inner {
    directory: Directory,
    app: App,
    entropy: Entropy,
    settings: Settings,
    references: reference::Shelf,
    histories: pages::apis::Histories,
    sheets: sheet::Sheets,
    streams: streams::Streams,
    /// Path to the routes under it, GET and POST.
    router: Router<[Option<&'static Route>; 2]>,
}

/// Only what this host serves is loaded, nothing written into a page runs, nobody frames it.
pub(crate) const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

impl Portal {
    /// A portal over this directory and these use cases.
    ///
    /// # Panics
    /// When two routes contradict each other, which the first test of this crate would have shown.
    #[must_use]
    pub fn new(directory: Directory, app: App, entropy: Entropy, settings: Settings) -> Self {
        let mut paths: Vec<(&'static str, [Option<&'static Route>; 2])> = Vec::new();
        for route in ROUTES {
            let at = match paths.iter().position(|(path, _)| *path == route.path) {
                Some(at) => at,
                None => {
                    paths.push((route.path, [None, None]));
                    paths.len() - 1
                }
            };
            paths[at].1[route.verb as usize] = Some(route);
        }
        let mut router = Router::new();
        for (path, routes) in paths {
            router.insert(path, routes).expect("routes that do not contradict each other");
        }
        Self(Arc::new(Inner {
            directory,
            app,
            entropy,
            settings,
            references: reference::Shelf::default(),
            histories: pages::apis::Histories::default(),
            sheets: sheet::Sheets::default(),
            streams: streams::Streams::default(),
            router,
        }))
    }

    /// Answers a request from `address`.
    pub async fn handle(&self, request: Request, address: IpAddr) -> Response {
        let at = self.0.directory.clock().now();
        let id = RequestId::new(at, &self.0.entropy);
        if try_it::path_of(request.uri()).is_some() {
            return try_it::answer(self, request, address, id).await;
        }
        if management::is_here(request.uri().path()) {
            return management::answer(self, request, address, id).await;
        }
        let (head, body) = request.into_parts();
        let query = Values::read(head.uri.query().unwrap_or_default().as_bytes());
        let cookie = |cookie: Cookie| cookie.read(&head.headers, self.is_secure());
        let session = session::of(&self.0.app, cookie(Cookie::Session), head.uri.path()).await;
        let (session, away) = match session {
            Ok(session) => (session, None),
            Err(failure) => (None, Some(failure)),
        };
        let chosen: Option<Language> = query.text("lang").parse().ok();
        let language = chosen
            // What was chosen in this browser comes before the account's; signing in sets it to the account's.
            .or_else(|| cookie(Cookie::Language).and_then(|tag| tag.parse().ok()))
            .or_else(|| session.as_ref().and_then(|session| session.account().language()))
            .unwrap_or_else(|| language::preferred(header(&head.headers, ACCEPT_LANGUAGE)));
        // A form is bound to its session, or to a visitor's cookie that is given with the first page.
        let visitor = cookie(Cookie::Session).or_else(|| cookie(Cookie::Visitor)).map(str::to_owned);
        let fresh = visitor.is_none().then(|| URL_SAFE_NO_PAD.encode(self.0.entropy.bytes::<24>()));
        let holder = visitor.or_else(|| fresh.clone()).unwrap_or_default();
        let mut visit = Visit {
            portal: self,
            id,
            at,
            address,
            method: head.method,
            path: head.uri.path().to_owned(),
            query,
            form: Values::default(),
            segments: Vec::new(),
            language,
            session,
            form_token: self.0.app.form_token(&holder),
            headers: head.headers,
        };
        let outcome = match away {
            Some(failure) => Err(failure),
            None => self.answer(&mut visit, body).await,
        };
        let mut response = match outcome {
            Ok(response) => response,
            Err(failure) => failure.page(&visit).unwrap_or_else(|_| {
                respond::answer(StatusCode::INTERNAL_SERVER_ERROR, HeaderValue::from_static("text/plain"), "Internal Server Error", id)
            }),
        };
        // Never beside what a shared cache may keep: it would hand one visitor's cookie to all.
        if response.headers().get(CACHE_CONTROL).is_some_and(|value| value == "no-store") {
            if let Some(fresh) = fresh {
                visit.give(&mut response, Cookie::Visitor, &fresh, LANGUAGE_SECONDS);
            }
            if let Some(chosen) = chosen {
                visit.give(&mut response, Cookie::Language, chosen.as_str(), LANGUAGE_SECONDS);
            }
        }
        response
    }

    async fn answer(&self, visit: &mut Visit<'_>, body: Body) -> Result<Response, Failure> {
        let path = visit.path.clone();
        let found = self.0.router.at(&path).map_err(|_| Failure::Missing)?;
        let verb = match visit.method {
            Method::GET | Method::HEAD => Some(Verb::Get),
            Method::POST => Some(Verb::Post),
            _ => None,
        };
        let Some(route) = verb.and_then(|verb| found.value[verb as usize]) else {
            return self.method_not_allowed(visit, found.value);
        };
        visit.segments = found.params.iter().map(|(name, value)| (name.to_owned(), decoded(value))).collect();
        match route.audience {
            Audience::Anyone | Audience::Provider => {}
            Audience::Account => drop(visit.somebody()?),
            Audience::Member => guard::may_enter(visit).await?,
            // To others the console is not there.
            Audience::Staff => visit.somebody()?.account().staff().map(drop).ok_or(Failure::Missing)?,
        }
        if route.verb == Verb::Post {
            let body = body.read(form::longest(route.path)).await.map_err(|error| match error {
                ReadError::TooLong => Failure::TooLong,
                ReadError::Broken => Failure::Foreign,
            })?;
            visit.form = match multipart::boundary(&visit.headers) {
                Some(boundary) => multipart::read(&boundary, &body),
                None => Values::read(&body),
            };
            if route.audience != Audience::Provider {
                guard::is_ours(visit)?;
            }
        }
        (route.page)(visit).await
    }

    fn method_not_allowed(&self, visit: &Visit<'_>, served: &[Option<&'static Route>; 2]) -> Result<Response, Failure> {
        let mut response = Failure::Missing.page(visit)?;
        *response.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
        let allow = match served {
            [Some(_), None] => "GET, HEAD",
            [None, _] => "POST",
            [Some(_), Some(_)] => "GET, HEAD, POST",
        };
        response.headers_mut().insert(ALLOW, HeaderValue::from_static(allow));
        Ok(response)
    }

    /// What every answer of the portal carries.
    pub(crate) fn seal(&self, response: &mut Response, language: Language) {
        let headers = response.headers_mut();
        headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
        headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(language.as_str()));
        headers.insert(VARY, HeaderValue::from_static("accept-language, cookie"));
        headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
        headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
        if self.is_secure() {
            headers.insert(http::header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
        }
    }

    /// Ends every answer that is still being made, so that a server can stop without waiting for them; there will be no new ones.
    pub fn close(&self) {
        self.0.streams.close();
    }

    pub(crate) fn streams(&self) -> &streams::Streams {
        &self.0.streams
    }

    pub(crate) fn app(&self) -> &App {
        &self.0.app
    }

    pub(crate) fn catalogue(&self) -> Arc<Catalogue> {
        self.0.directory.catalogue()
    }

    pub(crate) fn references(&self) -> &reference::Shelf {
        &self.0.references
    }

    pub(crate) fn histories(&self) -> &pages::apis::Histories {
        &self.0.histories
    }

    pub(crate) fn sheets(&self) -> &sheet::Sheets {
        &self.0.sheets
    }

    pub(crate) fn directory(&self) -> &Directory {
        &self.0.directory
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// Whether browsers reach the portal by TLS, which decides about its cookies.
    pub(crate) fn is_secure(&self) -> bool {
        self.0.settings.public_url.starts_with("https://")
    }

    pub(crate) fn has_mailbox(&self) -> bool {
        self.0.settings.mailbox
    }
}

fn header(headers: &HeaderMap, name: http::HeaderName) -> &str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// A segment of a path in clear; what is no UTF-8 matches nothing anyway.
fn decoded(segment: &str) -> String {
    // What means something in a form means itself here.
    let plain = segment.replace('+', "%2B").replace('&', "%26").replace('=', "%3D");
    form_urlencoded::parse(plain.as_bytes()).next().map(|(name, _)| form::storable(&name)).unwrap_or_default()
}
