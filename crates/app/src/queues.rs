//! What waits for the operator's staff, in pages, oldest first.

mod difference;
pub(crate) mod files;
mod reading;
mod working;

use std::{fmt, str::FromStr};

use domain::{ApiName, Environment, Timestamp, contract::ContractStatus, queue::Queue, role::Duty};
use jiff::SignedDuration;
use serde::Serialize;
use store::{
    Moment,
    contracts::Contract,
    customer_type_requests::CustomerTypeRequest,
    owners::Owners,
    queues::{self as stored, After, Waiting, WaitingAccess},
};

pub use store::queues::Taken;
pub use working::{Targets, assign, leave, overdue, set_targets, take, taker, targets, weekly_letter};

use crate::{Actor, App, Error, Result, permission};

/// What is counted exactly; more is "more than".
pub const COUNTED: i64 = 1000;

/// The longest wait one can ask for, in seconds: a hundred years.
const LONGEST_WAIT: i64 = 100 * 366 * 86_400;

/// How many rows a page has at most.
pub const PAGE: i64 = 200;

/// Which rows are wanted, and where the page begins.
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// Only access requests for this API.
    pub api: Option<ApiName>,
    /// Only access requests in this environment.
    pub environment: Option<Environment>,
    /// Only of organisations with this in their name, whatever its capitals and accents; empty: all.
    pub organisation: String,
    /// Only what waits at least so long, in seconds; 0: all.
    pub waiting_for: i64,
    /// By who takes care of it.
    pub taken: Taken,
    /// After this row.
    pub after: Option<Cursor>,
    /// How many rows: 1 to [`PAGE`], and what is outside is brought inside.
    pub limit: i64,
}

/// A row as the place where the next page begins; it may stand in a URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor(After);

impl Cursor {
    pub(crate) fn new(at: Moment, id: impl ToString) -> Self {
        Self(After(at, id.to_string()))
    }
}

impl Cursor {
    /// Its moment and id.
    pub(crate) fn place(&self) -> (Moment, &str) {
        (self.0.0, &self.0.1)
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0.0.as_microsecond(), self.0.1)
    }
}

impl FromStr for Cursor {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        let wrong = || Error::invalid("after", "Tómalo de la página anterior.", "take it from the page before");
        let (at, id) = text.split_once('.').ok_or_else(wrong)?;
        let at = at.parse().ok().and_then(|at| Timestamp::from_microsecond(at).ok()).ok_or_else(wrong)?;
        let id: uuid::Uuid = id.parse().map_err(|_| wrong())?;
        Ok(Self::new(Moment(at), id))
    }
}

/// A page of a queue.
pub struct Page<T> {
    /// The rows, oldest first.
    pub rows: Vec<T>,
    /// Where the next page begins; `None`: this is the last.
    pub next: Option<Cursor>,
    /// How many rows the filter leaves in all, counted up to [`COUNTED`] and one.
    pub total: i64,
}

/// How much waits, each counted up to [`COUNTED`] and one: for the badges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Access requests.
    pub access: i64,
    /// Contracts.
    pub contracts: i64,
    /// Customer types.
    pub customer_types: i64,
}

impl Counts {
    /// The count of one queue.
    #[must_use]
    pub const fn of(&self, queue: Queue) -> i64 {
        match queue {
            Queue::Access => self.access,
            Queue::Contracts => self.contracts,
            Queue::CustomerTypes => self.customer_types,
        }
    }
}

/// The access requests that wait.
///
/// # Errors
/// [`Error::NotFound`] for those who are not staff.
pub async fn access(app: &App, actor: &Actor, query: &Query) -> Result<Page<WaitingAccess>> {
    permission::staff(app, actor, Duty::See).await?;
    let (filter, after, limit) = read(app, query).await?;
    let rows = stored::access(app.db(), &filter, &after, limit + 1).await?;
    let total = stored::access_count(app.db(), &filter, COUNTED + 1).await?;
    Ok(page(rows, limit, total, |row| Cursor::new(row.what.created_at, row.what.id)))
}

/// The contracts that wait, or are in another state.
///
/// # Errors
/// [`Error::NotFound`] for those who are not staff.
pub async fn contracts(app: &App, actor: &Actor, status: ContractStatus, query: &Query) -> Result<Page<Waiting<Contract>>> {
    permission::staff(app, actor, Duty::See).await?;
    // Only what waits is in anybody's care.
    if status != ContractStatus::Pending && matches!(query.taken, Taken::By(_)) {
        return Ok(Page { rows: Vec::new(), next: None, total: 0 });
    }
    let (filter, after, limit) = read(app, query).await?;
    let rows = stored::contracts(app.db(), status, &filter, &after, limit + 1).await?;
    let total = match i64::try_from(rows.len()) {
        // All of them are here.
        Ok(all) if query.after.is_none() && all <= limit => all,
        _ => stored::contracts_count(app.db(), status, &filter, COUNTED + 1).await?,
    };
    Ok(page(rows, limit, total, |row| Cursor::new(row.what.created_at, row.what.id)))
}

/// The organisations that wait to be another customer type.
///
/// # Errors
/// [`Error::NotFound`] for those who are not staff.
pub async fn customer_types(app: &App, actor: &Actor, query: &Query) -> Result<Page<Waiting<CustomerTypeRequest>>> {
    permission::staff(app, actor, Duty::See).await?;
    let (filter, after, limit) = read(app, query).await?;
    let rows = stored::customer_types(app.db(), &filter, &after, limit + 1).await?;
    let total = stored::customer_types_count(app.db(), &filter, COUNTED + 1).await?;
    Ok(page(rows, limit, total, |row| Cursor::new(row.what.created_at, row.what.id)))
}

/// How much waits.
///
/// # Errors
/// [`Error::NotFound`] for those who are not staff.
pub async fn counts(app: &App, actor: &Actor) -> Result<Counts> {
    permission::staff(app, actor, Duty::See).await?;
    let (db, all) = (app.db(), stored::Filter::default());
    Ok(Counts {
        access: stored::access_count(db, &all, COUNTED + 1).await?,
        contracts: stored::contracts_count(db, ContractStatus::Pending, &all, COUNTED + 1).await?,
        customer_types: stored::customer_types_count(db, &all, COUNTED + 1).await?,
    })
}

async fn read(app: &App, query: &Query) -> Result<(stored::Filter, After, i64)> {
    let organisation: String = query.organisation.trim().chars().take(120).collect();
    let filter = stored::Filter {
        api: query.api.as_ref().map(ToString::to_string).unwrap_or_default(),
        environment: query.environment.map(|environment| environment.to_string()).unwrap_or_default(),
        owners: Owners::called(app.db(), &organisation).await?,
        taken: query.taken.clone(),
        until: (query.waiting_for > 0).then(|| Moment(app.now() - SignedDuration::from_secs(query.waiting_for.min(LONGEST_WAIT)))),
    };
    let after = query.after.as_ref().map_or_else(|| After(Moment(Timestamp::UNIX_EPOCH), String::new()), |after| after.0.clone());
    Ok((filter, after, query.limit.clamp(1, PAGE)))
}

fn page<T>(mut rows: Vec<T>, limit: i64, total: i64, cursor: impl Fn(&T) -> Cursor) -> Page<T> {
    let limit = usize::try_from(limit).unwrap_or(0);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(cursor);
    Page { rows, next, total }
}
