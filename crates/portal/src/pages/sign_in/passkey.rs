//! Signing in by passkey: the script asks, the authenticator answers, a form brings the answer.

use app::accounts::{self, Ceremony, Refusal};
use http::StatusCode;
use serde_json::{Value, json};
use web::respond;

use super::{HOME, refused};
use crate::{
    failure::Failure,
    session,
    visit::{Outcome, Visit},
};

/// `POST /sign-in/passkey/begin`
pub(crate) async fn begin(visit: &Visit<'_>) -> Outcome {
    asked(visit, &accounts::passkey_sign_in(visit.portal.app(), visit.origin()).await?)
}

/// `POST /sign-in/passkey`
pub(crate) async fn finish(visit: &Visit<'_>) -> Outcome {
    let (Ok(ceremony), Some(answer)) = (visit.form.text("ceremony").parse(), answer(visit)) else {
        return refused(visit, &Refusal::Passkey);
    };
    match accounts::passkey_sign_in_finish(visit.portal.app(), ceremony, &answer, visit.origin()).await {
        Ok(opened) => session::enter(visit, &opened, &visit.next(HOME)).await,
        Err(app::Error::Account(refusal)) => refused(visit, &refusal),
        Err(other) => Err(Failure::from(other)),
    }
}

/// What the script hands to the authenticator.
pub(crate) fn asked(visit: &Visit<'_>, ceremony: &Ceremony) -> Outcome {
    let asked = json!({"ceremony": ceremony.id.to_string(), "options": ceremony.options});
    let mut response = respond::json(StatusCode::OK, &asked, visit.id);
    visit.portal.seal(&mut response, visit.language);
    Ok(response)
}

/// What the authenticator said; `None` when it is no JSON.
pub(super) fn answer(visit: &Visit<'_>) -> Option<Value> {
    serde_json::from_str(visit.form.raw("credential")).ok()
}
