//! The catalogue: OpenAPI documents under their names.

mod apply;
mod drafts;
mod look;
mod publish;
mod rules;
mod single;

use domain::{management, role::Duty};
use serde_json::Value;

pub use apply::{Change, apply};
pub use drafts::{Draft, discard, set_rules, write, write_again};
pub use look::{Compared, Listed, Live, Overview, Seen, Step, changes, compared, holders, listed, overview, version};
pub use publish::{deprecate, keep, publish, retire};
pub use rules::Rules;
pub use single::{find, keep_management, list, put, remove};

use crate::{Actor, App, Result, permission};

/// A document with the name people know it by.
#[derive(Debug, Clone)]
pub struct Document {
    /// The file it came from, for messages.
    pub file: String,
    /// The document.
    pub content: Value,
}

/// Every document of the catalogue, by name: with the addresses of the upstreams, which are for staff only. The
/// management API's is not among them: the program writes it itself.
///
/// # Errors
/// When the database cannot be read.
pub async fn export(app: &App, actor: &Actor) -> Result<Vec<(String, Value)>> {
    permission::staff(app, actor, Duty::See).await?;
    let rows = store::apis::all(app.db()).await?;
    let written = rows.into_iter().filter(|row| row.name.as_str() != management::NAME);
    Ok(written.filter_map(|row| Some((row.name.to_string(), serde_json::from_str(&row.document).ok()?))).collect())
}
