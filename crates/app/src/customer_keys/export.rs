//! The customer keys of a project as a file, made a thousand at a time. No secret is in it, and none could be: only hashes are kept.

use domain::{ProjectId, csv, role::Permission};
use store::customer_keys::{Filter, Listed};

use super::bounded;
use crate::{Actor, App, Error, Result, permission::Needs, projects};

/// How many keys one export has at most; for more, narrow what is wanted.
pub const MOST: i64 = 1_000_000;

/// How many are read at once: a few hundred kilobytes.
const CHUNK: i64 = 1000;

/// The first line.
const NAMES: &str = "customer_key,account_number,environment,status,suspended_by,secret_prefix,created_at,rotated_at,previous_until\r\n";

/// An export under way.
#[derive(Debug)]
pub struct Export {
    project: ProjectId,
    filter: Filter,
    actor: Actor,
    left: i64,
    begun: bool,
    is_over: bool,
}

/// The customer keys of a project that fit, newest first, as comma-separated values (RFC 4180).
///
/// # Errors
/// [`Error::NotFound`].
pub async fn export(app: &App, actor: &Actor, project: ProjectId, filter: &Filter) -> Result<Export> {
    projects::reach(app, actor, project, Needs::Member(Permission::See)).await?;
    Ok(Export { project, filter: bounded(filter), actor: actor.clone(), left: MOST, begun: false, is_over: false })
}

impl Export {
    /// The same with so many keys at most.
    #[must_use]
    pub fn up_to(self, most: i64) -> Self {
        Self { left: most.clamp(0, MOST), ..self }
    }

    /// The next piece of the file, a thousand keys at most; `None` at its end.
    ///
    /// # Errors
    /// When the database cannot be read, when there is more than may be taken at once, or when who takes it may not any more; the file is not whole
    /// then.
    pub async fn next(&mut self, app: &App) -> Result<Option<String>> {
        let mut piece = String::new();
        if std::mem::replace(&mut self.begun, true) {
            // A slow reader takes hours, in which who reads may have left the organisation.
            projects::reach(app, &self.actor, self.project, Needs::Member(Permission::See)).await?;
        } else {
            piece.push_str(NAMES);
        }
        if !self.is_over {
            // With nothing left to take, one is looked for: a file that ends there must not look whole.
            let limit = self.left.clamp(1, CHUNK);
            let rows = store::customer_keys::listed(app.db(), self.project, &self.filter, limit).await?;
            if self.left <= 0 && !rows.is_empty() {
                return Err(Error::refused(
                    "Hay más claves de las que se exportan de una vez: acota por entorno o por estado.",
                    "there are more keys than one export has: narrow it by environment or by state",
                ));
            }
            self.is_over = i64::try_from(rows.len()).is_ok_and(|read| read < limit);
            self.left -= limit;
            if let Some(last) = rows.last() {
                self.filter.after = Some(last.key.id.clone());
            }
            rows.iter().for_each(|row| piece.push_str(&line(row)));
        }
        Ok(Some(piece).filter(|piece| !piece.is_empty()))
    }
}

fn line(Listed { key, suspended_by }: &Listed) -> String {
    let moment = |at: Option<store::Moment>| at.map(|at| at.to_string()).unwrap_or_default();
    let cells = [
        key.id.as_str(),
        &key.account_number,
        key.environment.as_str(),
        key.status.as_str(),
        suspended_by.as_deref().unwrap_or_default(),
        &key.prefix,
        &key.created_at.to_string(),
        &moment(key.rotated_at),
        &moment(key.previous_until),
    ];
    cells.map(csv::cell).join(",") + "\r\n"
}
