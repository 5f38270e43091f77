//! Invitations into organisations.

use domain::{InvitationId, OrganisationId, role::Role, secret::SecretHash};
use serde::Serialize;
use sqlx::FromRow;

use crate::{Db, Moment, Result, Tx};

sql! {
    INSERT = "INSERT INTO invitations (id, organisation_id, email, role, hash, invited_by, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    BY_ID = "SELECT id, organisation_id, email, role, invited_by, created_at, expires_at, ended_at, outcome FROM invitations WHERE id = $1";
    BY_HASH = "SELECT id, organisation_id, email, role, invited_by, created_at, expires_at, ended_at, outcome FROM invitations WHERE hash = $1";
    OF_ORGANISATION = "SELECT id, organisation_id, email, role, invited_by, created_at, expires_at, ended_at, outcome FROM invitations
        WHERE organisation_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2";
    /// With the organisation's name.
    OPEN_OF = "SELECT i.id, i.organisation_id, i.email, i.role, i.invited_by, i.created_at, i.expires_at, i.ended_at, i.outcome, o.name AS organisation
        FROM invitations i JOIN organisations o ON o.id = i.organisation_id
        WHERE i.email = $1 AND i.ended_at IS NULL AND i.expires_at > $2 AND o.status <> 'revoked' ORDER BY i.created_at DESC, i.id DESC LIMIT $3";
    /// One conditional update, so that of several who end or accept it at once only one does.
    ACCEPT = "UPDATE invitations SET ended_at = $2, outcome = 'accepted' WHERE id = $1 AND ended_at IS NULL AND expires_at > $2";
    WITHDRAW = "UPDATE invitations SET ended_at = $2, outcome = 'withdrawn' WHERE id = $1 AND ended_at IS NULL";
    REPLACE = "UPDATE invitations SET ended_at = $3, outcome = 'replaced' WHERE organisation_id = $1 AND email = $2 AND ended_at IS NULL";
    WITHDRAW_OF_INVITER = "UPDATE invitations SET ended_at = $3, outcome = 'withdrawn' WHERE organisation_id = $1 AND invited_by = $2 AND ended_at IS NULL";
    WITHDRAW_ALL = "UPDATE invitations SET ended_at = $2, outcome = 'withdrawn' WHERE organisation_id = $1 AND ended_at IS NULL";
    SINCE = "SELECT COUNT(*) FROM invitations WHERE organisation_id = $1 AND created_at > $2";
}

/// An invitation as its organisation sees it: everything but the link.
#[derive(Debug, Clone, FromRow, Serialize)]
pub struct Invitation {
    /// Its id.
    #[sqlx(try_from = "String")]
    pub id: InvitationId,
    /// Into which organisation.
    #[sqlx(try_from = "String")]
    pub organisation_id: OrganisationId,
    /// Whom: an address, trimmed and lower-case.
    pub email: String,
    /// As what.
    #[sqlx(try_from = "String")]
    pub role: Role,
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

/// An open invitation as the invited address sees it.
#[derive(Debug, Clone, FromRow, Serialize)]
pub struct Offer {
    /// The invitation.
    #[sqlx(flatten)]
    pub invitation: Invitation,
    /// The organisation's name.
    pub organisation: String,
}

impl Invitation {
    /// Whether it can still be accepted.
    #[must_use]
    pub fn is_open(&self, now: Moment) -> bool {
        self.ended_at.is_none() && now < self.expires_at
    }
}

/// Adds an invitation.
///
/// # Errors
/// [`Error::Taken`](crate::Error::Taken) while another one for this address is open.
pub async fn insert(tx: &mut Tx, row: &Invitation, hash: &SecretHash) -> Result<()> {
    on_tx!(tx, on => sqlx::query(INSERT).bind(row.id.to_string()).bind(row.organisation_id.to_string()).bind(&row.email)
        .bind(row.role.as_str()).bind(hash.as_bytes()).bind(&row.invited_by).bind(row.created_at).bind(row.expires_at)
        .execute(on).await.map(drop))?;
    Ok(())
}

/// The invitation with this id.
///
/// # Errors
/// When the database cannot be read.
pub async fn find(db: &Db, id: InvitationId) -> Result<Option<Invitation>> {
    Ok(on_db!(db, on => sqlx::query_as(BY_ID).bind(id.to_string()).fetch_optional(on).await)?)
}

/// The invitation whose link has a secret of this hash.
///
/// # Errors
/// When the database cannot be read.
pub async fn find_by_hash(db: &Db, hash: &SecretHash) -> Result<Option<Invitation>> {
    Ok(on_db!(db, on => sqlx::query_as(BY_HASH).bind(hash.as_bytes()).fetch_optional(on).await)?)
}

/// The last invitations of an organisation, newest first, the ended ones too.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_organisation(db: &Db, organisation: OrganisationId, limit: i64) -> Result<Vec<Invitation>> {
    Ok(on_db!(db, on => sqlx::query_as(OF_ORGANISATION).bind(organisation.to_string()).bind(limit).fetch_all(on).await)?)
}

/// The invitations of an address that are open at `now`, newest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn open_of(db: &Db, email: &str, now: Moment, limit: i64) -> Result<Vec<Offer>> {
    Ok(on_db!(db, on => sqlx::query_as(OPEN_OF).bind(email).bind(now).bind(limit).fetch_all(on).await)?)
}

/// How many invitations an organisation sent since `since`.
///
/// # Errors
/// When the database cannot be read.
pub async fn since(tx: &mut Tx, organisation: OrganisationId, since: Moment) -> Result<i64> {
    Ok(on_tx!(tx, on => sqlx::query_scalar(SINCE).bind(organisation.to_string()).bind(since).fetch_one(on).await)?)
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
pub async fn replace(tx: &mut Tx, organisation: OrganisationId, email: &str, at: Moment) -> Result<()> {
    on_tx!(tx, on => sqlx::query(REPLACE).bind(organisation.to_string()).bind(email).bind(at).execute(on).await.map(drop))?;
    Ok(())
}

/// Takes back every open invitation that `inviter` (as the audit log writes it) sent for an organisation.
///
/// # Errors
/// When the database cannot be written.
pub async fn withdraw_of_inviter(tx: &mut Tx, organisation: OrganisationId, inviter: &str, at: Moment) -> Result<()> {
    on_tx!(tx, on => sqlx::query(WITHDRAW_OF_INVITER).bind(organisation.to_string()).bind(inviter).bind(at).execute(on).await.map(drop))?;
    Ok(())
}

/// Takes back every open invitation of an organisation.
///
/// # Errors
/// When the database cannot be written.
pub async fn withdraw_all(tx: &mut Tx, organisation: OrganisationId, at: Moment) -> Result<()> {
    on_tx!(tx, on => sqlx::query(WITHDRAW_ALL).bind(organisation.to_string()).bind(at).execute(on).await.map(drop))?;
    Ok(())
}
