//! Who accepted which version, for the operator's staff.

use std::{fmt, str::FromStr};

use domain::{Timestamp, role::Duty};
use store::{
    Moment,
    owners::Owners,
    policy_acceptances::{self, Signed},
};

use crate::{Actor, App, Error, Result, permission};

/// How many rows are handed out at once at most.
pub const MOST: i64 = 10_000;

/// Which acceptances are wanted, and where the page begins.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Only of this version; empty: of all.
    pub version: String,
    /// Only of organisations with this in their name, whatever its capitals and accents; empty: of all.
    pub organisation: String,
    /// After this row.
    pub after: Option<PlaceInAcceptances>,
    /// How many rows: 1 to [`MOST`], and what is outside is brought inside.
    pub limit: i64,
}

/// A row as the place where the next page begins; it may stand in a URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceInAcceptances(Moment, String);

impl fmt::Display for PlaceInAcceptances {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", self.0.as_microsecond(), self.1)
    }
}

impl FromStr for PlaceInAcceptances {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        let wrong = || Error::invalid("after", "Tómalo de la página anterior.", "take it from the page before");
        let (at, place) = text.split_once('_').ok_or_else(wrong)?;
        let at = at.parse().ok().and_then(|at| Timestamp::from_microsecond(at).ok()).ok_or_else(wrong)?;
        // A project, an environment and a version, of which the longest has 32 signs.
        if place.len() > 100 {
            return Err(wrong());
        }
        Ok(Self(Moment(at), place.to_owned()))
    }
}

/// A page of acceptances.
pub struct Page {
    /// The rows, newest first.
    pub rows: Vec<Signed>,
    /// Where the next page begins; `None`: this is the last.
    pub next: Option<PlaceInAcceptances>,
}

/// Who accepted which version for which project, newest first.
///
/// # Errors
/// [`Error::NotFound`] for those who are not staff.
pub async fn acceptances(app: &App, actor: &Actor, asked: &Asked) -> Result<Page> {
    permission::staff(app, actor, Duty::See).await?;
    let limit = asked.limit.clamp(1, MOST);
    let (at, place) = asked.after.as_ref().map_or((Moment(Timestamp::MAX), ""), |after| (after.0, after.1.as_str()));
    let organisation: String = asked.organisation.trim().chars().take(120).collect();
    let owners = Owners::called(app.db(), &organisation).await?;
    let mut rows = policy_acceptances::page(app.db(), asked.version.trim(), &owners, (at, place), limit + 1).await?;
    let limit = usize::try_from(limit).unwrap_or(0);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let place = |row: &Signed| {
        let one = &row.acceptance;
        PlaceInAcceptances(one.accepted_at, format!("{}{}{}", row.project_id, one.environment, one.version))
    };
    Ok(Page { next: rows.last().filter(|_| more).map(place), rows })
}
