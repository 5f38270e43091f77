//! The register of account holders that Postigo keeps: the operator's, and nobody else reads it.

use domain::{Environment, holder::Holder, role::Duty};
use serde_json::json;

use crate::{Actor, App, Error, Result, permission};

/// The most that are imported in one transaction: others wait for no longer than that takes.
pub const SLICE: usize = 500;

/// The most on one page.
const PAGE: i64 = 200;

/// The holders after the account number `after`, without their invoices; 200 at most.
///
/// # Errors
/// [`Error::NotFound`] and [`Error::StaffOnly`] for those who may not.
pub async fn list(app: &App, actor: &Actor, environment: Environment, after: &str, limit: i64) -> Result<Vec<Holder>> {
    permission::staff(app, actor, Duty::Administer).await?;
    Ok(store::account_holders::page(app.db(), environment, after, limit.clamp(1, PAGE)).await?)
}

/// The holder of an account number, with its last invoices.
///
/// # Errors
/// [`Error::NotFound`], [`Error::StaffOnly`].
pub async fn find(app: &App, actor: &Actor, environment: Environment, account_number: &str) -> Result<Holder> {
    permission::staff(app, actor, Duty::Administer).await?;
    let holder = store::account_holders::find(app.db(), environment, account_number).await?;
    holder.ok_or_else(|| Error::not_found("account holder", account_number))
}

/// Puts holders into the register, each in the place of the one with its number; their invoices are added. [`SLICE`] at most, in one
/// transaction: all of them, or none.
///
/// # Errors
/// [`Error::NotFound`], [`Error::StaffOnly`], [`Error::Invalid`] for more.
pub async fn put(app: &App, actor: &Actor, environment: Environment, holders: &[Holder]) -> Result<()> {
    permission::staff(app, actor, Duty::Administer).await?;
    let (Some(first), Some(last)) = (holders.first(), holders.last()) else { return Ok(()) };
    if holders.len() > SLICE {
        return Err(Error::invalid("holders", format!("{SLICE} como mucho de una vez."), format!("{SLICE} at most at once")));
    }
    let mut tx = app.begin().await?;
    for holder in holders {
        store::account_holders::put(&mut tx, environment, holder, app.moment()).await?;
    }
    let detail = json!({"count": holders.len(), "first": first.account_number, "last": last.account_number});
    app.commit(tx, actor, "holders.put", environment, detail).await
}

/// Removes a holder with its invoices. The keys for it go on.
///
/// # Errors
/// [`Error::NotFound`], [`Error::StaffOnly`].
pub async fn remove(app: &App, actor: &Actor, environment: Environment, account_number: &str) -> Result<()> {
    permission::staff(app, actor, Duty::Administer).await?;
    let mut tx = app.begin().await?;
    if !store::account_holders::remove(&mut tx, environment, account_number).await? {
        return Err(Error::not_found("account holder", account_number));
    }
    app.commit(tx, actor, "holders.remove", account_number, json!({"environment": environment})).await
}
