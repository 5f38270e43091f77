//! How much a customer key is used.

use domain::ChildKey;
use serde::Serialize;
use store::{
    Moment,
    customer_key_usage::{self, Day},
};

use super::find;
use crate::{Actor, App, Result};

/// How many days are shown, the present one included.
pub const SHOWN: i64 = 30;

/// The use of a customer key; it may be some seconds behind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Usage {
    /// When a request last came with it, as far as that is kept: for a quarter of a year.
    pub last_used_at: Option<Moment>,
    /// Those of the last [`SHOWN`] days on which it was used, the latest first.
    pub days: Vec<Day>,
}

/// How much a customer key is used, for those who see its project.
///
/// # Errors
/// [`Error::NotFound`](crate::Error::NotFound).
pub async fn usage(app: &App, actor: &Actor, id: &ChildKey) -> Result<Usage> {
    find(app, actor, id).await?;
    let mut days = customer_key_usage::of_key(app.db(), id, SHOWN).await?;
    let last_used_at = days.first().map(|day| day.last_at);
    let since = customer_key_usage::day(app.now()) - SHOWN;
    days.retain(|day| day.day > since);
    Ok(Usage { last_used_at, days })
}
