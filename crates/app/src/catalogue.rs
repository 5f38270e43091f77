//! The catalogue and what belongs to it, as files: OpenAPI documents under their names, and the plans of the house.

mod apply;
mod difference;
mod files;

use domain::role::Duty;
use serde_json::json;

pub use apply::apply;
pub use difference::Change;
pub(crate) use files::mend;
pub use files::{Document, Kind};

use crate::{Actor, App, Result, permission};

/// The file that plans are written to.
const PLANS: &str = "plans.yaml";

/// Every document of the catalogue, under the name of its file: APIs with the addresses of their upstreams, which are for staff only, and the plans
/// of the house where it has any. Applied, they change nothing.
///
/// # Errors
/// When the database cannot be read, or holds a document that nobody can read.
pub async fn export(app: &App, actor: &Actor) -> Result<Vec<Document>> {
    permission::staff(app, actor, Duty::See).await?;
    let mut documents = Vec::new();
    for row in store::apis::all(app.db()).await? {
        let content =
            serde_json::from_str(&row.document).map_err(|_| store::Error::Corrupt("a document of the catalogue that is not JSON"))?;
        documents.push(Document { file: format!("{}.json", row.name), content });
    }
    let plans: Vec<_> = store::plans::all(app.db()).await?.into_iter().map(|row| row.plan).collect();
    if !plans.is_empty() {
        documents.push(Document { file: PLANS.to_owned(), content: json!({ "plans": plans }) });
    }
    Ok(documents)
}
