//! Everything about one organisation, for the operator's staff.

use domain::{Environment, OrganisationId, role::Duty};
use serde::Serialize;
use store::{
    audit::Recorded,
    decisions::Kept,
    dossiers::{self, ClientInShort, GrantInShort, Holdings, WaitingInShort},
    organisation_notes::{self, Note},
};

use super::{COUNTED, reach};
use crate::{
    Actor, App, Result,
    permission::Needs,
    view::{self, OrganisationPage},
};

/// How many of the last entries of the audit log a dossier holds.
pub const AUDITED: i64 = 20;
/// How many of the last refusals.
pub const REFUSED: usize = 10;
/// How many notes, newest first.
pub const NOTES: i64 = 100;
/// How many clients, grants, waiting requests.
const MOST: i64 = 500;
/// In how many projects it is looked for refusals.
const PROJECTS: usize = 25;

/// An organisation with everything on its page in the console.
#[derive(Serialize)]
pub struct Dossier {
    /// What its members see of it.
    pub page: OrganisationPage,
    /// Its clients, oldest first, at most 500.
    pub clients: Vec<ClientInShort>,
    /// Its live grants by API, at most 500.
    pub grants: Vec<GrantInShort>,
    /// What it holds in the sandbox, each counted up to [`COUNTED`] and one.
    pub sandbox: Holdings,
    /// The same in production.
    pub production: Holdings,
    /// Its access requests that wait, oldest first, at most 500.
    pub waiting: Vec<WaitingInShort>,
    /// The last refusals of its projects' requests, newest first.
    #[serde(skip)]
    pub refused: Vec<Kept>,
    /// What staff wrote about it, newest first.
    pub notes: Vec<Note>,
    /// The last entries of the audit log about it and what it has, newest first.
    pub audit: Vec<Recorded>,
}

/// Everything about an organisation.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::StaffOnly`] for its members.
pub async fn dossier(app: &App, actor: &Actor, id: OrganisationId) -> Result<Dossier> {
    reach(app, actor, id, Needs::Staff(Duty::See)).await?;
    let db = app.db();
    let page = view::organisation(app, actor, id).await?;
    let mut refused = Vec::new();
    for project in page.projects.iter().filter(|project| project.archived_at.is_none()).take(PROJECTS) {
        refused.extend(dossiers::refused(db, project.id, i64::try_from(REFUSED).unwrap_or(0)).await?);
    }
    refused.sort_by_key(|kept| std::cmp::Reverse(kept.at));
    refused.truncate(REFUSED);
    Ok(Dossier {
        clients: dossiers::clients(db, id, MOST).await?,
        grants: dossiers::grants(db, id, MOST).await?,
        sandbox: dossiers::holdings(db, id, Environment::Sandbox, COUNTED + 1).await?,
        production: dossiers::holdings(db, id, Environment::Production, COUNTED + 1).await?,
        waiting: dossiers::waiting(db, id, MOST).await?,
        refused,
        notes: organisation_notes::of_organisation(db, id, NOTES).await?,
        audit: dossiers::audit(db, id, AUDITED).await?,
        page,
    })
}
