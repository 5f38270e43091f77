//! Plans of the house: written once, named by the APIs that offer them.

use domain::{
    ApiName, ProjectId,
    plan::{HousePlan, Plans, Quota, Rate, Title},
};
use sqlx::FromRow;

use crate::{Db, Error, Moment, Result, Tx, changes::Change};

sql! {
    INSERT = "INSERT INTO plans (name, title_es, title_en, rate_requests, rate_window, quota_requests, version, updated_at) VALUES ($1, $2, $3, $4, $5, $6, 1, $7)";
    /// One conditional update, so that of two who saw the same version only one changes it.
    UPDATE = "UPDATE plans SET title_es = $2, title_en = $3, rate_requests = $4, rate_window = $5, quota_requests = $6, version = version + 1, updated_at = $7
        WHERE name = $1 AND version = $8";
    REMOVE = "DELETE FROM plans WHERE name = $1";
    BY_NAME = "SELECT name, title_es, title_en, rate_requests, rate_window, quota_requests, version, updated_at FROM plans WHERE name = $1";
    ALL = "SELECT name, title_es, title_en, rate_requests, rate_window, quota_requests, version, updated_at FROM plans ORDER BY name";
    USES = "SELECT project_id, api FROM grants WHERE plan = $1 AND revoked_at IS NULL AND (project_id, api) > ($2, $3)
        ORDER BY project_id, api LIMIT $4";
}

/// A plan of the house as administration sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanRow {
    /// The plan.
    pub plan: HousePlan,
    /// Grows with each change; the first is 1.
    pub version: i64,
    /// When it last changed.
    pub updated_at: Moment,
}

/// A project that holds a live grant under a plan of this name. Whether the API means the house's plan is not known here.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Use {
    /// The project.
    #[sqlx(try_from = "String")]
    pub project_id: ProjectId,
    /// The API.
    #[sqlx(try_from = "String")]
    pub api: ApiName,
}

#[derive(FromRow)]
struct Columns {
    name: String,
    title_es: String,
    title_en: String,
    rate_requests: Option<i64>,
    rate_window: Option<i64>,
    quota_requests: Option<i64>,
    version: i64,
    updated_at: Moment,
}

impl TryFrom<Columns> for PlanRow {
    type Error = Error;
    fn try_from(row: Columns) -> Result<Self> {
        let number = |number: i64| u32::try_from(number).map_err(|_| Error::Corrupt("a plan with limits out of range"));
        let rate = match (row.rate_requests, row.rate_window) {
            (Some(requests), Some(window)) => Some(Rate { requests: number(requests)?, window_seconds: number(window)? }),
            _ => None,
        };
        let quota = row.quota_requests.map(number).transpose()?.map(|requests| Quota { requests });
        let plan = HousePlan { name: row.name, title: Title { es: row.title_es, en: row.title_en }, rate, quota };
        Ok(Self { plan, version: row.version, updated_at: row.updated_at })
    }
}

/// Adds a plan.
///
/// # Errors
/// [`Error::Taken`] when there is one of that name.
pub async fn insert(tx: &mut Tx, plan: &HousePlan, at: Moment) -> Result<()> {
    let (rate, window) = columns(plan);
    on_tx!(tx, on => sqlx::query(INSERT).bind(&plan.name).bind(&plan.title.es).bind(&plan.title.en).bind(rate).bind(window)
        .bind(plan.quota.map(|quota| i64::from(quota.requests))).bind(at).execute(on).await.map(drop))?;
    tx.change(Change::Catalogue);
    Ok(())
}

/// Changes a plan that still has the version its author saw. `false`: it has not, or is gone.
///
/// # Errors
/// When the database cannot be written.
pub async fn update(tx: &mut Tx, plan: &HousePlan, version: i64, at: Moment) -> Result<bool> {
    let (rate, window) = columns(plan);
    let done = on_tx!(tx, on => sqlx::query(UPDATE).bind(&plan.name).bind(&plan.title.es).bind(&plan.title.en).bind(rate).bind(window)
        .bind(plan.quota.map(|quota| i64::from(quota.requests))).bind(at).bind(version).execute(on).await.map(|r| r.rows_affected()))?;
    tx.change(Change::Catalogue);
    Ok(done == 1)
}

fn columns(plan: &HousePlan) -> (Option<i64>, Option<i64>) {
    (plan.rate.map(|rate| i64::from(rate.requests)), plan.rate.map(|rate| i64::from(rate.window_seconds)))
}

/// Removes a plan. `false`: there was none. That no document names it is for the caller to see, who holds the catalogue.
///
/// # Errors
/// When the database cannot be written.
pub async fn remove(tx: &mut Tx, name: &str) -> Result<bool> {
    let done = on_tx!(tx, on => sqlx::query(REMOVE).bind(name).execute(on).await.map(|r| r.rows_affected()))?;
    tx.change(Change::Catalogue);
    Ok(done == 1)
}

/// The plan of that name.
///
/// # Errors
/// When the database cannot be read.
pub async fn find(db: &Db, name: &str) -> Result<Option<PlanRow>> {
    let row: Option<Columns> = on_db!(db, on => sqlx::query_as(BY_NAME).bind(name).fetch_optional(on).await)?;
    row.map(TryInto::try_into).transpose()
}

/// Every plan, by name.
///
/// # Errors
/// When the database cannot be read.
pub async fn all(db: &Db) -> Result<Vec<PlanRow>> {
    let rows: Vec<Columns> = on_db!(db, on => sqlx::query_as(ALL).fetch_all(on).await)?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// The plans that documents may name.
///
/// # Errors
/// When the database cannot be read.
pub async fn named(db: &Db) -> Result<Plans> {
    Ok(all(db).await?.into_iter().map(|row| row.plan).collect())
}

/// Every plan, inside the transaction that holds the catalogue ([`apis::hold`](crate::apis::hold)): none is changed or removed meanwhile.
///
/// # Errors
/// When the database cannot be read.
pub async fn held(tx: &mut Tx) -> Result<Vec<PlanRow>> {
    let rows: Vec<Columns> = on_tx!(tx, on => sqlx::query_as(ALL).fetch_all(on).await)?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// Who holds live grants under a plan of this name, by project and API, `limit` at most and those after `after`.
///
/// # Errors
/// When the database cannot be read.
pub async fn uses(db: &Db, plan: &str, after: Option<&Use>, limit: i64) -> Result<Vec<Use>> {
    let (project, api) = after.map_or_else(Default::default, |after| (after.project_id.to_string(), after.api.to_string()));
    Ok(on_db!(db, on => sqlx::query_as(USES).bind(plan).bind(&project).bind(&api).bind(limit).fetch_all(on).await)?)
}
