//! Organisations.

use domain::{ApiCredentialId, ClientId, CustomerType, OrganisationId, contract::Standing, folding::folded};
use serde::Serialize;
use sqlx::FromRow;

use crate::{Db, Moment, Result, Tx, changes::Change, like::pattern, organisation_words};

sql! {
    INSERT = "INSERT INTO organisations (id, name, customer_type, status, created_at, folded) VALUES ($1, $2, $3, $4, $5, $6)";
    BY_ID = "SELECT id, name, customer_type, status, created_at FROM organisations WHERE id = $1";
    BY_NAME = "SELECT id, name, customer_type, status, created_at FROM organisations WHERE name = $1";
    PAGE = "SELECT id, name, customer_type, status, created_at FROM organisations WHERE name > $1 ORDER BY name LIMIT $2";
    /// `!` stands before what LIKE would read as a wildcard.
    SEARCH = "SELECT id, name, customer_type, status, created_at FROM organisations
        WHERE id > $1 AND lower(name) LIKE lower($2) ESCAPE '!' AND ($3 = '' OR customer_type = $3) AND ($4 = '' OR status = $4) ORDER BY id LIMIT $5";
    /// Of those who turn it at once one does: it must be in the state it was seen in.
    TURN = "UPDATE organisations SET status = $3, standing_reason = $4, standing_by = $5, standing_at = $6 WHERE id = $1 AND status = $2";
    STOPPED = "SELECT standing_reason AS reason, standing_by AS by_whom, standing_at AS at FROM organisations WHERE id = $1 AND status <> 'active'";
    SET_CUSTOMER_TYPE = "UPDATE organisations SET customer_type = $2 WHERE id = $1";
    CHANGE_CUSTOMER_TYPE = "UPDATE organisations SET customer_type = $3 WHERE id = $1 AND customer_type = $2";
    RENAME = "UPDATE organisations SET name = $2, folded = $3 WHERE id = $1";
    /// Takes the organisation's row, so that what is counted or judged of it stays so.
    HOLD = "UPDATE organisations SET status = status WHERE id = $1";
    CLIENTS = "SELECT c.id FROM clients c JOIN projects p ON p.id = c.project_id WHERE p.organisation_id = $1";
    API_CREDENTIALS = "SELECT a.id FROM api_credentials a JOIN projects p ON p.id = a.project_id WHERE p.organisation_id = $1";
}

/// A company.
#[derive(Debug, Clone, FromRow, Serialize)]
pub struct Organisation {
    /// Its id.
    #[sqlx(try_from = "String")]
    pub id: OrganisationId,
    /// Its name, unique here.
    pub name: String,
    /// What it is to the carrier.
    #[sqlx(try_from = "String")]
    pub customer_type: CustomerType,
    /// Whether its clients may act.
    #[sqlx(try_from = "String")]
    pub status: Standing,
    /// Since when.
    pub created_at: Moment,
}

/// Why an organisation may not act.
#[derive(Debug, Clone, FromRow, Serialize)]
pub struct Stopped {
    /// As it was written; `None`: nobody said.
    pub reason: Option<String>,
    /// The actor who stopped it, as the audit log names actors.
    #[serde(rename = "by")]
    pub by_whom: Option<String>,
    /// Since when.
    pub at: Option<Moment>,
}

/// A turn of an organisation's standing.
#[derive(Debug, Clone, Copy)]
pub struct Turn<'a> {
    /// The state it is in.
    pub from: Standing,
    /// The state it comes into.
    pub to: Standing,
    /// Why; `None` where nobody said, and where it may act again.
    pub reason: Option<&'a str>,
    /// The actor.
    pub by: &'a str,
    /// When.
    pub at: Moment,
}

/// Adds an organisation.
///
/// # Errors
/// [`Error::Taken`](crate::Error::Taken) when the name is.
pub async fn insert(tx: &mut Tx, organisation: &Organisation) -> Result<()> {
    on_tx!(tx, on => sqlx::query(INSERT).bind(organisation.id.to_string()).bind(&organisation.name)
        .bind(organisation.customer_type.as_str()).bind(organisation.status.as_str()).bind(organisation.created_at)
        .bind(folded(&organisation.name)).execute(on).await.map(drop))?;
    organisation_words::of_organisation(tx, organisation.id, &organisation.name).await
}

/// The organisation with this id.
///
/// # Errors
/// When the database cannot be read.
pub async fn find(db: &Db, id: OrganisationId) -> Result<Option<Organisation>> {
    Ok(on_db!(db, on => sqlx::query_as(BY_ID).bind(id.to_string()).fetch_optional(on).await)?)
}

/// The organisation with this name.
///
/// # Errors
/// When the database cannot be read.
pub async fn find_by_name(db: &Db, name: &str) -> Result<Option<Organisation>> {
    Ok(on_db!(db, on => sqlx::query_as(BY_NAME).bind(name).fetch_optional(on).await)?)
}

/// Organisations by name, those after the name `after`.
///
/// # Errors
/// When the database cannot be read.
pub async fn page(db: &Db, after: &str, limit: i64) -> Result<Vec<Organisation>> {
    Ok(on_db!(db, on => sqlx::query_as(PAGE).bind(after).bind(limit).fetch_all(on).await)?)
}

/// Which organisations are wanted.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only those with this in their name, in either case; empty: all.
    pub name: String,
    /// Only those of this type.
    pub customer_type: Option<CustomerType>,
    /// Only those in this state.
    pub status: Option<Standing>,
}

/// Organisations in the order of their ids, which is that of their making, those after the id `after`.
///
/// # Errors
/// When the database cannot be read.
pub async fn search(db: &Db, filter: &Filter, after: &str, limit: i64) -> Result<Vec<Organisation>> {
    let name = pattern(&filter.name);
    let customer_type = filter.customer_type.map_or("", |kind| kind.as_str());
    let status = filter.status.map_or("", |status| status.as_str());
    Ok(on_db!(db, on => sqlx::query_as(SEARCH).bind(after).bind(&name).bind(customer_type).bind(status).bind(limit)
        .fetch_all(on).await)?)
}

/// Turns whether the organisation may act, keeps why, and tells every node to look at its clients anew. `false`: it is not in that state any more.
///
/// # Errors
/// When the database cannot be written.
pub async fn turn(tx: &mut Tx, id: OrganisationId, turn: Turn<'_>) -> Result<bool> {
    let done = on_tx!(tx, on => sqlx::query(TURN).bind(id.to_string()).bind(turn.from.as_str()).bind(turn.to.as_str()).bind(turn.reason)
        .bind(turn.by).bind(turn.at).execute(on).await.map(|r| r.rows_affected()))?;
    if done == 1 {
        announce(tx, id).await?;
    }
    Ok(done == 1)
}

/// Why the organisation may not act; `None`: it may.
///
/// # Errors
/// When the database cannot be read.
pub async fn stopped(db: &Db, id: OrganisationId) -> Result<Option<Stopped>> {
    Ok(on_db!(db, on => sqlx::query_as(STOPPED).bind(id.to_string()).fetch_optional(on).await)?)
}

/// Changes the customer type, and tells every node to look at its clients anew. `false`: it is not `from` any more.
///
/// # Errors
/// When the database cannot be written.
pub async fn change_customer_type(tx: &mut Tx, id: OrganisationId, from: CustomerType, to: CustomerType) -> Result<bool> {
    let done = on_tx!(tx, on => sqlx::query(CHANGE_CUSTOMER_TYPE).bind(id.to_string()).bind(from.as_str()).bind(to.as_str())
        .execute(on).await.map(|r| r.rows_affected()))?;
    if done == 1 {
        announce(tx, id).await?;
    }
    Ok(done == 1)
}

/// Sets the customer type, and tells every node to look at its clients anew.
///
/// # Errors
/// When the database cannot be written.
pub async fn set_customer_type(tx: &mut Tx, id: OrganisationId, customer_type: CustomerType) -> Result<bool> {
    let done = on_tx!(tx, on => sqlx::query(SET_CUSTOMER_TYPE).bind(id.to_string()).bind(customer_type.as_str()).execute(on).await.map(|r| r.rows_affected()))?;
    announce(tx, id).await?;
    Ok(done == 1)
}

/// Renames an organisation. `false`: there is none.
///
/// # Errors
/// [`Error::Taken`](crate::Error::Taken) when another has this name.
pub async fn rename(tx: &mut Tx, id: OrganisationId, name: &str) -> Result<bool> {
    let done = on_tx!(tx, on => sqlx::query(RENAME).bind(id.to_string()).bind(name).bind(folded(name)).execute(on).await.map(|r| r.rows_affected()))?;
    if done == 1 {
        organisation_words::of_organisation(tx, id, name).await?;
    }
    Ok(done == 1)
}

/// Keeps everybody else who changes what belongs to an organisation waiting until the transaction ends. `false`: there is none.
///
/// # Errors
/// When the database cannot be written.
pub async fn hold(tx: &mut Tx, id: OrganisationId) -> Result<bool> {
    let done = on_tx!(tx, on => sqlx::query(HOLD).bind(id.to_string()).execute(on).await.map(|r| r.rows_affected()))?;
    Ok(done == 1)
}

/// One change for each client and API credential: the directory forgets by key, so that a change here costs no scan there.
async fn announce(tx: &mut Tx, id: OrganisationId) -> Result<()> {
    let clients: Vec<String> = on_tx!(tx, on => sqlx::query_scalar(CLIENTS).bind(id.to_string()).fetch_all(on).await)?;
    let credentials: Vec<String> = on_tx!(tx, on => sqlx::query_scalar(API_CREDENTIALS).bind(id.to_string()).fetch_all(on).await)?;
    for client in clients {
        tx.change(Change::Client(ClientId::from(client)));
    }
    for credential in credentials {
        tx.change(Change::ApiCredential(ApiCredentialId::from(credential)));
    }
    Ok(())
}
