//! Who asks, by the cookie of the session.

use app::{
    App,
    accounts::{self, Needs, Opened, Session},
};
use domain::account::SESSION_SECONDS;
use web::Response;

use crate::{
    cookies::Cookie,
    failure::Failure,
    pages::sign_in::HOME,
    visit::{Outcome, Visit, encoded, is_local},
};

/// For how long it is remembered where somebody was going who registers, in seconds: as long as the link in the mail works.
const NEXT_SECONDS: u32 = 3 * 86_400;
/// Where an account sets up what it signs in with; staff without a second factor reach it with half a session.
pub(crate) const ENROLMENT: &str = "/account/security";
/// What a cookie holds, in bytes.
const LONGEST_NEXT: usize = 200;

/// What the cookie's value opens when `path` is asked for; `None` when it opens nothing.
pub(crate) async fn of(app: &App, cookie: Option<&str>, path: &str) -> Result<Option<Session>, Failure> {
    Ok(match cookie {
        // A page that was left open comes back to its light for ever: nobody uses the session by that.
        Some(cookie) if path.ends_with("/first-call/light") => accounts::session_unused(app, cookie).await?,
        Some(cookie) => accounts::session(app, cookie).await?,
        None => None,
    })
}

/// Hands a session that began, or changed its value, to the browser, and with it the language its account chose.
pub(crate) fn begin(visit: &Visit<'_>, response: &mut Response, opened: &Opened) {
    visit.give(response, Cookie::Session, opened.cookie.expose(), u32::try_from(SESSION_SECONDS).unwrap_or(u32::MAX));
    if let Some(language) = opened.session.account().language() {
        visit.give(response, Cookie::Language, language.as_str(), crate::LANGUAGE_SECONDS);
    }
}

/// Lets somebody in who has just proved something, and on to `next`, by way of what is still missing. Whatever session the browser
/// held before is over: it may have been planted there (trust section 1, row 50).
pub(crate) async fn enter(visit: &Visit<'_>, opened: &Opened, next: &str) -> Outcome {
    if let Some(before) = Cookie::Session.read(&visit.headers, visit.portal.is_secure()) {
        accounts::sign_out(visit.portal.app(), before).await?;
    }
    let mut response = match &opened.session {
        Session::Whole(_) => visit.redirect(next)?,
        Session::Half(half) if half.needs() == Needs::Enrolment => visit.redirect(&on_the_way(ENROLMENT, next))?,
        Session::Half(_) => visit.redirect(&on_the_way("/sign-in/second-factor", next))?,
    };
    begin(visit, &mut response, opened);
    Ok(response)
}

/// Takes the session from the browser.
pub(crate) fn end(visit: &Visit<'_>, response: &mut Response) {
    visit.give(response, Cookie::Session, "", 0);
}

/// A page on the way in that hands on where somebody is going.
pub(crate) fn on_the_way(path: &str, next: &str) -> String {
    if next == HOME { path.to_owned() } else { format!("{path}?next={}", encoded(next)) }
}

/// Keeps in the browser where somebody was going who must look into their mail first.
pub(crate) fn keep_next(visit: &Visit<'_>, response: &mut Response, next: &str) {
    let next = encoded(next);
    if next.len() <= LONGEST_NEXT {
        visit.give(response, Cookie::Next, &next, NEXT_SECONDS);
    }
}

/// Where that somebody was going: a path of ours, whoever set the cookie.
pub(crate) fn kept_next(visit: &Visit<'_>) -> Option<String> {
    let kept = Cookie::Next.read(&visit.headers, visit.portal.is_secure())?;
    Some(crate::decoded(kept)).filter(|next| is_local(next))
}

/// Forgets it.
pub(crate) fn forget_next(visit: &Visit<'_>, response: &mut Response) {
    visit.give(response, Cookie::Next, "", 0);
}
