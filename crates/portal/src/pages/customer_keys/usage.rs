//! How much a customer key is used, as its page shows it.

use app::{customer_keys, records::CustomerKeyRow};
use domain::Timestamp;

use crate::{failure::Failure, frame::Moment, visit::Visit};

/// What is shown.
pub(super) struct Used {
    /// When a request last came with it.
    pub(super) last: Option<Moment>,
    /// The days of the last thirty on which one did.
    pub(super) days: Vec<Day>,
    /// The numbers of those days, added up.
    pub(super) passed: u64,
    pub(super) refused: u64,
}

/// A day with its numbers.
pub(super) struct Day {
    /// Year, month and day, in UTC as everything that is counted by day.
    pub(super) name: String,
    pub(super) passed: u64,
    pub(super) refused: u64,
}

pub(super) async fn used(visit: &Visit<'_>, key: &CustomerKeyRow) -> Result<Used, Failure> {
    let usage = customer_keys::usage(visit.portal.app(), &visit.actor()?, &key.id).await?;
    let days: Vec<_> = usage
        .days
        .iter()
        .map(|day| Day {
            name: Timestamp::from_second(day.day * 86_400).map(|at| at.strftime("%Y-%m-%d").to_string()).unwrap_or_default(),
            passed: day.passed.unsigned_abs(),
            refused: day.refused.unsigned_abs(),
        })
        .collect();
    Ok(Used {
        last: usage.last_used_at.map(|at| Moment::new(*at, visit.language)),
        passed: days.iter().map(|day| day.passed).sum(),
        refused: days.iter().map(|day| day.refused).sum(),
        days,
    })
}
