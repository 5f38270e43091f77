//! Leaving: from here to the provider (RP-Initiated Logout 1.0), and from the provider to here (Back-Channel Logout 1.0).

use domain::openid;
use serde_json::json;
use store::{sessions, staff_identities};

use super::SignOnRefusal;
use crate::{Actor, App, Result, accounts::Session};

/// Where somebody with this session leaves the provider too, who comes back to `after` on the portal; `None` when the provider did not begin it or
/// has no such page.
pub async fn leave_provider(app: &App, session: &Session, after: &str) -> Option<String> {
    let row = match session {
        Session::Whole(signed_in) => &signed_in.session,
        Session::Half(half) => &half.session,
    };
    let on = app.sign_on().filter(|on| on.terms().issuer == row.issuer)?;
    // Whoever leaves must not be kept by a provider that does not answer.
    let provider = on.provider(app.now()).await.ok()?;
    provider.leaving_url(&on.terms().client_id, &format!("{}{after}", app.settings().portal_url))
}

/// Ends the sessions that a logout token of the provider names: those of one of its own, or all of a person. How many. To end them once more is no
/// error, so a token that comes twice does no harm within the minutes it is good for.
///
/// # Errors
/// [`SignOnRefusal::Token`] when it is not in order.
pub async fn sign_on_logout(app: &App, token: &str) -> Result<u64> {
    let on = app.sign_on().ok_or(SignOnRefusal::None)?;
    let provider = on.provider(app.now()).await?;
    let claims = on.judge(app.now(), &provider, |keys, expected| openid::verify_logout(token, keys, expected)).await?;
    let mut tx = app.begin().await?;
    let accounts = if claims.subject().is_empty() {
        sessions::of_provider_session(&mut tx, &provider.issuer, claims.session()).await?
    } else {
        staff_identities::find(&mut tx, &provider.issuer, claims.subject()).await?.into_iter().collect()
    };
    let mut ended = 0;
    for account in &accounts {
        ended += sessions::end_of_provider(&mut tx, *account, &provider.issuer, claims.session()).await?;
    }
    if ended == 0 {
        // What changed nothing is no entry: a token that comes again and again fills no log.
        return Ok(0);
    }
    let subject = accounts.first().map_or_else(|| "unknown".to_owned(), ToString::to_string);
    app.commit(tx, &Actor::System, "account.sign_on_logout", subject, json!({"issuer": provider.issuer, "ended": ended})).await?;
    Ok(ended)
}
