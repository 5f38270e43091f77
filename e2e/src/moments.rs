//! Waiting for something to become true, never for time to pass.

use std::time::Duration;

use tokio::time::{Instant, sleep};

/// How long to wait before looking again.
const PAUSE: Duration = Duration::from_millis(15);

/// Looks again and again until there is something, for at most `limit`.
pub async fn eventually<T>(limit: Duration, mut look: impl AsyncFnMut() -> Option<T>) -> Option<T> {
    let started = Instant::now();
    loop {
        // What was asked for in time counts, however long the answer took.
        let in_time = started.elapsed() <= limit;
        if !in_time {
            return None;
        }
        if let Some(found) = look().await {
            return Some(found);
        }
        sleep(PAUSE).await;
    }
}

/// The promise of every revocation: whatever `look` answers is `expected` within a second from now, and stays so.
///
/// # Panics
/// When it is not.
pub async fn within_a_second<T: PartialEq + std::fmt::Debug>(what: &str, expected: T, mut look: impl AsyncFnMut() -> T) {
    let started = Instant::now();
    let mut seen = None;
    let reached = eventually(Duration::from_secs(1), async || {
        let now = look().await;
        let reached = now == expected;
        seen = Some(now);
        reached.then_some(())
    });
    let reached = reached.await;
    assert!(reached.is_some(), "{what}: after {:?} it was still {seen:?}, not {expected:?}", started.elapsed());
    for _ in 0..3 {
        sleep(PAUSE).await;
        assert_eq!(look().await, expected, "{what}: it was so, and then no longer");
    }
}
