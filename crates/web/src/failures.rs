//! Counting failed authentications, so that guessing is slow and a broken client starves nobody.
//!
//! Only failures are counted and only failures are ever answered "too many": whoever comes with the right secret is let in, however many
//! others fail from the same address. The counters are a table of fixed size: no attacker can make it grow. Two keys may share a
//! counter; then a *wrong* secret is answered 429 a little early, which harms nobody.

use std::{
    hash::{BuildHasher, Hash, RandomState},
    net::IpAddr,
    sync::atomic::{AtomicU64, Ordering},
};

use domain::Timestamp;

/// Failures a minute for one client from one address.
pub const PER_CLIENT: u32 = 100;
/// Failures a minute from one address, whatever the client.
pub const PER_ADDRESS: u32 = 1000;

const WINDOW_SECONDS: i64 = 60;
const SLOTS: usize = 1 << 16;

/// The counters of failed authentications of one surface.
pub struct Failures {
    /// Minute in the upper half, count in the lower.
    slots: Box<[AtomicU64]>,
    hasher: RandomState,
}

impl Default for Failures {
    fn default() -> Self {
        // The keys of the hash are random, so that nobody can aim at another's counter.
        Self { slots: (0..SLOTS).map(|_| AtomicU64::new(0)).collect(), hasher: RandomState::new() }
    }
}

/// What a failure is answered with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// As any failure.
    Refuse,
    /// Too many: seconds until the window ends.
    Wait(u32),
}

impl Failures {
    /// Counts one failure of `client` from `address`.
    pub fn count(&self, client: &str, address: IpAddr, now: Timestamp) -> Verdict {
        let network = network(address);
        let by_client = self.add(("client", client, network), now);
        let by_address = self.add(("address", "", network), now);
        if by_client > PER_CLIENT || by_address > PER_ADDRESS {
            let left = WINDOW_SECONDS - now.as_second().rem_euclid(WINDOW_SECONDS);
            Verdict::Wait(u32::try_from(left).unwrap_or(60))
        } else {
            Verdict::Refuse
        }
    }

    fn add(&self, key: impl Hash, now: Timestamp) -> u32 {
        let window = (now.as_second().div_euclid(WINDOW_SECONDS) as u64) << 32;
        #[expect(clippy::cast_possible_truncation, reason = "any bits of the hash do")]
        let slot = &self.slots[self.hasher.hash_one(key) as usize % SLOTS];
        let step = |old: u64| if old & !0xFFFF_FFFF == window { old.saturating_add(1) } else { window | 1 };
        let old = slot.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |old| Some(step(old))).unwrap_or_default();
        (step(old) & 0xFFFF_FFFF) as u32
    }
}

/// Whoever has one IPv6 address has its whole /64.
fn network(address: IpAddr) -> u128 {
    match address.to_canonical() {
        IpAddr::V4(v4) => u128::from(u32::from(v4)),
        IpAddr::V6(v6) => u128::from(v6) >> 64 << 64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("a moment")
    }

    #[test]
    fn after_a_hundred_failures_of_a_client_the_rest_of_the_minute_says_wait() {
        let (failures, address) = (Failures::default(), IpAddr::from([192, 0, 2, 1]));
        for _ in 0..PER_CLIENT {
            assert_eq!(failures.count("a", address, at(0)), Verdict::Refuse);
        }
        assert_eq!(failures.count("a", address, at(15)), Verdict::Wait(45));
        assert_eq!(failures.count("b", address, at(15)), Verdict::Refuse, "another client from there");
        assert_eq!(failures.count("a", IpAddr::from([192, 0, 2, 2]), at(15)), Verdict::Refuse, "the client from elsewhere");
        assert_eq!(failures.count("a", address, at(60)), Verdict::Refuse, "the next minute");
    }

    #[test]
    fn an_address_that_tries_many_clients_is_slowed_too_and_so_is_its_whole_ipv6_network() {
        let failures = Failures::default();
        let early = (0..u128::from(PER_ADDRESS)).filter(|i| {
            let address = IpAddr::from(((0x2001_0db8_u128 << 96) + i).to_be_bytes());
            failures.count(&i.to_string(), address, at(0)) != Verdict::Refuse
        });
        // One in 65,536 of them has its counter where the network's is.
        assert!(early.count() < 10);
        assert!(matches!(failures.count("x", "2001:db8::ffff".parse().expect("an address"), at(1)), Verdict::Wait(_)));
        assert_eq!(failures.count("x", "2001:db8:0:1::1".parse().expect("an address"), at(1)), Verdict::Refuse);
    }
}
