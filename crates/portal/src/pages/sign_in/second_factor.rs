//! What is still missing after the password: a code of an app, a recovery code, or a passkey.

use app::accounts::{self, Half, Needs, Refusal, Session};
use askama::Template;
use http::StatusCode;

use super::{HOME, passkey};
use crate::{
    failure::Failure,
    form::Form,
    frame::Frame,
    session,
    visit::{Outcome, Visit},
    words,
};

#[derive(Template)]
#[template(path = "accounts/second_factor.html")]
struct SecondFactor<'v> {
    frame: Frame<'v>,
    form: Form,
    next: String,
    totp: bool,
    passkey: bool,
    /// Whether the form for recovery codes was the one used.
    recovering: bool,
}

/// `GET /sign-in/second-factor`
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    match half(visit) {
        Ok(half) => page(visit, half, StatusCode::OK, Form::new()),
        Err(elsewhere) => visit.redirect(&elsewhere),
    }
}

/// `POST /sign-in/second-factor`
pub(crate) async fn submit(visit: &Visit<'_>) -> Outcome {
    let half = match half(visit) {
        Ok(half) => half,
        Err(elsewhere) => return visit.redirect(&elsewhere),
    };
    match accounts::second_factor(visit.portal.app(), half, visit.form.text("code"), visit.origin()).await {
        Ok(opened) => session::enter(visit, &opened, &visit.next(HOME)).await,
        Err(app::Error::Account(refusal @ Refusal::Code)) => refused(visit, half, &refusal),
        Err(other) => Err(Failure::from(other)),
    }
}

/// `POST /sign-in/second-factor/passkey/begin`
pub(crate) async fn begin_passkey(visit: &Visit<'_>) -> Outcome {
    match half(visit) {
        Ok(half) => passkey::asked(visit, &accounts::second_factor_passkey(visit.portal.app(), half).await?),
        Err(elsewhere) => visit.redirect(&elsewhere),
    }
}

/// `POST /sign-in/second-factor/passkey`
pub(crate) async fn finish_passkey(visit: &Visit<'_>) -> Outcome {
    let half = match half(visit) {
        Ok(half) => half,
        Err(elsewhere) => return visit.redirect(&elsewhere),
    };
    let (Ok(ceremony), Some(answer)) = (visit.form.text("ceremony").parse(), passkey::answer(visit)) else {
        return refused(visit, half, &Refusal::Passkey);
    };
    match accounts::second_factor_passkey_finish(visit.portal.app(), half, ceremony, &answer).await {
        Ok(opened) => session::enter(visit, &opened, &visit.next(HOME)).await,
        Err(app::Error::Account(refusal @ Refusal::Passkey)) => refused(visit, half, &refusal),
        Err(other) => Err(Failure::from(other)),
    }
}

/// Somebody who has a second factor and has not shown it, or the path of where all others belong.
fn half<'v>(visit: &'v Visit<'_>) -> Result<&'v Half, String> {
    let next = visit.next(HOME);
    match &visit.session {
        None => Err(session::on_the_way("/sign-in", &next)),
        Some(Session::Whole(_)) => Err(next),
        Some(Session::Half(half)) if half.needs() == Needs::Enrolment => Err(session::on_the_way(session::ENROLMENT, &next)),
        Some(Session::Half(half)) => Ok(half),
    }
}

fn refused(visit: &Visit<'_>, half: &Half, refusal: &Refusal) -> Outcome {
    // A code that was typed is not shown again: it may be one that works.
    let mut form = Form::new();
    form.wrong("", words::refusal(refusal, visit.language));
    page(visit, half, StatusCode::UNPROCESSABLE_ENTITY, form)
}

fn page(visit: &Visit<'_>, half: &Half, status: StatusCode, form: Form) -> Outcome {
    let (totp, passkey) = match half.needs() {
        Needs::SecondFactor { totp, passkey } => (totp, passkey && accounts::passkeys_possible(visit.portal.app())),
        Needs::Enrolment => (false, false),
    };
    let recovering = visit.form.text("by") == "recovery" || !totp && !passkey;
    let frame = visit.frame(visit.t("Un paso más", "One more step"));
    visit.page_with(status, &SecondFactor { frame, form, next: visit.next(HOME), totp, passkey, recovering })
}
