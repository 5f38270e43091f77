//! The list of APIs as those who publish see it.

use std::collections::BTreeMap;

use domain::{ApiName, api::Status, folding::folded, management, role::Duty};
use serde::Serialize;
use store::{Moment, api_versions::Version};

use crate::{Actor, App, Result, permission};

/// How many rows a page has at most.
const PAGE: usize = 200;

/// An API in the list of those who publish.
#[derive(Debug, Clone, Serialize)]
pub struct Listed {
    /// Its name.
    pub name: ApiName,
    /// What people call it; its name, where nothing of it was published.
    pub title: String,
    /// Its state; `None`: it was never published.
    pub status: Option<Status>,
    /// The number of the live version, 0 for none.
    pub version: i64,
    /// Since when that is live.
    pub since: Option<Moment>,
    /// From when on callers must not count on it.
    pub sunset_at: Option<Moment>,
    /// Whether it is left out of the public list.
    pub hidden: bool,
    /// Its drafts, the oldest first.
    pub drafts: Vec<Version>,
}

/// Which APIs are wanted.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    /// Words that stand in the title or in the name, whatever their capitals and accents.
    pub text: String,
    /// In this state only.
    pub state: Option<State>,
    /// Only those after this name.
    pub after: String,
    /// How many at most, from 1 to 200.
    pub limit: usize,
}

/// In which state an API is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It was published, and is so.
    Served(Status),
    /// A draft of it waits, whether it was published before or not.
    Drafted,
}

/// A page of APIs.
pub struct Page {
    /// The rows, by name.
    pub rows: Vec<Listed>,
    /// The name the next page begins after; `None`: this is the last.
    pub next: Option<ApiName>,
}

/// APIs with their state and the drafts that wait, by name.
///
/// # Errors
/// [`crate::Error::NotFound`] for those who are not staff.
pub async fn listed(app: &App, actor: &Actor, wanted: &Listing) -> Result<Page> {
    permission::staff(app, actor, Duty::See).await?;
    let mut all = BTreeMap::new();
    // The management API's entry is the program's own: nobody publishes it.
    for head in store::apis::heads(app.db()).await?.into_iter().filter(|head| head.name.as_str() != management::NAME) {
        let row = Listed {
            // A node from before there were titles may have written it a moment ago; what such a node changes keeps the title it had until
            // another publishes it.
            title: if head.title.is_empty() { head.name.to_string() } else { head.title },
            status: Some(head.status),
            version: head.version,
            since: Some(head.updated_at),
            sunset_at: head.sunset_at,
            hidden: head.hidden,
            drafts: Vec::new(),
            name: head.name,
        };
        all.insert(row.name.to_string(), row);
    }
    for draft in store::api_versions::drafts(app.db()).await? {
        let row = all.entry(draft.api.to_string()).or_insert_with(|| Listed {
            name: draft.api.clone(),
            title: draft.api.to_string(),
            status: None,
            version: 0,
            since: None,
            sunset_at: None,
            hidden: false,
            drafts: Vec::new(),
        });
        row.drafts.push(draft);
    }
    let words = folded(&wanted.text);
    let fits = |row: &Listed| {
        let state = match wanted.state {
            None => true,
            Some(State::Served(status)) => row.status == Some(status),
            Some(State::Drafted) => !row.drafts.is_empty(),
        };
        let named = || {
            let names = folded(&format!("{} {}", row.title, row.name));
            words.split_whitespace().all(|word| names.contains(word))
        };
        state && (words.is_empty() || named())
    };
    let limit = wanted.limit.clamp(1, PAGE);
    let mut rows: Vec<_> = all.into_values().filter(|row| row.name.as_str() > wanted.after.as_str() && fits(row)).take(limit + 1).collect();
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|row| row.name.clone());
    Ok(Page { rows, next })
}

/// The drafts that wait, of every API, the oldest first, 1,000 at most.
///
/// # Errors
/// [`crate::Error::NotFound`] for those who are not staff.
pub async fn drafts(app: &App, actor: &Actor) -> Result<Vec<Version>> {
    permission::staff(app, actor, Duty::See).await?;
    Ok(store::api_versions::drafts(app.db()).await?)
}
