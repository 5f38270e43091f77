//! The one place where the system's clock and randomness are read (invariant 9).

use domain::{Clock, Entropy};
use rand::Rng as _;

/// The system's clock.
#[expect(clippy::disallowed_methods, reason = "everything else takes this clock as an argument")]
pub fn clock() -> Clock {
    Clock::new(jiff::Timestamp::now)
}

/// The thread's cryptographically secure generator, seeded by the operating system.
#[expect(clippy::disallowed_methods, reason = "everything else takes this source as an argument")]
pub fn entropy() -> Entropy {
    Entropy::new(|buffer| rand::rng().fill_bytes(buffer))
}
