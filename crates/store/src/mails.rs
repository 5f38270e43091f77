//! Mail to be sent and sent. A mail is written in the transaction that makes it true; a node claims it, sends it and says so.

use domain::{Email, MailId};
use serde::Serialize;
use sqlx::FromRow;

use crate::{Db, Moment, Result, Tx};

/// How long a node that claimed a mail has for sending it, in seconds; then another may try. Far longer than any connection may take.
pub const LEASE_SECONDS: i64 = 600;

sql! {
    INSERT = "INSERT INTO mails (id, kind, recipient, language, subject, body, state, created_at, next_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)";
    /// Without circulars, which nobody asked for, and without PINs for platforms, which are counted apart: whoever asks for those keeps nobody from
    /// a link to their own account.
    RECENT = "SELECT COUNT(*) FROM mails WHERE recipient = $1 AND created_at > $2
        AND kind NOT IN ('announced', 'policies_published', 'registration_pin')";
    RECENT_PINS = "SELECT COUNT(*) FROM mails WHERE recipient = $1 AND created_at > $2 AND kind = 'registration_pin'";
    /// Circulars last: somebody sits in front of a page and waits for the others.
    DUE = "SELECT id, kind, recipient, language, subject, body, state, created_at, next_at, attempts, sent_at, last_error FROM mails
        WHERE state = 'waiting' AND next_at <= $1
        ORDER BY CASE WHEN kind IN ('announced', 'policies_published') THEN 1 ELSE 0 END, next_at, id LIMIT $2";
    WAITING = "SELECT COUNT(*) FROM (SELECT id FROM mails WHERE state = 'waiting' LIMIT $1) AS counted";
    /// Over what was read of it: of two nodes that saw it waiting, one gets it.
    CLAIM = "UPDATE mails SET attempts = attempts + 1, next_at = $3 WHERE id = $1 AND state = 'waiting' AND attempts = $2";
    /// What was sent needs no body any more: its links are nobody else's business.
    SENT = "UPDATE mails SET state = 'sent', sent_at = $3, body = $4, last_error = NULL WHERE id = $1 AND attempts = $2 AND state = 'waiting'";
    FAILED = "UPDATE mails SET state = $3, next_at = $4, last_error = $5 WHERE id = $1 AND attempts = $2 AND state = 'waiting'";
    LATEST = "SELECT id, kind, recipient, language, subject, body, state, created_at, next_at, attempts, sent_at, last_error FROM mails
        ORDER BY created_at DESC, id DESC LIMIT $1";
    BY_ID = "SELECT id, kind, recipient, language, subject, body, state, created_at, next_at, attempts, sent_at, last_error FROM mails WHERE id = $1";
    TO = "SELECT id, kind, recipient, language, subject, body, state, created_at, next_at, attempts, sent_at, last_error FROM mails
        WHERE recipient = $1 ORDER BY created_at DESC, id DESC LIMIT $2";
    REMOVE_TO = "DELETE FROM mails WHERE recipient = $1";
    /// What is still to be sent stays as long as it may be tried, however many there are.
    PRUNE = "DELETE FROM mails WHERE id IN (SELECT id FROM mails WHERE created_at < $1 AND NOT (state = 'waiting' AND created_at >= $2)
        ORDER BY created_at LIMIT 2000)";
    /// The moment of the newest mail that is one too many.
    SURPLUS = "SELECT created_at FROM mails ORDER BY created_at DESC LIMIT 1 OFFSET $1";
}

/// How many mails are kept at most, however young they are.
pub const MOST: i64 = 100_000;

/// A mail as it stands in the table; `body` is under the master key.
#[derive(Clone, FromRow, Serialize)]
pub struct Mail {
    /// Its id.
    #[sqlx(try_from = "String")]
    pub id: MailId,
    /// What it tells.
    pub kind: String,
    /// To whom.
    #[sqlx(try_from = "String")]
    pub recipient: Email,
    /// In which language.
    pub language: String,
    /// Its subject.
    pub subject: String,
    /// Its wrapped text; empty once it was sent.
    #[serde(skip)]
    pub body: Vec<u8>,
    /// `waiting`, `sent`, `failed` or `mailbox`.
    pub state: String,
    /// Since when.
    pub created_at: Moment,
    /// When it is tried next, while it waits.
    pub next_at: Moment,
    /// How often it was tried.
    pub attempts: i64,
    /// When it was sent.
    pub sent_at: Option<Moment>,
    /// Why the last try failed.
    pub last_error: Option<String>,
}

/// Adds a mail.
///
/// # Errors
/// When the database cannot be written.
pub async fn insert(tx: &mut Tx, mail: &Mail) -> Result<()> {
    on_tx!(tx, on => sqlx::query(INSERT).bind(mail.id.to_string()).bind(&mail.kind).bind(mail.recipient.as_str()).bind(&mail.language)
        .bind(&mail.subject).bind(&mail.body).bind(&mail.state).bind(mail.created_at).execute(on).await.map(drop))?;
    Ok(())
}

/// How many mails were written to `recipient` after `since`, without circulars and without PINs for platforms ([`recent_pins`]).
///
/// # Errors
/// When the database cannot be read.
pub async fn recent(tx: &mut Tx, recipient: &Email, since: Moment) -> Result<i64> {
    Ok(on_tx!(tx, on => sqlx::query_scalar(RECENT).bind(recipient.as_str()).bind(since).fetch_one(on).await)?)
}

/// How many mails with PINs for platforms were written to `recipient` after `since`.
///
/// # Errors
/// When the database cannot be read.
pub async fn recent_pins(tx: &mut Tx, recipient: &Email, since: Moment) -> Result<i64> {
    Ok(on_tx!(tx, on => sqlx::query_scalar(RECENT_PINS).bind(recipient.as_str()).bind(since).fetch_one(on).await)?)
}

/// How many mails wait to be sent, counted up to `most`.
///
/// # Errors
/// When the database cannot be read.
pub async fn waiting(db: &Db, most: i64) -> Result<i64> {
    Ok(on_db!(db, on => sqlx::query_scalar(WAITING).bind(most).fetch_one(on).await)?)
}

/// The mails that are due, oldest first, circulars after all others.
///
/// # Errors
/// When the database cannot be read.
pub async fn due(db: &Db, now: Moment, limit: i64) -> Result<Vec<Mail>> {
    Ok(on_db!(db, on => sqlx::query_as(DUE).bind(now).bind(limit).fetch_all(on).await)?)
}

/// Claims a mail as it was read; from then on it counts one try more. `false`: another node has it.
///
/// # Errors
/// When the database cannot be written.
pub async fn claim(tx: &mut Tx, mail: &Mail, until: Moment) -> Result<bool> {
    let done = on_tx!(tx, on => sqlx::query(CLAIM).bind(mail.id.to_string()).bind(mail.attempts).bind(until)
        .execute(on).await.map(|r| r.rows_affected()))?;
    Ok(done == 1)
}

/// Notes that the mail of try number `attempts` was sent, and forgets its text.
///
/// # Errors
/// When the database cannot be written.
pub async fn sent(tx: &mut Tx, id: MailId, attempts: i64, at: Moment) -> Result<()> {
    on_tx!(tx, on => sqlx::query(SENT).bind(id.to_string()).bind(attempts).bind(at).bind(Vec::<u8>::new()).execute(on).await.map(drop))?;
    Ok(())
}

/// Notes why try number `attempts` failed and when the next one is; `None`: there is none.
///
/// # Errors
/// When the database cannot be written.
pub async fn failed(tx: &mut Tx, id: MailId, attempts: i64, next: Option<Moment>, now: Moment, error: &str) -> Result<()> {
    let state = if next.is_some() { "waiting" } else { "failed" };
    on_tx!(tx, on => sqlx::query(FAILED).bind(id.to_string()).bind(attempts).bind(state).bind(next.unwrap_or(now)).bind(error)
        .execute(on).await.map(drop))?;
    Ok(())
}

/// The last mails, newest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn latest(db: &Db, limit: i64) -> Result<Vec<Mail>> {
    Ok(on_db!(db, on => sqlx::query_as(LATEST).bind(limit).fetch_all(on).await)?)
}

/// The mail with this id.
///
/// # Errors
/// When the database cannot be read.
pub async fn find(db: &Db, id: MailId) -> Result<Option<Mail>> {
    Ok(on_db!(db, on => sqlx::query_as(BY_ID).bind(id.to_string()).fetch_optional(on).await)?)
}

/// The last mails to `recipient`, newest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn to(db: &Db, recipient: &Email, limit: i64) -> Result<Vec<Mail>> {
    Ok(on_db!(db, on => sqlx::query_as(TO).bind(recipient.as_str()).bind(limit).fetch_all(on).await)?)
}

/// Removes every mail to `recipient`, those that wait included.
///
/// # Errors
/// When the database cannot be written.
pub async fn remove_to(tx: &mut Tx, recipient: &Email) -> Result<()> {
    on_tx!(tx, on => sqlx::query(REMOVE_TO).bind(recipient.as_str()).execute(on).await.map(drop))?;
    Ok(())
}

/// Removes a slice of those older than `before`, but none that waits to be sent and is not older than `stale`; how many.
///
/// # Errors
/// When the database cannot be written.
pub async fn prune(tx: &mut Tx, before: Moment, stale: Moment) -> Result<u64> {
    Ok(on_tx!(tx, on => sqlx::query(PRUNE).bind(before).bind(stale).execute(on).await.map(|r| r.rows_affected()))?)
}

/// Before which moment there are more than [`MOST`] younger ones; `None`: there are fewer.
///
/// # Errors
/// When the database cannot be read.
pub async fn surplus(db: &Db) -> Result<Option<Moment>> {
    Ok(on_db!(db, on => sqlx::query_scalar(SURPLUS).bind(MOST).fetch_optional(on).await)?)
}
