//! The audit log as staff reads it: searched, taken away as a file, and checked.

mod export;

use domain::{AccountId, Email, Timestamp, role::Duty};
use jiff::{ToSpan as _, civil::Date, tz::TimeZone};
use store::{
    Moment,
    audit_search::{self as stored, Filter, Range},
};

use crate::{Actor, App, Error, Result, permission};

pub use export::{Export, Format, MOST as MOST_EXPORTED};
pub use store::audit_search::Told;

/// How many entries a page has at most.
pub const PAGE: i64 = 1000;

/// The longest id that is searched for, in characters.
const LONGEST: usize = 200;

/// What is wanted, as people write it; what is empty wants all.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Who: an account's address or id, or as the log writes it: `operator:<name>`, `account:<id>`, `client:<id>`, `system`.
    pub who: String,
    /// What: a noun, or `<noun>.<verb>`.
    pub what: String,
    /// About what: its id.
    pub about: String,
    /// From then on: a day in Madrid, as 2026-11-22, or a moment by RFC 3339.
    pub since: String,
    /// Until then: a day, which still counts, or a moment, which does not.
    pub until: String,
}

/// A page of the log.
pub struct Page {
    /// The entries, newest first.
    pub rows: Vec<Told>,
    /// Below which number the next page begins; `None`: this is the last.
    pub next: Option<i64>,
}

/// What checking the chain showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified {
    /// The first entry that was looked at.
    pub from: i64,
    /// How many were looked at.
    pub entries: i64,
    /// The first that does not fit, where one does not.
    pub broken: Option<i64>,
}

/// The entries that are wanted, newest first, those below the number `before`; 1 to [`PAGE`] of them.
///
/// # Errors
/// [`Error::NotFound`] for those who are not staff; [`Error::Invalid`] names what of the wish cannot be read.
pub async fn list(app: &App, actor: &Actor, wanted: &Wanted, before: Option<i64>, limit: i64) -> Result<Page> {
    permission::staff(app, actor, Duty::See).await?;
    let filter = read(app, wanted).await?;
    let range = stored::range(app.db(), &filter).await?;
    let range = Range { before: before.map_or(range.before, |before| before.min(range.before)), ..range };
    let limit = limit.clamp(1, PAGE);
    let mut rows = stored::page(app.db(), &filter, range, limit + 1).await?;
    let most = usize::try_from(limit).unwrap_or(0);
    let more = rows.len() > most;
    rows.truncate(most);
    let next = rows.last().filter(|_| more).map(|row| row.what.seq);
    Ok(Page { rows, next })
}

/// Begins to take away what is wanted, up to [`MOST_EXPORTED`] entries, as a file that is made while it is read. That somebody did stands in the log.
///
/// # Errors
/// [`Error::NotFound`] or [`Error::StaffOnly`] to who may not; [`Error::Invalid`] names what of the wish cannot be read.
pub async fn export(app: &App, actor: &Actor, wanted: &Wanted, format: Format) -> Result<Export> {
    permission::staff(app, actor, Duty::Administer).await?;
    let filter = read(app, wanted).await?;
    // Before the entry about this very export, so that what is taken away does not change by being taken.
    let range = stored::range(app.db(), &filter).await?;
    let detail = serde_json::json!({"format": format.as_str(), "who": filter.actor, "what": wanted.what.trim(), "about": filter.subject,
        "since": filter.since, "until": filter.until, "before": range.before});
    app.commit(app.begin().await?, actor, "audit.export", "audit", detail).await?;
    Ok(Export::new(filter, range, format, actor.clone()))
}

/// Checks that of the last `most` entries none was changed or removed.
///
/// # Errors
/// [`Error::NotFound`] for those who are not staff.
pub async fn verify(app: &App, actor: &Actor, most: i64) -> Result<Verified> {
    permission::staff(app, actor, Duty::See).await?;
    let after = (stored::count(app.db()).await? - most).max(0);
    let (entries, broken) = match store::audit::verify_after(app.db(), after).await? {
        Ok(last) => (last - after, None),
        Err(broken) => ((broken - after).max(0), Some(broken)),
    };
    Ok(Verified { from: after + 1, entries, broken })
}

async fn read(app: &App, wanted: &Wanted) -> Result<Filter> {
    let what = wanted.what.trim();
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    let (noun, action) = match what.split_once('.') {
        _ if what.is_empty() => (String::new(), String::new()),
        None if is_word(what) => (format!("{what}."), String::new()),
        Some((noun, verb)) if is_word(noun) && is_word(verb) => (String::new(), what.to_owned()),
        _ => {
            return Err(Error::invalid(
                "what",
                "Escribe un nombre, como project, o un nombre y un verbo, como project.create.",
                "write a noun, as in project, or a noun and a verb, as in project.create",
            ));
        }
    };
    let about: String = wanted.about.trim().chars().take(LONGEST).collect();
    Ok(Filter {
        actor: who(app, wanted.who.trim()).await?,
        action,
        noun,
        subject: about,
        since: moment("since", &wanted.since, false)?,
        until: moment("until", &wanted.until, true)?,
    })
}

async fn who(app: &App, text: &str) -> Result<String> {
    let is_written = |kind: &str| text.strip_prefix(kind).is_some_and(|rest| !rest.is_empty());
    if text.is_empty() || text == "system" || ["operator:", "account:", "client:"].into_iter().any(is_written) {
        return Ok(text.chars().take(LONGEST).collect());
    }
    if let Ok(id) = text.parse::<AccountId>() {
        return Ok(Actor::Account(id).to_string());
    }
    let email = text.parse::<Email>().map_err(|_| {
        Error::invalid(
            "who",
            "Escribe la dirección de una cuenta o su identificador, operator:nombre, client:identificador o system.",
            "write the address or the id of an account, operator:name, client:id or system",
        )
    })?;
    let account = store::accounts::find_by_email(app.db(), &email).await?;
    let absent = || Error::invalid("who", "Ninguna cuenta tiene esa dirección.", "no account has that address");
    Ok(Actor::Account(account.ok_or_else(absent)?.id).to_string())
}

/// A moment, or where a day begins or ends in Madrid, which is where pages count their hours.
fn moment(field: &'static str, text: &str, end: bool) -> Result<Option<Moment>> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(Some(Moment(at)));
    }
    let zone = TimeZone::get("Europe/Madrid").unwrap_or(TimeZone::UTC);
    let day = text.parse::<Date>().ok().and_then(|day| if end { day.checked_add(1.day()).ok() } else { Some(day) });
    let at = day.and_then(|day| day.to_zoned(zone).ok()).map(|at| Moment(at.timestamp()));
    at.map(Some).ok_or_else(|| {
        Error::invalid(
            field,
            "Escribe un día, como 2026-11-22, o un momento, como 2026-11-22T10:00:00Z.",
            "write a day, as in 2026-11-22, or a moment, as in 2026-11-22T10:00:00Z",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::moment;

    #[test]
    fn a_day_is_one_of_madrid_and_its_end_is_the_beginning_of_the_next() {
        let at = |text, end| moment("since", text, end).expect("reads").map(|at| at.to_string()).unwrap_or_default();
        assert_eq!(at("2026-11-22", false), "2026-11-21T23:00:00Z");
        assert_eq!(at(" 2026-11-22 ", true), "2026-11-22T23:00:00Z");
        assert_eq!(at("2026-07-01", false), "2026-06-30T22:00:00Z");
        assert_eq!(at("2026-11-22T10:00:00+01:00", true), "2026-11-22T09:00:00Z");
        assert_eq!(at("", true), "");
        assert!(moment("since", "yesterday", false).is_err());
        assert!(moment("until", "9999-12-31", true).is_err());
    }
}
