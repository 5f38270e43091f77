//! The lists of the queues, each by the ways that lead to its rows.

use crate::owners::these;

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

/// The access requests that an account takes care of, found from it. Which parameter names it differs.
macro_rules! taken_access {
    ($account:literal) => {
        concat!(
            "mine AS MATERIALIZED (SELECT r.* FROM queue_owners w CROSS JOIN access_requests r
            WHERE w.account_id = ",
            $account,
            " AND w.queue = 'access' AND r.id = w.id AND r.status = 'pending') "
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

macro_rules! taken_contracts {
    ($account:literal) => {
        concat!(
            "mine AS MATERIALIZED (SELECT c.* FROM queue_owners w CROSS JOIN contracts c
            WHERE w.account_id = ",
            $account,
            " AND w.queue = 'contracts' AND c.id = w.id) "
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

macro_rules! taken_customer_types {
    ($account:literal) => {
        concat!(
            "mine AS MATERIALIZED (SELECT r.* FROM queue_owners w CROSS JOIN customer_type_requests r
            WHERE w.account_id = ",
            $account,
            " AND w.queue = 'customer_types' AND r.id = w.id AND r.status = 'pending') "
        )
    };
}

sql! {
    ALL_ACCESS = concat!("SELECT ", access!("access_requests", "r.status = 'pending' AND o.folded LIKE $3 ESCAPE '!'"));
    ALL_ACCESS_COUNT = concat!("SELECT ", access_count!("access_requests", "r.status = 'pending' AND o.folded LIKE $3 ESCAPE '!'"));
    FEW_ACCESS_SQLITE = concat!("WITH ", few_access!(sqlite), " SELECT ", access!("mine", "TRUE"));
    FEW_ACCESS_POSTGRES = concat!("WITH ", few_access!(postgres), " SELECT ", access!("mine", "TRUE"));
    FEW_ACCESS_COUNT_SQLITE = concat!("WITH ", few_access!(sqlite), " SELECT ", access_count!("mine", "TRUE"));
    FEW_ACCESS_COUNT_POSTGRES = concat!("WITH ", few_access!(postgres), " SELECT ", access_count!("mine", "TRUE"));
    TAKEN_ACCESS = concat!("WITH ", taken_access!("$8"), " SELECT ", access!("mine", "o.folded LIKE $3 ESCAPE '!'"));
    TAKEN_ACCESS_COUNT = concat!("WITH ", taken_access!("$6"), " SELECT ", access_count!("mine", "o.folded LIKE $3 ESCAPE '!'"));
    ALL_CONTRACTS = concat!("SELECT ", contracts!("contracts", "o.folded LIKE $2 ESCAPE '!'"));
    ALL_CONTRACTS_COUNT = concat!("SELECT ", contracts_count!("contracts", "o.folded LIKE $2 ESCAPE '!'"));
    FEW_CONTRACTS_SQLITE = concat!("WITH ", few_contracts!(sqlite), " SELECT ", contracts!("mine", "TRUE"));
    FEW_CONTRACTS_POSTGRES = concat!("WITH ", few_contracts!(postgres), " SELECT ", contracts!("mine", "TRUE"));
    FEW_CONTRACTS_COUNT_SQLITE = concat!("WITH ", few_contracts!(sqlite), " SELECT ", contracts_count!("mine", "TRUE"));
    FEW_CONTRACTS_COUNT_POSTGRES = concat!("WITH ", few_contracts!(postgres), " SELECT ", contracts_count!("mine", "TRUE"));
    TAKEN_CONTRACTS = concat!("WITH ", taken_contracts!("$7"), " SELECT ", contracts!("mine", "o.folded LIKE $2 ESCAPE '!'"));
    TAKEN_CONTRACTS_COUNT = concat!("WITH ", taken_contracts!("$5"), " SELECT ", contracts_count!("mine", "o.folded LIKE $2 ESCAPE '!'"));
    ALL_CUSTOMER_TYPES = concat!("SELECT ", customer_types!("customer_type_requests", "r.status = 'pending' AND o.folded LIKE $1 ESCAPE '!'"));
    ALL_CUSTOMER_TYPES_COUNT = concat!("SELECT ", customer_types_count!("customer_type_requests", "r.status = 'pending' AND o.folded LIKE $1 ESCAPE '!'"));
    FEW_CUSTOMER_TYPES_SQLITE = concat!("WITH ", few_customer_types!(sqlite), " SELECT ", customer_types!("mine", "TRUE"));
    FEW_CUSTOMER_TYPES_POSTGRES = concat!("WITH ", few_customer_types!(postgres), " SELECT ", customer_types!("mine", "TRUE"));
    FEW_CUSTOMER_TYPES_COUNT_SQLITE = concat!("WITH ", few_customer_types!(sqlite), " SELECT ", customer_types_count!("mine", "TRUE"));
    FEW_CUSTOMER_TYPES_COUNT_POSTGRES = concat!("WITH ", few_customer_types!(postgres), " SELECT ", customer_types_count!("mine", "TRUE"));
    TAKEN_CUSTOMER_TYPES = concat!("WITH ", taken_customer_types!("$6"), " SELECT ", customer_types!("mine", "o.folded LIKE $1 ESCAPE '!'"));
    TAKEN_CUSTOMER_TYPES_COUNT = concat!("WITH ", taken_customer_types!("$4"), " SELECT ", customer_types_count!("mine", "o.folded LIKE $1 ESCAPE '!'"));
}

/// The statements of one list, by where they begin.
pub(super) struct Ways {
    /// Anywhere.
    pub(super) all: &'static str,
    /// At a few organisations, on each engine.
    pub(super) few: (&'static str, &'static str),
    /// At the account that takes care.
    pub(super) taken: &'static str,
}

/// Access requests that wait.
pub(super) const ACCESS: Ways = Ways { all: ALL_ACCESS, few: (FEW_ACCESS_SQLITE, FEW_ACCESS_POSTGRES), taken: TAKEN_ACCESS };
/// Their number.
pub(super) const ACCESS_COUNT: Ways =
    Ways { all: ALL_ACCESS_COUNT, few: (FEW_ACCESS_COUNT_SQLITE, FEW_ACCESS_COUNT_POSTGRES), taken: TAKEN_ACCESS_COUNT };
/// Contracts in a state.
pub(super) const CONTRACTS: Ways = Ways { all: ALL_CONTRACTS, few: (FEW_CONTRACTS_SQLITE, FEW_CONTRACTS_POSTGRES), taken: TAKEN_CONTRACTS };
/// Their number.
pub(super) const CONTRACTS_COUNT: Ways =
    Ways { all: ALL_CONTRACTS_COUNT, few: (FEW_CONTRACTS_COUNT_SQLITE, FEW_CONTRACTS_COUNT_POSTGRES), taken: TAKEN_CONTRACTS_COUNT };
/// Organisations that wait to be another customer type.
pub(super) const CUSTOMER_TYPES: Ways =
    Ways { all: ALL_CUSTOMER_TYPES, few: (FEW_CUSTOMER_TYPES_SQLITE, FEW_CUSTOMER_TYPES_POSTGRES), taken: TAKEN_CUSTOMER_TYPES };
/// Their number.
pub(super) const CUSTOMER_TYPES_COUNT: Ways = Ways {
    all: ALL_CUSTOMER_TYPES_COUNT,
    few: (FEW_CUSTOMER_TYPES_COUNT_SQLITE, FEW_CUSTOMER_TYPES_COUNT_POSTGRES),
    taken: TAKEN_CUSTOMER_TYPES_COUNT,
};
