//! The catalogue: OpenAPI documents under their names.

mod apply;
mod drafts;
mod look;
mod publish;
mod rules;
mod upstreams;

use domain::role::Duty;
use serde_json::Value;

pub use apply::{Change, apply};
pub use drafts::{Draft, discard, set_rules, write, write_again};
pub use look::{Compared, Listed, Live, Overview, Seen, Step, changes, compared, holders, listed, overview, version};
pub use publish::{deprecate, keep, publish, retire};
pub use rules::Rules;
pub use upstreams::upstream;

use crate::{Actor, App, Result, permission};

/// A document with the name people know it by.
pub struct Document {
    /// The file it came from, for messages.
    pub file: String,
    /// The document.
    pub content: Value,
}

/// Every document of the catalogue, by name: with the addresses of the upstreams, which are for staff only.
///
/// # Errors
/// When the database cannot be read.
pub async fn export(app: &App, actor: &Actor) -> Result<Vec<(String, Value)>> {
    permission::staff(app, actor, Duty::See).await?;
    let rows = store::apis::all(app.db()).await?;
    Ok(rows.into_iter().filter_map(|row| Some((row.name.to_string(), serde_json::from_str(&row.document).ok()?))).collect())
}
