//! What waits for the operator's staff: access requests, contracts, customer types; oldest first, in pages.

use domain::{AccountId, OrganisationId, Timestamp, contract::ContractStatus};
use serde::Serialize;
use sqlx::FromRow;

use crate::{
    Db, Moment, Result, Tx,
    access_requests::AccessRequest,
    contracts::Contract,
    customer_type_requests::CustomerTypeRequest,
    locks::{self, Lock},
    owners::{Owners, these},
};

/// A page of access requests that wait, taken from `$rows`, as `r`, that fit `$which`. Who takes care of it: empty for anybody or nobody, `-` for
/// nobody, else the account.
macro_rules! access {
    ($rows:literal, $which:literal) => {
        concat!("r.id, r.project_id, r.environment, r.api, r.scopes, r.plan, r.reason, r.status, r.created_at, r.decided_at,
            r.decided_by, r.decision_reason, p.name AS project, o.id AS owner_id, o.name AS owner, q.account_id AS taker_id, a.name AS taker
        FROM ", $rows, " r JOIN projects p ON p.id = r.project_id JOIN organisations o ON o.id = p.organisation_id
        LEFT JOIN queue_owners q ON q.queue = 'access' AND q.id = r.id LEFT JOIN accounts a ON a.id = q.account_id
        WHERE ", $which, " AND ($1 = '' OR r.api = $1) AND ($2 = '' OR r.environment = $2)
            AND r.created_at <= $7 AND ($8 = '' OR COALESCE(q.account_id, '-') = $8)
            AND (r.created_at, r.id) > ($4, $5) ORDER BY r.created_at, r.id LIMIT $6")
    };
}

/// How many there are.
macro_rules! access_count {
    ($rows:literal, $which:literal) => {
        concat!(
            "COUNT(*) FROM (SELECT 1 AS one
        FROM ",
            $rows,
            " r JOIN projects p ON p.id = r.project_id JOIN organisations o ON o.id = p.organisation_id
        LEFT JOIN queue_owners q ON q.queue = 'access' AND q.id = r.id
        WHERE ",
            $which,
            " AND ($1 = '' OR r.api = $1) AND ($2 = '' OR r.environment = $2)
            AND r.created_at <= $5 AND ($6 = '' OR COALESCE(q.account_id, '-') = $6) LIMIT $4) AS counted"
        )
    };
}

/// The access requests of a few organisations, which one way leads to: `MATERIALIZED` keeps it the only one, here and below.
macro_rules! few_access {
    ($engine:ident) => {
        concat!(
            these!($engine, "$3"),
            ", mine AS MATERIALIZED (SELECT r.* FROM these CROSS JOIN projects p CROSS JOIN access_requests r
            WHERE p.organisation_id = these.id AND r.project_id = p.id AND r.status = 'pending') "
        )
    };
}

/// The same of contracts.
macro_rules! contracts {
    ($rows:literal, $which:literal) => {
        concat!(
            "c.id, c.organisation_id, c.number, c.client_number, c.labeller, c.status, c.created_at, c.reason,
            o.id AS owner_id, o.name AS owner, q.account_id AS taker_id, a.name AS taker
        FROM ",
            $rows,
            " c JOIN organisations o ON o.id = c.organisation_id
        LEFT JOIN queue_owners q ON q.queue = 'contracts' AND q.id = c.id LEFT JOIN accounts a ON a.id = q.account_id
        WHERE ",
            $which,
            " AND c.status = $1 AND c.created_at <= $6 AND ($7 = '' OR COALESCE(q.account_id, '-') = $7)
            AND (c.created_at, c.id) > ($3, $4) ORDER BY c.created_at, c.id LIMIT $5"
        )
    };
}

macro_rules! contracts_count {
    ($rows:literal, $which:literal) => {
        concat!(
            "COUNT(*) FROM (SELECT 1 AS one FROM ",
            $rows,
            " c JOIN organisations o ON o.id = c.organisation_id
        LEFT JOIN queue_owners q ON q.queue = 'contracts' AND q.id = c.id
        WHERE ",
            $which,
            " AND c.status = $1 AND c.created_at <= $4 AND ($5 = '' OR COALESCE(q.account_id, '-') = $5) LIMIT $3) AS counted"
        )
    };
}

macro_rules! few_contracts {
    ($engine:ident) => {
        concat!(
            these!($engine, "$2"),
            ", mine AS MATERIALIZED (SELECT c.* FROM these CROSS JOIN contracts c
            WHERE c.organisation_id = these.id) "
        )
    };
}

/// The same of customer types.
macro_rules! customer_types {
    ($rows:literal, $which:literal) => {
        concat!(
            "r.id, r.organisation_id, r.customer_type, r.reason, r.status, r.created_at, r.decided_at, r.decided_by,
            r.decision_reason, o.id AS owner_id, o.name AS owner, q.account_id AS taker_id, a.name AS taker
        FROM ",
            $rows,
            " r JOIN organisations o ON o.id = r.organisation_id
        LEFT JOIN queue_owners q ON q.queue = 'customer_types' AND q.id = r.id LEFT JOIN accounts a ON a.id = q.account_id
        WHERE ",
            $which,
            " AND r.created_at <= $5 AND ($6 = '' OR COALESCE(q.account_id, '-') = $6) AND (r.created_at, r.id) > ($2, $3)
        ORDER BY r.created_at, r.id LIMIT $4"
        )
    };
}

macro_rules! customer_types_count {
    ($rows:literal, $which:literal) => {
        concat!(
            "COUNT(*) FROM (SELECT 1 AS one FROM ",
            $rows,
            " r JOIN organisations o ON o.id = r.organisation_id
        LEFT JOIN queue_owners q ON q.queue = 'customer_types' AND q.id = r.id
        WHERE ",
            $which,
            " AND r.created_at <= $3 AND ($4 = '' OR COALESCE(q.account_id, '-') = $4) LIMIT $2) AS counted"
        )
    };
}

macro_rules! few_customer_types {
    ($engine:ident) => {
        concat!(
            these!($engine, "$1"),
            ", mine AS MATERIALIZED (SELECT r.* FROM these CROSS JOIN customer_type_requests r
            WHERE r.organisation_id = these.id AND r.status = 'pending') "
        )
    };
}

sql! {
    ACCESS = concat!("SELECT ", access!("access_requests", "r.status = 'pending' AND o.folded LIKE $3 ESCAPE '!'"));
    ACCESS_COUNT = concat!("SELECT ", access_count!("access_requests", "r.status = 'pending' AND o.folded LIKE $3 ESCAPE '!'"));
    FEW_ACCESS_SQLITE = concat!("WITH ", few_access!(sqlite), " SELECT ", access!("mine", "TRUE"));
    FEW_ACCESS_POSTGRES = concat!("WITH ", few_access!(postgres), " SELECT ", access!("mine", "TRUE"));
    FEW_ACCESS_COUNT_SQLITE = concat!("WITH ", few_access!(sqlite), " SELECT ", access_count!("mine", "TRUE"));
    FEW_ACCESS_COUNT_POSTGRES = concat!("WITH ", few_access!(postgres), " SELECT ", access_count!("mine", "TRUE"));
    CONTRACTS = concat!("SELECT ", contracts!("contracts", "o.folded LIKE $2 ESCAPE '!'"));
    CONTRACTS_COUNT = concat!("SELECT ", contracts_count!("contracts", "o.folded LIKE $2 ESCAPE '!'"));
    FEW_CONTRACTS_SQLITE = concat!("WITH ", few_contracts!(sqlite), " SELECT ", contracts!("mine", "TRUE"));
    FEW_CONTRACTS_POSTGRES = concat!("WITH ", few_contracts!(postgres), " SELECT ", contracts!("mine", "TRUE"));
    FEW_CONTRACTS_COUNT_SQLITE = concat!("WITH ", few_contracts!(sqlite), " SELECT ", contracts_count!("mine", "TRUE"));
    FEW_CONTRACTS_COUNT_POSTGRES = concat!("WITH ", few_contracts!(postgres), " SELECT ", contracts_count!("mine", "TRUE"));
    CUSTOMER_TYPES = concat!("SELECT ", customer_types!("customer_type_requests", "r.status = 'pending' AND o.folded LIKE $1 ESCAPE '!'"));
    CUSTOMER_TYPES_COUNT = concat!("SELECT ", customer_types_count!("customer_type_requests", "r.status = 'pending' AND o.folded LIKE $1 ESCAPE '!'"));
    FEW_CUSTOMER_TYPES_SQLITE = concat!("WITH ", few_customer_types!(sqlite), " SELECT ", customer_types!("mine", "TRUE"));
    FEW_CUSTOMER_TYPES_POSTGRES = concat!("WITH ", few_customer_types!(postgres), " SELECT ", customer_types!("mine", "TRUE"));
    FEW_CUSTOMER_TYPES_COUNT_SQLITE = concat!("WITH ", few_customer_types!(sqlite), " SELECT ", customer_types_count!("mine", "TRUE"));
    FEW_CUSTOMER_TYPES_COUNT_POSTGRES = concat!("WITH ", few_customer_types!(postgres), " SELECT ", customer_types_count!("mine", "TRUE"));
    /// All that wait and nothing but their number: it stands on every page of the console.
    ALL_ACCESS = "SELECT COUNT(*) FROM (SELECT 1 AS one FROM access_requests WHERE status = 'pending' AND created_at <= $1 LIMIT $2) AS counted";
    ALL_CONTRACTS = "SELECT COUNT(*) FROM (SELECT 1 AS one FROM contracts WHERE status = $3 AND created_at <= $1 LIMIT $2) AS counted";
    ALL_CUSTOMER_TYPES = "SELECT COUNT(*) FROM (SELECT 1 AS one FROM customer_type_requests WHERE status = 'pending' AND created_at <= $1 LIMIT $2)
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

    /// The statement for these owners, of one for many, and for few on each engine.
    const fn choose(&self, db: &Db, many: &'static str, few: (&'static str, &'static str)) -> &'static str {
        match (&self.owners, db) {
            (Owners::Few(_), Db::Sqlite(_)) => few.0,
            (Owners::Few(_), Db::Postgres(_)) => few.1,
            _ => many,
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
    let statement = filter.choose(db, ACCESS, (FEW_ACCESS_SQLITE, FEW_ACCESS_POSTGRES));
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
        return Ok(on_db!(db, on => sqlx::query_scalar(ALL_ACCESS).bind(filter.latest()).bind(most).fetch_one(on).await)?);
    }
    let statement = filter.choose(db, ACCESS_COUNT, (FEW_ACCESS_COUNT_SQLITE, FEW_ACCESS_COUNT_POSTGRES));
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
    let statement = filter.choose(db, CONTRACTS, (FEW_CONTRACTS_SQLITE, FEW_CONTRACTS_POSTGRES));
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
        return Ok(on_db!(db, on => sqlx::query_scalar(ALL_CONTRACTS).bind(filter.latest()).bind(most).bind(status.as_str())
            .fetch_one(on).await)?);
    }
    let statement = filter.choose(db, CONTRACTS_COUNT, (FEW_CONTRACTS_COUNT_SQLITE, FEW_CONTRACTS_COUNT_POSTGRES));
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
    let statement = filter.choose(db, CUSTOMER_TYPES, (FEW_CUSTOMER_TYPES_SQLITE, FEW_CUSTOMER_TYPES_POSTGRES));
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
        return Ok(on_db!(db, on => sqlx::query_scalar(ALL_CUSTOMER_TYPES).bind(filter.latest()).bind(most).fetch_one(on).await)?);
    }
    let statement = filter.choose(db, CUSTOMER_TYPES_COUNT, (FEW_CUSTOMER_TYPES_COUNT_SQLITE, FEW_CUSTOMER_TYPES_COUNT_POSTGRES));
    Ok(on_db!(db, on => sqlx::query_scalar(statement).bind(filter.owners.told()).bind(most).bind(filter.latest()).bind(filter.taken())
        .fetch_one(on).await)?)
}
