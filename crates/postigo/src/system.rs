//! The one place where the system's clock and randomness are read (invariant 9).

use std::sync::atomic::{AtomicI64, Ordering};

use domain::{Clock, Entropy};
use rand::Rng as _;

/// The system's clock, which never goes back while this process lives: a clock set back would bring expired and revoked tokens to life.
#[expect(clippy::disallowed_methods, reason = "everything else takes this clock as an argument")]
pub fn clock() -> Clock {
    static LATEST: AtomicI64 = AtomicI64::new(i64::MIN);
    Clock::new(|| {
        let now = jiff::Timestamp::now();
        let micros = now.as_microsecond();
        let latest = LATEST.fetch_max(micros, Ordering::Relaxed);
        if latest > micros { jiff::Timestamp::from_microsecond(latest).unwrap_or(now) } else { now }
    })
}

/// The thread's cryptographically secure generator, seeded by the operating system.
#[expect(clippy::disallowed_methods, reason = "everything else takes this source as an argument")]
pub fn entropy() -> Entropy {
    Entropy::new(|buffer| rand::rng().fill_bytes(buffer))
}
