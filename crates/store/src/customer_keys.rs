//! Customer keys: a project may act for an account number.

use domain::{
    ChildKey, Environment, ProjectId, Timestamp,
    contract::Standing,
    customer_key::{CustomerKey, Secrets},
    secret::SecretHash,
};
use serde::Serialize;
use sqlx::FromRow;

use crate::{Db, Error, Moment, Result, Tx, changes::Change, customer_key_limits::OfKey};

sql! {
    INSERT = "INSERT INTO customer_keys (id, project_id, environment, account_number, hash, prefix, status, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    BY_ID = "SELECT id, project_id, environment, account_number, prefix, status, bound_to, created_at, rotated_at, previous_prefix, previous_until FROM customer_keys WHERE id = $1";
    LISTED = "SELECT id, project_id, environment, account_number, prefix, status, bound_to, created_at, rotated_at, previous_prefix, previous_until, suspended_by FROM customer_keys
        WHERE project_id = $1 AND ($2 = '' OR environment = $2) AND ($3 = '' OR status = $3)
        AND (created_at, id) < ($4, $5) ORDER BY created_at DESC, id DESC LIMIT $6";
    FOUND = "SELECT id, project_id, environment, account_number, prefix, status, bound_to, created_at, rotated_at, previous_prefix, previous_until, suspended_by FROM customer_keys
        WHERE project_id = $1 AND ($2 = '' OR environment = $2) AND ($3 = '' OR status = $3) AND (created_at, id) < ($4, $5)
        AND id IN (SELECT id FROM customer_keys WHERE id = $7 UNION SELECT id FROM customer_keys WHERE project_id = $1 AND account_number = $7)
        ORDER BY created_at DESC, id DESC LIMIT $6";
    RECORD = "SELECT project_id, account_number, hash, previous_hash, previous_until, status, bound_to,
        limited, rate_requests, rate_seconds, quota_requests FROM customer_keys WHERE id = $1 AND environment = $2";
    /// The one before must be over: there are two at most, whoever rotates at once.
    ROTATE = "UPDATE customer_keys SET previous_hash = hash, previous_prefix = prefix, previous_until = $5, hash = $2, prefix = $3, rotated_at = $4
        WHERE id = $1 AND status <> 'revoked' AND (previous_until IS NULL OR previous_until <= $4)";
    /// Ends every secret there was.
    REPLACE_SECRET = "UPDATE customer_keys SET previous_hash = NULL, previous_prefix = NULL, previous_until = NULL, hash = $2, prefix = $3,
        rotated_at = $4 WHERE id = $1 AND status <> 'revoked'";
    /// What is revoked stays revoked.
    SET_STATUS = "UPDATE customer_keys SET status = $2, suspended_by = 'operator' WHERE id = $1 AND status <> 'revoked'";
    /// Its owner may end what the operator suspended, and nothing else of it.
    SET_STATUS_BY_OWNER = "UPDATE customer_keys SET status = $2, suspended_by = 'owner' WHERE id = $1 AND status <> 'revoked'
        AND ($2 = 'revoked' OR status <> 'suspended' OR suspended_by = 'owner')";
    /// What is revoked needs no binding.
    BIND = "UPDATE customer_keys SET bound_to = $2 WHERE id = $1 AND status <> 'revoked'";
    ACTING = "SELECT COUNT(*) FROM customer_keys WHERE project_id = $1 AND environment = $2 AND status = 'active'";
    COUNT = "SELECT COUNT(*) FROM customer_keys WHERE project_id = $1 AND environment = $2 AND status <> 'revoked'";
}

/// A customer key as administration sees it: everything but the secret.
#[derive(Debug, Clone, FromRow, Serialize)]
pub struct CustomerKeyRow {
    /// Its public half.
    #[sqlx(try_from = "String")]
    pub id: ChildKey,
    /// Who may use it.
    #[sqlx(try_from = "String")]
    pub project_id: ProjectId,
    /// Where it is good.
    #[sqlx(try_from = "String")]
    pub environment: Environment,
    /// For whom it acts.
    pub account_number: String,
    /// The first characters of its secret.
    pub prefix: String,
    /// Whether it may act.
    #[sqlx(try_from = "String")]
    pub status: Standing,
    /// The thumbprint of the public key that its client must prove itself with; `None`: whatever proves the client will do.
    pub bound_to: Option<String>,
    /// Since when.
    pub created_at: Moment,
    /// Since when its secret is the present one; `None`: since it was made.
    pub rotated_at: Option<Moment>,
    /// The first characters of the secret before.
    pub previous_prefix: Option<String>,
    /// When the secret before stops opening anything, or did.
    pub previous_until: Option<Moment>,
}

/// A secret that takes the place of another.
pub struct Rotation<'a> {
    /// Its keyed hash.
    pub hash: &'a SecretHash,
    /// Its first characters.
    pub prefix: &'a str,
    /// Now.
    pub at: Moment,
    /// When the one before stops opening anything; `None`: now, and so does the one before that.
    pub previous_until: Option<Moment>,
}

/// A customer key in a list.
#[derive(Debug, Clone, FromRow, Serialize)]
pub struct Listed {
    /// The key.
    #[sqlx(flatten)]
    #[serde(flatten)]
    pub key: CustomerKeyRow,
    /// `operator` or `owner`, of one that is suspended.
    pub suspended_by: Option<String>,
}

/// Which customer keys of a project are wanted.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only of this environment.
    pub environment: Option<Environment>,
    /// Only in this state.
    pub status: Option<Standing>,
    /// Only for this account number, or with this public half; empty: all.
    pub text: String,
    /// Only those after this one.
    pub after: Option<ChildKey>,
}

/// Adds a customer key.
///
/// # Errors
/// [`Error::Dangling`] when there is no such project.
pub async fn insert(tx: &mut Tx, row: &CustomerKeyRow, hash: &SecretHash) -> Result<()> {
    on_tx!(tx, on => sqlx::query(INSERT).bind(row.id.as_str()).bind(row.project_id.to_string()).bind(row.environment.as_str())
        .bind(&row.account_number).bind(hash.as_bytes()).bind(&row.prefix).bind(row.status.as_str()).bind(row.created_at)
        .execute(on).await.map(drop))?;
    tx.change(Change::CustomerKey(row.id.clone()));
    Ok(())
}

/// The customer key with this public half.
///
/// # Errors
/// When the database cannot be read.
pub async fn find(db: &Db, id: &ChildKey) -> Result<Option<CustomerKeyRow>> {
    Ok(on_db!(db, on => sqlx::query_as(BY_ID).bind(id.as_str()).fetch_optional(on).await)?)
}

/// The customer keys of a project that fit, newest first. After one that is not the project's there are none.
///
/// # Errors
/// When the database cannot be read.
pub async fn listed(db: &Db, project: ProjectId, filter: &Filter, limit: i64) -> Result<Vec<Listed>> {
    let (at, after) = match &filter.after {
        None => (Moment(Timestamp::MAX), String::new()),
        Some(after) => match find(db, after).await?.filter(|row| row.project_id == project) {
            Some(row) => (row.created_at, after.to_string()),
            None => return Ok(Vec::new()),
        },
    };
    let (id, text) = (project.to_string(), filter.text.trim());
    let (environment, status) = (filter.environment.map_or("", Environment::as_str), filter.status.map_or("", Standing::as_str));
    Ok(if text.is_empty() {
        on_db!(db, on => sqlx::query_as(LISTED).bind(id).bind(environment).bind(status).bind(at).bind(&after).bind(limit).fetch_all(on).await)?
    } else {
        on_db!(db, on => sqlx::query_as(FOUND).bind(id).bind(environment).bind(status).bind(at).bind(&after).bind(limit).bind(text)
            .fetch_all(on).await)?
    })
}

/// How many customer keys of a project may act in an environment.
///
/// # Errors
/// When the database cannot be read.
pub async fn acting(db: &Db, project: ProjectId, environment: Environment) -> Result<i64> {
    Ok(on_db!(db, on => sqlx::query_scalar(ACTING).bind(project.to_string()).bind(environment.as_str()).fetch_one(on).await)?)
}

/// A key as the hot path needs it.
#[derive(FromRow)]
struct Record {
    project_id: String,
    account_number: String,
    hash: Vec<u8>,
    previous_hash: Option<Vec<u8>>,
    previous_until: Option<Moment>,
    status: String,
    bound_to: Option<String>,
    #[sqlx(flatten)]
    limits: OfKey,
}

/// Everything the hot path must know of a customer key.
///
/// # Errors
/// When the database cannot be read.
pub async fn record(db: &Db, environment: Environment, id: &ChildKey) -> Result<Option<CustomerKey>> {
    let row: Option<Record> =
        on_db!(db, on => sqlx::query_as(RECORD).bind(id.as_str()).bind(environment.as_str()).fetch_optional(on).await)?;
    let Some(record) = row else { return Ok(None) };
    let hash = |bytes: &[u8]| SecretHash::try_from(bytes).map_err(|_| Error::Corrupt("a secret's hash of the wrong length"));
    let previous = record.previous_hash.zip(record.previous_until);
    let previous = previous.map(|(bytes, until)| Ok::<_, Error>((hash(&bytes)?, until.0))).transpose()?;
    Ok(Some(CustomerKey {
        id: id.clone(),
        environment,
        project: record.project_id.parse()?,
        account_number: record.account_number,
        secrets: Secrets { current: hash(&record.hash)?, previous },
        standing: record.status.parse().map_err(|_| Error::Corrupt("an unknown status"))?,
        bound_to: record.bound_to,
        limits: record.limits.own()?,
    }))
}

/// Gives a key another secret. `false`: there is no such key, it is revoked, or the secret before the present one still opens something and
/// shall go on.
///
/// # Errors
/// When the database cannot be written.
pub async fn rotate(tx: &mut Tx, id: &ChildKey, rotation: &Rotation<'_>) -> Result<bool> {
    let Rotation { hash, prefix, at, previous_until } = *rotation;
    let (id_text, hash) = (id.as_str(), hash.as_bytes());
    let done = match previous_until {
        Some(until) => on_tx!(tx, on => sqlx::query(ROTATE).bind(id_text).bind(hash).bind(prefix).bind(at).bind(until)
            .execute(on).await.map(|r| r.rows_affected()))?,
        None => on_tx!(tx, on => sqlx::query(REPLACE_SECRET).bind(id_text).bind(hash).bind(prefix).bind(at)
            .execute(on).await.map(|r| r.rows_affected()))?,
    };
    tx.change(Change::CustomerKey(id.clone()));
    Ok(done == 1)
}

/// Sets whether the key may act. `false`: no such key, or it is revoked for good.
///
/// # Errors
/// When the database cannot be written.
pub async fn set_status(tx: &mut Tx, id: &ChildKey, status: Standing) -> Result<bool> {
    let done =
        on_tx!(tx, on => sqlx::query(SET_STATUS).bind(id.as_str()).bind(status.as_str()).execute(on).await.map(|r| r.rows_affected()))?;
    tx.change(Change::CustomerKey(id.clone()));
    Ok(done == 1)
}

/// The same by the hand of its owner. `false`: also when the operator suspended it, which only the operator undoes.
///
/// # Errors
/// When the database cannot be written.
pub async fn set_status_by_owner(tx: &mut Tx, id: &ChildKey, status: Standing) -> Result<bool> {
    let done = on_tx!(tx, on => sqlx::query(SET_STATUS_BY_OWNER).bind(id.as_str()).bind(status.as_str())
        .execute(on).await.map(|r| r.rows_affected()))?;
    tx.change(Change::CustomerKey(id.clone()));
    Ok(done == 1)
}

/// Binds the key to a public key of its client, or frees it (`None`). `false`: no such key, or it is revoked for good.
///
/// # Errors
/// When the database cannot be written.
pub async fn bind(tx: &mut Tx, id: &ChildKey, thumbprint: Option<&str>) -> Result<bool> {
    let done = on_tx!(tx, on => sqlx::query(BIND).bind(id.as_str()).bind(thumbprint).execute(on).await.map(|r| r.rows_affected()))?;
    tx.change(Change::CustomerKey(id.clone()));
    Ok(done == 1)
}

/// How many customer keys of a project in one environment are not revoked.
///
/// # Errors
/// When the database cannot be read.
pub async fn count(tx: &mut Tx, project: ProjectId, environment: Environment) -> Result<i64> {
    Ok(on_tx!(tx, on => sqlx::query_scalar(COUNT).bind(project.to_string()).bind(environment.as_str()).fetch_one(on).await)?)
}
