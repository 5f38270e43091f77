//! A project: its credentials, how they are replaced, its first call, what the doors decided about its requests.
//!
//! Every id in a path is looked for in the project that the path begins with: one of another project is not there, whoever asks.

mod rail;

use app::view::{self, ProjectPage};
use domain::{ProjectId, contract::Standing, role::Permission};

pub(crate) use rail::rail;

use crate::{failure::Failure, visit::Visit};

/// The project in the path, for whoever may see it.
pub(crate) async fn opened(visit: &Visit<'_>) -> Result<ProjectPage, Failure> {
    let id: ProjectId = visit.id_segment("project")?;
    Ok(view::project(visit.portal.app(), &visit.actor()?, id).await?)
}

/// Whether who looks may do something here: by their role, and because it is neither archived nor of a closed organisation.
pub(crate) fn may(page: &ProjectPage, permission: Permission) -> bool {
    page.role.is_some_and(|role| role.may(permission))
        && page.project.archived_at.is_none()
        && page.organisation.status != Standing::Revoked
}
