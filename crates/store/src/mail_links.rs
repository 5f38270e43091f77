//! Links sent by mail, each good for one purpose, once, for a while. Their secrets are stored as keyed hashes.

use domain::{AccountId, Email, secret::SecretHash};
use serde::Serialize;
use sqlx::FromRow;

use crate::{Db, Moment, Result, Tx};

sql! {
    INSERT = "INSERT INTO mail_links (hash, account_id, purpose, email, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)";
    LIVE = "SELECT account_id, purpose, email, created_at, expires_at, used_at FROM mail_links
        WHERE hash = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3";
    /// One statement and its row: of many who come with one link, one is let in.
    USE_UP = "UPDATE mail_links SET used_at = $3 WHERE hash = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3
        RETURNING account_id, purpose, email, created_at, expires_at, used_at";
    END_OF_PURPOSE = "UPDATE mail_links SET used_at = $3 WHERE account_id = $1 AND purpose = $2 AND used_at IS NULL";
    END_ALL = "UPDATE mail_links SET used_at = $2 WHERE account_id = $1 AND used_at IS NULL";
    OF_ACCOUNT = "SELECT account_id, purpose, email, created_at, expires_at, used_at FROM mail_links WHERE account_id = $1
        ORDER BY created_at DESC LIMIT 1000";
    REMOVE_ALL = "DELETE FROM mail_links WHERE account_id = $1";
    PRUNE = "DELETE FROM mail_links WHERE hash IN (SELECT hash FROM mail_links WHERE expires_at < $1 ORDER BY expires_at LIMIT 2000)";
}

/// A link as it was sent: everything but its secret.
#[derive(Debug, Clone, FromRow, Serialize)]
pub struct MailLink {
    /// Whose account it is about.
    #[sqlx(try_from = "String")]
    pub account_id: AccountId,
    /// What it is for.
    pub purpose: String,
    /// The address it was sent to.
    #[sqlx(try_from = "String")]
    pub email: Email,
    /// Since when.
    pub created_at: Moment,
    /// Until when it works.
    pub expires_at: Moment,
    /// When it was used, or ended by another one.
    pub used_at: Option<Moment>,
}

/// Adds a link.
///
/// # Errors
/// When the database cannot be written.
pub async fn insert(tx: &mut Tx, link: &MailLink, hash: &SecretHash) -> Result<()> {
    on_tx!(tx, on => sqlx::query(INSERT).bind(hash.as_bytes()).bind(link.account_id.to_string()).bind(&link.purpose).bind(link.email.as_str())
        .bind(link.created_at).bind(link.expires_at).execute(on).await.map(drop))?;
    Ok(())
}

/// The link under this hash, when it would work now for this purpose.
///
/// # Errors
/// When the database cannot be read.
pub async fn live(db: &Db, hash: &SecretHash, purpose: &str, now: Moment) -> Result<Option<MailLink>> {
    Ok(on_db!(db, on => sqlx::query_as(LIVE).bind(hash.as_bytes()).bind(purpose).bind(now).fetch_optional(on).await)?)
}

/// Uses the link under this hash up. `None`: it is not there, for something else, used or too old.
///
/// # Errors
/// When the database cannot be written.
pub async fn use_up(tx: &mut Tx, hash: &SecretHash, purpose: &str, now: Moment) -> Result<Option<MailLink>> {
    Ok(on_tx!(tx, on => sqlx::query_as(USE_UP).bind(hash.as_bytes()).bind(purpose).bind(now).fetch_optional(on).await)?)
}

/// Ends the links of an account that were sent for this purpose; `None`: for any.
///
/// # Errors
/// When the database cannot be written.
pub async fn end(tx: &mut Tx, account: AccountId, purpose: Option<&str>, at: Moment) -> Result<()> {
    let id = account.to_string();
    let done = match purpose {
        Some(purpose) => {
            on_tx!(tx, on => sqlx::query(END_OF_PURPOSE).bind(id).bind(purpose).bind(at).execute(on).await.map(drop))
        }
        None => on_tx!(tx, on => sqlx::query(END_ALL).bind(id).bind(at).execute(on).await.map(drop)),
    };
    Ok(done?)
}

/// The links of an account, newest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_account(db: &Db, account: AccountId) -> Result<Vec<MailLink>> {
    Ok(on_db!(db, on => sqlx::query_as(OF_ACCOUNT).bind(account.to_string()).fetch_all(on).await)?)
}

/// Removes every trace of links of an account.
///
/// # Errors
/// When the database cannot be written.
pub async fn remove_all(tx: &mut Tx, account: AccountId) -> Result<()> {
    on_tx!(tx, on => sqlx::query(REMOVE_ALL).bind(account.to_string()).execute(on).await.map(drop))?;
    Ok(())
}

/// Removes a slice of those that expired before `before`; how many.
///
/// # Errors
/// When the database cannot be written.
pub async fn prune(tx: &mut Tx, before: Moment) -> Result<u64> {
    Ok(on_tx!(tx, on => sqlx::query(PRUNE).bind(before).execute(on).await.map(|r| r.rows_affected()))?)
}
