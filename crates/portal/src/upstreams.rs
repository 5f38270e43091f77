//! Test calls to the origins behind the APIs. The portal knows no HTTP client: whoever runs it hands one in.

use std::{fmt, pin::Pin, sync::Arc};

/// What came of a test call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tried {
    /// It answered with this status, after so many milliseconds.
    Answered(u16, u64),
    /// No connection could be made, or it broke off.
    Unreachable,
    /// It did not answer in time.
    Slow,
}

/// A test call under way.
pub type Trying<'s> = Pin<Box<dyn Future<Output = Tried> + Send + 's>>;

/// Whoever can call an origin. Redirections are not followed, and nothing of the answer is kept but its status.
pub trait Upstreams: Send + Sync {
    /// Asks for a path of an origin, by GET and without a credential. Bounded in time.
    fn get<'s>(&'s self, origin: &'s str, path: &'s str) -> Trying<'s>;
}

/// The way there; without one, upstreams are shown and not tried.
#[derive(Clone, Default)]
pub struct Line(Option<Arc<dyn Upstreams>>);

impl Line {
    /// A way that leads there.
    #[must_use]
    pub fn to(upstreams: Arc<dyn Upstreams>) -> Self {
        Self(Some(upstreams))
    }

    pub(crate) fn end(&self) -> Option<&dyn Upstreams> {
        self.0.as_deref()
    }
}

impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Line(open)" } else { "Line(closed)" })
    }
}
