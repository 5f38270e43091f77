//! WebAuthn ceremonies under way: what was asked, until it is answered once.

use domain::AccountId;
use sqlx::FromRow;
use uuid::Uuid;

use crate::{Moment, Result, Tx};

sql! {
    INSERT = "INSERT INTO ceremonies (id, account_id, purpose, state, expires_at) VALUES ($1, $2, $3, $4, $5)";
    /// Who asks again and again answers one of the last.
    TRIM = "DELETE FROM ceremonies WHERE id IN (SELECT id FROM ceremonies WHERE account_id = $1 ORDER BY expires_at DESC, id DESC LIMIT 1000 OFFSET $2)";
    /// Gone with the first answer, right or wrong: a challenge is never answered twice.
    TAKE = "DELETE FROM ceremonies WHERE id = $1 AND purpose = $2 AND expires_at > $3 RETURNING account_id, state";
    REMOVE_ALL = "DELETE FROM ceremonies WHERE account_id = $1";
    PRUNE = "DELETE FROM ceremonies WHERE id IN (SELECT id FROM ceremonies WHERE expires_at <= $1 ORDER BY expires_at LIMIT 2000)";
}

/// How many ceremonies of one account may be under way.
const MOST: i64 = 10;

/// What was asked.
#[derive(FromRow)]
pub struct Ceremony {
    account_id: Option<String>,
    /// What must be known to judge the answer.
    pub state: String,
}

impl Ceremony {
    /// Whom it was asked of; `None`: whoever answers.
    ///
    /// # Errors
    /// When the row holds no id.
    pub fn account(&self) -> Result<Option<AccountId>> {
        Ok(self.account_id.as_deref().map(str::parse).transpose()?)
    }
}

/// Notes what was asked; beyond [`MOST`] of one account the oldest ones are over.
///
/// # Errors
/// When the database cannot be written.
pub async fn insert(tx: &mut Tx, id: Uuid, account: Option<AccountId>, purpose: &str, state: &str, expires_at: Moment) -> Result<()> {
    on_tx!(tx, on => sqlx::query(INSERT).bind(id.to_string()).bind(account.map(|id| id.to_string())).bind(purpose).bind(state).bind(expires_at)
        .execute(on).await.map(drop))?;
    if let Some(account) = account {
        on_tx!(tx, on => sqlx::query(TRIM).bind(account.to_string()).bind(MOST).execute(on).await.map(drop))?;
    }
    Ok(())
}

/// Takes what was asked, once.
///
/// # Errors
/// When the database cannot be written.
pub async fn take(tx: &mut Tx, id: Uuid, purpose: &str, now: Moment) -> Result<Option<Ceremony>> {
    Ok(on_tx!(tx, on => sqlx::query_as(TAKE).bind(id.to_string()).bind(purpose).bind(now).fetch_optional(on).await)?)
}

/// Removes what was asked of an account.
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
