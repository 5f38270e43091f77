//! That platforms may act for account holders: how each was proved. Nothing of what a holder saw or clicked is held.

use domain::{AccountId, ChildKey, ClientId, ConsentId, Environment, OrganisationId, ProjectId};
use serde::Serialize;
use sqlx::FromRow;

use crate::{Db, Moment, Result, Tx};

sql! {
    INSERT = "INSERT INTO consents (id, project_id, environment, account_number, client_id, method, agreement, address, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    STANDS_ON = "UPDATE customer_keys SET consent_id = $2 WHERE id = $1";
    OF_KEY = "SELECT c.id, c.project_id, c.environment, c.account_number, c.client_id, c.method, c.agreement, c.address, c.created_at
        FROM consents c JOIN customer_keys k ON k.consent_id = c.id WHERE k.id = $1";
    /// In the order of the index: production comes before the sandbox, as words go.
    PAGE = "SELECT id, project_id, environment, account_number, client_id, method, agreement, address, created_at FROM consents
        WHERE project_id = $1 AND (environment, account_number, id) > ($2, $3, $4) ORDER BY environment, account_number, id LIMIT $5";
    /// Whether the client, its project's organisation and so the agreement may stand, at this very moment.
    MAY_ASK = "SELECT COUNT(*) FROM clients c JOIN projects p ON p.id = c.project_id JOIN organisations o ON o.id = p.organisation_id
        WHERE c.id = $1 AND c.project_id = $2 AND c.environment = $3 AND c.status = 'active' AND o.status = 'active'";
    /// Those of the organisation's account numbers in production, with a key that is not stopped, that it agreed to under another version only.
    OUTDATED = "SELECT COUNT(*) FROM (SELECT 1 AS one FROM customer_keys k JOIN consents c ON c.id = k.consent_id
        WHERE k.environment = 'production' AND k.status <> 'revoked' AND c.agreement <> $2
        AND NOT EXISTS (SELECT 1 FROM consent_renewals r WHERE r.consent_id = c.id AND r.version = $2) AND k.account_number IN
        (SELECT h.number FROM contracts h JOIN organisations o ON o.id = h.organisation_id
            WHERE h.organisation_id = $1 AND h.status = 'active' AND o.status <> 'revoked'
        UNION SELECT h.client_number FROM contracts h JOIN organisations o ON o.id = h.organisation_id
            WHERE h.organisation_id = $1 AND h.status = 'active' AND o.status <> 'revoked') LIMIT $3) AS counted";
    /// Whose number it is, is looked at in the same statement: a contract that ends meanwhile agrees to nothing.
    RENEW = "INSERT INTO consent_renewals (consent_id, version, organisation_id, account_id, address, agreed_at)
        SELECT c.id, $2, $1, $3, $4, CAST($5 AS BIGINT) FROM consents c WHERE c.environment = 'production' AND c.agreement <> $2
        AND c.id IN (SELECT k.consent_id FROM customer_keys k WHERE k.environment = 'production' AND k.status <> 'revoked' AND k.account_number IN
            (SELECT h.number FROM contracts h JOIN organisations o ON o.id = h.organisation_id
                WHERE h.organisation_id = $1 AND h.status = 'active' AND o.status <> 'revoked'
            UNION SELECT h.client_number FROM contracts h JOIN organisations o ON o.id = h.organisation_id
                WHERE h.organisation_id = $1 AND h.status = 'active' AND o.status <> 'revoked'))
        ON CONFLICT (consent_id, version) DO NOTHING";
    RENEWALS = "SELECT version, account_id, address, agreed_at FROM consent_renewals WHERE consent_id = $1 ORDER BY agreed_at DESC, version DESC LIMIT 200";
    KEYS = "SELECT COUNT(*) FROM customer_keys WHERE project_id = $1 AND environment = $2 AND account_number = $3 AND status <> 'revoked'";
}

/// An agreement.
#[derive(Debug, Clone, FromRow, Serialize)]
pub struct Consent {
    /// Its id.
    #[sqlx(try_from = "String")]
    pub id: ConsentId,
    /// Who may act.
    #[sqlx(try_from = "String")]
    pub project_id: ProjectId,
    /// Where.
    #[sqlx(try_from = "String")]
    pub environment: Environment,
    /// For whom.
    pub account_number: String,
    /// The client that asked.
    #[sqlx(try_from = "String")]
    pub client_id: ClientId,
    /// What the holder proved itself by: `address`, `pin` or `invoice`.
    pub method: String,
    /// The version of the terms that the program named then.
    pub agreement: String,
    /// The network address the platform called from; empty when it is not known.
    pub address: String,
    /// When.
    pub created_at: Moment,
}

/// Adds an agreement.
///
/// # Errors
/// When the database cannot be written.
pub async fn insert(tx: &mut Tx, consent: &Consent) -> Result<()> {
    on_tx!(tx, on => sqlx::query(INSERT).bind(consent.id.to_string()).bind(consent.project_id.to_string())
        .bind(consent.environment.as_str()).bind(&consent.account_number).bind(consent.client_id.as_str()).bind(&consent.method)
        .bind(&consent.agreement).bind(&consent.address).bind(consent.created_at).execute(on).await.map(drop))?;
    Ok(())
}

/// Whether the client that asked, and the organisation it is of, may act.
///
/// # Errors
/// When the database cannot be read.
pub async fn may_ask(tx: &mut Tx, consent: &Consent) -> Result<bool> {
    let found: i64 = on_tx!(tx, on => sqlx::query_scalar(MAY_ASK).bind(consent.client_id.as_str()).bind(consent.project_id.to_string())
        .bind(consent.environment.as_str()).fetch_one(on).await)?;
    Ok(found > 0)
}

/// Notes which agreement a customer key stands on.
///
/// # Errors
/// When the database cannot be written.
pub async fn bears(tx: &mut Tx, id: ConsentId, key: &ChildKey) -> Result<()> {
    on_tx!(tx, on => sqlx::query(STANDS_ON).bind(key.as_str()).bind(id.to_string()).execute(on).await.map(drop))?;
    Ok(())
}

/// The agreement a customer key stands on; `None` when the operator issued it.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_key(db: &Db, key: &ChildKey) -> Result<Option<Consent>> {
    Ok(on_db!(db, on => sqlx::query_as(OF_KEY).bind(key.as_str()).fetch_optional(on).await)?)
}

/// Where a page of agreements begins: after this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Where it holds.
    pub environment: Environment,
    /// For whom.
    pub account_number: String,
    /// Its id.
    pub id: ConsentId,
}

/// The agreements of a project after a place (`None`: from the first on) by environment, account number and id, at most `limit`.
///
/// # Errors
/// When the database cannot be read.
pub async fn page(db: &Db, project: ProjectId, after: Option<&Place>, limit: i64) -> Result<Vec<Consent>> {
    let (environment, account, id) =
        after.map_or(("", "", String::new()), |after| (after.environment.as_str(), after.account_number.as_str(), after.id.to_string()));
    Ok(on_db!(db, on => sqlx::query_as(PAGE).bind(project.to_string()).bind(environment).bind(account).bind(&id).bind(limit)
        .fetch_all(on).await)?)
}

/// That its holder agreed to it again, because there was another version.
#[derive(Debug, Clone, FromRow, Serialize)]
pub struct Renewal {
    /// To which version.
    pub version: String,
    /// Who did, for the organisation that holds the account number.
    #[sqlx(try_from = "String")]
    pub account_id: AccountId,
    /// From where: an IP address.
    pub address: String,
    /// When.
    pub agreed_at: Moment,
}

/// Who agrees again, and to what.
pub struct Renewing<'a> {
    /// The organisation that holds the account numbers.
    pub organisation: OrganisationId,
    /// The version.
    pub version: &'a str,
    /// Its person.
    pub account: AccountId,
    /// From where: an IP address.
    pub address: &'a str,
}

/// How many customer keys that are not stopped act for an organisation under another version of the terms than this one; `most` stands for that
/// many or more. Keys that the operator issued stand on no agreement and are not among them.
///
/// # Errors
/// When the database cannot be read.
pub async fn outdated(db: &Db, organisation: OrganisationId, version: &str, most: i64) -> Result<i64> {
    Ok(on_db!(db, on => sqlx::query_scalar(OUTDATED).bind(organisation.to_string()).bind(version).bind(most).fetch_one(on).await)?)
}

/// Notes that an organisation agrees again to all of those. How many agreements that are; one of this version that is there stands.
///
/// # Errors
/// When the database cannot be written.
pub async fn renew(tx: &mut Tx, by: &Renewing<'_>, now: Moment) -> Result<u64> {
    Ok(on_tx!(tx, on => sqlx::query(RENEW).bind(by.organisation.to_string()).bind(by.version).bind(by.account.to_string()).bind(by.address)
        .bind(now).execute(on).await.map(|r| r.rows_affected()))?)
}

/// When its holder agreed to an agreement again, the latest first; at most 200.
///
/// # Errors
/// When the database cannot be read.
pub async fn renewals(db: &Db, id: ConsentId) -> Result<Vec<Renewal>> {
    Ok(on_db!(db, on => sqlx::query_as(RENEWALS).bind(id.to_string()).fetch_all(on).await)?)
}

/// How many customer keys of a project for one account are not revoked.
///
/// # Errors
/// When the database cannot be read.
pub async fn keys(tx: &mut Tx, project: ProjectId, environment: Environment, account_number: &str) -> Result<i64> {
    Ok(on_tx!(tx, on => sqlx::query_scalar(KEYS).bind(project.to_string()).bind(environment.as_str()).bind(account_number)
        .fetch_one(on).await)?)
}
