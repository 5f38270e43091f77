//! Memberships: who works for which organisation, and as what.

use domain::{
    AccountId, CustomerType, OrganisationId,
    contract::Standing,
    role::{Role, Staff},
};
use serde::Serialize;
use sqlx::FromRow;

use crate::{Db, Error, Moment, Result, Tx};

sql! {
    /// One row whenever both exist, so that a stranger and a member are asked about alike.
    PLACE = "SELECT o.status, m.role, a.staff FROM organisations o JOIN accounts a ON a.id = $2
        LEFT JOIN memberships m ON m.organisation_id = o.id AND m.account_id = a.id WHERE o.id = $1";
    PERSON = "SELECT email, name, verified_at, staff FROM accounts WHERE id = $1";
    /// Takes the account's row, so that what is counted for it stays counted.
    HOLD_ACCOUNT = "UPDATE accounts SET staff = staff WHERE id = $1";
    INSERT = "INSERT INTO memberships (organisation_id, account_id, role, created_at) VALUES ($1, $2, $3, $4)";
    SET_ROLE = "UPDATE memberships SET role = $3 WHERE organisation_id = $1 AND account_id = $2";
    REMOVE = "DELETE FROM memberships WHERE organisation_id = $1 AND account_id = $2";
    OF_ORGANISATION = "SELECT m.account_id, a.name, a.email, m.role, m.created_at FROM memberships m JOIN accounts a ON a.id = m.account_id
        WHERE m.organisation_id = $1 ORDER BY a.name, a.id";
    OF_ACCOUNT = "SELECT o.id, o.name, o.customer_type, o.status, m.role, m.created_at FROM memberships m
        JOIN organisations o ON o.id = m.organisation_id WHERE m.account_id = $1 ORDER BY o.name";
    ORGANISATIONS = "SELECT organisation_id FROM memberships WHERE account_id = $1";
    BY_EMAIL = "SELECT COUNT(*) FROM memberships m JOIN accounts a ON a.id = m.account_id WHERE m.organisation_id = $1 AND a.email = $2";
    COUNT = "SELECT COUNT(*) FROM memberships WHERE organisation_id = $1";
    OWNERS = "SELECT COUNT(*) FROM memberships WHERE organisation_id = $1 AND role = 'owner'";
    OWNED = "SELECT COUNT(*) FROM memberships m JOIN organisations o ON o.id = m.organisation_id
        WHERE m.account_id = $1 AND m.role = 'owner' AND o.status <> 'revoked'";
    OWNED_ALONE = "SELECT o.id, o.name, o.customer_type, o.status, m.role, m.created_at FROM memberships m
        JOIN organisations o ON o.id = m.organisation_id WHERE m.account_id = $1 AND m.role = 'owner' AND o.status <> 'revoked'
        AND NOT EXISTS (SELECT 1 FROM memberships x WHERE x.organisation_id = o.id AND x.role = 'owner' AND x.account_id <> m.account_id)
        ORDER BY o.name";
}

/// What an account is to an organisation.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// Whether the organisation may act.
    pub status: Standing,
    /// The account's role there, when it is a member.
    pub role: Option<Role>,
    /// What it is among the operator's staff.
    pub staff: Option<Staff>,
}

#[derive(FromRow)]
struct PlaceRow {
    #[sqlx(try_from = "String")]
    status: Standing,
    role: Option<String>,
    staff: String,
}

impl TryFrom<PlaceRow> for Place {
    type Error = Error;
    fn try_from(row: PlaceRow) -> Result<Self> {
        let role = row.role.map(|role| role.parse().map_err(|_| Error::Corrupt("an unknown role"))).transpose()?;
        Ok(Self { status: row.status, role, staff: staff(&row.staff)? })
    }
}

/// What use cases about organisations must know of an account.
#[derive(Debug, Clone)]
pub struct Person {
    /// Its address, trimmed and lower-case.
    pub email: String,
    /// How it is called.
    pub name: String,
    /// Whether somebody proved to read that address.
    pub verified: bool,
    /// What it is among the operator's staff.
    pub staff: Option<Staff>,
}

/// A member as the organisation sees it.
#[derive(Debug, Clone, FromRow, Serialize)]
pub struct Member {
    /// The account.
    #[sqlx(try_from = "String")]
    pub account_id: AccountId,
    /// How it is called.
    pub name: String,
    /// Its address.
    pub email: String,
    /// What it may do.
    #[sqlx(try_from = "String")]
    pub role: Role,
    /// Since when.
    pub created_at: Moment,
}

/// An organisation as one of its members sees it in a list.
#[derive(Debug, Clone, FromRow, Serialize)]
pub struct Membership {
    /// The organisation.
    #[sqlx(try_from = "String")]
    pub id: OrganisationId,
    /// Its name.
    pub name: String,
    /// What it is to the carrier.
    #[sqlx(try_from = "String")]
    pub customer_type: CustomerType,
    /// Whether its clients may act.
    #[sqlx(try_from = "String")]
    pub status: Standing,
    /// What the member may do there.
    #[sqlx(try_from = "String")]
    pub role: Role,
    /// Since when it is a member.
    pub created_at: Moment,
}

fn staff(word: &str) -> Result<Option<Staff>> {
    if word.is_empty() { Ok(None) } else { word.parse().map(Some).map_err(|_| Error::Corrupt("an unknown staff role")) }
}

/// What the account is to the organisation. `None`: one of them does not exist.
///
/// # Errors
/// When the database cannot be read.
pub async fn place(db: &Db, organisation: OrganisationId, account: AccountId) -> Result<Option<Place>> {
    let row: Option<PlaceRow> =
        on_db!(db, on => sqlx::query_as(PLACE).bind(organisation.to_string()).bind(account.to_string()).fetch_optional(on).await)?;
    row.map(Place::try_from).transpose()
}

/// The same, read inside a transaction that holds the organisation.
///
/// # Errors
/// When the database cannot be read.
pub async fn place_held(tx: &mut Tx, organisation: OrganisationId, account: AccountId) -> Result<Option<Place>> {
    let row: Option<PlaceRow> =
        on_tx!(tx, on => sqlx::query_as(PLACE).bind(organisation.to_string()).bind(account.to_string()).fetch_optional(on).await)?;
    row.map(Place::try_from).transpose()
}

/// The account with this id.
///
/// # Errors
/// When the database cannot be read.
pub async fn person(db: &Db, account: AccountId) -> Result<Option<Person>> {
    let row: Option<(String, String, Option<Moment>, String)> =
        on_db!(db, on => sqlx::query_as(PERSON).bind(account.to_string()).fetch_optional(on).await)?;
    let Some((email, name, verified_at, word)) = row else { return Ok(None) };
    Ok(Some(Person { email, name, verified: verified_at.is_some(), staff: staff(&word)? }))
}

/// Keeps everybody else from counting or adding what is this account's until the transaction ends.
///
/// # Errors
/// When the database cannot be written.
pub async fn hold_account(tx: &mut Tx, account: AccountId) -> Result<()> {
    on_tx!(tx, on => sqlx::query(HOLD_ACCOUNT).bind(account.to_string()).execute(on).await.map(drop))?;
    Ok(())
}

/// Makes an account a member.
///
/// # Errors
/// [`Error::Taken`] when it is one; [`Error::Dangling`] when one of them does not exist.
pub async fn insert(tx: &mut Tx, organisation: OrganisationId, account: AccountId, role: Role, at: Moment) -> Result<()> {
    on_tx!(tx, on => sqlx::query(INSERT).bind(organisation.to_string()).bind(account.to_string()).bind(role.as_str()).bind(at)
        .execute(on).await.map(drop))?;
    Ok(())
}

/// Changes a member's role. `false`: it is none.
///
/// # Errors
/// When the database cannot be written.
pub async fn set_role(tx: &mut Tx, organisation: OrganisationId, account: AccountId, role: Role) -> Result<bool> {
    let done = on_tx!(tx, on => sqlx::query(SET_ROLE).bind(organisation.to_string()).bind(account.to_string()).bind(role.as_str())
        .execute(on).await.map(|r| r.rows_affected()))?;
    Ok(done == 1)
}

/// Ends a membership. `false`: there was none.
///
/// # Errors
/// When the database cannot be written.
pub async fn remove(tx: &mut Tx, organisation: OrganisationId, account: AccountId) -> Result<bool> {
    let done = on_tx!(tx, on => sqlx::query(REMOVE).bind(organisation.to_string()).bind(account.to_string())
        .execute(on).await.map(|r| r.rows_affected()))?;
    Ok(done == 1)
}

/// The members of an organisation, by name.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_organisation(db: &Db, organisation: OrganisationId) -> Result<Vec<Member>> {
    Ok(on_db!(db, on => sqlx::query_as(OF_ORGANISATION).bind(organisation.to_string()).fetch_all(on).await)?)
}

/// The organisations of an account, by name.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_account(db: &Db, account: AccountId) -> Result<Vec<Membership>> {
    Ok(on_db!(db, on => sqlx::query_as(OF_ACCOUNT).bind(account.to_string()).fetch_all(on).await)?)
}

/// The ids of the organisations of an account.
///
/// # Errors
/// When the database cannot be read.
pub async fn organisations(tx: &mut Tx, account: AccountId) -> Result<Vec<OrganisationId>> {
    let found: Vec<String> = on_tx!(tx, on => sqlx::query_scalar(ORGANISATIONS).bind(account.to_string()).fetch_all(on).await)?;
    found.iter().map(|id| id.parse().map_err(|_| Error::Corrupt("an organisation id that is none"))).collect()
}

/// The organisations that would be left without an owner if this account went.
///
/// # Errors
/// When the database cannot be read.
pub async fn owned_alone(db: &Db, account: AccountId) -> Result<Vec<Membership>> {
    Ok(on_db!(db, on => sqlx::query_as(OWNED_ALONE).bind(account.to_string()).fetch_all(on).await)?)
}

/// Whether an account with this address is a member.
///
/// # Errors
/// When the database cannot be read.
pub async fn has_address(tx: &mut Tx, organisation: OrganisationId, email: &str) -> Result<bool> {
    let found: i64 = on_tx!(tx, on => sqlx::query_scalar(BY_EMAIL).bind(organisation.to_string()).bind(email).fetch_one(on).await)?;
    Ok(found > 0)
}

/// How many members an organisation has.
///
/// # Errors
/// When the database cannot be read.
pub async fn count(tx: &mut Tx, organisation: OrganisationId) -> Result<i64> {
    Ok(on_tx!(tx, on => sqlx::query_scalar(COUNT).bind(organisation.to_string()).fetch_one(on).await)?)
}

/// How many owners an organisation has.
///
/// # Errors
/// When the database cannot be read.
pub async fn owners(tx: &mut Tx, organisation: OrganisationId) -> Result<i64> {
    Ok(on_tx!(tx, on => sqlx::query_scalar(OWNERS).bind(organisation.to_string()).fetch_one(on).await)?)
}

/// How many organisations that are not closed an account owns.
///
/// # Errors
/// When the database cannot be read.
pub async fn owned(tx: &mut Tx, account: AccountId) -> Result<i64> {
    Ok(on_tx!(tx, on => sqlx::query_scalar(OWNED).bind(account.to_string()).fetch_one(on).await)?)
}
