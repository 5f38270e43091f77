//! The portal's public pages: the catalogue and what the error codes mean.
//!
//! These are the plain beginnings: a page works without JavaScript and without a stylesheet, in Spanish and in English.

mod language;
mod pages;

use std::net::IpAddr;

use directory::Directory;
use domain::{Entropy, request_id::RequestId};
use http::{
    HeaderValue, Method, StatusCode,
    header::{ALLOW, CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY, REFERRER_POLICY, VARY},
};
use web::{Request, Response, respond};

use language::Language;

/// The portal. Cloning is cheap.
#[derive(Clone)]
pub struct Portal {
    directory: Directory,
    entropy: Entropy,
}

/// Nothing is loaded from anywhere, nothing runs, nobody frames it.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

impl Portal {
    /// A portal over this directory.
    #[must_use]
    pub fn new(directory: Directory, entropy: Entropy) -> Self {
        Self { directory, entropy }
    }

    /// Answers a request.
    pub async fn handle(&self, request: Request, _address: IpAddr, _secure: bool) -> Response {
        let id = RequestId::new(self.directory.clock().now(), &self.entropy);
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            let mut response =
                self.page(StatusCode::METHOD_NOT_ALLOWED, &pages::missing(Language::of(&request)), Language::of(&request), id);
            response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
            return response;
        }
        let language = Language::of(&request);
        let catalogue = self.directory.catalogue();
        let path: Vec<&str> = request.uri().path().split('/').skip(1).collect();
        let found = match path.as_slice() {
            [""] => Some(pages::home(language)),
            ["apis"] => Some(pages::apis(&catalogue, language)),
            ["apis", name, "openapi.json"] => {
                return match catalogue.document(name) {
                    Some(document) => respond::answer(StatusCode::OK, respond::JSON, document.to_string(), id),
                    None => self.page(StatusCode::NOT_FOUND, &pages::missing(language), language, id),
                };
            }
            ["apis", name] => catalogue.find(name).map(|api| pages::api(api, language)),
            ["errors", code] => pages::error(code, language),
            _ => None,
        };
        match found {
            Some(page) => self.page(StatusCode::OK, &page, language, id),
            None => self.page(StatusCode::NOT_FOUND, &pages::missing(language), language, id),
        }
    }

    fn page(&self, status: StatusCode, page: &str, language: Language, id: RequestId) -> Response {
        let mut response = respond::answer(status, HeaderValue::from_static("text/html; charset=utf-8"), page.to_owned(), id);
        let headers = response.headers_mut();
        headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
        headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
        headers.insert(VARY, HeaderValue::from_static("accept-language"));
        headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        response
    }
}
