//! How much a customer key is used, as its page shows it.

use app::{
    customer_keys::{self, Day},
    records::CustomerKeyRow,
};

use crate::{failure::Failure, frame::Moment, visit::Visit};

/// What is shown.
pub(super) struct Used {
    /// When it last was.
    pub(super) last: Option<Moment>,
    /// The days of the last thirty on which it was.
    pub(super) days: Vec<Day>,
    /// The numbers of those days, added up.
    pub(super) passed: u64,
    pub(super) refused: u64,
}

pub(super) async fn used(visit: &Visit<'_>, key: &CustomerKeyRow) -> Result<Used, Failure> {
    let usage = customer_keys::usage(visit.portal.app(), &visit.actor()?, &key.id).await?;
    Ok(Used {
        last: usage.last_used_at.map(|at| Moment::new(*at, visit.language)),
        passed: usage.days.iter().map(|day| day.passed).sum(),
        refused: usage.days.iter().map(|day| day.refused).sum(),
        days: usage.days,
    })
}
