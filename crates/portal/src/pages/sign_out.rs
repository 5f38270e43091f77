//! Signing out.

use app::accounts;

use crate::{
    cookies::Cookie,
    frame::Notice,
    session,
    visit::{Outcome, Visit},
};

/// `POST /sign-out`
pub(crate) async fn submit(visit: &Visit<'_>) -> Outcome {
    if let Some(cookie) = Cookie::Session.read(&visit.headers, visit.portal.is_secure()) {
        accounts::sign_out(visit.portal.app(), cookie).await?;
    }
    let mut response = visit.redirect_with("/", Notice::SignedOut)?;
    session::end(visit, &mut response);
    Ok(response)
}
