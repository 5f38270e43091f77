//! Organisations as the operator's staff look for them.

use domain::{CustomerType, OrganisationId, contract::Standing, role::Duty};
use store::organisation_search::{self as stored, Hit, Order};

use crate::{Actor, App, Result, permission};

/// How much of what was typed is looked for, in characters.
const LONGEST: usize = 200;

/// How many rows a page has at most.
pub const PAGE: i64 = 200;

/// Which organisations are wanted.
#[derive(Debug, Clone, Default)]
pub struct Search {
    /// Words of the name of an organisation or a project, or how they begin, an id of either, a contract or client number, a `client_id`, a
    /// member's address; empty: all.
    pub text: String,
    /// Only in this state.
    pub status: Option<Standing>,
    /// Only of this customer type.
    pub customer_type: Option<CustomerType>,
    /// In which order.
    pub order: Order,
    /// Only those after this one.
    pub after: Option<OrganisationId>,
    /// How many: 1 to [`PAGE`], and what is outside is brought inside.
    pub limit: i64,
}

/// A page of what was found.
pub struct Hits {
    /// The organisations, with what matched.
    pub rows: Vec<Hit>,
    /// The organisation after which the next page begins; `None`: this is the last.
    pub next: Option<OrganisationId>,
    /// Whether so many fitted that not all were looked at: more letters find the others.
    pub clipped: bool,
}

/// Looks for organisations.
///
/// # Errors
/// [`Error::NotFound`](crate::Error::NotFound) for those who are not staff.
pub async fn search(app: &App, actor: &Actor, wanted: &Search) -> Result<Hits> {
    permission::staff(app, actor, Duty::See).await?;
    let limit = wanted.limit.clamp(1, PAGE);
    let query = stored::Search {
        text: wanted.text.trim().chars().take(LONGEST).collect(),
        status: wanted.status,
        customer_type: wanted.customer_type,
        order: wanted.order,
        after: wanted.after,
    };
    let (mut rows, clipped) = stored::search(app.db(), &query, limit + 1).await?;
    let most = usize::try_from(limit).unwrap_or(0);
    let more = rows.len() > most;
    rows.truncate(most);
    Ok(Hits { next: rows.last().filter(|_| more).map(|hit| hit.organisation.id), clipped, rows })
}
