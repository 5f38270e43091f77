//! Links by mail. Each is for one purpose, works once, and not for long.

use domain::{AccountId, Email, secret::SecretHash};
use jiff::SignedDuration;
use store::{
    Moment, Tx,
    accounts::Account,
    mail_links::{self, MailLink},
};

use super::{Refusal, sessions::draw};
use crate::{App, Result, mail};

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To show that the address of an account is its owner's. Three days.
    Verify,
    /// To set a new password. Half an hour.
    Recover,
    /// To move the account to the address the link was sent to. A day.
    Email,
}

impl Purpose {
    /// The page of the portal that the link opens, with the secret as `?token=`. Opening it must change nothing: mail programs open links
    /// before people do. [`peek`] tells whether it would work; the button on the page does it.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Verify => "/verify",
            Self::Recover => "/recover/new-password",
            Self::Email => "/account/email/confirm",
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Verify => "verify",
            Self::Recover => "recover",
            Self::Email => "email",
        }
    }

    const fn seconds(self) -> i64 {
        match self {
            Self::Verify => 3 * 86_400,
            Self::Recover => 30 * 60,
            Self::Email => 86_400,
        }
    }
}

/// Makes a link for the account and mails it to `to`. When that address has been written to too often, nothing happens, and the links
/// it has go on working.
pub(super) async fn send(app: &App, tx: &mut Tx, account: AccountId, to: &mail::To<'_>, purpose: Purpose) -> Result<()> {
    if !mail::has_room(app, tx, to.email).await? {
        return Ok(());
    }
    let token = draw(app);
    let link = MailLink {
        account_id: account,
        purpose: purpose.word().to_owned(),
        email: to.email.clone(),
        created_at: app.moment(),
        expires_at: Moment(app.now() + SignedDuration::from_secs(purpose.seconds())),
        used_at: None,
    };
    mail_links::insert(tx, &link, &hash(app, token.expose())).await?;
    let link = mail::link(app, purpose.path(), &token);
    let text = match purpose {
        Purpose::Verify => mail::Text::Verify { link: &link },
        Purpose::Recover => mail::Text::Recover { link: &link },
        Purpose::Email => mail::Text::ConfirmAddress { link: &link },
    };
    mail::queue(app, tx, to, &text).await
}

/// Whose account a link is about, when it would work now. Changes nothing.
///
/// # Errors
/// [`Refusal::Link`] when it would not.
pub async fn peek(app: &App, token: &str, purpose: Purpose) -> Result<Account> {
    let link = mail_links::live(app.db(), &hash(app, token), purpose.word(), app.moment()).await?.ok_or(Refusal::Link)?;
    Ok(store::accounts::find(app.db(), link.account_id).await?.ok_or(Refusal::Link)?)
}

/// Uses a link up.
///
/// # Errors
/// [`Refusal::Link`] when it does not work, or not for this.
pub(super) async fn use_up(app: &App, tx: &mut Tx, token: &str, purpose: Purpose) -> Result<(Account, Email)> {
    let link = mail_links::use_up(tx, &hash(app, token), purpose.word(), app.moment()).await?.ok_or(Refusal::Link)?;
    let account = store::accounts::find_in(tx, link.account_id).await?.ok_or(Refusal::Link)?;
    Ok((account, link.email))
}

/// Ends the links of an account that were sent for this purpose; `None`: for any.
pub(super) async fn end(app: &App, tx: &mut Tx, account: AccountId, purpose: Option<Purpose>) -> Result<()> {
    Ok(mail_links::end(tx, account, purpose.map(Purpose::word), app.moment()).await?)
}

fn hash(app: &App, token: &str) -> SecretHash {
    app.hash_key.hash(&format!("link:{token}"))
}
