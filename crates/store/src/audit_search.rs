//! The audit log as it is searched: newest first, in pages, with the names of who and what.
//!
//! Every search walks one index downwards from a place and stops after a page. Which index that is follows from what is wanted: the narrowest
//! of it comes first, and the rest is looked at on the way.

use domain::Timestamp;
use serde::Serialize;
use sqlx::FromRow;

use crate::{Db, Moment, Result, audit::Recorded};

/// What is read for a page, and from where. What is wanted is `$1` subject, `$2` actor, `$3` action, `$4` noun with its dot, each empty for any; `$5` and `$6` are the numbers
/// between which, `$7` and `$8` the moments. Nothing but `$narrow` may be found by an index, and nothing else be taken for rare, which
/// `CASE` and `|| ''` see to: with an equality beside it PostgreSQL would begin at the end of all that is equal.
macro_rules! page {
    (told, $narrow:expr, $order:literal) => {
        page!(
            ", a.name AS actor_name, a.email AS actor_email, s.name AS account, o.name AS organisation, p.name AS project,
            c.project_id AS client_project",
            " LEFT JOIN accounts a ON a.id = substr(e.actor, 9) LEFT JOIN accounts s ON s.id = e.subject
            LEFT JOIN organisations o ON o.id = e.subject LEFT JOIN projects p ON p.id = e.subject LEFT JOIN clients c ON c.id = e.subject",
            $narrow,
            $order
        )
    };
    (plain, $narrow:expr, $order:literal) => {
        page!("", "", $narrow, $order)
    };
    ($names:literal, $joins:literal, $narrow:expr, $order:literal) => {
        concat!(
            "e.seq, e.at, e.actor, e.action, e.subject, e.detail, e.digest",
            $names,
            " FROM audit e",
            $joins,
            " WHERE ",
            $narrow,
            " AND CASE WHEN $1 = '' THEN TRUE ELSE e.subject || '' = $1 END AND CASE WHEN $2 = '' THEN TRUE ELSE e.actor || '' = $2 END
            AND CASE WHEN $3 = '' THEN TRUE ELSE e.action || '' = $3 END
            AND CASE WHEN $4 = '' THEN TRUE ELSE rtrim(e.action, 'abcdefghijklmnopqrstuvwxyz_') || '' = $4 END
            AND CASE WHEN e.at >= $7 THEN e.at < $8 ELSE FALSE END ORDER BY ",
            $order,
            "e.seq DESC LIMIT $9"
        )
    };
}

/// A span of an index as SQLite walks it.
macro_rules! sqlite {
    ($key:literal, $value:literal) => {
        concat!($key, " = ", $value, " AND e.seq < $5 AND e.seq >= $6")
    };
}

/// The same for PostgreSQL, which would rather walk the whole log backwards than an index whose worth it does not know, and cannot when the
/// order is the index's own.
macro_rules! postgres {
    ($key:literal, $value:literal) => {
        concat!("(", $key, ", e.seq) < (", $value, ", $5) AND (", $key, ", e.seq) >= (", $value, ", $6)")
    };
}

sql! {
    ALL = concat!("SELECT ", page!(told, "e.seq < $5 AND e.seq >= $6", ""));
    PLAIN_ALL = concat!("SELECT ", page!(plain, "e.seq < $5 AND e.seq >= $6", ""));
    OF_SUBJECT_SQLITE = concat!("SELECT ", page!(told, sqlite!("e.subject", "$1"), ""));
    OF_SUBJECT_POSTGRES = concat!("SELECT ", page!(told, postgres!("e.subject", "$1"), "e.subject DESC, "));
    OF_ACTOR_SQLITE = concat!("SELECT ", page!(told, sqlite!("e.actor", "$2"), ""));
    OF_ACTOR_POSTGRES = concat!("SELECT ", page!(told, postgres!("e.actor", "$2"), "e.actor DESC, "));
    OF_ACTION_SQLITE = concat!("SELECT ", page!(told, sqlite!("e.action", "$3"), ""));
    OF_ACTION_POSTGRES = concat!("SELECT ", page!(told, postgres!("e.action", "$3"), "e.action DESC, "));
    OF_NOUN_SQLITE = concat!("SELECT ", page!(told, sqlite!("rtrim(e.action, 'abcdefghijklmnopqrstuvwxyz_')", "$4"), ""));
    OF_NOUN_POSTGRES = concat!("SELECT ", page!(told, postgres!("rtrim(e.action, 'abcdefghijklmnopqrstuvwxyz_')", "$4"), "rtrim(e.action, 'abcdefghijklmnopqrstuvwxyz_') DESC, "));
    PLAIN_OF_SUBJECT_SQLITE = concat!("SELECT ", page!(plain, sqlite!("e.subject", "$1"), ""));
    PLAIN_OF_SUBJECT_POSTGRES = concat!("SELECT ", page!(plain, postgres!("e.subject", "$1"), "e.subject DESC, "));
    PLAIN_OF_ACTOR_SQLITE = concat!("SELECT ", page!(plain, sqlite!("e.actor", "$2"), ""));
    PLAIN_OF_ACTOR_POSTGRES = concat!("SELECT ", page!(plain, postgres!("e.actor", "$2"), "e.actor DESC, "));
    PLAIN_OF_ACTION_SQLITE = concat!("SELECT ", page!(plain, sqlite!("e.action", "$3"), ""));
    PLAIN_OF_ACTION_POSTGRES = concat!("SELECT ", page!(plain, postgres!("e.action", "$3"), "e.action DESC, "));
    PLAIN_OF_NOUN_SQLITE = concat!("SELECT ", page!(plain, sqlite!("rtrim(e.action, 'abcdefghijklmnopqrstuvwxyz_')", "$4"), ""));
    PLAIN_OF_NOUN_POSTGRES = concat!("SELECT ", page!(plain, postgres!("rtrim(e.action, 'abcdefghijklmnopqrstuvwxyz_')", "$4"), "rtrim(e.action, 'abcdefghijklmnopqrstuvwxyz_') DESC, "));
    /// Clocks of nodes differ a little, so that numbers and moments are not in quite the same order: the lowest number among the first thousand
    /// entries from a moment on is the place to stop at, the highest among the last thousand before one is the place to begin.
    FIRST_FROM = "SELECT MIN(seq) FROM (SELECT seq FROM audit WHERE at >= $1 ORDER BY at LIMIT 1000) AS near";
    LAST_BEFORE = "SELECT MAX(seq) FROM (SELECT seq FROM audit WHERE at < $1 ORDER BY at DESC LIMIT 1000) AS near";
    COUNT = "SELECT audit_seq FROM feed WHERE id = 1";
}

macro_rules! read {
    ($db:expr, $statement:expr, $filter:expr, $range:expr, $limit:expr) => {{
        let (since, until) = ($filter.since.unwrap_or(Moment(Timestamp::UNIX_EPOCH)), $filter.until.unwrap_or(Moment(Timestamp::MAX)));
        Ok(on_db!($db, on => sqlx::query_as($statement).bind(&$filter.subject).bind(&$filter.actor).bind(&$filter.action).bind(&$filter.noun)
            .bind($range.before).bind($range.from).bind(since).bind(until).bind($limit).fetch_all(on).await)?)
    }};
}

/// Which entries are wanted; what is empty wants all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Who, as the log writes it.
    pub actor: String,
    /// What: `<noun>.<verb>`.
    pub action: String,
    /// What: `<noun>.`, whatever the verb.
    pub noun: String,
    /// About what: its id.
    pub subject: String,
    /// From this moment on.
    pub since: Option<Moment>,
    /// Before this moment.
    pub until: Option<Moment>,
}

impl Filter {
    /// The statement for the narrowest of what is wanted. People do less than there is of an action; the program itself does more.
    fn pick(&self, [subject, actor, action, noun, all]: [&'static str; 5]) -> &'static str {
        let person = if self.actor == "system" { "" } else { self.actor.as_str() };
        let wanted = [(self.subject.as_str(), subject), (person, actor), (&self.action, action), (&self.noun, noun), (&self.actor, actor)];
        wanted.into_iter().find(|(text, _)| !text.is_empty()).map_or(all, |(_, statement)| statement)
    }
}

/// Between which numbers: `before` is the first that is not wanted any more, `from` the last that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// Below this number.
    pub before: i64,
    /// Down to this one.
    pub from: i64,
}

/// An entry with the names that its ids have now.
#[derive(Debug, Clone, FromRow, Serialize)]
pub struct Told {
    /// The entry.
    #[sqlx(flatten)]
    #[serde(flatten)]
    pub what: Recorded,
    /// The name of the account that did it; empty once it is deleted.
    pub actor_name: Option<String>,
    /// Its address.
    pub actor_email: Option<String>,
    /// The name of the account it was done to; empty once it is deleted.
    pub account: Option<String>,
    /// The name of the organisation it was done to.
    pub organisation: Option<String>,
    /// The name of the project it was done to.
    pub project: Option<String>,
    /// The project of the client it was done to.
    pub client_project: Option<String>,
}

/// The numbers between which the entries of a span of time are.
///
/// # Errors
/// When the database cannot be read.
pub async fn range(db: &Db, filter: &Filter) -> Result<Range> {
    let from = match filter.since {
        None => Some(1),
        Some(since) => on_db!(db, on => sqlx::query_scalar(FIRST_FROM).bind(since).fetch_one(on).await)?,
    };
    let last: Option<i64> = match filter.until {
        None => Some(count(db).await?),
        Some(until) => on_db!(db, on => sqlx::query_scalar(LAST_BEFORE).bind(until).fetch_one(on).await)?,
    };
    Ok(match (from, last) {
        (Some(from), Some(last)) => Range { before: last + 1, from },
        _ => Range { before: 1, from: 1 },
    })
}

/// How many entries the log has, which is the number of its last.
///
/// # Errors
/// When the database cannot be read.
pub async fn count(db: &Db) -> Result<i64> {
    Ok(on_db!(db, on => sqlx::query_scalar(COUNT).fetch_one(on).await)?)
}

/// The entries in the range that are wanted, newest first, `limit` at most, with the names of who and what.
///
/// # Errors
/// When the database cannot be read.
pub async fn page(db: &Db, filter: &Filter, range: Range, limit: i64) -> Result<Vec<Told>> {
    let statements = match db {
        Db::Sqlite(_) => [OF_SUBJECT_SQLITE, OF_ACTOR_SQLITE, OF_ACTION_SQLITE, OF_NOUN_SQLITE, ALL],
        Db::Postgres(_) => [OF_SUBJECT_POSTGRES, OF_ACTOR_POSTGRES, OF_ACTION_POSTGRES, OF_NOUN_POSTGRES, ALL],
    };
    read!(db, filter.pick(statements), filter, range, limit)
}

/// The same as they stand in the log.
///
/// # Errors
/// When the database cannot be read.
pub async fn plain(db: &Db, filter: &Filter, range: Range, limit: i64) -> Result<Vec<Recorded>> {
    let statements = match db {
        Db::Sqlite(_) => [PLAIN_OF_SUBJECT_SQLITE, PLAIN_OF_ACTOR_SQLITE, PLAIN_OF_ACTION_SQLITE, PLAIN_OF_NOUN_SQLITE, PLAIN_ALL],
        Db::Postgres(_) => {
            [PLAIN_OF_SUBJECT_POSTGRES, PLAIN_OF_ACTOR_POSTGRES, PLAIN_OF_ACTION_POSTGRES, PLAIN_OF_NOUN_POSTGRES, PLAIN_ALL]
        }
    };
    read!(db, filter.pick(statements), filter, range, limit)
}
