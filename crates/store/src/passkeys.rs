//! Passkeys: WebAuthn credentials of accounts.

use domain::AccountId;
use serde::Serialize;
use sqlx::FromRow;

use crate::{Db, Moment, Result, Tx};

sql! {
    INSERT = "INSERT INTO passkeys (id, account_id, name, credential, created_at) VALUES ($1, $2, $3, $4, $5)";
    /// Takes the account's row, so that two who add or remove at once see each other.
    HOLD_ACCOUNT = "UPDATE accounts SET staff = staff WHERE id = $1 AND deleted_at IS NULL";
    COUNT = "SELECT COUNT(*) FROM passkeys WHERE account_id = $1";
    BY_ID = "SELECT id, account_id, name, credential, created_at, last_used_at FROM passkeys WHERE id = $1";
    OF_ACCOUNT = "SELECT id, account_id, name, credential, created_at, last_used_at FROM passkeys WHERE account_id = $1 ORDER BY created_at, id LIMIT 100";
    /// Over what was read: of two uses at once, one counts.
    USED = "UPDATE passkeys SET credential = $3, last_used_at = $4 WHERE id = $1 AND credential = $2";
    RENAME = "UPDATE passkeys SET name = $3 WHERE id = $1 AND account_id = $2";
    REMOVE = "DELETE FROM passkeys WHERE id = $1 AND account_id = $2";
    REMOVE_ALL = "DELETE FROM passkeys WHERE account_id = $1";
}

/// A passkey as its owner sees it.
#[derive(Debug, Clone, FromRow, Serialize)]
pub struct Passkey {
    /// The authenticator's own id of it, in base64url.
    pub id: String,
    /// Whose.
    #[sqlx(try_from = "String")]
    pub account_id: AccountId,
    /// What its owner calls it.
    pub name: String,
    /// The public key and what else checks it, as JSON.
    #[serde(skip)]
    pub credential: String,
    /// Since when.
    pub created_at: Moment,
    /// When it last signed in.
    pub last_used_at: Option<Moment>,
}

/// Adds a passkey unless the account has `most` already. `false`: it has, or is gone.
///
/// # Errors
/// [`Error::Taken`](crate::Error::Taken) when the passkey is somebody's already.
pub async fn insert(tx: &mut Tx, passkey: &Passkey, most: i64) -> Result<bool> {
    let account = passkey.account_id.to_string();
    let held = on_tx!(tx, on => sqlx::query(HOLD_ACCOUNT).bind(&account).execute(on).await.map(|r| r.rows_affected()))?;
    let there: i64 = on_tx!(tx, on => sqlx::query_scalar(COUNT).bind(&account).fetch_one(on).await)?;
    if held == 0 || there >= most {
        return Ok(false);
    }
    on_tx!(tx, on => sqlx::query(INSERT).bind(&passkey.id).bind(&account).bind(&passkey.name).bind(&passkey.credential).bind(passkey.created_at)
        .execute(on).await.map(drop))?;
    Ok(true)
}

/// The passkey with this id.
///
/// # Errors
/// When the database cannot be read.
pub async fn find(db: &Db, id: &str) -> Result<Option<Passkey>> {
    Ok(on_db!(db, on => sqlx::query_as(BY_ID).bind(id).fetch_optional(on).await)?)
}

/// The passkeys of an account, oldest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_account(db: &Db, account: AccountId) -> Result<Vec<Passkey>> {
    Ok(on_db!(db, on => sqlx::query_as(OF_ACCOUNT).bind(account.to_string()).fetch_all(on).await)?)
}

/// Notes the use of a passkey as it was read, and what it is now. `false`: it was used or removed meanwhile.
///
/// # Errors
/// When the database cannot be written.
pub async fn used(tx: &mut Tx, passkey: &Passkey, credential: &str, at: Moment) -> Result<bool> {
    let done = on_tx!(tx, on => sqlx::query(USED).bind(&passkey.id).bind(&passkey.credential).bind(credential).bind(at)
        .execute(on).await.map(|r| r.rows_affected()))?;
    Ok(done == 1)
}

/// Calls a passkey of the account something else. `false`: the account has no such passkey.
///
/// # Errors
/// When the database cannot be written.
pub async fn rename(tx: &mut Tx, account: AccountId, id: &str, name: &str) -> Result<bool> {
    let done =
        on_tx!(tx, on => sqlx::query(RENAME).bind(id).bind(account.to_string()).bind(name).execute(on).await.map(|r| r.rows_affected()))?;
    Ok(done == 1)
}

/// Removes a passkey of the account; how many it has left. `None`: it has no such passkey.
///
/// # Errors
/// When the database cannot be written.
pub async fn remove(tx: &mut Tx, account: AccountId, id: &str) -> Result<Option<i64>> {
    on_tx!(tx, on => sqlx::query(HOLD_ACCOUNT).bind(account.to_string()).execute(on).await.map(drop))?;
    let done = on_tx!(tx, on => sqlx::query(REMOVE).bind(id).bind(account.to_string()).execute(on).await.map(|r| r.rows_affected()))?;
    if done == 0 {
        return Ok(None);
    }
    Ok(Some(on_tx!(tx, on => sqlx::query_scalar(COUNT).bind(account.to_string()).fetch_one(on).await)?))
}

/// Removes all passkeys of an account.
///
/// # Errors
/// When the database cannot be written.
pub async fn remove_all(tx: &mut Tx, account: AccountId) -> Result<()> {
    on_tx!(tx, on => sqlx::query(REMOVE_ALL).bind(account.to_string()).execute(on).await.map(drop))?;
    Ok(())
}
