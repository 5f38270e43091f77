//! The register of account holders, where the carrier has no service of its own for it.

use domain::{
    Environment,
    holder::{Holder, Invoice, PostalAddress},
};
use sqlx::FromRow;

use crate::{Db, Error, Moment, Result, Tx};

sql! {
    PUT = "INSERT INTO account_holders (environment, account_number, customer_name, street_lines, city, state, postal_code, country, email, phone, language, pin, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        ON CONFLICT (environment, account_number) DO UPDATE SET customer_name = excluded.customer_name, street_lines = excluded.street_lines,
            city = excluded.city, state = excluded.state, postal_code = excluded.postal_code, country = excluded.country, email = excluded.email,
            phone = excluded.phone, language = excluded.language, pin = excluded.pin, updated_at = excluded.updated_at";
    PUT_INVOICE = "INSERT INTO account_invoices (environment, account_number, number, currency, date, amount) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (environment, account_number, number) DO UPDATE SET currency = excluded.currency, date = excluded.date, amount = excluded.amount";
    FIND = "SELECT account_number, customer_name, street_lines, city, state, postal_code, country, email, phone, language, pin
        FROM account_holders WHERE environment = $1 AND account_number = $2";
    PAGE = "SELECT account_number, customer_name, street_lines, city, state, postal_code, country, email, phone, language, pin
        FROM account_holders WHERE environment = $1 AND account_number > $2 ORDER BY account_number LIMIT $3";
    /// The last ones: older ones prove nothing.
    INVOICES = "SELECT number, currency, date, amount FROM account_invoices WHERE environment = $1 AND account_number = $2 ORDER BY date DESC, number LIMIT $3";
    REMOVE = "DELETE FROM account_holders WHERE environment = $1 AND account_number = $2";
}

/// How many invoices of a holder are looked at.
const INVOICES_AT_MOST: i64 = 200;

#[derive(FromRow)]
struct Row {
    account_number: String,
    customer_name: String,
    street_lines: String,
    city: String,
    state: String,
    postal_code: String,
    country: String,
    email: Option<String>,
    phone: Option<String>,
    language: Option<String>,
    pin: Option<String>,
}

impl Row {
    fn holder(self, invoices: Vec<Invoice>) -> Result<Holder> {
        let broken = || Error::Corrupt("an account holder that cannot be read");
        Ok(Holder {
            account_number: self.account_number,
            customer_name: self.customer_name,
            address: PostalAddress {
                street_lines: serde_json::from_str(&self.street_lines).map_err(|_| broken())?,
                city: self.city,
                state_or_province_code: self.state,
                postal_code: self.postal_code,
                country_code: self.country,
            },
            email: self.email.map(|text| text.parse()).transpose().map_err(|_| broken())?,
            phone: self.phone,
            language: self.language.map(|text| text.parse()).transpose().map_err(|_| broken())?,
            pin: self.pin,
            invoices,
        })
    }
}

/// Adds a holder or puts it in the place of the one with its number; its invoices are added to those that are there.
///
/// # Errors
/// When the database cannot be written.
pub async fn put(tx: &mut Tx, environment: Environment, holder: &Holder, at: Moment) -> Result<()> {
    let lines = serde_json::to_string(&holder.address.street_lines).map_err(|_| Error::Corrupt("lines that are no text"))?;
    on_tx!(tx, on => sqlx::query(PUT).bind(environment.as_str()).bind(&holder.account_number).bind(&holder.customer_name).bind(&lines)
        .bind(&holder.address.city).bind(&holder.address.state_or_province_code).bind(&holder.address.postal_code)
        .bind(&holder.address.country_code).bind(holder.email.as_ref().map(domain::Email::as_str)).bind(holder.phone.as_deref())
        .bind(holder.language.map(domain::Language::as_str)).bind(holder.pin.as_deref()).bind(at).execute(on).await.map(drop))?;
    for invoice in &holder.invoices {
        on_tx!(tx, on => sqlx::query(PUT_INVOICE).bind(environment.as_str()).bind(&holder.account_number).bind(&invoice.number)
            .bind(&invoice.currency).bind(&invoice.date).bind(&invoice.amount).execute(on).await.map(drop))?;
    }
    Ok(())
}

/// The holder of an account number with its last invoices.
///
/// # Errors
/// When the database cannot be read.
pub async fn find(db: &Db, environment: Environment, account_number: &str) -> Result<Option<Holder>> {
    let Some(mut holder) = find_without_invoices(db, environment, account_number).await? else { return Ok(None) };
    holder.invoices = invoices(db, environment, account_number).await?;
    Ok(Some(holder))
}

/// The holder of an account number without its invoices: as much work whether there is one or not.
///
/// # Errors
/// When the database cannot be read.
pub async fn find_without_invoices(db: &Db, environment: Environment, account_number: &str) -> Result<Option<Holder>> {
    let row: Option<Row> = on_db!(db, on => sqlx::query_as(FIND).bind(environment.as_str()).bind(account_number).fetch_optional(on).await)?;
    row.map(|row| row.holder(Vec::new())).transpose()
}

/// The last invoices of an account number.
///
/// # Errors
/// When the database cannot be read.
pub async fn invoices(db: &Db, environment: Environment, account_number: &str) -> Result<Vec<Invoice>> {
    let rows: Vec<(String, String, String, String)> = on_db!(db, on => sqlx::query_as(INVOICES).bind(environment.as_str())
        .bind(account_number).bind(INVOICES_AT_MOST).fetch_all(on).await)?;
    Ok(rows.into_iter().map(|(number, currency, date, amount)| Invoice { number, currency, date, amount }).collect())
}

/// The holders after the account number `after`, without their invoices.
///
/// # Errors
/// When the database cannot be read.
pub async fn page(db: &Db, environment: Environment, after: &str, limit: i64) -> Result<Vec<Holder>> {
    let rows: Vec<Row> = on_db!(db, on => sqlx::query_as(PAGE).bind(environment.as_str()).bind(after).bind(limit).fetch_all(on).await)?;
    rows.into_iter().map(|row| row.holder(Vec::new())).collect()
}

/// Removes a holder and its invoices; `false`: there is none.
///
/// # Errors
/// When the database cannot be written.
pub async fn remove(tx: &mut Tx, environment: Environment, account_number: &str) -> Result<bool> {
    let done = on_tx!(tx, on => sqlx::query(REMOVE).bind(environment.as_str()).bind(account_number)
        .execute(on).await.map(|r| r.rows_affected()))?;
    Ok(done == 1)
}
