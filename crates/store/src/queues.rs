//! What waits for the operator's staff: access requests, contracts, customer types; oldest first, in pages.

mod ways;

use domain::{AccountId, OrganisationId, Timestamp, contract::ContractStatus};
use serde::Serialize;
use sqlx::FromRow;

pub(crate) use ways::STATEMENTS as WAYS;

use self::ways::Ways;
use crate::{
    Db, Moment, Result, Tx,
    access_requests::AccessRequest,
    contracts::Contract,
    customer_type_requests::CustomerTypeRequest,
    locks::{self, Lock},
    owners::Owners,
};

sql! {
    /// All that wait and nothing but their number: it stands on every page of the console.
    WAITING_ACCESS = "SELECT COUNT(*) FROM (SELECT 1 AS one FROM access_requests WHERE status = 'pending' AND created_at <= $1 LIMIT $2) AS counted";
    CONTRACTS_IN = "SELECT COUNT(*) FROM (SELECT 1 AS one FROM contracts WHERE status = $3 AND created_at <= $1 LIMIT $2) AS counted";
    WAITING_CUSTOMER_TYPES = "SELECT COUNT(*) FROM (SELECT 1 AS one FROM customer_type_requests WHERE status = 'pending' AND created_at <= $1 LIMIT $2)
        AS counted";
}

/// Something that waits, with the organisation it belongs to.
#[derive(Debug, Clone, FromRow, Serialize)]
pub struct Waiting<T> {
    /// What waits.
    #[sqlx(flatten)]
    pub what: T,
    /// Whose it is.
    #[sqlx(try_from = "String")]
    pub owner_id: OrganisationId,
    /// The name of that organisation.
    pub owner: String,
    /// The account that takes care of it.
    pub taker_id: Option<String>,
    /// The name of that account.
    pub taker: Option<String>,
}

/// An access request that waits, with its project's name.
#[derive(Debug, Clone, FromRow, Serialize)]
pub struct WaitingAccess {
    /// What waits.
    #[sqlx(flatten)]
    pub what: AccessRequest,
    /// The name of its project.
    pub project: String,
    /// Whose it is.
    #[sqlx(try_from = "String")]
    pub owner_id: OrganisationId,
    /// The name of that organisation.
    pub owner: String,
    /// The account that takes care of it.
    pub taker_id: Option<String>,
    /// The name of that account.
    pub taker: Option<String>,
}

/// Which of those that wait are wanted. Empty texts want all.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only access requests for this API.
    pub api: String,
    /// Only access requests in this environment.
    pub environment: String,
    /// Only theirs.
    pub owners: Owners,
    /// Only what waits since then or longer.
    pub until: Option<Moment>,
    /// By who takes care of it.
    pub taken: Taken,
}

/// By who takes care of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Taken {
    /// Whoever does, or nobody.
    #[default]
    Any,
    /// Nobody does.
    Nobody,
    /// This account does.
    By(AccountId),
}

impl Filter {
    fn latest(&self) -> Moment {
        self.until.unwrap_or(Moment(Timestamp::MAX))
    }

    fn taken(&self) -> String {
        match &self.taken {
            Taken::Any => String::new(),
            Taken::Nobody => "-".to_owned(),
            Taken::By(account) => account.to_string(),
        }
    }

    /// Whether nothing but their age is asked of them.
    fn wants_all(&self) -> bool {
        self.api.is_empty() && self.environment.is_empty() && self.owners == Owners::Anybody && self.taken == Taken::Any
    }

    /// The narrowest of the ways: from a few owners, from who takes care of them, through all that wait.
    const fn choose(&self, db: &Db, ways: &Ways) -> &'static str {
        match (&self.owners, &self.taken, db) {
            (Owners::Few(_), _, Db::Sqlite(_)) => ways.few.0,
            (Owners::Few(_), _, Db::Postgres(_)) => ways.few.1,
            (_, Taken::By(_), _) => ways.taken,
            _ => ways.all,
        }
    }
}

/// Where a page begins: after this moment and id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct After(pub Moment, pub String);

/// Waits for whoever else is changing how the queues are worked (targets, rules of approval, words for rejections), and holds that as it is to the
/// end of the transaction: each sees what the others left. Taken before anything of it is read.
///
/// # Errors
/// When the database cannot be written.
pub async fn hold(tx: &mut Tx) -> Result<()> {
    locks::hold(tx, Lock::Queues).await
}

/// The access requests that wait, oldest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn access(db: &Db, filter: &Filter, after: &After, limit: i64) -> Result<Vec<WaitingAccess>> {
    if filter.owners == Owners::Nobody {
        return Ok(Vec::new());
    }
    let statement = filter.choose(db, &ways::ACCESS);
    Ok(on_db!(db, on => sqlx::query_as(statement).bind(&filter.api).bind(&filter.environment).bind(filter.owners.told()).bind(after.0)
        .bind(&after.1).bind(limit).bind(filter.latest()).bind(filter.taken()).fetch_all(on).await)?)
}

/// How many access requests wait, counted up to `most`.
///
/// # Errors
/// When the database cannot be read.
pub async fn access_count(db: &Db, filter: &Filter, most: i64) -> Result<i64> {
    if filter.owners == Owners::Nobody {
        return Ok(0);
    }
    if filter.wants_all() {
        return Ok(on_db!(db, on => sqlx::query_scalar(WAITING_ACCESS).bind(filter.latest()).bind(most).fetch_one(on).await)?);
    }
    let statement = filter.choose(db, &ways::ACCESS_COUNT);
    Ok(on_db!(db, on => sqlx::query_scalar(statement).bind(&filter.api).bind(&filter.environment).bind(filter.owners.told()).bind(most)
        .bind(filter.latest()).bind(filter.taken()).fetch_one(on).await)?)
}

/// The contracts in one state, oldest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn contracts(db: &Db, status: ContractStatus, filter: &Filter, after: &After, limit: i64) -> Result<Vec<Waiting<Contract>>> {
    if filter.owners == Owners::Nobody {
        return Ok(Vec::new());
    }
    let statement = filter.choose(db, &ways::CONTRACTS);
    Ok(on_db!(db, on => sqlx::query_as(statement).bind(status.as_str()).bind(filter.owners.told()).bind(after.0).bind(&after.1).bind(limit)
        .bind(filter.latest()).bind(filter.taken()).fetch_all(on).await)?)
}

/// How many contracts are in one state, counted up to `most`.
///
/// # Errors
/// When the database cannot be read.
pub async fn contracts_count(db: &Db, status: ContractStatus, filter: &Filter, most: i64) -> Result<i64> {
    if filter.owners == Owners::Nobody {
        return Ok(0);
    }
    if filter.wants_all() {
        return Ok(on_db!(db, on => sqlx::query_scalar(CONTRACTS_IN).bind(filter.latest()).bind(most).bind(status.as_str())
            .fetch_one(on).await)?);
    }
    let statement = filter.choose(db, &ways::CONTRACTS_COUNT);
    Ok(on_db!(db, on => sqlx::query_scalar(statement).bind(status.as_str()).bind(filter.owners.told()).bind(most).bind(filter.latest())
        .bind(filter.taken()).fetch_one(on).await)?)
}

/// The organisations that wait to be another customer type, oldest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn customer_types(db: &Db, filter: &Filter, after: &After, limit: i64) -> Result<Vec<Waiting<CustomerTypeRequest>>> {
    if filter.owners == Owners::Nobody {
        return Ok(Vec::new());
    }
    let statement = filter.choose(db, &ways::CUSTOMER_TYPES);
    Ok(on_db!(db, on => sqlx::query_as(statement).bind(filter.owners.told()).bind(after.0).bind(&after.1).bind(limit).bind(filter.latest())
        .bind(filter.taken()).fetch_all(on).await)?)
}

/// How many organisations wait to be another customer type, counted up to `most`.
///
/// # Errors
/// When the database cannot be read.
pub async fn customer_types_count(db: &Db, filter: &Filter, most: i64) -> Result<i64> {
    if filter.owners == Owners::Nobody {
        return Ok(0);
    }
    if filter.wants_all() {
        return Ok(on_db!(db, on => sqlx::query_scalar(WAITING_CUSTOMER_TYPES).bind(filter.latest()).bind(most).fetch_one(on).await)?);
    }
    let statement = filter.choose(db, &ways::CUSTOMER_TYPES_COUNT);
    Ok(on_db!(db, on => sqlx::query_scalar(statement).bind(filter.owners.told()).bind(most).bind(filter.latest()).bind(filter.taken())
        .fetch_one(on).await)?)
}
