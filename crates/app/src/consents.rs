//! What account holders agreed to, for those who see the project that may act for them.

use std::{fmt, str::FromStr};

use domain::{ChildKey, ConsentId, Environment, ProjectId, role::Permission};
use serde::Serialize;
use store::consents::{self as stored, Consent, Place, Renewal};

use crate::{Actor, App, Error, Result, permission::Needs, projects};

/// How many rows a page has at most.
pub const PAGE: i64 = 200;

/// An agreement as the place where the next page begins; it may stand in a URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor(Place);

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.0.environment, self.0.id, self.0.account_number)
    }
}

impl FromStr for Cursor {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        let wrong = || Error::invalid("after", "Tómalo de la página anterior.", "take it from the page before");
        let mut parts = text.splitn(3, '.');
        let (Some(environment), Some(id), Some(account)) = (parts.next(), parts.next(), parts.next()) else { return Err(wrong()) };
        let environment: Environment = environment.parse().map_err(|_| wrong())?;
        let id: ConsentId = id.parse().map_err(|_| wrong())?;
        Ok(Self(Place { environment, account_number: account.to_owned(), id }))
    }
}

/// A page of agreements.
pub struct Page {
    /// The rows: production first, then by account number.
    pub rows: Vec<Consent>,
    /// Where the next page begins; `None`: this is the last.
    pub next: Option<Cursor>,
}

/// An agreement with what became of it.
#[derive(Debug, Clone, Serialize)]
pub struct Standing {
    /// The agreement.
    #[serde(flatten)]
    pub consent: Consent,
    /// When its holder agreed again, the latest first; at most 200.
    pub renewals: Vec<Renewal>,
}

impl Standing {
    /// The version of the policies that its holder agreed to at last.
    #[must_use]
    pub fn version(&self) -> &str {
        self.renewals.first().map_or(&self.consent.agreement, |renewal| &renewal.version)
    }
}

/// What account holders agreed to for a project, those after `after`, at most `limit` (1 to [`PAGE`]).
///
/// # Errors
/// [`Error::NotFound`].
pub async fn list(app: &App, actor: &Actor, project: ProjectId, after: Option<&Cursor>, limit: i64) -> Result<Page> {
    projects::reach(app, actor, project, Needs::Member(Permission::See)).await?;
    let limit = limit.clamp(1, PAGE);
    let mut rows = stored::page(app.db(), project, after.map(|after| &after.0), limit + 1).await?;
    let limit = usize::try_from(limit).unwrap_or(0);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let place = |row: &Consent| Cursor(Place { environment: row.environment, account_number: row.account_number.clone(), id: row.id });
    Ok(Page { next: rows.last().filter(|_| more).map(place), rows })
}

/// What a customer key stands on, for those who see its project; `None`: no account holder was asked, the operator or a member issued it.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn of_key(app: &App, actor: &Actor, id: &ChildKey) -> Result<Option<Standing>> {
    let key = store::customer_keys::find(app.db(), id).await?.ok_or_else(|| Error::not_found("customer key", id))?;
    projects::reach_for(app, actor, key.project_id, Needs::Member(Permission::See), ("customer key", id)).await?;
    let Some(consent) = stored::of_key(app.db(), id).await? else { return Ok(None) };
    Ok(Some(Standing { renewals: stored::renewals(app.db(), consent.id).await?, consent }))
}
