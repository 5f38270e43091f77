//! Who asks, by the cookie of the session.

use app::{
    App,
    accounts::{self, Opened, Session},
};
use domain::account::SESSION_SECONDS;
use web::Response;

use crate::{cookies::Cookie, failure::Failure, visit::Visit};

/// What the cookie's value opens; `None` when it opens nothing.
pub(crate) async fn of(app: &App, cookie: Option<&str>) -> Result<Option<Session>, Failure> {
    match cookie {
        Some(cookie) => Ok(accounts::session(app, cookie).await?),
        None => Ok(None),
    }
}

/// Hands a session that began, or changed its value, to the browser, and with it the language its account chose.
pub(crate) fn begin(visit: &Visit<'_>, response: &mut Response, opened: &Opened) {
    visit.give(response, Cookie::Session, opened.cookie.expose(), u32::try_from(SESSION_SECONDS).unwrap_or(u32::MAX));
    if let Some(language) = opened.session.account().language() {
        visit.give(response, Cookie::Language, language.as_str(), crate::LANGUAGE_SECONDS);
    }
}

/// Takes the session from the browser.
pub(crate) fn end(visit: &Visit<'_>, response: &mut Response) {
    visit.give(response, Cookie::Session, "", 0);
}
