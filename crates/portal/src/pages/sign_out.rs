//! Signing out.

use app::accounts;
use askama::Template;

use super::sign_in::staff;
use crate::{
    cookies::Cookie,
    frame::{Frame, Notice},
    session,
    visit::{Outcome, Visit},
};

#[derive(Template)]
#[template(path = "accounts/signed_out.html")]
struct SignedOut<'v> {
    frame: Frame<'v>,
    provider: &'v str,
    /// Where the session at the provider ends.
    leave: String,
}

/// `POST /sign-out`
pub(crate) async fn submit(visit: &Visit<'_>) -> Outcome {
    let app = visit.portal.app();
    // Asked for before the session is over. A link, because nobody is sent on from a form to another host (`form-action`).
    let leave = match &visit.session {
        Some(session) => accounts::leave_provider(app, session, "/").await,
        None => None,
    };
    if let Some(cookie) = Cookie::Session.read(&visit.headers, visit.portal.is_secure()) {
        accounts::sign_out(app, cookie).await?;
    }
    let mut response = match (leave, staff::button(visit)) {
        (Some(leave), Some(provider)) => {
            let frame = visit.frame(visit.t("Has salido", "You are signed out")).of_nobody();
            visit.page(&SignedOut { frame, provider, leave })?
        }
        _ => visit.redirect_with("/", Notice::SignedOut)?,
    };
    session::end(visit, &mut response);
    Ok(response)
}
