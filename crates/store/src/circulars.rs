//! Mails to many organisations, some at a time, so that no transaction is long.

use domain::{AccountId, CircularId, OrganisationId};
use sqlx::FromRow;

use crate::{Db, Moment, Result, Tx};

sql! {
    INSERT = "INSERT INTO circulars (id, kind, subject, told_to, created_at) VALUES ($1, $2, $3, '', $4)";
    OPEN = "SELECT id, kind, subject, told_to FROM circulars WHERE done_at IS NULL ORDER BY created_at LIMIT 20";
    /// Takes the row: of two nodes that go on at once, one finds that the other was faster.
    ADVANCE = "UPDATE circulars SET told_to = $3, done_at = $4 WHERE id = $1 AND told_to = $2 AND done_at IS NULL";
    /// Who has accepted any version for a project that still lives, or lets others act for an account number of its own. Organisations that are
    /// closed for good are not written to.
    /// Each half walks its organisations in order and ends early.
    ACCEPTERS = "SELECT id FROM (SELECT DISTINCT p.organisation_id AS id FROM policy_acceptances a JOIN projects p ON p.id = a.project_id
            JOIN organisations o ON o.id = p.organisation_id
        WHERE p.archived_at IS NULL AND o.status <> 'revoked' AND p.organisation_id > $1 ORDER BY p.organisation_id LIMIT $2) AS accepters
        UNION SELECT id FROM (SELECT DISTINCT h.organisation_id AS id FROM contracts h JOIN organisations o ON o.id = h.organisation_id
        WHERE h.status = 'active' AND o.status <> 'revoked' AND h.organisation_id > $1 AND EXISTS
            (SELECT 1 FROM customer_keys k WHERE k.account_number IN (h.number, h.client_number) AND k.environment = 'production'
                AND k.status <> 'revoked' AND k.consent_id IS NOT NULL) ORDER BY h.organisation_id LIMIT $2) AS holders
        ORDER BY id LIMIT $2";
    /// Whose projects may use what is concerned; empty texts mean all. The same holds for those that are closed.
    USERS = "SELECT DISTINCT p.organisation_id FROM grants g JOIN projects p ON p.id = g.project_id
            JOIN organisations o ON o.id = p.organisation_id
        WHERE g.revoked_at IS NULL AND p.archived_at IS NULL AND o.status <> 'revoked' AND ($1 = '' OR g.api = $1) AND ($2 = '' OR g.environment = $2)
            AND p.organisation_id > $3 ORDER BY p.organisation_id LIMIT $4";
    ACCEPTERS_COUNT = "SELECT COUNT(DISTINCT m.account_id) FROM memberships m JOIN accounts a ON a.id = m.account_id
        WHERE m.role IN ('owner', 'admin') AND a.verified_at IS NOT NULL AND a.deleted_at IS NULL AND m.organisation_id IN
            (SELECT p.organisation_id FROM policy_acceptances x JOIN projects p ON p.id = x.project_id
                JOIN organisations o ON o.id = p.organisation_id
            WHERE p.archived_at IS NULL AND o.status <> 'revoked'
            UNION SELECT h.organisation_id FROM contracts h JOIN organisations o ON o.id = h.organisation_id
            WHERE h.status = 'active' AND o.status <> 'revoked' AND EXISTS
                (SELECT 1 FROM customer_keys k WHERE k.account_number IN (h.number, h.client_number) AND k.environment = 'production'
                    AND k.status <> 'revoked' AND k.consent_id IS NOT NULL))";
    USERS_COUNT = "SELECT COUNT(DISTINCT m.account_id) FROM memberships m JOIN accounts a ON a.id = m.account_id
        WHERE m.role IN ('owner', 'admin') AND a.verified_at IS NOT NULL AND a.deleted_at IS NULL AND m.organisation_id IN
            (SELECT p.organisation_id FROM grants g JOIN projects p ON p.id = g.project_id
                JOIN organisations o ON o.id = p.organisation_id
            WHERE g.revoked_at IS NULL AND p.archived_at IS NULL AND o.status <> 'revoked' AND ($1 = '' OR g.api = $1)
                AND ($2 = '' OR g.environment = $2))";
    /// Of a person in several organisations one row is left: the first.
    READER = "INSERT INTO circular_readers (circular_id, account_id) VALUES ($1, $2) ON CONFLICT (circular_id, account_id) DO NOTHING";
    FORGET_READERS = "DELETE FROM circular_readers WHERE circular_id = $1";
}

/// A mail to many, under way.
#[derive(Debug, Clone, FromRow)]
pub struct Circular {
    /// Its id.
    #[sqlx(try_from = "String")]
    pub id: CircularId,
    /// About what: `policies` or `announcement`.
    pub kind: String,
    /// Which of these: a version, or an id.
    pub subject: String,
    /// The last organisation that was written to; empty before the first.
    pub told_to: String,
}

/// Adds one that was sent to nobody yet.
///
/// # Errors
/// When the database cannot be written.
pub async fn insert(tx: &mut Tx, circular: &Circular, now: Moment) -> Result<()> {
    on_tx!(tx, on => sqlx::query(INSERT).bind(circular.id.to_string()).bind(&circular.kind).bind(&circular.subject).bind(now)
        .execute(on).await.map(drop))?;
    Ok(())
}

/// Those under way, oldest first, at most 20.
///
/// # Errors
/// When the database cannot be read.
pub async fn open(db: &Db) -> Result<Vec<Circular>> {
    Ok(on_db!(db, on => sqlx::query_as(OPEN).fetch_all(on).await)?)
}

/// Notes how far it has come; with `done_at`, that it is over. `false`: somebody else moved it on.
///
/// # Errors
/// When the database cannot be written.
pub async fn advance(tx: &mut Tx, circular: &Circular, told_to: &str, done_at: Option<Moment>) -> Result<bool> {
    let done = on_tx!(tx, on => sqlx::query(ADVANCE).bind(circular.id.to_string()).bind(&circular.told_to).bind(told_to).bind(done_at)
        .execute(on).await.map(|r| r.rows_affected()))?;
    Ok(done == 1)
}

/// Notes that an account is written to. `false`: it was already, as a member of another organisation.
///
/// # Errors
/// When the database cannot be written.
pub async fn reaches(tx: &mut Tx, circular: CircularId, account: AccountId) -> Result<bool> {
    let done = on_tx!(tx, on => sqlx::query(READER).bind(circular.to_string()).bind(account.to_string())
        .execute(on).await.map(|r| r.rows_affected()))?;
    Ok(done == 1)
}

/// Forgets who was written to, once there is nobody left to write to.
///
/// # Errors
/// When the database cannot be written.
pub async fn forget_readers(tx: &mut Tx, circular: CircularId) -> Result<()> {
    on_tx!(tx, on => sqlx::query(FORGET_READERS).bind(circular.to_string()).execute(on).await.map(drop))?;
    Ok(())
}

/// The organisations after this one that accepted policies or let others act for them, by id.
///
/// # Errors
/// When the database cannot be read.
pub async fn accepters(tx: &mut Tx, after: &str, limit: i64) -> Result<Vec<OrganisationId>> {
    read(on_tx!(tx, on => sqlx::query_scalar(ACCEPTERS).bind(after).bind(limit).fetch_all(on).await)?)
}

/// The organisations after this one with a live grant of an API in an environment, by id; empty texts mean any.
///
/// # Errors
/// When the database cannot be read.
pub async fn users(tx: &mut Tx, api: &str, environment: &str, after: &str, limit: i64) -> Result<Vec<OrganisationId>> {
    read(on_tx!(tx, on => sqlx::query_scalar(USERS).bind(api).bind(environment).bind(after).bind(limit).fetch_all(on).await)?)
}

fn read(ids: Vec<String>) -> Result<Vec<OrganisationId>> {
    Ok(ids.into_iter().map(|id| id.parse()).collect::<Result<_, _>>()?)
}

/// How many owners and admins [`accepters`] have in all, each person once.
///
/// # Errors
/// When the database cannot be read.
pub async fn accepters_count(db: &Db) -> Result<i64> {
    Ok(on_db!(db, on => sqlx::query_scalar(ACCEPTERS_COUNT).fetch_one(on).await)?)
}

/// How many owners and admins [`users`] have in all, each person once.
///
/// # Errors
/// When the database cannot be read.
pub async fn users_count(db: &Db, api: &str, environment: &str) -> Result<i64> {
    Ok(on_db!(db, on => sqlx::query_scalar(USERS_COUNT).bind(api).bind(environment).fetch_one(on).await)?)
}
