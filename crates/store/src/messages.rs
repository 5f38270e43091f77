//! Text messages and calls to be made and made, as mails are: written in the transaction that makes them true, claimed by a node, sent, and said so.

use domain::{Language, MessageId};
use serde::Serialize;
use sqlx::FromRow;

use crate::{Db, Moment, Result, Tx};

sql! {
    INSERT = "INSERT INTO messages (id, channel, recipient, language, body, state, created_at, expires_at, next_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $7)";
    RECENT = "SELECT COUNT(*) FROM messages WHERE recipient IN ($1, '+' || $1) AND created_at > $2";
    /// What nobody needs any more is looked at once more, to be given up.
    DUE = "SELECT id, channel, recipient, language, body, state, created_at, expires_at, attempts FROM messages
        WHERE state = 'waiting' AND next_at <= $1 ORDER BY next_at, id LIMIT $2";
    CLAIM = "UPDATE messages SET attempts = attempts + 1, next_at = $3 WHERE id = $1 AND state = 'waiting' AND attempts = $2";
    SENT = "UPDATE messages SET state = 'sent', sent_at = $3, body = $4, last_error = NULL WHERE id = $1 AND attempts = $2 AND state = 'waiting'";
    RETRY = "UPDATE messages SET next_at = $3, last_error = $4 WHERE id = $1 AND attempts = $2 AND state = 'waiting'";
    GIVE_UP = "UPDATE messages SET state = 'failed', body = $4, last_error = $3 WHERE id = $1 AND attempts = $2 AND state = 'waiting'";
    LATEST = "SELECT id, channel, recipient, language, body, state, created_at, expires_at, attempts FROM messages ORDER BY created_at DESC, id DESC LIMIT $1";
    BY_ID = "SELECT id, channel, recipient, language, body, state, created_at, expires_at, attempts FROM messages WHERE id = $1";
    PRUNE = "DELETE FROM messages WHERE id IN (SELECT id FROM messages WHERE created_at < $1 ORDER BY created_at LIMIT 2000)";
}

/// A message as it stands in the table; `body` is under the master key.
#[derive(Clone, FromRow, Serialize)]
pub struct Message {
    /// Its id.
    #[sqlx(try_from = "String")]
    pub id: MessageId,
    /// `sms` or `call`.
    pub channel: String,
    /// The telephone number: digits, after a plus where it has one.
    pub recipient: String,
    /// In which language.
    #[sqlx(try_from = "String")]
    pub language: Language,
    /// Its wrapped text; empty once it was sent or given up.
    #[serde(skip)]
    pub body: Vec<u8>,
    /// `waiting`, `sent`, `failed` or `mailbox`.
    pub state: String,
    /// Since when.
    pub created_at: Moment,
    /// After which moment nobody needs it.
    pub expires_at: Moment,
    /// How often it was tried.
    pub attempts: i64,
}

/// Adds a message.
///
/// # Errors
/// When the database cannot be written.
pub async fn insert(tx: &mut Tx, message: &Message) -> Result<()> {
    on_tx!(tx, on => sqlx::query(INSERT).bind(message.id.to_string()).bind(&message.channel).bind(&message.recipient)
        .bind(message.language.as_str()).bind(&message.body).bind(&message.state).bind(message.created_at).bind(message.expires_at)
        .execute(on).await.map(drop))?;
    Ok(())
}

/// How many messages were written after `since` to the number with these digits, with or without a plus.
///
/// # Errors
/// When the database cannot be read.
pub async fn recent(tx: &mut Tx, digits: &str, since: Moment) -> Result<i64> {
    Ok(on_tx!(tx, on => sqlx::query_scalar(RECENT).bind(digits).bind(since).fetch_one(on).await)?)
}

/// The messages that are due, oldest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn due(db: &Db, now: Moment, limit: i64) -> Result<Vec<Message>> {
    Ok(on_db!(db, on => sqlx::query_as(DUE).bind(now).bind(limit).fetch_all(on).await)?)
}

/// Claims a message as it was read; from then on it counts one try more. `false`: another node has it.
///
/// # Errors
/// When the database cannot be written.
pub async fn claim(tx: &mut Tx, message: &Message, until: Moment) -> Result<bool> {
    let done = on_tx!(tx, on => sqlx::query(CLAIM).bind(message.id.to_string()).bind(message.attempts).bind(until)
        .execute(on).await.map(|r| r.rows_affected()))?;
    Ok(done == 1)
}

/// Notes that the message of try number `attempts` was sent, and forgets its text.
///
/// # Errors
/// When the database cannot be written.
pub async fn sent(tx: &mut Tx, id: MessageId, attempts: i64, at: Moment) -> Result<()> {
    on_tx!(tx, on => sqlx::query(SENT).bind(id.to_string()).bind(attempts).bind(at).bind(Vec::<u8>::new()).execute(on).await.map(drop))?;
    Ok(())
}

/// Notes why try number `attempts` failed and when the next one is; `None`: there is none, and the text is forgotten.
///
/// # Errors
/// When the database cannot be written.
pub async fn failed(tx: &mut Tx, id: MessageId, attempts: i64, next: Option<Moment>, error: &str) -> Result<()> {
    match next {
        Some(next) => on_tx!(tx, on => sqlx::query(RETRY).bind(id.to_string()).bind(attempts).bind(next).bind(error)
            .execute(on).await.map(drop))?,
        None => on_tx!(tx, on => sqlx::query(GIVE_UP).bind(id.to_string()).bind(attempts).bind(error).bind(Vec::<u8>::new())
            .execute(on).await.map(drop))?,
    }
    Ok(())
}

/// The last messages, newest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn latest(db: &Db, limit: i64) -> Result<Vec<Message>> {
    Ok(on_db!(db, on => sqlx::query_as(LATEST).bind(limit).fetch_all(on).await)?)
}

/// The message with this id.
///
/// # Errors
/// When the database cannot be read.
pub async fn find(db: &Db, id: MessageId) -> Result<Option<Message>> {
    Ok(on_db!(db, on => sqlx::query_as(BY_ID).bind(id.to_string()).fetch_optional(on).await)?)
}

/// Removes a slice of those older than `before`; how many.
///
/// # Errors
/// When the database cannot be written.
pub async fn prune(tx: &mut Tx, before: Moment) -> Result<u64> {
    Ok(on_tx!(tx, on => sqlx::query(PRUNE).bind(before).execute(on).await.map(|r| r.rows_affected()))?)
}
