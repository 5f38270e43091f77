//! Who is let in to the management API: decided by production's gateway, which the binary hands in, so that neither room knows the other.

use std::{fmt, pin::Pin, sync::Arc};

use domain::{ClientId, ScopeSet};
use http::request::Parts;
use web::{Response, Visit};

/// A verdict under way.
pub type Judging<'g> = Pin<Box<dyn Future<Output = Result<Admitted, Declined>> + Send + 'g>>;

/// What judges the bearer tokens of the management API.
pub trait Guard: Send + Sync {
    /// May whoever sent `head` call `operation`, which needs `scope`? The decision is recorded under the id of the visit.
    fn judge<'g>(&'g self, head: &'g Parts, visit: &'g Visit, operation: &'g str, scope: &'g ScopeSet) -> Judging<'g>;
}

/// A call that may be answered.
pub struct Admitted {
    /// Whose token it came with.
    pub client: ClientId,
    /// To be called with the answer, which gets what the caller should know of its limits.
    pub answered: Box<dyn FnOnce(&mut Response) + Send>,
}

/// A call that may not.
pub struct Declined {
    /// The word of the refusal.
    pub code: &'static str,
    /// The answer.
    pub response: Response,
}

/// The guard, where this house has production tokens to judge, and where such tokens are had.
#[derive(Clone, Default)]
pub struct Gate {
    guard: Option<Arc<dyn Guard>>,
    token_url: Arc<str>,
}

impl Gate {
    /// A gate with this guard; tokens are had at `token_url`.
    #[must_use]
    pub fn with(guard: Arc<dyn Guard>, token_url: impl Into<Arc<str>>) -> Self {
        Self { guard: Some(guard), token_url: token_url.into() }
    }

    pub(crate) fn guard(&self) -> Option<&dyn Guard> {
        self.guard.as_deref()
    }

    /// Where tokens are had; empty where this house knows no production.
    #[must_use]
    pub fn token_url(&self) -> &str {
        &self.token_url
    }
}

impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.guard.is_some() { "Gate(guarded)" } else { "Gate(closed)" })
    }
}
