//! The operator's own people, and those who are invited to be.

use domain::{InvitationId, role::Staff, secret::SecretHash};
use serde::Serialize;
use sqlx::FromRow;

use crate::{
    Db, Moment, Result, Tx,
    accounts::{Account, columns},
    locks::{self, Lock},
};

sql! {
    /// The last sign-in has an index of its own.
    LIST = concat!("SELECT ", columns!(), ", (SELECT e.at FROM audit e WHERE e.action = 'account.sign_in' AND e.actor = 'account:' || a.id
            ORDER BY e.actor DESC, e.seq DESC LIMIT 1) AS signed_in_at
        FROM accounts a WHERE a.staff <> '' AND a.deleted_at IS NULL ORDER BY a.email LIMIT $1");
    OTHER_ADMINISTRATORS = "SELECT COUNT(*) FROM accounts WHERE staff = 'administrator' AND staff <> '' AND deleted_at IS NULL AND id <> $1";
    INSERT = "INSERT INTO staff_invitations (id, email, role, hash, invited_by, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    OPEN = "SELECT id, email, role, invited_by, created_at, expires_at, ended_at, outcome FROM staff_invitations
        WHERE ended_at IS NULL AND expires_at > $1 ORDER BY created_at DESC, id DESC LIMIT $2";
    BY_ID = "SELECT id, email, role, invited_by, created_at, expires_at, ended_at, outcome FROM staff_invitations WHERE id = $1";
    BY_HASH = "SELECT id, email, role, invited_by, created_at, expires_at, ended_at, outcome FROM staff_invitations WHERE hash = $1";
    /// One conditional update, so that of several who end or accept it at once only one does.
    ACCEPT = "UPDATE staff_invitations SET ended_at = $2, outcome = 'accepted' WHERE id = $1 AND ended_at IS NULL AND expires_at > $2";
    WITHDRAW = "UPDATE staff_invitations SET ended_at = $2, outcome = 'withdrawn' WHERE id = $1 AND ended_at IS NULL";
    REPLACE = "UPDATE staff_invitations SET ended_at = $2, outcome = 'replaced' WHERE email = $1 AND ended_at IS NULL";
    WITHDRAW_OF_INVITER = "UPDATE staff_invitations SET ended_at = $2, outcome = 'withdrawn' WHERE invited_by = $1 AND ended_at IS NULL";
    SINCE = "SELECT COUNT(*) FROM staff_invitations WHERE created_at > $1";
}

/// Somebody of the staff.
#[derive(Debug, Clone, FromRow, Serialize)]
pub struct Person {
    /// The account.
    #[sqlx(flatten)]
    #[serde(flatten)]
    pub account: Account,
    /// When it last signed in.
    pub signed_in_at: Option<Moment>,
}

/// An invitation to be one of the staff: everything but the link.
#[derive(Debug, Clone, FromRow, Serialize)]
pub struct StaffInvitation {
    /// Its id.
    #[sqlx(try_from = "String")]
    pub id: InvitationId,
    /// Whom: an address, trimmed and lower-case.
    pub email: String,
    /// As what.
    #[sqlx(try_from = "String")]
    pub role: Staff,
    /// Who invited, as the audit log writes it.
    pub invited_by: String,
    /// Since when.
    pub created_at: Moment,
    /// Until when it can be accepted.
    pub expires_at: Moment,
    /// When it ended.
    pub ended_at: Option<Moment>,
    /// How it ended: `accepted`, `withdrawn` or `replaced`.
    pub outcome: Option<String>,
}

impl StaffInvitation {
    /// Whether it can still be accepted.
    #[must_use]
    pub fn is_open(&self, now: Moment) -> bool {
        self.ended_at.is_none() && now < self.expires_at
    }
}

/// The staff by address, `limit` at most.
///
/// # Errors
/// When the database cannot be read.
pub async fn list(db: &Db, limit: i64) -> Result<Vec<Person>> {
    Ok(on_db!(db, on => sqlx::query_as(LIST).bind(limit).fetch_all(on).await)?)
}

/// Holds the staff as it is until the transaction ends, so that two administrators cannot both go at once.
///
/// # Errors
/// When the database cannot be written.
pub async fn hold(tx: &mut Tx) -> Result<()> {
    locks::hold(tx, Lock::Staff).await
}

/// How many administrators there are besides this account. The staff must be held.
///
/// # Errors
/// When the database cannot be read.
pub async fn other_administrators(tx: &mut Tx, id: domain::AccountId) -> Result<i64> {
    Ok(on_tx!(tx, on => sqlx::query_scalar(OTHER_ADMINISTRATORS).bind(id.to_string()).fetch_one(on).await)?)
}

/// Adds an invitation.
///
/// # Errors
/// [`Error::Taken`](crate::Error::Taken) while another one for this address is open.
pub async fn invite(tx: &mut Tx, row: &StaffInvitation, hash: &SecretHash) -> Result<()> {
    on_tx!(tx, on => sqlx::query(INSERT).bind(row.id.to_string()).bind(&row.email).bind(row.role.as_str()).bind(hash.as_bytes())
        .bind(&row.invited_by).bind(row.created_at).bind(row.expires_at).execute(on).await.map(drop))?;
    Ok(())
}

/// The invitations that are open at `now`, newest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn open(db: &Db, now: Moment, limit: i64) -> Result<Vec<StaffInvitation>> {
    Ok(on_db!(db, on => sqlx::query_as(OPEN).bind(now).bind(limit).fetch_all(on).await)?)
}

/// The invitation with this id.
///
/// # Errors
/// When the database cannot be read.
pub async fn find(db: &Db, id: InvitationId) -> Result<Option<StaffInvitation>> {
    Ok(on_db!(db, on => sqlx::query_as(BY_ID).bind(id.to_string()).fetch_optional(on).await)?)
}

/// The invitation whose link has a secret of this hash.
///
/// # Errors
/// When the database cannot be read.
pub async fn find_by_hash(db: &Db, hash: &SecretHash) -> Result<Option<StaffInvitation>> {
    Ok(on_db!(db, on => sqlx::query_as(BY_HASH).bind(hash.as_bytes()).fetch_optional(on).await)?)
}

/// Ends an invitation by accepting it. `false`: it had ended before, or is too old.
///
/// # Errors
/// When the database cannot be written.
pub async fn accept(tx: &mut Tx, id: InvitationId, at: Moment) -> Result<bool> {
    let done = on_tx!(tx, on => sqlx::query(ACCEPT).bind(id.to_string()).bind(at).execute(on).await.map(|r| r.rows_affected()))?;
    Ok(done == 1)
}

/// Takes an invitation back. `false`: it had ended before.
///
/// # Errors
/// When the database cannot be written.
pub async fn withdraw(tx: &mut Tx, id: InvitationId, at: Moment) -> Result<bool> {
    let done = on_tx!(tx, on => sqlx::query(WITHDRAW).bind(id.to_string()).bind(at).execute(on).await.map(|r| r.rows_affected()))?;
    Ok(done == 1)
}

/// Ends the open invitation of an address, so that a new one can take its place.
///
/// # Errors
/// When the database cannot be written.
pub async fn replace(tx: &mut Tx, email: &str, at: Moment) -> Result<()> {
    on_tx!(tx, on => sqlx::query(REPLACE).bind(email).bind(at).execute(on).await.map(drop))?;
    Ok(())
}

/// Takes back every open invitation that `inviter` (as the audit log writes it) sent.
///
/// # Errors
/// When the database cannot be written.
pub async fn withdraw_of_inviter(tx: &mut Tx, inviter: &str, at: Moment) -> Result<()> {
    on_tx!(tx, on => sqlx::query(WITHDRAW_OF_INVITER).bind(inviter).bind(at).execute(on).await.map(drop))?;
    Ok(())
}

/// How many invitations were sent since `since`.
///
/// # Errors
/// When the database cannot be read.
pub async fn since(tx: &mut Tx, since: Moment) -> Result<i64> {
    Ok(on_tx!(tx, on => sqlx::query_scalar(SINCE).bind(since).fetch_one(on).await)?)
}
