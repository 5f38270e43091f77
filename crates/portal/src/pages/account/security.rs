//! What signs the account in: authenticator app, passkeys, recovery codes.

use app::{
    accounts::{self, Needs, Session},
    records::Passkey,
};
use askama::Template;

use crate::{
    failure::Failure,
    frame::{Frame, Moment},
    visit::{Outcome, Visit},
};

#[derive(Template)]
#[template(path = "account/security.html")]
struct Security<'v> {
    frame: Frame<'v>,
    /// Staff who may do nothing before they set one up.
    must_enrol: bool,
    has_totp: bool,
    has_second_factor: bool,
    passkeys: Vec<Row>,
    passkeys_possible: bool,
    portal: &'v str,
    codes_left: u64,
    onward: String,
}

struct Row {
    id: String,
    name: String,
    since: Moment,
    last_used: Option<Moment>,
}

/// `GET /account/security`
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    let app = visit.portal.app();
    let (must_enrol, passkeys, codes_left) = match &visit.session {
        None => return Err(Failure::SignedOut),
        Some(Session::Half(half)) if half.needs() == Needs::Enrolment => (true, Vec::new(), 0),
        Some(Session::Half(_)) => return Err(Failure::HalfSignedIn),
        Some(Session::Whole(who)) => (false, accounts::list_passkeys(app, who).await?, accounts::codes_left(app, who).await?),
    };
    let account = visit.session.as_ref().map(Session::account).ok_or(Failure::SignedOut)?;
    let frame = super::frame(visit, visit.t("Seguridad", "Security"));
    let row = |passkey: Passkey| Row {
        id: passkey.id,
        name: passkey.name,
        since: frame.moment(*passkey.created_at),
        last_used: passkey.last_used_at.map(|at| frame.moment(*at)),
    };
    let page = Security {
        must_enrol,
        has_totp: account.has_totp,
        has_second_factor: account.has_second_factor(),
        passkeys: passkeys.into_iter().map(row).collect(),
        passkeys_possible: accounts::passkeys_possible(app),
        portal: &visit.portal.settings().public_url,
        codes_left: u64::try_from(codes_left).unwrap_or(0),
        onward: super::onward(visit),
        frame,
    };
    visit.page(&page)
}
