//! That platforms may act for account holders: how each was proved. Nothing of what a holder saw or clicked is held.

use domain::{ChildKey, ClientId, ConsentId, Environment, ProjectId};
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

/// How many customer keys of a project for one account are not revoked.
///
/// # Errors
/// When the database cannot be read.
pub async fn keys(tx: &mut Tx, project: ProjectId, environment: Environment, account_number: &str) -> Result<i64> {
    Ok(on_tx!(tx, on => sqlx::query_scalar(KEYS).bind(project.to_string()).bind(environment.as_str()).bind(account_number)
        .fetch_one(on).await)?)
}
