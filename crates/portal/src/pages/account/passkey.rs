//! One passkey: renamed, removed.

use app::{accounts, records::Passkey};
use askama::Template;
use http::StatusCode;

use super::{must_have_second_factor, passkeys::invalid_name, refused};
use crate::{
    failure::Failure,
    form::Form,
    frame::{Frame, Moment, Notice},
    visit::{Outcome, Visit},
};

#[derive(Template)]
#[template(path = "account/passkey.html")]
struct Show<'v> {
    frame: Frame<'v>,
    form: Form,
    id: &'v str,
    since: Moment,
    last_used: Option<Moment>,
}

#[derive(Template)]
#[template(path = "account/passkey_remove.html")]
struct Remove<'v> {
    frame: Frame<'v>,
    id: &'v str,
    name: &'v str,
    /// Whether signing in takes the password alone from then on.
    last: bool,
    /// Whether nobody could sign in any more: then it stays.
    only_way: bool,
    required: bool,
}

/// `GET /account/security/passkeys/{passkey}`
pub(crate) async fn show(visit: &Visit<'_>) -> Outcome {
    let passkey = find(visit).await?;
    page(visit, StatusCode::OK, &passkey, Form::with(&[("name", &passkey.name)]))
}

/// `POST /account/security/passkeys/{passkey}`
pub(crate) async fn rename(visit: &Visit<'_>) -> Outcome {
    let passkey = find(visit).await?;
    let Err(error) = accounts::rename_passkey(visit.portal.app(), visit.somebody()?, &passkey.id, visit.form.text("name")).await else {
        return visit.redirect_with("/account/security", Notice::Saved);
    };
    let mut form = Form::typed(&visit.form);
    refused(&mut form, "name", error, visit.language, invalid_name(visit))?;
    page(visit, StatusCode::UNPROCESSABLE_ENTITY, &passkey, form)
}

/// `GET /account/security/passkeys/{passkey}/remove`
pub(crate) async fn sure(visit: &Visit<'_>) -> Outcome {
    let (passkey, who) = (find(visit).await?, visit.proved()?);
    let alone = who.account().passkeys == 1;
    let last = alone && !who.account().has_totp;
    let page = Remove {
        frame: super::frame(visit, visit.t("Quitar una llave de acceso", "Remove a passkey")),
        id: &passkey.id,
        name: &passkey.name,
        last,
        only_way: alone && !who.account().has_password,
        required: last && must_have_second_factor(visit, who),
    };
    visit.page(&page)
}

/// `POST /account/security/passkeys/{passkey}/remove`
pub(crate) async fn remove(visit: &Visit<'_>) -> Outcome {
    accounts::remove_passkey(visit.portal.app(), visit.proved()?, visit.segment("passkey")).await?;
    visit.redirect_with("/account/security", Notice::PasskeyRemoved)
}

/// The passkey of the address, when it is the account's own.
async fn find(visit: &Visit<'_>) -> Result<Passkey, Failure> {
    let passkeys = accounts::list_passkeys(visit.portal.app(), visit.somebody()?).await?;
    passkeys.into_iter().find(|passkey| passkey.id == visit.segment("passkey")).ok_or(Failure::Missing)
}

fn page(visit: &Visit<'_>, status: StatusCode, passkey: &Passkey, form: Form) -> Outcome {
    let frame = super::frame(visit, visit.t("Llave de acceso", "Passkey"));
    let (since, last_used) = (frame.moment(*passkey.created_at), passkey.last_used_at.map(|at| frame.moment(*at)));
    visit.page_with(status, &Show { frame, form, id: &passkey.id, since, last_used })
}
