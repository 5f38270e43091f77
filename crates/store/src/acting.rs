//! Who acts for account numbers, as their holder sees it: an organisation holds, in production, the contract numbers and client numbers of its
//! active contracts, for as long as it is not closed.

use domain::{ChildKey, Environment, OrganisationId, ProjectId, Timestamp, contract::Standing};
use serde::Serialize;
use sqlx::FromRow;

use crate::{Db, Moment, Result, Tx, changes::Change};

sql! {
    HELD = "SELECT c.number FROM contracts c JOIN organisations o ON o.id = c.organisation_id
        WHERE c.organisation_id = $1 AND c.status = 'active' AND o.status <> 'revoked'
        UNION SELECT c.client_number FROM contracts c JOIN organisations o ON o.id = c.organisation_id
        WHERE c.organisation_id = $1 AND c.status = 'active' AND o.status <> 'revoked' ORDER BY 1 LIMIT $2";
    /// In the order of their ids, so that two who write to several go one after the other.
    HOLDERS = "SELECT o.id FROM organisations o WHERE o.status <> 'revoked' AND o.id IN (SELECT organisation_id FROM contracts
        WHERE status = 'active' AND (number = $1 OR client_number = $1)) ORDER BY o.id LIMIT $2";
    FIND = "SELECT k.id, k.project_id, p.name AS project, o.id AS organisation_id, o.name AS organisation, k.environment, k.account_number,
        k.status, k.created_at, u.last_used_at, c.method,
        COALESCE((SELECT r.version FROM consent_renewals r WHERE r.consent_id = c.id ORDER BY r.agreed_at DESC, r.version DESC LIMIT 1), c.agreement) AS agreement,
        k.stopped_at, k.stop_reason
        FROM customer_keys k JOIN projects p ON p.id = k.project_id JOIN organisations o ON o.id = p.organisation_id
        LEFT JOIN consents c ON c.id = k.consent_id LEFT JOIN customer_key_uses u ON u.customer_key_id = k.id WHERE k.id = $1";
    OF_ACCOUNT = "SELECT k.id, k.project_id, p.name AS project, o.id AS organisation_id, o.name AS organisation, k.environment, k.account_number,
        k.status, k.created_at, u.last_used_at, c.method,
        COALESCE((SELECT r.version FROM consent_renewals r WHERE r.consent_id = c.id ORDER BY r.agreed_at DESC, r.version DESC LIMIT 1), c.agreement) AS agreement,
        k.stopped_at, k.stop_reason
        FROM (SELECT * FROM customer_keys WHERE account_number = $1 AND environment = $2 AND ($3 = '' OR status = $3)
            AND (created_at, id) < ($4, $5) ORDER BY created_at DESC, id DESC LIMIT $6) AS k
        JOIN projects p ON p.id = k.project_id JOIN organisations o ON o.id = p.organisation_id
        LEFT JOIN consents c ON c.id = k.consent_id LEFT JOIN customer_key_uses u ON u.customer_key_id = k.id ORDER BY k.created_at DESC, k.id DESC";
    /// No further than anybody counts.
    ACTING = "SELECT COUNT(*) FROM (SELECT 1 AS one FROM customer_keys WHERE environment = 'production' AND status = 'active' AND account_number IN
        (SELECT c.number FROM contracts c JOIN organisations o ON o.id = c.organisation_id
            WHERE c.organisation_id = $1 AND c.status = 'active' AND o.status <> 'revoked'
        UNION SELECT c.client_number FROM contracts c JOIN organisations o ON o.id = c.organisation_id
            WHERE c.organisation_id = $1 AND c.status = 'active' AND o.status <> 'revoked') LIMIT $2) AS counted";
    OF_PROJECT = "SELECT COUNT(*) FROM (SELECT 1 AS one FROM customer_keys WHERE project_id = $2 AND environment = 'production'
        AND status <> 'revoked' AND account_number IN
        (SELECT c.number FROM contracts c JOIN organisations o ON o.id = c.organisation_id
            WHERE c.organisation_id = $1 AND c.status = 'active' AND o.status <> 'revoked'
        UNION SELECT c.client_number FROM contracts c JOIN organisations o ON o.id = c.organisation_id
            WHERE c.organisation_id = $1 AND c.status = 'active' AND o.status <> 'revoked') LIMIT $3) AS counted";
    /// Whose number it is, is looked at in the same statement: a contract that ends meanwhile stops nothing.
    STOP = "UPDATE customer_keys SET status = 'revoked', suspended_by = 'holder', stopped_by = $1, stopped_at = $3, stop_reason = $4
        WHERE id = $2 AND environment = 'production' AND status <> 'revoked' AND account_number IN
        (SELECT c.number FROM contracts c JOIN organisations o ON o.id = c.organisation_id
            WHERE c.organisation_id = $1 AND c.status = 'active' AND o.status <> 'revoked'
        UNION SELECT c.client_number FROM contracts c JOIN organisations o ON o.id = c.organisation_id
            WHERE c.organisation_id = $1 AND c.status = 'active' AND o.status <> 'revoked')";
    STOP_PROJECT = "UPDATE customer_keys SET status = 'revoked', suspended_by = 'holder', stopped_by = $1, stopped_at = $3, stop_reason = $4
        WHERE project_id = $2 AND environment = 'production' AND status <> 'revoked' AND account_number IN
        (SELECT c.number FROM contracts c JOIN organisations o ON o.id = c.organisation_id
            WHERE c.organisation_id = $1 AND c.status = 'active' AND o.status <> 'revoked'
        UNION SELECT c.client_number FROM contracts c JOIN organisations o ON o.id = c.organisation_id
            WHERE c.organisation_id = $1 AND c.status = 'active' AND o.status <> 'revoked') RETURNING id, account_number";
    STOPPED = "SELECT k.stopped_at AS at, k.stop_reason AS reason, o.id AS organisation_id, o.name AS organisation
        FROM customer_keys k JOIN organisations o ON o.id = k.stopped_by WHERE k.id = $1 AND k.stopped_at IS NOT NULL";
    STOPPED_BEFORE = "SELECT COUNT(*) FROM (SELECT 1 AS one FROM customer_keys k JOIN projects p ON p.id = k.project_id
        WHERE p.organisation_id = $1 AND k.account_number = $2 AND k.environment = $3 AND k.stopped_at IS NOT NULL LIMIT 1) AS found";
    NOTE_USE = "INSERT INTO customer_key_uses (customer_key_id, last_used_at) SELECT id, CAST($2 AS BIGINT) FROM customer_keys WHERE id = $1
        ON CONFLICT (customer_key_id) DO UPDATE SET last_used_at = excluded.last_used_at WHERE customer_key_uses.last_used_at < excluded.last_used_at";
    COUNT_TOLD = "INSERT INTO told (organisation_id, kind, day, number) VALUES ($1, $2, $3, 1) ON CONFLICT (organisation_id, kind) DO UPDATE
        SET number = CASE WHEN told.day = excluded.day THEN told.number + 1 ELSE 1 END, day = excluded.day RETURNING number";
}

/// How many account numbers of one organisation are looked at.
const NUMBERS: i64 = 200;

/// A customer key and who acts with it.
#[derive(Debug, Clone, FromRow, Serialize)]
pub struct Acting {
    /// Its public half.
    #[sqlx(try_from = "String")]
    pub id: ChildKey,
    /// Whose it is.
    #[sqlx(try_from = "String")]
    pub project_id: ProjectId,
    /// That project's name.
    pub project: String,
    /// The project's organisation.
    #[sqlx(try_from = "String")]
    pub organisation_id: OrganisationId,
    /// That organisation's name.
    pub organisation: String,
    /// Where it is good.
    #[sqlx(try_from = "String")]
    pub environment: Environment,
    /// For whom it acts.
    pub account_number: String,
    /// Whether it may act.
    #[sqlx(try_from = "String")]
    pub status: Standing,
    /// Since when.
    pub created_at: Moment,
    /// When it last got a token; it may be some minutes behind.
    pub last_used_at: Option<Moment>,
    /// By what the holder proved itself when it agreed; `None`: the operator issued the key.
    pub method: Option<String>,
    /// To which version of the terms it agreed.
    pub agreement: Option<String>,
    /// When the holder stopped it for good.
    pub stopped_at: Option<Moment>,
    /// Why, as far as it said.
    pub stop_reason: Option<String>,
}

/// That the holder of an account number stopped a key.
#[derive(Debug, Clone, FromRow, Serialize)]
pub struct Stop {
    /// When.
    pub at: Moment,
    /// Why, as far as it said.
    pub reason: Option<String>,
    /// Which organisation.
    #[sqlx(try_from = "String")]
    pub organisation_id: OrganisationId,
    /// That organisation's name.
    pub organisation: String,
}

/// Where a list goes on: after this key.
#[derive(Debug, Clone)]
pub struct After {
    /// Its public half.
    pub id: ChildKey,
    /// The account number it acts for.
    pub account_number: String,
    /// When it was issued.
    pub created_at: Moment,
}

/// The account numbers an organisation holds, in their order.
///
/// # Errors
/// When the database cannot be read.
pub async fn held(db: &Db, organisation: OrganisationId) -> Result<Vec<String>> {
    Ok(on_db!(db, on => sqlx::query_scalar(HELD).bind(organisation.to_string()).bind(NUMBERS).fetch_all(on).await)?)
}

/// The organisations that hold an account number, by their ids.
///
/// # Errors
/// When the database cannot be read.
pub async fn holders(tx: &mut Tx, account_number: &str, most: i64) -> Result<Vec<OrganisationId>> {
    let ids: Vec<String> = on_tx!(tx, on => sqlx::query_scalar(HOLDERS).bind(account_number).bind(most).fetch_all(on).await)?;
    Ok(ids.iter().map(|id| id.parse()).collect::<Result<_, _>>()?)
}

/// The customer key with this public half.
///
/// # Errors
/// When the database cannot be read.
pub async fn find(db: &Db, id: &ChildKey) -> Result<Option<Acting>> {
    Ok(on_db!(db, on => sqlx::query_as(FIND).bind(id.as_str()).fetch_optional(on).await)?)
}

/// The customer keys that act for any of these account numbers, newest first, at most `limit`. Keys of one moment go by account number.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_accounts(
    db: &Db,
    environment: Environment,
    accounts: &[String],
    status: Option<Standing>,
    after: Option<&After>,
    limit: i64,
) -> Result<Vec<Acting>> {
    let mut found: Vec<Acting> = Vec::new();
    let status = status.map_or("", Standing::as_str);
    for account in accounts {
        // Each account begins where the last page ended: within the moment of its last key, those of accounts before it were shown, those of accounts
        // after it were not.
        let (at, id) = match after {
            None => (Moment(Timestamp::MAX), ""),
            Some(after) if *account == after.account_number => (after.created_at, after.id.as_str()),
            Some(after) if *account < after.account_number => (after.created_at, ""),
            Some(after) => (Moment(*after.created_at + jiff::SignedDuration::from_micros(1)), ""),
        };
        let rows: Vec<Acting> = on_db!(db, on => sqlx::query_as(OF_ACCOUNT).bind(account).bind(environment.as_str()).bind(status)
            .bind(at).bind(id).bind(limit).fetch_all(on).await)?;
        found.extend(rows);
    }
    // Stable: keys of one account stay as the database has them.
    found.sort_by(|a, b| b.created_at.cmp(&a.created_at).then_with(|| a.account_number.cmp(&b.account_number)));
    found.truncate(usize::try_from(limit).unwrap_or(0));
    Ok(found)
}

/// How many customer keys may act for the account numbers of an organisation; `most` stands for that many or more.
///
/// # Errors
/// When the database cannot be read.
pub async fn acting(db: &Db, organisation: OrganisationId, most: i64) -> Result<i64> {
    Ok(on_db!(db, on => sqlx::query_scalar(ACTING).bind(organisation.to_string()).bind(most).fetch_one(on).await)?)
}

/// How many customer keys of one project for them are not revoked; `most` stands for that many or more.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_project(db: &Db, organisation: OrganisationId, project: ProjectId, most: i64) -> Result<i64> {
    Ok(on_db!(db, on => sqlx::query_scalar(OF_PROJECT).bind(organisation.to_string()).bind(project.to_string()).bind(most)
        .fetch_one(on).await)?)
}

/// Stops a key for good in the name of the organisation that holds its account number. `false`: it does not, or the key is revoked.
///
/// # Errors
/// When the database cannot be written.
pub async fn stop(tx: &mut Tx, organisation: OrganisationId, id: &ChildKey, at: Moment, reason: Option<&str>) -> Result<bool> {
    let done = on_tx!(tx, on => sqlx::query(STOP).bind(organisation.to_string()).bind(id.as_str()).bind(at).bind(reason)
        .execute(on).await.map(|r| r.rows_affected()))?;
    tx.change(Change::CustomerKey(id.clone()));
    Ok(done == 1)
}

/// The same for every key of a project for account numbers of the organisation; for which numbers, as often as keys were stopped.
///
/// # Errors
/// When the database cannot be written.
pub async fn stop_project(
    tx: &mut Tx,
    organisation: OrganisationId,
    project: ProjectId,
    at: Moment,
    reason: Option<&str>,
) -> Result<Vec<String>> {
    let stopped: Vec<(String, String)> = on_tx!(tx, on => sqlx::query_as(STOP_PROJECT).bind(organisation.to_string())
        .bind(project.to_string()).bind(at).bind(reason).fetch_all(on).await)?;
    Ok(stopped
        .into_iter()
        .map(|(key, account_number)| {
            tx.change(Change::CustomerKey(ChildKey::from(key)));
            account_number
        })
        .collect())
}

/// That the holder stopped the key; `None`: it did not.
///
/// # Errors
/// When the database cannot be read.
pub async fn stopped(db: &Db, id: &ChildKey) -> Result<Option<Stop>> {
    Ok(on_db!(db, on => sqlx::query_as(STOPPED).bind(id.as_str()).fetch_optional(on).await)?)
}

/// Whether the holder of an account number ever stopped a key of this organisation for it.
///
/// # Errors
/// When the database cannot be read.
pub async fn stopped_before(tx: &mut Tx, platform: OrganisationId, environment: Environment, account_number: &str) -> Result<bool> {
    let found: i64 = on_tx!(tx, on => sqlx::query_scalar(STOPPED_BEFORE).bind(platform.to_string()).bind(account_number)
        .bind(environment.as_str()).fetch_one(on).await)?;
    Ok(found > 0)
}

/// Notes that a key got a token.
///
/// # Errors
/// When the database cannot be written.
pub async fn note_use(tx: &mut Tx, id: &ChildKey, at: Moment) -> Result<()> {
    on_tx!(tx, on => sqlx::query(NOTE_USE).bind(id.as_str()).bind(at).execute(on).await.map(drop))?;
    Ok(())
}

/// Counts one more mail of a kind to an organisation on the day of `at`; how many that makes. Others who count the same wait for this transaction.
///
/// # Errors
/// When the database cannot be written.
pub async fn count_told(tx: &mut Tx, organisation: OrganisationId, kind: &'static str, at: Moment) -> Result<i64> {
    let day = at.as_second().div_euclid(86_400);
    Ok(on_tx!(tx, on => sqlx::query_scalar(COUNT_TOLD).bind(organisation.to_string()).bind(kind).bind(day).fetch_one(on).await)?)
}
