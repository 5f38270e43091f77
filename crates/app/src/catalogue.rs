//! The catalogue and what belongs to it, as files: OpenAPI documents under their names, the plans of the house, the usage policies and how the queues
//! are worked.

mod apply;
mod difference;
mod drafts;
mod files;
mod grants;
mod listing;
mod look;
mod publish;
mod rules;
mod single;
mod upstreams;

use domain::{api::Status, management, role::Duty};
use serde_json::json;
use store::apis::Entry;

pub use apply::apply;
pub use difference::Change;
pub use drafts::{Draft, Placing, discard, set_rules, write, write_again, write_placed};
pub(crate) use files::mend;
pub use files::{Document, Kind};
pub use grants::{GrantsCursor, HoldersExport, export_holders, grants};
pub use listing::{Listed, Listing, Page, State, drafts, listed};
pub(crate) use look::read_text;
pub use look::{Compared, Live, Overview, Seen, Step, changes, compared, holders, overview, version};
pub use publish::{LookedAt, deprecate, keep, publish, retire};
pub use rules::Rules;
pub use single::{Before, find, keep_management, list, put, remove};
pub use upstreams::upstream;

use crate::{Actor, App, Result, permission, policies, queues};

/// The file that plans are written to.
const PLANS: &str = "plans.yaml";

/// Every document of the catalogue, under the name of its file: APIs with the addresses of their upstreams, which are for staff only, and the plans
/// of the house, the published versions of its policies, and how its queues are worked, where it has any or says other than the program. Applied,
/// they change nothing. What is retired is not among them, nor what the program writes itself: the management API's, and the version of the policies
/// that a house begins with.
///
/// # Errors
/// When the database cannot be read, or holds a document that nobody can read.
pub async fn export(app: &App, actor: &Actor) -> Result<Vec<Document>> {
    permission::staff(app, actor, Duty::See).await?;
    let mut documents = Vec::new();
    let spoken_of = |entry: &Entry| entry.status != Status::Retired && entry.row.name.as_str() != management::NAME;
    for Entry { row, .. } in store::apis::entries(app.db()).await?.into_iter().filter(spoken_of) {
        let content =
            serde_json::from_str(&row.document).map_err(|_| store::Error::Corrupt("a document of the catalogue that is not JSON"))?;
        documents.push(Document { file: format!("{}.json", row.name), content });
    }
    let plans: Vec<_> = store::plans::all(app.db()).await?.into_iter().map(|row| row.plan).collect();
    if !plans.is_empty() {
        documents.push(Document { file: PLANS.to_owned(), content: json!({ "plans": plans }) });
    }
    documents.extend(policies::files::export(app).await?);
    documents.extend(queues::files::export(app).await?);
    Ok(documents)
}
