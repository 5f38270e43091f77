//! Who calls, as the gateway in front says.

use app::registration::Platform;
use domain::ClientId;
use http::HeaderMap;

/// The platform that calls.
pub(super) struct Caller(pub(super) Platform);

impl Caller {
    /// Reads the headers the gateway sets. `None` when they name nobody, or somebody who acts with a customer key: a customer key makes no others.
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        if headers.contains_key("x-postigo-account") {
            return None;
        }
        Some(Self(Platform {
            client: ClientId::from(text("x-postigo-client")?),
            project: text("x-postigo-project")?.parse().ok()?,
            environment: text("x-postigo-environment")?.parse().ok()?,
            address: text("x-forwarded-for").unwrap_or_default().chars().take(64).collect(),
        }))
    }
}
