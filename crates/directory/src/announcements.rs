//! What the operator announced, held whole: it stands on every page.

use std::sync::Arc;

use domain::Timestamp;
use jiff::SignedDuration;
use store::{Db, Moment, announcements::Announcement};

/// For how many days what has ended is kept in memory.
pub const REMEMBERED: i64 = 90;

/// What is published and has not ended longer ago than [`REMEMBERED`] days. Whoever reads it asks for the present: what was to come has
/// begun meanwhile, and no change says so.
pub(crate) async fn load(db: &Db, now: Timestamp) -> Result<Arc<[Announcement]>, store::Error> {
    let since = Moment(now - SignedDuration::from_secs(REMEMBERED * 86_400));
    Ok(store::announcements::standing(db, since, Moment(now)).await?.into())
}
