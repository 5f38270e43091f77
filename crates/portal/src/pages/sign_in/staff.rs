//! Staff sign on by the operator's own provider: sent there, come back, link an account that was there before, leave.

use app::accounts::{self, Arrived, Returned, SignOn, SignOnRefusal, linking};
use askama::Template;
use http::{HeaderValue, StatusCode};
use web::respond;

use crate::{
    failure::Failure,
    form::Form,
    frame::Frame,
    session,
    visit::{Outcome, Visit, encoded},
    words,
};

/// Where staff go who came from nowhere in particular.
const CONSOLE: &str = "/console";

#[derive(Template)]
#[template(path = "accounts/sign_on_refused.html")]
struct Refused<'v> {
    frame: Frame<'v>,
    what: String,
    mend: String,
    /// Where to try again, when that may help.
    again: Option<&'static str>,
    /// What that is called.
    go_on: &'v str,
    /// Who must sign out first; empty when nobody must.
    signed_in: &'v str,
}

#[derive(Template)]
#[template(path = "accounts/link_sign_on.html")]
struct Link<'v> {
    frame: Frame<'v>,
    form: Form,
    ticket: &'v str,
    provider: &'v str,
    email: &'v str,
    /// What the account is from then on.
    role: &'static str,
}

/// What the button says, where there is a provider.
pub(crate) fn button<'v>(visit: &'v Visit<'_>) -> Option<&'v str> {
    visit.portal.app().sign_on().map(|on| on.terms().name.as_str())
}

/// `GET /sign-in/staff`: on the way to the provider.
pub(crate) async fn begin(visit: &Visit<'_>) -> Outcome {
    let on = provider(visit)?;
    // A page between a form and the provider: browsers send nobody on from the one to the other (`form-action`).
    if visit.query.text("ask") == "link" {
        let what = visit.t(
            "Ya sabemos que la cuenta es tuya. Vuelve a entrar en {provider} y te preguntamos si quieres enlazarlas.",
            "We know that the account is yours. Sign in at {provider} once more, and we ask whether to link both.",
        );
        let (what, mend) = (what.replace("{provider}", &on.terms().name), String::new());
        let (frame, go_on) = (visit.frame(visit.t("Un paso más", "One more step")), visit.t("Seguir", "Go on"));
        return visit.page(&Refused { frame, what, mend, again: Some("/sign-in/staff"), go_on, signed_in: "" });
    }
    let next = visit.next(CONSOLE);
    match accounts::begin_sign_on(visit.portal.app(), None, &next, &visit.form_token, visit.origin()).await {
        Ok(url) => visit.redirect(&url),
        Err(error) => refused(visit, error),
    }
}

/// `GET /account/prove/provider`: the same for somebody who is signed in and proves it again.
pub(crate) async fn prove(visit: &Visit<'_>) -> Outcome {
    provider(visit)?;
    let (app, who, next) = (visit.portal.app(), visit.somebody()?, visit.next("/account"));
    if !accounts::proves_by_sign_on(who) {
        return Err(Failure::Missing);
    }
    match accounts::begin_sign_on(app, Some(who), &next, &visit.form_token, visit.origin()).await {
        Ok(url) => visit.redirect(&url),
        Err(error) => refused(visit, error),
    }
}

/// `GET /sign-in/staff/callback`: back from the provider.
pub(crate) async fn callback(visit: &Visit<'_>) -> Outcome {
    provider(visit)?;
    let returned = Returned {
        state: visit.query.raw("state"),
        code: visit.query.raw("code"),
        error: visit.query.raw("error"),
        issuer: visit.query.raw("iss"),
    };
    let who = visit.somebody().ok();
    let app = visit.portal.app();
    match accounts::finish_sign_on(app, returned, who, &visit.form_token, visit.language, visit.origin()).await {
        Ok(Arrived::In { opened, next }) => session::enter(visit, &opened, &next).await,
        Ok(Arrived::Proved { next }) => visit.redirect(&next),
        Ok(Arrived::Linking { ticket }) => visit.redirect(&format!("/sign-in/staff/link?ticket={}", encoded(&ticket))),
        Err(error) => refused(visit, error),
    }
}

/// `GET /sign-in/staff/link`: whether the account of this browser is to be the one the provider's word opens.
pub(crate) async fn sure(visit: &Visit<'_>) -> Outcome {
    let on = provider(visit)?;
    let (who, ticket) = (visit.proved()?, visit.query.text("ticket"));
    let linking = match linking(visit.portal.app(), who, ticket, &visit.form_token).await {
        Ok(linking) => linking,
        Err(error) => return refused(visit, error),
    };
    let frame = visit.frame(visit.t("¿Enlazar tu cuenta?", "Link your account?"));
    let (email, role) = (who.account().email.as_str(), words::staff(linking.role, visit.language));
    visit.page(&Link { frame, form: Form::new(), ticket, provider: &on.terms().name, email, role })
}

/// `POST /sign-in/staff/link`
pub(crate) async fn link(visit: &Visit<'_>) -> Outcome {
    provider(visit)?;
    let (app, who) = (visit.portal.app(), visit.somebody()?);
    match accounts::link_sign_on(app, who, visit.form.text("ticket"), &visit.form_token, visit.origin()).await {
        Ok((opened, next)) => session::enter(visit, &opened, &next).await,
        Err(error) => refused(visit, error),
    }
}

/// `POST /sign-in/staff/logout`: the provider says that somebody left (OpenID Connect Back-Channel Logout 1.0, section 2.5).
pub(crate) async fn logout(visit: &Visit<'_>) -> Outcome {
    provider(visit)?;
    let (status, said) = match accounts::sign_on_logout(visit.portal.app(), visit.form.raw("logout_token")).await {
        Ok(_) => (StatusCode::OK, ""),
        Err(app::Error::Account(accounts::Refusal::SignOn(SignOnRefusal::Token))) => {
            (StatusCode::BAD_REQUEST, r#"{"error":"invalid_request"}"#)
        }
        Err(app::Error::Account(_)) => (StatusCode::SERVICE_UNAVAILABLE, r#"{"error":"temporarily_unavailable"}"#),
        Err(other) => return Err(other.into()),
    };
    let mut response = respond::answer(status, HeaderValue::from_static("application/json"), said, visit.id);
    visit.portal.seal(&mut response, visit.language);
    Ok(response)
}

/// Where nobody signs on by a provider, none of this is there.
fn provider<'v>(visit: &'v Visit<'_>) -> Result<&'v SignOn, Failure> {
    visit.portal.app().sign_on().ok_or(Failure::Missing)
}

/// Why the provider's word did not let in, and what to do. Nothing the provider wrote is on the page.
fn refused(visit: &Visit<'_>, error: app::Error) -> Outcome {
    let app::Error::Account(accounts::Refusal::SignOn(refusal)) = error else { return Err(error.into()) };
    let (what, mend) = words::sign_on(refusal, button(visit).unwrap_or_default(), visit.language);
    // Who is signed in and has just proved it is not whose address it is: to prove it once more would lead here again.
    let other = visit.proved().ok().filter(|_| refusal == SignOnRefusal::AddressTaken).map(|who| who.account().email.as_str());
    let (status, again) = match refusal {
        SignOnRefusal::AddressTaken if other.is_some() => (StatusCode::FORBIDDEN, None),
        SignOnRefusal::Provider => (StatusCode::SERVICE_UNAVAILABLE, Some("/sign-in/staff")),
        // By way of a proof, and then once more to the provider, whose answer is then asked about.
        SignOnRefusal::AddressTaken if visit.somebody().is_ok() => {
            (StatusCode::FORBIDDEN, Some("/account/prove?next=/sign-in/staff?ask=link"))
        }
        SignOnRefusal::AddressTaken => (StatusCode::FORBIDDEN, Some("/sign-in?next=/sign-in/staff?ask=link")),
        SignOnRefusal::OtherPerson | SignOnRefusal::NotAsked => (StatusCode::FORBIDDEN, Some("/account/prove")),
        _ => (StatusCode::FORBIDDEN, Some("/sign-in/staff")),
    };
    let title = match visit.somebody() {
        Ok(_) => visit.t("No se ha hecho", "Not done"),
        Err(_) => visit.t("No has entrado", "You are not signed in"),
    };
    let go_on = match refusal {
        SignOnRefusal::AddressTaken => visit.t("Demostrar que es mía", "Show that it is mine"),
        _ => visit.t("Volver a probar", "Try again"),
    };
    visit.page_with(
        status,
        &Refused { frame: visit.frame(title).without_query(), what, mend, again, go_on, signed_in: other.unwrap_or_default() },
    )
}
