//! One request as a page sees it: who asks, in which language, with which form.

use std::net::IpAddr;

use app::{
    Actor,
    accounts::{self, Session, SignedIn},
};
use domain::{Timestamp, request_id::RequestId};
use http::{HeaderMap, Method, StatusCode, header::LOCATION};
use web::{Response, respond};

use crate::{
    Portal,
    cookies::Cookie,
    failure::Failure,
    form::Values,
    frame::{Frame, Notice},
    language::Language,
};

pub(crate) use domain::percent::encoded;

/// What every page answers.
pub(crate) type Outcome = Result<Response, Failure>;

/// A request, read.
pub(crate) struct Visit<'p> {
    pub(crate) portal: &'p Portal,
    pub(crate) id: RequestId,
    pub(crate) at: Timestamp,
    pub(crate) address: IpAddr,
    pub(crate) headers: HeaderMap,
    pub(crate) method: Method,
    /// The path as it was asked for.
    pub(crate) path: String,
    pub(crate) query: Values,
    /// What was posted; empty for what was got.
    pub(crate) form: Values,
    /// The segments the route left open, by name.
    pub(crate) segments: Vec<(String, String)>,
    pub(crate) language: Language,
    /// What the browser's cookie opens: somebody who may act, or somebody of whom more is awaited.
    pub(crate) session: Option<Session>,
    /// What a form of this visitor carries, so that nobody else's page can send it.
    pub(crate) form_token: String,
}

impl Visit<'_> {
    /// The segment of that name; empty when the route has none.
    pub(crate) fn segment(&self, name: &str) -> &str {
        self.segments.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// The segment of that name as an id; what is no id is not found.
    pub(crate) fn id_segment<T: std::str::FromStr>(&self, name: &str) -> Result<T, Failure> {
        self.segment(name).parse().map_err(|_| Failure::Missing)
    }

    /// One of two texts.
    pub(crate) fn t<'a>(&self, spanish: &'a str, english: &'a str) -> &'a str {
        self.language.pick(spanish, english)
    }

    /// Who signed in and may act. Routes for accounts and staff are not reached without.
    pub(crate) fn somebody(&self) -> Result<&SignedIn, Failure> {
        match &self.session {
            None => Err(Failure::SignedOut),
            Some(Session::Half(_)) => Err(Failure::HalfSignedIn),
            Some(Session::Whole(somebody)) => Ok(somebody),
        }
    }

    /// The same, as use cases know them.
    pub(crate) fn actor(&self) -> Result<Actor, Failure> {
        self.somebody().map(SignedIn::actor)
    }

    /// The same, who proved it within the last ten minutes. Ask before somebody fills in a form for something dangerous.
    pub(crate) fn proved(&self) -> Result<&SignedIn, Failure> {
        let somebody = self.somebody()?;
        somebody.must_be_proved(self.portal.app())?;
        Ok(somebody)
    }

    /// From where the request came, for the use cases of accounts.
    pub(crate) fn origin(&self) -> accounts::Visit<'_> {
        accounts::Visit { address: self.address, agent: self.headers.get(http::header::USER_AGENT).and_then(|value| value.to_str().ok()) }
    }

    /// The frame of a page with this title.
    pub(crate) fn frame(&self, title: impl Into<String>) -> Frame<'_> {
        Frame::new(self, title.into())
    }

    /// A page.
    pub(crate) fn page(&self, page: &impl askama::Template) -> Outcome {
        self.page_with(StatusCode::OK, page)
    }

    /// A page with another status than 200.
    pub(crate) fn page_with(&self, status: StatusCode, page: &impl askama::Template) -> Outcome {
        let html = page.render().map_err(|error| Failure::Broken(error.to_string()))?;
        let mut response = respond::answer(status, http::HeaderValue::from_static("text/html; charset=utf-8"), html, self.id);
        self.portal.seal(&mut response, self.language);
        Ok(response)
    }

    /// Sends the browser to another page of ours with GET. `path` is ours and begins with a slash.
    pub(crate) fn redirect(&self, path: &str) -> Outcome {
        let mut response = respond::answer(StatusCode::SEE_OTHER, http::HeaderValue::from_static("text/plain"), String::new(), self.id);
        let location = path.parse().map_err(|_| Failure::Broken("a path that is no header".into()))?;
        response.headers_mut().insert(LOCATION, location);
        self.portal.seal(&mut response, self.language);
        Ok(response)
    }

    /// The same, and the page there says what was done.
    pub(crate) fn redirect_with(&self, path: &str, notice: Notice) -> Outcome {
        let joint = if path.contains('?') { '&' } else { '?' };
        self.redirect(&format!("{path}{joint}done={notice}"))
    }

    /// Something to be kept rather than read: a document, a spreadsheet.
    pub(crate) fn file(&self, media_type: &'static str, name: Option<&str>, bytes: impl Into<bytes::Bytes>) -> Outcome {
        let mut response = respond::answer(StatusCode::OK, http::HeaderValue::from_static(media_type), bytes, self.id);
        if let Some(name) = name.and_then(|name| format!("attachment; filename=\"{name}\"").parse().ok()) {
            response.headers_mut().insert(http::header::CONTENT_DISPOSITION, name);
        }
        self.portal.seal(&mut response, self.language);
        Ok(response)
    }

    /// Sets a cookie on an answer.
    pub(crate) fn give(&self, response: &mut Response, cookie: Cookie, value: &str, seconds: u32) {
        if let Some(header) = cookie.set(value, seconds, self.portal.is_secure()) {
            response.headers_mut().append(http::header::SET_COOKIE, header);
        }
    }

    /// Where to go after signing in: a path of ours, or `or`. Whatever a browser could read as another host is none (trust
    /// section 1, row 49).
    pub(crate) fn next(&self, or: &str) -> String {
        let next = if self.form.text("next").is_empty() { self.query.text("next") } else { self.form.text("next") };
        if is_local(next) { next.to_owned() } else { or.to_owned() }
    }
}

/// Whether a text is a path on this very host and can be nothing else.
pub(crate) fn is_local(path: &str) -> bool {
    path.len() <= 500
        && path.starts_with('/')
        && !path.starts_with("//")
        && path.bytes().all(|byte| (0x21..0x7f).contains(&byte) && !matches!(byte, b'\\' | b'"' | b'<' | b'>'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_path_of_this_host_is_gone_to_next() {
        for path in ["/", "/apis", "/projects/1?tab=2#x"] {
            assert!(is_local(path), "{path}");
        }
        for elsewhere in
            ["", "//evil.example", "/\\evil.example", "\\/evil", "/\tevil", "https://evil", "javascript:alert(1)", "/a b", "/\r\nx: y"]
        {
            assert!(!is_local(elsewhere), "{elsewhere:?}");
        }
        assert!(!is_local(&format!("/{}", "a".repeat(600))));
    }

    #[test]
    fn a_text_in_a_query_stays_one_value() {
        assert_eq!(encoded("/a?b=c&d=é"), "%2Fa%3Fb%3Dc%26d%3D%C3%A9");
    }
}
