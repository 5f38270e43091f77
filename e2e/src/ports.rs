//! Ports that nobody listens on.

use std::{
    net::TcpListener,
    sync::atomic::{AtomicU16, Ordering},
};

/// Below the range from which the kernel takes the ports of outgoing connections, so that none of those gets in between.
const FIRST: u16 = 18_000;
const COUNT: u16 = 3_000;
/// A demo takes four in a row.
const ROW: u16 = 4;

static NEXT: AtomicU16 = AtomicU16::new(0);

/// The first of four free ports in a row. Processes begin to look at different places, so that tests beside each other do not meet.
///
/// # Panics
/// When there are none.
#[must_use]
pub fn four() -> u16 {
    let own = u16::try_from(std::process::id() % u32::from(COUNT)).unwrap_or(0);
    for _ in 0..COUNT {
        let row = (own + NEXT.fetch_add(1, Ordering::Relaxed)) % COUNT;
        let first = FIRST + row * ROW;
        let free = (first..first + ROW).all(|port| TcpListener::bind(("127.0.0.1", port)).is_ok());
        if free {
            return first;
        }
    }
    panic!("no four free ports in a row from {FIRST} on");
}
