//! Sessions: who is signed in, where. The cookie's value is never stored, only its keyed hash.

use domain::{AccountId, SessionId, account::MOST_SESSIONS, secret::SecretHash};
use serde::Serialize;
use sqlx::FromRow;

use crate::{
    Db, Moment, Result, Tx,
    accounts::{Account, columns},
};

/// What is read of a session; the table is `s`. Named apart from the account's columns, which stand beside them.
macro_rules! session_columns {
    () => {
        "s.id AS session_id, s.half, s.created_at AS session_created_at, s.last_used_at, s.expires_at, s.proved_at, s.address, s.agent,
        s.issuer, s.both_factors, s.provider_session"
    };
}

sql! {
    INSERT = "INSERT INTO sessions (id, hash, account_id, half, created_at, last_used_at, expires_at, proved_at, address, agent, issuer,
            both_factors, provider_session)
        VALUES ($1, $2, $3, $4, $5, $5, $6, $7, $8, $9, $10, $11, $12)";
    /// All that a request must know, in one statement. $2: now; $3: since when it must have been used.
    LIVE = concat!("SELECT ", session_columns!(), ", ", columns!(), " FROM sessions s JOIN accounts a ON a.id = s.account_id
        WHERE s.hash = $1 AND s.expires_at > $2 AND s.last_used_at > $3 AND a.deleted_at IS NULL");
    OF_ACCOUNT = concat!("SELECT ", session_columns!(), " FROM sessions s
        WHERE s.account_id = $1 AND s.expires_at > $2 AND s.last_used_at > $3 ORDER BY s.last_used_at DESC, s.id DESC LIMIT 100");
    /// Only forward, and not of a session that ended meanwhile.
    NOTE_USE = "UPDATE sessions SET last_used_at = $2 WHERE id = $1 AND last_used_at < $2";
    /// A half session becomes whole once, under another value.
    COMPLETE = "UPDATE sessions SET hash = $2, half = FALSE, last_used_at = $3, expires_at = $4, proved_at = $3 WHERE id = $1 AND half = TRUE";
    PROVE = "UPDATE sessions SET proved_at = $2 WHERE id = $1 AND half = FALSE";
    END_BY_HASH = "DELETE FROM sessions WHERE hash = $1 RETURNING account_id";
    END = "DELETE FROM sessions WHERE id = $1 AND account_id = $2";
    END_OTHERS = "DELETE FROM sessions WHERE account_id = $1 AND id <> $2";
    /// What a provider's word began ends by its word: one of its sessions and those of which it never said whose they are, or all of a person.
    END_OF_PROVIDER = "DELETE FROM sessions WHERE account_id = $1 AND issuer = $2 AND ($3 = '' OR provider_session IN ($3, ''))";
    OF_PROVIDER_SESSION = "SELECT DISTINCT account_id FROM sessions WHERE issuer = $1 AND provider_session = $2 LIMIT 10";
    END_ALL = "DELETE FROM sessions WHERE account_id = $1";
    /// The ones longest unused make room.
    TRIM = "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE account_id = $1 ORDER BY last_used_at DESC, id DESC LIMIT 1000 OFFSET $2)";
    PRUNE = "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expires_at <= $1 ORDER BY expires_at LIMIT 2000)";
}

/// A session as its owner sees it: everything but the cookie's value.
#[derive(Debug, Clone, FromRow, Serialize)]
pub struct Session {
    /// Its id.
    #[sqlx(rename = "session_id", try_from = "String")]
    pub id: SessionId,
    /// Whether it still awaits a second factor.
    pub half: bool,
    /// Since when.
    #[sqlx(rename = "session_created_at")]
    pub created_at: Moment,
    /// When it was last used, to the minute.
    pub last_used_at: Moment,
    /// When it ends however much it is used.
    pub expires_at: Moment,
    /// When the person last proved who it is.
    pub proved_at: Moment,
    /// From which network address it was begun.
    pub address: String,
    /// With what program.
    pub agent: String,
    /// The provider that began it; empty when it was begun here.
    pub issuer: String,
    /// Whether what the provider asked for counts as the second factor too.
    pub both_factors: bool,
    /// What the provider calls its own session; empty when it does not say.
    pub provider_session: String,
}

/// A session and whose it is.
#[derive(Debug, Clone, FromRow)]
pub struct Found {
    /// The session.
    #[sqlx(flatten)]
    pub session: Session,
    /// The account.
    #[sqlx(flatten)]
    pub account: Account,
}

/// Adds a session; beyond [`MOST_SESSIONS`] the account's longest unused ones end.
///
/// # Errors
/// When the database cannot be written.
pub async fn insert(tx: &mut Tx, account: AccountId, session: &Session, hash: &SecretHash) -> Result<()> {
    on_tx!(tx, on => sqlx::query(INSERT).bind(session.id.to_string()).bind(hash.as_bytes()).bind(account.to_string()).bind(session.half)
        .bind(session.created_at).bind(session.expires_at).bind(session.proved_at).bind(&session.address).bind(&session.agent)
        .bind(&session.issuer).bind(session.both_factors).bind(&session.provider_session)
        .execute(on).await.map(drop))?;
    on_tx!(tx, on => sqlx::query(TRIM).bind(account.to_string()).bind(MOST_SESSIONS).execute(on).await.map(drop))?;
    Ok(())
}

/// The live session under this hash with its account: not ended, not expired, used since `used_since`.
///
/// # Errors
/// When the database cannot be read.
pub async fn live(db: &Db, hash: &SecretHash, now: Moment, used_since: Moment) -> Result<Option<Found>> {
    Ok(on_db!(db, on => sqlx::query_as(LIVE).bind(hash.as_bytes()).bind(now).bind(used_since).fetch_optional(on).await)?)
}

/// The live sessions of an account, the last used first.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_account(db: &Db, account: AccountId, now: Moment, used_since: Moment) -> Result<Vec<Session>> {
    Ok(on_db!(db, on => sqlx::query_as(OF_ACCOUNT).bind(account.to_string()).bind(now).bind(used_since).fetch_all(on).await)?)
}

/// Notes that the session was used.
///
/// # Errors
/// When the database cannot be written.
pub async fn note_use(tx: &mut Tx, id: SessionId, at: Moment) -> Result<()> {
    on_tx!(tx, on => sqlx::query(NOTE_USE).bind(id.to_string()).bind(at).execute(on).await.map(drop))?;
    Ok(())
}

/// Makes a half session whole under another hash. `false`: it is whole already, or ended.
///
/// # Errors
/// When the database cannot be written.
pub async fn complete(tx: &mut Tx, id: SessionId, hash: &SecretHash, at: Moment, expires_at: Moment) -> Result<bool> {
    let done = on_tx!(tx, on => sqlx::query(COMPLETE).bind(id.to_string()).bind(hash.as_bytes()).bind(at).bind(expires_at)
        .execute(on).await.map(|r| r.rows_affected()))?;
    Ok(done == 1)
}

/// Notes that the person proved again who it is. `false`: the session ended, or is half.
///
/// # Errors
/// When the database cannot be written.
pub async fn prove(tx: &mut Tx, id: SessionId, at: Moment) -> Result<bool> {
    let done = on_tx!(tx, on => sqlx::query(PROVE).bind(id.to_string()).bind(at).execute(on).await.map(|r| r.rows_affected()))?;
    Ok(done == 1)
}

/// Ends the session under this hash; whose it was.
///
/// # Errors
/// When the database cannot be written.
pub async fn end_by_hash(tx: &mut Tx, hash: &SecretHash) -> Result<Option<AccountId>> {
    let owner: Option<String> = on_tx!(tx, on => sqlx::query_scalar(END_BY_HASH).bind(hash.as_bytes()).fetch_optional(on).await)?;
    Ok(owner.map(|id| id.parse()).transpose()?)
}

/// Ends a session of this account. `false`: the account has no such session.
///
/// # Errors
/// When the database cannot be written.
pub async fn end(tx: &mut Tx, account: AccountId, id: SessionId) -> Result<bool> {
    let done =
        on_tx!(tx, on => sqlx::query(END).bind(id.to_string()).bind(account.to_string()).execute(on).await.map(|r| r.rows_affected()))?;
    Ok(done == 1)
}

/// Ends all sessions of an account but `keep`; how many.
///
/// # Errors
/// When the database cannot be written.
pub async fn end_others(tx: &mut Tx, account: AccountId, keep: SessionId) -> Result<u64> {
    Ok(
        on_tx!(tx, on => sqlx::query(END_OTHERS).bind(account.to_string()).bind(keep.to_string()).execute(on).await.map(|r| r.rows_affected()))?,
    )
}

/// Ends the sessions of an account that a provider began: those of one of its own sessions and those that never learnt of which one they are, or all when
/// that is empty; how many.
///
/// # Errors
/// When the database cannot be written.
pub async fn end_of_provider(tx: &mut Tx, account: AccountId, issuer: &str, provider_session: &str) -> Result<u64> {
    Ok(on_tx!(tx, on => sqlx::query(END_OF_PROVIDER).bind(account.to_string()).bind(issuer).bind(provider_session)
        .execute(on).await.map(|r| r.rows_affected()))?)
}

/// The accounts with sessions that a provider's session began: one, unless people share a browser.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_provider_session(tx: &mut Tx, issuer: &str, provider_session: &str) -> Result<Vec<AccountId>> {
    let ids: Vec<String> =
        on_tx!(tx, on => sqlx::query_scalar(OF_PROVIDER_SESSION).bind(issuer).bind(provider_session).fetch_all(on).await)?;
    ids.iter().map(|id| Ok(id.parse()?)).collect()
}

/// Ends all sessions of an account; how many.
///
/// # Errors
/// When the database cannot be written.
pub async fn end_all(tx: &mut Tx, account: AccountId) -> Result<u64> {
    Ok(on_tx!(tx, on => sqlx::query(END_ALL).bind(account.to_string()).execute(on).await.map(|r| r.rows_affected()))?)
}

/// Removes a slice of those that expired before `before`; how many.
///
/// # Errors
/// When the database cannot be written.
pub async fn prune(tx: &mut Tx, before: Moment) -> Result<u64> {
    Ok(on_tx!(tx, on => sqlx::query(PRUNE).bind(before).execute(on).await.map(|r| r.rows_affected()))?)
}
