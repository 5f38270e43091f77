//! People who sign in.

use domain::{AccountId, Email, Language, role::Staff};
use serde::Serialize;
use sqlx::FromRow;

use crate::{Db, Moment, Result, Tx};

/// What is read of an account, wherever it is read from; the table is `a`.
macro_rules! columns {
    () => {
        "a.id, a.email, a.name, a.language, a.staff, a.password IS NOT NULL AS has_password, a.totp_since IS NOT NULL AS has_totp,
        (SELECT COUNT(*) FROM passkeys k WHERE k.account_id = a.id) AS passkeys, a.verified_at, a.created_at"
    };
}
pub(crate) use columns;

sql! {
    INSERT = "INSERT INTO accounts (id, email, name, password, language, staff, verified_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    BY_ID = concat!("SELECT ", columns!(), " FROM accounts a WHERE a.id = $1 AND a.deleted_at IS NULL");
    BY_EMAIL = concat!("SELECT ", columns!(), " FROM accounts a WHERE a.email = $1 AND a.deleted_at IS NULL");
    PAGE = concat!("SELECT ", columns!(), " FROM accounts a WHERE a.email > $1 AND a.deleted_at IS NULL ORDER BY a.email LIMIT $2");
    PROOFS = "SELECT password, totp, totp_step, totp_since FROM accounts WHERE id = $1 AND deleted_at IS NULL";
    /// Who registers again before the address was verified starts anew: until then, the account belongs to nobody.
    REPLACE = "UPDATE accounts SET name = $2, password = $3, language = $4 WHERE id = $1 AND verified_at IS NULL AND deleted_at IS NULL";
    VERIFY = "UPDATE accounts SET verified_at = $2 WHERE id = $1 AND verified_at IS NULL AND deleted_at IS NULL";
    SET_PASSWORD = "UPDATE accounts SET password = $2 WHERE id = $1 AND deleted_at IS NULL";
    /// Only over the hash that was read: a password changed meanwhile stays.
    REHASH = "UPDATE accounts SET password = $3 WHERE id = $1 AND password = $2 AND deleted_at IS NULL";
    SET_EMAIL = "UPDATE accounts SET email = $2 WHERE id = $1 AND deleted_at IS NULL";
    SET_NAME = "UPDATE accounts SET name = $2 WHERE id = $1 AND deleted_at IS NULL";
    SET_LANGUAGE = "UPDATE accounts SET language = $2 WHERE id = $1 AND deleted_at IS NULL";
    SET_STAFF = "UPDATE accounts SET staff = $2 WHERE id = $1 AND deleted_at IS NULL";
    ENROL_TOTP = "UPDATE accounts SET totp = $2, totp_step = 0 WHERE id = $1 AND totp_since IS NULL AND deleted_at IS NULL";
    /// Of the secret that the code was of, and once.
    CONFIRM_TOTP = "UPDATE accounts SET totp_since = $3, totp_step = $4 WHERE id = $1 AND totp = $2 AND totp_since IS NULL";
    /// A step counts once, whoever is faster.
    USE_TOTP_STEP = "UPDATE accounts SET totp_step = $2 WHERE id = $1 AND totp_step < $2 AND totp_since IS NOT NULL";
    REMOVE_TOTP = "UPDATE accounts SET totp = NULL, totp_step = 0, totp_since = NULL WHERE id = $1 AND totp_since IS NOT NULL";
    /// Takes the organisations' rows, so that two owners cannot both go at once.
    HOLD_ORGANISATIONS = "UPDATE organisations SET name = name WHERE id IN (SELECT organisation_id FROM memberships WHERE account_id = $1)";
    SOLE_OWNER_OF = "SELECT o.name FROM memberships m JOIN organisations o ON o.id = m.organisation_id
        WHERE m.account_id = $1 AND m.role = 'owner' AND o.status <> 'revoked' AND NOT EXISTS
            (SELECT 1 FROM memberships x WHERE x.organisation_id = m.organisation_id AND x.role = 'owner' AND x.account_id <> m.account_id)
        ORDER BY o.name";
    LEAVE_ALL = "DELETE FROM memberships WHERE account_id = $1";
    MEMBERSHIPS = "SELECT o.id, o.name, m.role, m.created_at FROM memberships m JOIN organisations o ON o.id = m.organisation_id
        WHERE m.account_id = $1 ORDER BY o.name LIMIT 1000";
    ACCEPTED_POLICIES = "SELECT project_id, environment, version, address, accepted_at FROM policy_acceptances WHERE account_id = $1 LIMIT 1000";
    /// The id stays, because the audit log and others name it; `deleted:` begins no address.
    ERASE = "UPDATE accounts SET email = 'deleted:' || id, name = '', password = NULL, language = NULL, staff = '', verified_at = NULL,
        totp = NULL, totp_step = 0, totp_since = NULL, deleted_at = $2 WHERE id = $1 AND deleted_at IS NULL";
}

/// An account as pages and administration see it: everything but what proves it.
#[derive(Debug, Clone, FromRow, Serialize)]
pub struct Account {
    /// Its id.
    #[sqlx(try_from = "String")]
    pub id: AccountId,
    /// Where mail reaches the person, and what the person signs in with.
    #[sqlx(try_from = "String")]
    pub email: Email,
    /// The person's name.
    pub name: String,
    /// The language the person chose; see [`Account::language`].
    language: Option<String>,
    /// What the person is among the operator's staff; see [`Account::staff`].
    staff: String,
    /// Whether it can sign in by password.
    pub has_password: bool,
    /// Whether an authenticator app was enrolled and confirmed.
    pub has_totp: bool,
    /// How many passkeys it has.
    pub passkeys: i64,
    /// Since when the address is known to be the person's.
    pub verified_at: Option<Moment>,
    /// Since when.
    pub created_at: Moment,
}

impl Account {
    /// The language the person chose, when one was chosen.
    #[must_use]
    pub fn language(&self) -> Option<Language> {
        self.language.as_deref()?.parse().ok()
    }

    /// What the person is among the operator's staff. A word nobody knows is no role.
    #[must_use]
    pub fn staff(&self) -> Option<Staff> {
        self.staff.parse().ok()
    }

    /// Whether a password alone does not sign it in.
    #[must_use]
    pub fn has_second_factor(&self) -> bool {
        self.has_totp || self.passkeys > 0
    }
}

/// An account before it has a row.
pub struct NewAccount<'a> {
    /// Its id.
    pub id: AccountId,
    /// Its address.
    pub email: &'a Email,
    /// The person's name.
    pub name: &'a str,
    /// The argon2 hash of its password, when it has one.
    pub password: Option<&'a str>,
    /// The language, when one is known.
    pub language: Option<Language>,
    /// Its role among the operator's staff.
    pub staff: Option<Staff>,
    /// Since when the address is known to be the person's.
    pub verified_at: Option<Moment>,
    /// Since when.
    pub created_at: Moment,
}

/// What proves an account; never shown.
#[derive(FromRow)]
pub struct Proofs {
    /// The argon2 hash of its password.
    pub password: Option<String>,
    /// The secret of its authenticator app, under the master key.
    pub totp: Option<Vec<u8>>,
    /// The last time step that was used.
    pub totp_step: i64,
    /// Since when the app is confirmed; before, it opens nothing.
    pub totp_since: Option<Moment>,
}

/// An organisation an account works for.
#[derive(Debug, Clone, FromRow, Serialize)]
pub struct MemberOf {
    /// The organisation's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What the account is there.
    pub role: String,
    /// Since when.
    pub created_at: Moment,
}

/// The acceptance of usage policies.
#[derive(Debug, Clone, FromRow, Serialize)]
pub struct AcceptedPolicy {
    /// For which project.
    pub project_id: String,
    /// Where.
    pub environment: String,
    /// Which version.
    pub version: String,
    /// From which network address.
    pub address: String,
    /// When.
    pub accepted_at: Moment,
}

/// Adds an account.
///
/// # Errors
/// [`Error::Taken`](crate::Error::Taken) when its address is.
pub async fn insert(tx: &mut Tx, new: &NewAccount<'_>) -> Result<()> {
    on_tx!(tx, on => sqlx::query(INSERT).bind(new.id.to_string()).bind(new.email.as_str()).bind(new.name).bind(new.password)
        .bind(new.language.map(Language::as_str)).bind(new.staff.map_or("", Staff::as_str)).bind(new.verified_at).bind(new.created_at)
        .execute(on).await.map(drop))?;
    Ok(())
}

/// The account with this id.
///
/// # Errors
/// When the database cannot be read.
pub async fn find(db: &Db, id: AccountId) -> Result<Option<Account>> {
    Ok(on_db!(db, on => sqlx::query_as(BY_ID).bind(id.to_string()).fetch_optional(on).await)?)
}

/// The account with this address.
///
/// # Errors
/// When the database cannot be read.
pub async fn find_by_email(db: &Db, email: &Email) -> Result<Option<Account>> {
    Ok(on_db!(db, on => sqlx::query_as(BY_EMAIL).bind(email.as_str()).fetch_optional(on).await)?)
}

/// The account with this id, as this transaction sees it.
///
/// # Errors
/// When the database cannot be read.
pub async fn find_in(tx: &mut Tx, id: AccountId) -> Result<Option<Account>> {
    Ok(on_tx!(tx, on => sqlx::query_as(BY_ID).bind(id.to_string()).fetch_optional(on).await)?)
}

/// The account with this address, as this transaction sees it.
///
/// # Errors
/// When the database cannot be read.
pub async fn find_by_email_in(tx: &mut Tx, email: &Email) -> Result<Option<Account>> {
    Ok(on_tx!(tx, on => sqlx::query_as(BY_EMAIL).bind(email.as_str()).fetch_optional(on).await)?)
}

/// The accounts by address, those after `after`.
///
/// # Errors
/// When the database cannot be read.
pub async fn page(db: &Db, after: &str, limit: i64) -> Result<Vec<Account>> {
    Ok(on_db!(db, on => sqlx::query_as(PAGE).bind(after).bind(limit).fetch_all(on).await)?)
}

/// What proves the account.
///
/// # Errors
/// When the database cannot be read.
pub async fn proofs(db: &Db, id: AccountId) -> Result<Option<Proofs>> {
    Ok(on_db!(db, on => sqlx::query_as(PROOFS).bind(id.to_string()).fetch_optional(on).await)?)
}

/// What proves the account, as this transaction sees it.
///
/// # Errors
/// When the database cannot be read.
pub async fn proofs_in(tx: &mut Tx, id: AccountId) -> Result<Option<Proofs>> {
    Ok(on_tx!(tx, on => sqlx::query_as(PROOFS).bind(id.to_string()).fetch_optional(on).await)?)
}

/// Starts an account anew that was registered and never verified. `false`: it was verified, or is gone.
///
/// # Errors
/// When the database cannot be written.
pub async fn replace(tx: &mut Tx, id: AccountId, name: &str, password: Option<&str>, language: Option<Language>) -> Result<bool> {
    let done = on_tx!(tx, on => sqlx::query(REPLACE).bind(id.to_string()).bind(name).bind(password).bind(language.map(Language::as_str))
        .execute(on).await.map(|r| r.rows_affected()))?;
    Ok(done == 1)
}

/// Notes that the address is the person's. `false`: it was known before.
///
/// # Errors
/// When the database cannot be written.
pub async fn verify(tx: &mut Tx, id: AccountId, at: Moment) -> Result<bool> {
    let done = on_tx!(tx, on => sqlx::query(VERIFY).bind(id.to_string()).bind(at).execute(on).await.map(|r| r.rows_affected()))?;
    Ok(done == 1)
}

/// Sets the hash of the password. `false`: there is no such account.
///
/// # Errors
/// When the database cannot be written.
pub async fn set_password(tx: &mut Tx, id: AccountId, hash: &str) -> Result<bool> {
    let done = on_tx!(tx, on => sqlx::query(SET_PASSWORD).bind(id.to_string()).bind(hash).execute(on).await.map(|r| r.rows_affected()))?;
    Ok(done == 1)
}

/// Replaces the hash `old` of a password by one of the same password, or by itself to hold it until the transaction ends. `false`: the
/// password is another one by now.
///
/// # Errors
/// When the database cannot be written.
pub async fn rehash(tx: &mut Tx, id: AccountId, old: &str, new: &str) -> Result<bool> {
    let done = on_tx!(tx, on => sqlx::query(REHASH).bind(id.to_string()).bind(old).bind(new).execute(on).await.map(|r| r.rows_affected()))?;
    Ok(done == 1)
}

/// Moves the account to another address. `false`: there is no such account.
///
/// # Errors
/// [`Error::Taken`](crate::Error::Taken) when that address belongs to another account.
pub async fn set_email(tx: &mut Tx, id: AccountId, email: &Email) -> Result<bool> {
    let done =
        on_tx!(tx, on => sqlx::query(SET_EMAIL).bind(id.to_string()).bind(email.as_str()).execute(on).await.map(|r| r.rows_affected()))?;
    Ok(done == 1)
}

/// Sets the person's name. `false`: there is no such account.
///
/// # Errors
/// When the database cannot be written.
pub async fn set_name(tx: &mut Tx, id: AccountId, name: &str) -> Result<bool> {
    let done = on_tx!(tx, on => sqlx::query(SET_NAME).bind(id.to_string()).bind(name).execute(on).await.map(|r| r.rows_affected()))?;
    Ok(done == 1)
}

/// Sets the language; `None`: as the browser asks. `false`: there is no such account.
///
/// # Errors
/// When the database cannot be written.
pub async fn set_language(tx: &mut Tx, id: AccountId, language: Option<Language>) -> Result<bool> {
    let word = language.map(Language::as_str);
    let done = on_tx!(tx, on => sqlx::query(SET_LANGUAGE).bind(id.to_string()).bind(word).execute(on).await.map(|r| r.rows_affected()))?;
    Ok(done == 1)
}

/// Sets the role among the operator's staff; `None`: not of the staff. `false`: there is no such account.
///
/// # Errors
/// When the database cannot be written.
pub async fn set_staff(tx: &mut Tx, id: AccountId, staff: Option<Staff>) -> Result<bool> {
    let word = staff.map_or("", Staff::as_str);
    let done = on_tx!(tx, on => sqlx::query(SET_STAFF).bind(id.to_string()).bind(word).execute(on).await.map(|r| r.rows_affected()))?;
    Ok(done == 1)
}

/// Keeps the wrapped secret of an authenticator app, which opens nothing until it is confirmed. `false`: one is confirmed already.
///
/// # Errors
/// When the database cannot be written.
pub async fn enrol_totp(tx: &mut Tx, id: AccountId, wrapped: &[u8]) -> Result<bool> {
    let done = on_tx!(tx, on => sqlx::query(ENROL_TOTP).bind(id.to_string()).bind(wrapped).execute(on).await.map(|r| r.rows_affected()))?;
    Ok(done == 1)
}

/// Confirms the authenticator app with this wrapped secret by a code of time step `step`. `false`: it is another one by now, or confirmed.
///
/// # Errors
/// When the database cannot be written.
pub async fn confirm_totp(tx: &mut Tx, id: AccountId, wrapped: &[u8], at: Moment, step: i64) -> Result<bool> {
    let done = on_tx!(tx, on => sqlx::query(CONFIRM_TOTP).bind(id.to_string()).bind(wrapped).bind(at).bind(step)
        .execute(on).await.map(|r| r.rows_affected()))?;
    Ok(done == 1)
}

/// Uses up a time step and all before it. `false`: it was used.
///
/// # Errors
/// When the database cannot be written.
pub async fn use_totp_step(tx: &mut Tx, id: AccountId, step: i64) -> Result<bool> {
    let done = on_tx!(tx, on => sqlx::query(USE_TOTP_STEP).bind(id.to_string()).bind(step).execute(on).await.map(|r| r.rows_affected()))?;
    Ok(done == 1)
}

/// Forgets the authenticator app. `false`: there was none.
///
/// # Errors
/// When the database cannot be written.
pub async fn remove_totp(tx: &mut Tx, id: AccountId) -> Result<bool> {
    let done = on_tx!(tx, on => sqlx::query(REMOVE_TOTP).bind(id.to_string()).execute(on).await.map(|r| r.rows_affected()))?;
    Ok(done == 1)
}

/// The names of the organisations whose only owner the account is. They are held until the transaction ends.
///
/// # Errors
/// When the database cannot be read.
pub async fn sole_owner_of(tx: &mut Tx, id: AccountId) -> Result<Vec<String>> {
    on_tx!(tx, on => sqlx::query(HOLD_ORGANISATIONS).bind(id.to_string()).execute(on).await.map(drop))?;
    Ok(on_tx!(tx, on => sqlx::query_scalar(SOLE_OWNER_OF).bind(id.to_string()).fetch_all(on).await)?)
}

/// The organisations the account works for.
///
/// # Errors
/// When the database cannot be read.
pub async fn member_of(db: &Db, id: AccountId) -> Result<Vec<MemberOf>> {
    Ok(on_db!(db, on => sqlx::query_as(MEMBERSHIPS).bind(id.to_string()).fetch_all(on).await)?)
}

/// The usage policies the account accepted for projects.
///
/// # Errors
/// When the database cannot be read.
pub async fn accepted_policies(db: &Db, id: AccountId) -> Result<Vec<AcceptedPolicy>> {
    Ok(on_db!(db, on => sqlx::query_as(ACCEPTED_POLICIES).bind(id.to_string()).fetch_all(on).await)?)
}

/// Forgets everything in the account's row but its id, and its memberships. `false`: it was erased before.
///
/// # Errors
/// When the database cannot be written.
pub async fn erase(tx: &mut Tx, id: AccountId, at: Moment) -> Result<bool> {
    on_tx!(tx, on => sqlx::query(LEAVE_ALL).bind(id.to_string()).execute(on).await.map(drop))?;
    let done = on_tx!(tx, on => sqlx::query(ERASE).bind(id.to_string()).bind(at).execute(on).await.map(|r| r.rows_affected()))?;
    Ok(done == 1)
}
