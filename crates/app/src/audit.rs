//! The audit log, as staff and programs read it.

use domain::role::Duty;
use store::audit::Recorded;

use crate::{Actor, App, Result, permission};

/// How many entries a page has at most, and one, so that whoever pages sees whether there are more.
pub const PAGE: i64 = 201;

/// Which entries are wanted. Empty texts want all.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only what this actor did, as it stands in the log: `account:...`, `client:...`.
    pub actor: String,
    /// Only what was done to the thing of this id.
    pub subject: String,
}

/// The entries before the one of the number `before` (`None`: the newest), newest first, at most `limit` (1 to [`PAGE`]).
///
/// # Errors
/// [`crate::Error::NotFound`] for those who are not staff.
pub async fn page(app: &App, actor: &Actor, filter: &Filter, before: Option<i64>, limit: i64) -> Result<Vec<Recorded>> {
    permission::staff(app, actor, Duty::See).await?;
    let limit = limit.clamp(1, PAGE);
    Ok(store::audit::page(app.db(), before.unwrap_or(i64::MAX), &filter.actor, &filter.subject, limit).await?)
}
