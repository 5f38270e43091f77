//! How much a customer key is used.

use domain::{ChildKey, Timestamp};
use serde::Serialize;
use store::{Moment, acting, customer_key_usage};

use super::find;
use crate::{Actor, App, Result};

/// How many days are shown, the present one included.
pub const SHOWN: i64 = 30;

/// The use of a customer key; it may be some seconds behind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Usage {
    /// When it last got a token or a request last came with it; `None`: never.
    pub last_used_at: Option<Moment>,
    /// Those of the last [`SHOWN`] days on which it was used, the latest first.
    pub days: Vec<Day>,
}

/// What was done with a customer key in a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Day {
    /// Year, month and day in UTC, as in `2026-11-22`.
    pub date: String,
    /// Requests that passed.
    pub passed: u64,
    /// Requests that were refused.
    pub refused: u64,
}

/// How much a customer key is used, for those who see its project.
///
/// # Errors
/// [`Error::NotFound`](crate::Error::NotFound).
pub async fn usage(app: &App, actor: &Actor, id: &ChildKey) -> Result<Usage> {
    find(app, actor, id).await?;
    let last_used_at = acting::find(app.db(), id).await?.and_then(|key| key.last_used_at);
    let since = customer_key_usage::day(app.now()) - SHOWN;
    let days = customer_key_usage::of_key(app.db(), id, SHOWN).await?.into_iter().filter(|day| day.day > since);
    Ok(Usage { last_used_at, days: days.map(Day::from).collect() })
}

impl From<customer_key_usage::Day> for Day {
    fn from(day: customer_key_usage::Day) -> Self {
        let at = Timestamp::from_second(day.day.saturating_mul(86_400)).unwrap_or(Timestamp::UNIX_EPOCH);
        Self { date: at.strftime("%Y-%m-%d").to_string(), passed: day.passed.unsigned_abs(), refused: day.refused.unsigned_abs() }
    }
}
