//! The id under which a request can be looked up afterwards.

use std::fmt;

use jiff::Timestamp;
use uuid::Uuid;

use crate::Entropy;

/// A UUID of ours, never one the caller sent: it stands in `X-Request-Id`, in the log, and opens the decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RequestId(pub Uuid);

impl RequestId {
    /// A new id.
    #[must_use]
    pub fn new(now: Timestamp, entropy: &Entropy) -> Self {
        Self(entropy.uuid(now))
    }
}

impl std::str::FromStr for RequestId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Uuid::parse_str(text).map(Self)
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
