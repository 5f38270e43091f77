//! Mail: written in the transaction that makes it true, sent by whichever node claims it, or read in the mailbox where nothing sends.
//!
//! A mail that opens something holds a link, so its text lies under the master key until it was sent, and is forgotten then. Links begin with
//! the configured URL of the portal, whatever the host of a request says.

mod plain;
mod sending;
mod text;
mod wording;

use domain::{Email, Language, MailId, secret::Secret};
use jiff::SignedDuration;
use store::{Moment, Tx, accounts::Account, mails};

use crate::{App, Error, Result};

pub use sending::{Letter, claim, failed, sent};
pub use text::{Decided, Overdue, Text};

/// The language of who has not chosen one and came from no page.
pub const DEFAULT_LANGUAGE: Language = Language::English;

/// How many mails an hour one address gets that somebody else may have asked for.
const MOST_AN_HOUR: i64 = 10;

/// What mails wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// Nothing: they are read in the mailbox, for trying things out.
    Mailbox,
    /// A node that sends them.
    Smtp,
}

/// To whom a mail goes.
#[derive(Debug, Clone, Copy)]
pub struct To<'a> {
    /// The address.
    pub email: &'a Email,
    /// The person's name; empty when it is not known.
    pub name: &'a str,
    /// The language the person reads.
    pub language: Language,
}

impl<'a> From<&'a Account> for To<'a> {
    fn from(account: &'a Account) -> Self {
        Self { email: &account.email, name: &account.name, language: account.language().unwrap_or(DEFAULT_LANGUAGE) }
    }
}

/// A mail in the mailbox.
pub struct Posted {
    /// All but its text.
    pub mail: mails::Mail,
    /// Its text; `None` once it was sent.
    pub text: Option<Secret>,
}

/// Queues a mail in the transaction that makes it true: it is sent if that commits, once, and not otherwise.
///
/// # Errors
/// When the database cannot be written.
pub async fn queue(app: &App, tx: &mut Tx, to: &To<'_>, text: &Text<'_>) -> Result<()> {
    let id = MailId::from(app.uuid());
    let written = text.write(to, &app.settings().portal_url);
    let state = match app.settings().delivery {
        Delivery::Mailbox => "mailbox",
        Delivery::Smtp => "waiting",
    };
    let mail = mails::Mail {
        id,
        kind: text.kind().to_owned(),
        recipient: to.email.clone(),
        language: to.language.as_str().to_owned(),
        subject: written.subject,
        body: app.master.wrap(&wrapping(id), written.body.expose().as_bytes(), &app.entropy),
        state: state.to_owned(),
        created_at: app.moment(),
        next_at: app.moment(),
        attempts: 0,
        sent_at: None,
        last_error: None,
    };
    Ok(mails::insert(tx, &mail).await?)
}

/// Whether the address may be sent one more mail that somebody else may have asked for: nobody's mailbox is flooded through us. Ask before queueing an
/// invitation; without room, leave the mail out.
///
/// # Errors
/// When the database cannot be read.
pub async fn has_room(app: &App, tx: &mut Tx, email: &Email) -> Result<bool> {
    let since = Moment(app.now() - SignedDuration::from_secs(3600));
    Ok(mails::recent(tx, email, since).await? < MOST_AN_HOUR)
}

/// The same for a PIN that a platform asked for. They have room of their own, or whoever asks for them could keep an address from recovering its account.
pub(crate) async fn has_room_for_a_pin(app: &App, tx: &mut Tx, email: &Email) -> Result<bool> {
    let since = Moment(app.now() - SignedDuration::from_secs(3600));
    Ok(mails::recent_pins(tx, email, since).await? < MOST_AN_HOUR)
}

/// A link to a page of the portal with a secret in it. It belongs in a mail and nowhere else: not in a log, not in an answer.
#[must_use]
pub fn link(app: &App, path: &str, token: &Secret) -> Secret {
    Secret::new(format!("{}{path}?token={}", app.settings().portal_url, token.expose()))
}

/// The last mails, newest first, with their texts as far as they are still kept. Who may see them is for the caller to decide: their links open accounts.
///
/// # Errors
/// When the database cannot be read.
pub async fn mailbox(app: &App, limit: i64) -> Result<Vec<Posted>> {
    let mails = mails::latest(app.db(), limit.clamp(1, 1000)).await?;
    mails.into_iter().map(|mail| open(app, mail)).collect()
}

/// One mail with its text.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn find(app: &App, id: MailId) -> Result<Posted> {
    let mail = mails::find(app.db(), id).await?.ok_or_else(|| Error::not_found("mail", id))?;
    open(app, mail)
}

fn open(app: &App, mail: mails::Mail) -> Result<Posted> {
    if mail.body.is_empty() {
        return Ok(Posted { mail, text: None });
    }
    let bytes = app.master.unwrap("the text of a mail", &wrapping(mail.id), &mail.body)?;
    let text = String::from_utf8(bytes.to_vec()).map_err(|_| store::Error::Corrupt("a mail that is no text"))?;
    Ok(Posted { mail, text: Some(Secret::new(text)) })
}

/// Under which name a mail's text is wrapped.
fn wrapping(id: MailId) -> String {
    format!("mail:{id}")
}
