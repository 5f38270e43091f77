//! What waits for the operator's staff: access requests, contracts, customer types; oldest first, in pages.

use domain::{AccountId, OrganisationId, Timestamp, contract::ContractStatus};
use serde::Serialize;
use sqlx::FromRow;

use crate::{
    Db, Moment, Result,
    access_requests::AccessRequest,
    contracts::Contract,
    customer_type_requests::CustomerTypeRequest,
    organisations::{self, Named},
};

sql! {
    /// `!` stands before what LIKE would read as a wildcard. Who takes care of it: empty for anybody or nobody, `-` for nobody, else the account.
    ACCESS = "SELECT r.id, r.project_id, r.environment, r.api, r.scopes, r.plan, r.reason, r.status, r.created_at, r.decided_at, r.decided_by,
            r.decision_reason, p.name AS project, o.id AS owner_id, o.name AS owner, q.account_id AS taker_id, a.name AS taker
        FROM access_requests r JOIN projects p ON p.id = r.project_id JOIN organisations o ON o.id = p.organisation_id
        LEFT JOIN queue_owners q ON q.queue = 'access' AND q.id = r.id LEFT JOIN accounts a ON a.id = q.account_id
        WHERE r.status = 'pending' AND ($1 = '' OR r.api = $1) AND ($2 = '' OR r.environment = $2) AND o.folded LIKE $3 ESCAPE '!'
            AND r.created_at <= $7 AND ($8 = '' OR COALESCE(q.account_id, '-') = $8)
            AND (r.created_at, r.id) > ($4, $5) ORDER BY r.created_at, r.id LIMIT $6";
    ACCESS_COUNT = "SELECT COUNT(*) FROM (SELECT 1 AS one
        FROM access_requests r JOIN projects p ON p.id = r.project_id JOIN organisations o ON o.id = p.organisation_id
        LEFT JOIN queue_owners q ON q.queue = 'access' AND q.id = r.id
        WHERE r.status = 'pending' AND ($1 = '' OR r.api = $1) AND ($2 = '' OR r.environment = $2) AND o.folded LIKE $3 ESCAPE '!'
        AND r.created_at <= $5 AND ($6 = '' OR COALESCE(q.account_id, '-') = $6) LIMIT $4) AS counted";
    CONTRACTS = "SELECT c.id, c.organisation_id, c.number, c.client_number, c.labeller, c.status, c.created_at, c.reason,
            o.id AS owner_id, o.name AS owner, q.account_id AS taker_id, a.name AS taker
        FROM contracts c JOIN organisations o ON o.id = c.organisation_id
        LEFT JOIN queue_owners q ON q.queue = 'contracts' AND q.id = c.id LEFT JOIN accounts a ON a.id = q.account_id
        WHERE c.status = $1 AND o.folded LIKE $2 ESCAPE '!' AND c.created_at <= $6 AND ($7 = '' OR COALESCE(q.account_id, '-') = $7)
            AND (c.created_at, c.id) > ($3, $4) ORDER BY c.created_at, c.id LIMIT $5";
    CONTRACTS_COUNT = "SELECT COUNT(*) FROM (SELECT 1 AS one FROM contracts c JOIN organisations o ON o.id = c.organisation_id
        LEFT JOIN queue_owners q ON q.queue = 'contracts' AND q.id = c.id
        WHERE c.status = $1 AND o.folded LIKE $2 ESCAPE '!' AND c.created_at <= $4
            AND ($5 = '' OR COALESCE(q.account_id, '-') = $5) LIMIT $3) AS counted";
    /// Of the few organisations that are called so: of contracts there are many, of which hardly any is theirs. `CROSS JOIN` and `CASE` keep that the
    /// only way.
    NAMED_CONTRACTS = "SELECT c.id, c.organisation_id, c.number, c.client_number, c.labeller, c.status, c.created_at, c.reason,
            o.id AS owner_id, o.name AS owner, q.account_id AS taker_id, a.name AS taker
        FROM organisations o CROSS JOIN contracts c
        LEFT JOIN queue_owners q ON q.queue = 'contracts' AND q.id = c.id LEFT JOIN accounts a ON a.id = q.account_id
        WHERE o.folded LIKE $2 ESCAPE '!' AND c.organisation_id = o.id AND CASE WHEN c.status = $1 THEN c.created_at <= $6 ELSE FALSE END
            AND ($7 = '' OR COALESCE(q.account_id, '-') = $7) AND (c.created_at, c.id) > ($3, $4) ORDER BY c.created_at, c.id LIMIT $5";
    NAMED_CONTRACTS_COUNT = "SELECT COUNT(*) FROM (SELECT 1 AS one FROM organisations o CROSS JOIN contracts c
        LEFT JOIN queue_owners q ON q.queue = 'contracts' AND q.id = c.id
        WHERE o.folded LIKE $2 ESCAPE '!' AND c.organisation_id = o.id AND CASE WHEN c.status = $1 THEN c.created_at <= $4 ELSE FALSE END
            AND ($5 = '' OR COALESCE(q.account_id, '-') = $5) LIMIT $3) AS counted";
    CUSTOMER_TYPES = "SELECT r.id, r.organisation_id, r.customer_type, r.reason, r.status, r.created_at, r.decided_at, r.decided_by,
            r.decision_reason, o.id AS owner_id, o.name AS owner, q.account_id AS taker_id, a.name AS taker
        FROM customer_type_requests r JOIN organisations o ON o.id = r.organisation_id
        LEFT JOIN queue_owners q ON q.queue = 'customer_types' AND q.id = r.id LEFT JOIN accounts a ON a.id = q.account_id
        WHERE r.status = 'pending' AND o.folded LIKE $1 ESCAPE '!' AND r.created_at <= $5
            AND ($6 = '' OR COALESCE(q.account_id, '-') = $6) AND (r.created_at, r.id) > ($2, $3)
        ORDER BY r.created_at, r.id LIMIT $4";
    CUSTOMER_TYPES_COUNT = "SELECT COUNT(*) FROM (SELECT 1 AS one FROM customer_type_requests r JOIN organisations o ON o.id = r.organisation_id
        LEFT JOIN queue_owners q ON q.queue = 'customer_types' AND q.id = r.id
        WHERE r.status = 'pending' AND o.folded LIKE $1 ESCAPE '!' AND r.created_at <= $3
            AND ($4 = '' OR COALESCE(q.account_id, '-') = $4) LIMIT $2) AS counted";
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
    /// Only of organisations with this in their name, whatever its capitals and accents.
    pub organisation: String,
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

    fn pattern(&self) -> String {
        crate::folding::pattern(&crate::folding::folded(&self.organisation))
    }
}

/// Where a page begins: after this moment and id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct After(pub Moment, pub String);

/// The access requests that wait, oldest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn access(db: &Db, filter: &Filter, after: &After, limit: i64) -> Result<Vec<WaitingAccess>> {
    if let Named::Nobody = organisations::named(db, &filter.pattern()).await? {
        return Ok(Vec::new());
    }
    Ok(
        on_db!(db, on => sqlx::query_as(ACCESS).bind(&filter.api).bind(&filter.environment).bind(filter.pattern()).bind(after.0).bind(&after.1)
        .bind(limit).bind(filter.latest()).bind(filter.taken()).fetch_all(on).await)?,
    )
}

/// How many access requests wait, counted up to `most`.
///
/// # Errors
/// When the database cannot be read.
pub async fn access_count(db: &Db, filter: &Filter, most: i64) -> Result<i64> {
    if let Named::Nobody = organisations::named(db, &filter.pattern()).await? {
        return Ok(0);
    }
    Ok(
        on_db!(db, on => sqlx::query_scalar(ACCESS_COUNT).bind(&filter.api).bind(&filter.environment).bind(filter.pattern()).bind(most).bind(filter.latest()).bind(filter.taken())
        .fetch_one(on).await)?,
    )
}

/// The contracts in one state, oldest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn contracts(db: &Db, status: ContractStatus, filter: &Filter, after: &After, limit: i64) -> Result<Vec<Waiting<Contract>>> {
    let statement = match organisations::named(db, &filter.pattern()).await? {
        Named::Nobody => return Ok(Vec::new()),
        Named::Few => NAMED_CONTRACTS,
        Named::Many => CONTRACTS,
    };
    Ok(on_db!(db, on => sqlx::query_as(statement).bind(status.as_str()).bind(filter.pattern()).bind(after.0).bind(&after.1).bind(limit)
        .bind(filter.latest()).bind(filter.taken()).fetch_all(on).await)?)
}

/// How many contracts are in one state, counted up to `most`.
///
/// # Errors
/// When the database cannot be read.
pub async fn contracts_count(db: &Db, status: ContractStatus, filter: &Filter, most: i64) -> Result<i64> {
    let statement = match organisations::named(db, &filter.pattern()).await? {
        Named::Nobody => return Ok(0),
        Named::Few => NAMED_CONTRACTS_COUNT,
        Named::Many => CONTRACTS_COUNT,
    };
    Ok(on_db!(db, on => sqlx::query_scalar(statement).bind(status.as_str()).bind(filter.pattern()).bind(most).bind(filter.latest())
        .bind(filter.taken()).fetch_one(on).await)?)
}

/// The organisations that wait to be another customer type, oldest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn customer_types(db: &Db, filter: &Filter, after: &After, limit: i64) -> Result<Vec<Waiting<CustomerTypeRequest>>> {
    if let Named::Nobody = organisations::named(db, &filter.pattern()).await? {
        return Ok(Vec::new());
    }
    Ok(
        on_db!(db, on => sqlx::query_as(CUSTOMER_TYPES).bind(filter.pattern()).bind(after.0).bind(&after.1).bind(limit).bind(filter.latest())
        .bind(filter.taken()).fetch_all(on).await)?,
    )
}

/// How many organisations wait to be another customer type, counted up to `most`.
///
/// # Errors
/// When the database cannot be read.
pub async fn customer_types_count(db: &Db, filter: &Filter, most: i64) -> Result<i64> {
    if let Named::Nobody = organisations::named(db, &filter.pattern()).await? {
        return Ok(0);
    }
    Ok(
        on_db!(db, on => sqlx::query_scalar(CUSTOMER_TYPES_COUNT).bind(filter.pattern()).bind(most).bind(filter.latest()).bind(filter.taken())
        .fetch_one(on).await)?,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_like_would_read_as_a_wildcard_is_text() {
        let filter = Filter { organisation: "50%_off!".into(), ..Filter::default() };
        assert_eq!(filter.pattern(), "%50!%!_off!!%");
    }
}
