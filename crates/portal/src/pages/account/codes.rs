//! Recovery codes: shown once.

use app::accounts::{self, Confirmed, Session};
use askama::Template;
use domain::secret::Secret;

use crate::{
    frame::{Frame, Notice},
    session,
    visit::{Outcome, Visit},
};

#[derive(Template)]
#[template(path = "account/codes.html")]
struct Codes<'v> {
    frame: Frame<'v>,
    codes: Vec<&'v str>,
    /// What has just been set up, when the codes came with it.
    done: Option<&'static str>,
    next: String,
}

#[derive(Template)]
#[template(path = "account/codes_renew.html")]
struct Renew<'v> {
    frame: Frame<'v>,
    left: u64,
}

/// `GET /account/security/codes`
pub(crate) async fn sure(visit: &Visit<'_>) -> Outcome {
    let who = visit.proved()?;
    if !who.account().has_second_factor() {
        return visit.redirect("/account/security");
    }
    let left = accounts::codes_left(visit.portal.app(), who).await?;
    let frame = super::frame(visit, visit.t("Nuevos códigos de recuperación", "New recovery codes"));
    visit.page(&Renew { frame, left: u64::try_from(left).unwrap_or(0) })
}

/// `POST /account/security/codes`
pub(crate) async fn renew(visit: &Visit<'_>) -> Outcome {
    let codes = accounts::regenerate_codes(visit.portal.app(), visit.proved()?).await?;
    let frame = super::frame(visit, visit.t("Códigos de recuperación", "Recovery codes"));
    visit.page(&Codes { frame, codes: codes.iter().map(Secret::expose).collect(), done: None, next: "/account/security".into() })
}

/// What follows when a second factor was set up: the codes that came with it, if any, and the session under its new value, if it
/// was half until now.
pub(super) fn confirmed(visit: &Visit<'_>, confirmed: &Confirmed, notice: Notice) -> Outcome {
    let next = visit.next("/account/security");
    let opened = confirmed.opened.as_ref();
    let mut response = if confirmed.codes.is_empty() {
        visit.redirect_with(&next, notice)?
    } else {
        // The page belongs to the session as it is from now on: its forms carry that one's token.
        let token = opened.map(|opened| visit.portal.app().form_token(opened.cookie.expose()));
        let account = visit.session.as_ref().map(Session::account);
        let mut frame = super::frame(visit, visit.t("Códigos de recuperación", "Recovery codes"));
        frame.half = false;
        frame.somebody = account.map(|account| account.name.as_str());
        frame.staff = account.and_then(|account| account.staff());
        if let Some(token) = &token {
            frame.form_token = token;
        }
        let codes = confirmed.codes.iter().map(Secret::expose).collect();
        visit.page(&Codes { frame, codes, done: Some(notice.text(visit.language)), next })?
    };
    if let Some(opened) = opened {
        session::begin(visit, &mut response, opened);
    }
    Ok(response)
}
