//! Everybody who holds an API, in pages and as a file: the pages of the console name the first of them only.

use std::{fmt, str::FromStr};

use domain::{ApiName, Environment, ProjectId, csv, role::Duty};
use store::api_versions::HeldGrant;

use crate::{Actor, App, Error, Result, permission};

/// How many rows a page has at most.
const PAGE: i64 = 200;

/// How many are read at once for a file: a few hundred kilobytes.
const CHUNK: i64 = 1000;

/// The first line of a file.
const NAMES: &str = "grant_id,organisation_id,organisation,project_id,project,environment,scopes,plan\r\n";

/// The place where the next page begins; it may stand in a URL. It names no grant: one that is replaced while somebody turns pages is
/// neither lost nor told twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GrantsCursor {
    project: ProjectId,
    environment: Environment,
}

impl fmt::Display for GrantsCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.project, self.environment)
    }
}

impl FromStr for GrantsCursor {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        let read = || {
            let (project, environment) = text.split_once('.')?;
            Some(Self { project: project.parse().ok()?, environment: environment.parse().ok()? })
        };
        read().ok_or_else(|| Error::invalid("after", "Tómalo de la página anterior.", "take it from the page before"))
    }
}

/// The live grants of an API with who holds them, project by project, those after `after`, at most `limit` (1 to 200); and where the next
/// page begins, when this is not the last.
///
/// # Errors
/// [`Error::NotFound`] when there is no such API, and for those who are not staff.
pub async fn grants(
    app: &App,
    actor: &Actor,
    name: &ApiName,
    after: Option<&GrantsCursor>,
    limit: i64,
) -> Result<(Vec<HeldGrant>, Option<GrantsCursor>)> {
    super::find(app, actor, name).await?;
    read(app, name, after, limit.clamp(1, PAGE)).await
}

/// The same, all of them, as comma-separated values (RFC 4180).
///
/// # Errors
/// [`Error::NotFound`] when there is no such API, and for those who are not staff.
pub async fn export_holders(app: &App, actor: &Actor, name: &ApiName) -> Result<HoldersExport> {
    super::find(app, actor, name).await?;
    Ok(HoldersExport { api: name.clone(), actor: actor.clone(), chunk: CHUNK, after: None, begun: false, is_over: false })
}

/// The file under way.
#[derive(Debug)]
pub struct HoldersExport {
    api: ApiName,
    actor: Actor,
    chunk: i64,
    after: Option<GrantsCursor>,
    begun: bool,
    is_over: bool,
}

impl HoldersExport {
    /// The same in pieces of so many grants.
    #[must_use]
    pub fn in_pieces_of(self, grants: i64) -> Self {
        Self { chunk: grants.clamp(1, CHUNK), ..self }
    }

    /// The next piece of the file; `None` at its end.
    ///
    /// # Errors
    /// When the database cannot be read, or when who takes it may not any more; the file is not whole then.
    pub async fn next(&mut self, app: &App) -> Result<Option<String>> {
        let mut piece = String::new();
        if std::mem::replace(&mut self.begun, true) {
            // A slow reader takes long, in which who reads may have left the staff.
            permission::staff(app, &self.actor, Duty::See).await?;
        } else {
            piece.push_str(NAMES);
        }
        if !self.is_over {
            let (rows, next) = read(app, &self.api, self.after.as_ref(), self.chunk).await?;
            self.is_over = next.is_none();
            self.after = next;
            rows.iter().for_each(|row| piece.push_str(&line(row)));
        }
        Ok(Some(piece).filter(|piece| !piece.is_empty()))
    }
}

/// A page, for whoever was let through.
async fn read(app: &App, name: &ApiName, after: Option<&GrantsCursor>, limit: i64) -> Result<(Vec<HeldGrant>, Option<GrantsCursor>)> {
    let after = after.map(|after| (after.project, after.environment));
    let mut rows = store::api_versions::held(app.db(), name, after, limit + 1).await?;
    let most = usize::try_from(limit).unwrap_or(0);
    let more = rows.len() > most;
    rows.truncate(most);
    let place = |row: &HeldGrant| GrantsCursor { project: row.holder.project_id, environment: row.holder.environment };
    let next = rows.last().filter(|_| more).map(place);
    Ok((rows, next))
}

fn line(HeldGrant { grant_id, holder, plan }: &HeldGrant) -> String {
    let grant_id = grant_id.to_string();
    let cells = [
        grant_id.as_str(),
        &holder.organisation_id.to_string(),
        &holder.organisation,
        &holder.project_id.to_string(),
        &holder.project,
        holder.environment.as_str(),
        &holder.scopes.to_string(),
        plan,
    ];
    cells.map(csv::cell).join(",") + "\r\n"
}
