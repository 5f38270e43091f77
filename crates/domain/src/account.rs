//! Rules about people who sign in: how long a session lives, how long a proof counts, how long a guesser waits.

/// A session that nobody uses ends after so many seconds: 12 hours.
pub const IDLE_SECONDS: i64 = 12 * 3600;
/// A session that the operator's provider began ends after so many seconds: 8 hours, a day of work. Who left yesterday is out today.
pub const SIGN_ON_SECONDS: i64 = 8 * 3600;
/// A session ends after so many seconds however much it is used: 7 days.
pub const SESSION_SECONDS: i64 = 7 * 86_400;
/// A session that still awaits its second factor ends after so many seconds: 15 minutes.
pub const HALF_SECONDS: i64 = 15 * 60;
/// For so many seconds after proving who one is, one need not prove it again: 10 minutes.
pub const PROOF_SECONDS: i64 = 600;
/// The use of a session is written down once in so many seconds.
pub const NOTE_SECONDS: i64 = 60;
/// An account has so many live sessions at most; the one longest unused makes room.
pub const MOST_SESSIONS: i64 = 50;
/// How many recovery codes are drawn together.
pub const RECOVERY_CODES: usize = 10;
/// The longest name of a person, in characters.
pub const LONGEST_NAME: usize = 100;

/// How failures in a row slow the next try.
///
/// No wait is long enough to lock an owner out: who keeps failing on somebody's behalf costs that person a quarter of an hour at most, and a
/// passkey, a session on another device or a link by mail are not held up at all.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// So many failures cost nothing.
    pub free: i64,
    /// The wait after the first one more, in seconds; each one after it doubles.
    pub first: i64,
    /// The longest wait, in seconds.
    pub longest: i64,
    /// Failures are forgotten so many seconds after the last one.
    pub memory: i64,
}

impl Patience {
    /// For one account: typing errors are free, then each guess costs twice the one before; a hundred guesses a day in the end.
    pub const ACCOUNT: Self = Self { free: 4, first: 2, longest: 900, memory: 86_400 };
    /// For one network address, whatever the account: an office shares one, so it waits late and never long.
    pub const ADDRESS: Self = Self { free: 100, first: 30, longest: 60, memory: 3600 };

    /// How many seconds the next try must wait after so many `failures`; `None`: it need not.
    #[must_use]
    pub fn wait_after(&self, failures: i64) -> Option<i64> {
        let beyond = failures.checked_sub(self.free + 1).filter(|beyond| *beyond >= 0)?;
        let doubled = u32::try_from(beyond).ok().and_then(|beyond| 2_i64.checked_pow(beyond)).unwrap_or(i64::MAX);
        Some(self.first.saturating_mul(doubled).min(self.longest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guessing_slows_down_by_doubling_and_never_locks_out_for_more_than_a_quarter_of_an_hour() {
        let waits: Vec<_> = (0..8).map(|failures| Patience::ACCOUNT.wait_after(failures)).collect();
        assert_eq!(waits, [None, None, None, None, None, Some(2), Some(4), Some(8)]);
        for failures in [14, 100, i64::MAX] {
            assert_eq!(Patience::ACCOUNT.wait_after(failures), Some(900));
        }
        let mut day = 0;
        let guesses = (1..).take_while(|failures| {
            day += Patience::ACCOUNT.wait_after(*failures).unwrap_or(0);
            day < 86_400
        });
        assert!(guesses.count() < 120, "guesses in a day");
    }

    #[test]
    fn an_office_behind_one_address_waits_a_minute_at_most() {
        assert_eq!(Patience::ADDRESS.wait_after(100), None);
        assert_eq!(Patience::ADDRESS.wait_after(101), Some(30));
        assert_eq!(Patience::ADDRESS.wait_after(5000), Some(60));
    }
}
