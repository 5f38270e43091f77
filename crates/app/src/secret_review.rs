//! Secrets across the house that staff should look at before somebody calls.

use domain::{Timestamp, role::Duty, rotation::QUIET};
use jiff::SignedDuration;
use store::{
    Moment,
    secret_review::{self as stored, Place, Quiet, Reviewed},
};

use crate::{Actor, App, Result, permission, queues::Cursor};

pub use store::secret_review::Which;

/// How many rows a page has at most.
pub const PAGE: i64 = 200;

/// How many days a secret is told to end before it does.
pub const ENDING_DAYS: i64 = 30;
/// How many days ago a secret that ends was used at most, so that its end would be noticed: by what runs once a month too.
pub const USED_DAYS: i64 = 31;
/// From how many days on a secret is old.
pub const OLD_DAYS: i64 = 365;
/// After how many days without a token a project is quiet.
pub const QUIET_DAYS: i64 = 180;

/// A page.
pub struct Page<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Where the next page begins; `None`: this is the last.
    pub next: Option<Cursor>,
}

/// The secrets of one kind: those that end within [`ENDING_DAYS`] and were used within [`USED_DAYS`], the first to end first; those older than
/// [`OLD_DAYS`] that were used within [`ENDING_DAYS`], the oldest first; those whose place another secret took ([`domain::rotation`]), likewise.
/// At most `limit` (1 to [`PAGE`]).
///
/// # Errors
/// [`crate::Error::NotFound`] for those who are not staff.
pub async fn secrets(app: &App, actor: &Actor, which: Which, after: Option<&Cursor>, limit: i64) -> Result<Page<Reviewed>> {
    permission::staff(app, actor, Duty::See).await?;
    let days = |days: i64| SignedDuration::from_hours(24 * days);
    let now = app.now();
    let (edge, used) = match which {
        Which::Ending => (now + days(ENDING_DAYS), now - days(USED_DAYS)),
        Which::Old => (now - days(OLD_DAYS), now - days(ENDING_DAYS)),
        Which::Superseded => (now - QUIET, Timestamp::UNIX_EPOCH),
    };
    let rows = stored::secrets(app.db(), which, Moment(now), Moment(edge), Moment(used), &place(after, limit)).await?;
    Ok(page(rows, limit, |row| Cursor::new(row.at, &row.id)))
}

/// The projects from which no token was asked for in [`QUIET_DAYS`], those unused the longest first; at most `limit` (1 to [`PAGE`]).
///
/// # Errors
/// [`crate::Error::NotFound`] for those who are not staff.
pub async fn quiet_projects(app: &App, actor: &Actor, after: Option<&Cursor>, limit: i64) -> Result<Page<Quiet>> {
    permission::staff(app, actor, Duty::See).await?;
    let since = Moment(app.now() - SignedDuration::from_hours(24 * QUIET_DAYS));
    let rows = stored::quiet(app.db(), since, &place(after, limit)).await?;
    Ok(page(rows, limit, |row| Cursor::new(row.at, row.id)))
}

fn place(after: Option<&Cursor>, limit: i64) -> Place {
    let (at, id) = after.map_or((Moment(Timestamp::UNIX_EPOCH), ""), Cursor::place);
    Place { at, id: id.to_owned(), limit: limit.clamp(1, PAGE) + 1 }
}

fn page<T>(mut rows: Vec<T>, limit: i64, cursor: impl Fn(&T) -> Cursor) -> Page<T> {
    let most = usize::try_from(limit.clamp(1, PAGE)).unwrap_or(0);
    let more = rows.len() > most;
    rows.truncate(most);
    let next = rows.last().filter(|_| more).map(cursor);
    Page { rows, next }
}
