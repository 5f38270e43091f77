//! Who calls, as the gateway in front says.

use domain::{OrganisationId, ProjectId};
use http::HeaderMap;
use store::shipments::Owner;

/// The project a call is made for.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    /// Whose data the call may see.
    pub(crate) owner: Owner,
    /// The organisation whose contracts count besides the sandbox's own.
    pub(crate) organisation: Option<OrganisationId>,
}

impl Caller {
    /// Reads the headers the gateway sets; `None` when they do not name a project and its environment.
    pub(crate) fn of(headers: &HeaderMap) -> Option<Self> {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let project: ProjectId = text("x-postigo-project")?.parse().ok()?;
        let environment = text("x-postigo-environment")?.parse().ok()?;
        let organisation = text("x-postigo-organisation").and_then(|id| id.parse().ok());
        Some(Self { owner: Owner { environment, project }, organisation })
    }
}
