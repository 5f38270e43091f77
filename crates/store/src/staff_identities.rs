//! Whom the operator's provider means: its subject is one of our accounts.

use domain::AccountId;
use serde::Serialize;
use sqlx::FromRow;

use crate::{Db, Moment, Result, Tx};

sql! {
    INSERT = "INSERT INTO staff_identities (issuer, subject, account_id, created_at, last_used_at) VALUES ($1, $2, $3, $4, $4)";
    /// Whose it is, and that it was used, at once.
    USE = "UPDATE staff_identities SET last_used_at = $3 WHERE issuer = $1 AND subject = $2 RETURNING account_id";
    FIND = "SELECT account_id FROM staff_identities WHERE issuer = $1 AND subject = $2";
    OF_ACCOUNT = "SELECT issuer, subject, created_at, last_used_at FROM staff_identities WHERE account_id = $1 ORDER BY created_at LIMIT 100";
    IS_LINKED = "SELECT COUNT(*) FROM staff_identities WHERE account_id = $1 AND issuer = $2";
    REMOVE_ALL = "DELETE FROM staff_identities WHERE account_id = $1";
}

/// What a provider calls an account.
#[derive(Debug, Clone, FromRow, Serialize)]
pub struct Identity {
    /// The provider.
    pub issuer: String,
    /// What it calls the person.
    pub subject: String,
    /// Since when it is linked.
    pub created_at: Moment,
    /// When it last signed on.
    pub last_used_at: Moment,
}

/// Links a person of the provider to an account.
///
/// # Errors
/// [`Error::Taken`](crate::Error::Taken) when the person has an account, or the account a person of that provider.
pub async fn insert(tx: &mut Tx, issuer: &str, subject: &str, account: AccountId, at: Moment) -> Result<()> {
    on_tx!(tx, on => sqlx::query(INSERT).bind(issuer).bind(subject).bind(account.to_string()).bind(at).execute(on).await.map(drop))?;
    Ok(())
}

/// The account of a person of the provider, who signs on at this moment.
///
/// # Errors
/// When the database cannot be written.
pub async fn use_by(tx: &mut Tx, issuer: &str, subject: &str, at: Moment) -> Result<Option<AccountId>> {
    let id: Option<String> = on_tx!(tx, on => sqlx::query_scalar(USE).bind(issuer).bind(subject).bind(at).fetch_optional(on).await)?;
    Ok(id.map(|id| id.parse()).transpose()?)
}

/// The account of a person of the provider.
///
/// # Errors
/// When the database cannot be read.
pub async fn find(tx: &mut Tx, issuer: &str, subject: &str) -> Result<Option<AccountId>> {
    let id: Option<String> = on_tx!(tx, on => sqlx::query_scalar(FIND).bind(issuer).bind(subject).fetch_optional(on).await)?;
    Ok(id.map(|id| id.parse()).transpose()?)
}

/// Whether the account is linked to somebody at this provider.
///
/// # Errors
/// When the database cannot be read.
pub async fn is_linked(tx: &mut Tx, account: AccountId, issuer: &str) -> Result<bool> {
    let links: i64 = on_tx!(tx, on => sqlx::query_scalar(IS_LINKED).bind(account.to_string()).bind(issuer).fetch_one(on).await)?;
    Ok(links > 0)
}

/// What providers call this account.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_account(db: &Db, account: AccountId) -> Result<Vec<Identity>> {
    Ok(on_db!(db, on => sqlx::query_as(OF_ACCOUNT).bind(account.to_string()).fetch_all(on).await)?)
}

/// Removes what providers call an account; how many there were.
///
/// # Errors
/// When the database cannot be written.
pub async fn remove_all(tx: &mut Tx, account: AccountId) -> Result<u64> {
    Ok(on_tx!(tx, on => sqlx::query(REMOVE_ALL).bind(account.to_string()).execute(on).await.map(|r| r.rows_affected()))?)
}
