//! Access requests that need nobody.

use domain::{ApprovalRuleId, queue::ApprovalRule};
use sqlx::FromRow;

use crate::{Db, Error, Moment, Result, Tx};

sql! {
    INSERT = "INSERT INTO approval_rules (id, name, api, environment, customer_types, mail_domains, active_contract, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    UPDATE = "UPDATE approval_rules SET name = $2, api = $3, environment = $4, customer_types = $5, mail_domains = $6, active_contract = $7,
        updated_at = $8 WHERE id = $1";
    REMOVE = "DELETE FROM approval_rules WHERE id = $1";
    ALL = "SELECT id, name, api, environment, customer_types, mail_domains, active_contract FROM approval_rules ORDER BY name";
    COUNT = "SELECT COUNT(*) FROM approval_rules";
}

#[derive(FromRow)]
struct Row {
    #[sqlx(try_from = "String")]
    id: ApprovalRuleId,
    name: String,
    api: String,
    environment: String,
    customer_types: String,
    mail_domains: String,
    active_contract: bool,
}

impl TryFrom<Row> for ApprovalRule {
    type Error = Error;
    fn try_from(row: Row) -> Result<Self> {
        // A condition that cannot be read must not become none at all.
        let corrupt = |_| Error::Corrupt("a rule of approval with an unknown word");
        let environment = if row.environment.is_empty() { None } else { Some(row.environment.parse().map_err(corrupt)?) };
        Ok(Self {
            id: row.id,
            name: row.name,
            api: Some(row.api).filter(|api| !api.is_empty()).map(Into::into),
            environment,
            customer_types: row.customer_types.split_whitespace().map(|word| word.parse().map_err(corrupt)).collect::<Result<_>>()?,
            mail_domains: row.mail_domains.split_whitespace().map(str::to_owned).collect(),
            active_contract: row.active_contract,
        })
    }
}

/// Adds one.
///
/// # Errors
/// [`Error::Taken`] when another has its name.
pub async fn insert(tx: &mut Tx, rule: &ApprovalRule, at: Moment) -> Result<()> {
    put(tx, INSERT, rule, at).await.map(drop)
}

/// Changes one. `false`: there is none.
///
/// # Errors
/// [`Error::Taken`] when another has its name.
pub async fn update(tx: &mut Tx, rule: &ApprovalRule, at: Moment) -> Result<bool> {
    put(tx, UPDATE, rule, at).await
}

async fn put(tx: &mut Tx, statement: &'static str, rule: &ApprovalRule, at: Moment) -> Result<bool> {
    let types = rule.customer_types.iter().map(|word| word.as_str()).collect::<Vec<_>>().join(" ");
    let domains = rule.mail_domains.join(" ");
    let api = rule.api.as_ref().map_or("", |api| api.as_str());
    let environment = rule.environment.map_or("", |environment| environment.as_str());
    let done = on_tx!(tx, on => sqlx::query(statement).bind(rule.id.to_string()).bind(&rule.name).bind(api).bind(environment).bind(&types).bind(&domains)
        .bind(rule.active_contract).bind(at).execute(on).await.map(|r| r.rows_affected()))?;
    Ok(done == 1)
}

/// Removes one. `false`: there is none.
///
/// # Errors
/// When the database cannot be written.
pub async fn remove(tx: &mut Tx, id: ApprovalRuleId) -> Result<bool> {
    let done = on_tx!(tx, on => sqlx::query(REMOVE).bind(id.to_string()).execute(on).await.map(|r| r.rows_affected()))?;
    Ok(done == 1)
}

/// All of them, by name.
///
/// # Errors
/// When the database cannot be read, or holds words that this version does not know.
pub async fn all(db: &Db) -> Result<Vec<ApprovalRule>> {
    let rows: Vec<Row> = on_db!(db, on => sqlx::query_as(ALL).fetch_all(on).await)?;
    rows.into_iter().map(ApprovalRule::try_from).collect()
}

/// All of them, inside the transaction that holds how the queues are worked ([`queues::hold`](crate::queues::hold)).
///
/// # Errors
/// When the database cannot be read, or holds words that this version does not know.
pub async fn held(tx: &mut Tx) -> Result<Vec<ApprovalRule>> {
    let rows: Vec<Row> = on_tx!(tx, on => sqlx::query_as(ALL).fetch_all(on).await)?;
    rows.into_iter().map(ApprovalRule::try_from).collect()
}

/// How many there are.
///
/// # Errors
/// When the database cannot be read.
pub async fn count(tx: &mut Tx) -> Result<i64> {
    Ok(on_tx!(tx, on => sqlx::query_scalar(COUNT).fetch_one(on).await)?)
}
