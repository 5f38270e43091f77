//! How much customer keys may ask for: each for itself, or as their project says.

use domain::{
    ChildKey, Environment, ProjectId,
    customer_key::Limits,
    plan::{Quota, Rate},
};
use sqlx::FromRow;

use crate::{Db, Error, Result, Tx, changes::Change, projects};

sql! {
    OF_KEY = "SELECT limited, rate_requests, rate_seconds, quota_requests FROM customer_keys WHERE id = $1";
    SET = "UPDATE customer_keys SET limited = $2, rate_requests = $3, rate_seconds = $4, quota_requests = $5 WHERE id = $1 AND status <> 'revoked'";
    OF_PROJECT = "SELECT rate_requests, rate_seconds, quota_requests FROM customer_key_limits WHERE project_id = $1 AND environment = $2";
    SET_OF_PROJECT = "INSERT INTO customer_key_limits (project_id, environment, rate_requests, rate_seconds, quota_requests) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (project_id, environment) DO UPDATE
        SET rate_requests = excluded.rate_requests, rate_seconds = excluded.rate_seconds, quota_requests = excluded.quota_requests";
}

/// The columns that say a limit.
#[derive(Debug, Clone, Copy, Default, FromRow)]
pub(crate) struct Columns {
    rate_requests: Option<i64>,
    rate_seconds: Option<i64>,
    quota_requests: Option<i64>,
}

/// The same of a key, which may say nothing.
#[derive(Debug, Clone, Copy, FromRow)]
pub(crate) struct OfKey {
    limited: i64,
    #[sqlx(flatten)]
    columns: Columns,
}

impl OfKey {
    /// What it says itself.
    pub(crate) fn own(self) -> Result<Option<Limits>> {
        if self.limited == 0 { Ok(None) } else { self.columns.limits().map(Some) }
    }
}

impl Columns {
    pub(crate) fn limits(self) -> Result<Limits> {
        let number = |number: i64| u32::try_from(number).map_err(|_| Error::Corrupt("a customer key's limit out of range"));
        let rate = self.rate_requests.zip(self.rate_seconds);
        let rate = rate.map(|(requests, seconds)| Ok::<_, Error>(Rate { requests: number(requests)?, window_seconds: number(seconds)? }));
        let quota = self.quota_requests.map(|requests| Ok::<_, Error>(Quota { requests: number(requests)? }));
        Ok(Limits { rate: rate.transpose()?, quota: quota.transpose()? })
    }
}

impl From<Limits> for Columns {
    fn from(Limits { rate, quota }: Limits) -> Self {
        Self {
            rate_requests: rate.map(|rate| rate.requests.into()),
            rate_seconds: rate.map(|rate| rate.window_seconds.into()),
            quota_requests: quota.map(|quota| quota.requests.into()),
        }
    }
}

/// What a key says itself; `None`: nothing, or there is no such key.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_key(db: &Db, id: &ChildKey) -> Result<Option<Limits>> {
    let found: Option<OfKey> = on_db!(db, on => sqlx::query_as(OF_KEY).bind(id.as_str()).fetch_optional(on).await)?;
    found.map_or(Ok(None), OfKey::own)
}

/// Sets what a key says itself; `None`: nothing. `false`: no such key, or it is revoked for good.
///
/// # Errors
/// When the database cannot be written.
pub async fn set(tx: &mut Tx, id: &ChildKey, limits: Option<Limits>) -> Result<bool> {
    let Columns { rate_requests, rate_seconds, quota_requests } = limits.unwrap_or_default().into();
    let done = on_tx!(tx, on => sqlx::query(SET).bind(id.as_str()).bind(i64::from(limits.is_some())).bind(rate_requests).bind(rate_seconds)
        .bind(quota_requests).execute(on).await.map(|r| r.rows_affected()))?;
    tx.change(Change::CustomerKey(id.clone()));
    Ok(done == 1)
}

/// What a project says for each of its keys in an environment.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_project(db: &Db, project: ProjectId, environment: Environment) -> Result<Limits> {
    let found: Option<Columns> =
        on_db!(db, on => sqlx::query_as(OF_PROJECT).bind(project.to_string()).bind(environment.as_str()).fetch_optional(on).await)?;
    found.unwrap_or_default().limits()
}

/// Sets that. It holds at the gateway within a second, for however many keys: it is read with the project's clients.
///
/// # Errors
/// [`Error::Dangling`] when there is no such project.
pub async fn set_of_project(tx: &mut Tx, project: ProjectId, environment: Environment, limits: Limits) -> Result<()> {
    let Columns { rate_requests, rate_seconds, quota_requests } = limits.into();
    on_tx!(tx, on => sqlx::query(SET_OF_PROJECT).bind(project.to_string()).bind(environment.as_str()).bind(rate_requests).bind(rate_seconds)
        .bind(quota_requests).execute(on).await.map(drop))?;
    projects::announce(tx, project, environment).await
}
