//! Which clients use a method: who is to be told before it is switched off.

use std::{fmt, str::FromStr};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{ClientId, Timestamp, client_method::ClientMethod, role::Duty};
use jiff::SignedDuration;
use store::{
    Moment,
    client_methods::{self as stored, MethodUser},
};

use crate::{Actor, App, Error, Result, permission};

/// How many days ago somebody used a method at most to count as one who uses it.
pub const DAYS: i64 = 90;

/// How many rows a page has at most.
pub const PAGE: i64 = 200;

/// The place where the next page begins; it may stand in a URL, whatever the client's identifier is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    at: Moment,
    client: ClientId,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.at.as_microsecond(), URL_SAFE_NO_PAD.encode(self.client.as_str()))
    }
}

impl FromStr for Cursor {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        let read = || {
            let (at, client) = text.split_once('.')?;
            let at = Timestamp::from_microsecond(at.parse().ok()?).ok()?;
            let client = String::from_utf8(URL_SAFE_NO_PAD.decode(client).ok()?).ok()?;
            // No database can look for it.
            (!client.contains('\0')).then(|| Self { at: Moment(at), client: client.into() })
        };
        read().ok_or_else(|| Error::invalid("after", "Tómalo de la página anterior.", "take it from the page before"))
    }
}

/// The clients that used a method within [`DAYS`] and are not revoked, the latest use first, at most `limit` (1 to [`PAGE`]) of them; and where
/// the next page begins, when this is not the last.
///
/// # Errors
/// [`Error::NotFound`] for those who are not staff.
pub async fn users(
    app: &App,
    actor: &Actor,
    method: ClientMethod,
    after: Option<&Cursor>,
    limit: i64,
) -> Result<(Vec<MethodUser>, Option<Cursor>)> {
    permission::staff(app, actor, Duty::See).await?;
    let limit = limit.clamp(1, PAGE);
    let before = after.map_or((Moment(Timestamp::MAX), ""), |after| (after.at, after.client.as_str()));
    let mut rows = stored::users(app.db(), method, Moment(since(app)), before, limit + 1).await?;
    let most = usize::try_from(limit).unwrap_or(0);
    let more = rows.len() > most;
    rows.truncate(most);
    let next = rows.last().filter(|_| more).map(|row| Cursor { at: row.used.last_used_at, client: row.used.client_id.clone() });
    Ok((rows, next))
}

/// From when on a use counts.
pub(crate) fn since(app: &App) -> Timestamp {
    app.now() - SignedDuration::from_hours(24 * DAYS)
}
