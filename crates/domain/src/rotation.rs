//! Replacing a credential while the other one still works: for how long both do, and when the old one may go.

use jiff::{SignedDuration, Timestamp};

use crate::words::words;

words! {
    /// For how long the credential before a new one goes on opening things.
    pub enum Overlap: "an overlap" {
        /// Not at all: for a secret that leaked.
        Now = "now",
        /// A day.
        Day = "24h",
        /// A week.
        Week = "7d",
        /// A month.
        Month = "30d",
    }
}

impl Overlap {
    /// The same in seconds.
    #[must_use]
    pub const fn seconds(self) -> u32 {
        const DAY: u32 = 86_400;
        match self {
            Self::Now => 0,
            Self::Day => DAY,
            Self::Week => 7 * DAY,
            Self::Month => 30 * DAY,
        }
    }
}

/// For how long nobody may have used a secret before it counts as out of use. A program asks for a token once an hour or so; what runs once
/// a night is the reason for a day and a bit.
pub const QUIET: SignedDuration = SignedDuration::from_hours(26);

/// What is known of the use of a secret.
#[derive(Debug, Clone, Copy)]
pub struct Usage {
    /// Whether it still opens anything.
    pub live: bool,
    /// When it last got a token.
    pub last_used_at: Option<Timestamp>,
}

words! {
    /// What to tell the owner of a secret who wonders whether it may go.
    pub enum Verdict: "a verdict" {
        /// It opens nothing any more.
        Ended = "ended",
        /// It is the only one that opens anything: make another first.
        Only = "only",
        /// It got no token yet, so it is the one to put in place, or nobody needs it.
        Unused = "unused",
        /// It was used within [`QUIET`].
        InUse = "in_use",
        /// Nobody used it for a while, but nothing shows that another one has taken its place.
        Unproven = "unproven",
        /// Nobody used it for a while, and another live one was used since: it may go.
        Safe = "safe",
    }
}

/// Whether `secret` may go, given the client's other secrets. The rule is strict on one side: it says [`Verdict::Safe`] only where the
/// switch to another secret has been seen.
#[must_use]
pub fn verdict(secret: Usage, others: &[Usage], now: Timestamp) -> Verdict {
    let mut live = others.iter().filter(|other| other.live).peekable();
    if !secret.live {
        return Verdict::Ended;
    }
    if live.peek().is_none() {
        return Verdict::Only;
    }
    let Some(used) = secret.last_used_at else { return Verdict::Unused };
    if now.duration_since(used) < QUIET {
        return Verdict::InUse;
    }
    if live.any(|other| other.last_used_at.is_some_and(|other| other > used)) { Verdict::Safe } else { Verdict::Unproven }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hour(hour: i64) -> Timestamp {
        Timestamp::from_second(1_780_000_000 + hour * 3600).expect("a moment")
    }

    fn used(last: Option<i64>) -> Usage {
        Usage { live: true, last_used_at: last.map(hour) }
    }

    #[test]
    fn a_secret_may_go_only_where_the_switch_to_another_was_seen() {
        let (now, ended) = (hour(100), Usage { live: false, ..used(Some(99)) });
        for (secret, others, expected, why) in [
            (ended, vec![used(Some(99))], Verdict::Ended, "it is over"),
            (used(None), vec![], Verdict::Only, "there is no other"),
            (used(Some(10)), vec![ended], Verdict::Only, "the other is over, however lately it was used"),
            (used(None), vec![used(Some(99))], Verdict::Unused, "it may be the new one, not yet in place"),
            (used(Some(99)), vec![used(Some(99))], Verdict::InUse, "both are used"),
            (used(Some(75)), vec![used(Some(99))], Verdict::InUse, "25 hours are not enough for what runs once a night"),
            (used(Some(10)), vec![used(None)], Verdict::Unproven, "the new one was never used"),
            (used(Some(10)), vec![used(Some(9))], Verdict::Unproven, "the other was used before, not since"),
            (used(Some(74)), vec![used(Some(75))], Verdict::Safe, "quiet for 26 hours, and another took over"),
            (used(Some(10)), vec![used(None), used(Some(99))], Verdict::Safe, "one of the others is enough"),
        ] {
            assert_eq!(verdict(secret, &others, now), expected, "{why}");
        }
    }

    #[test]
    fn overlaps_are_those_the_page_offers() {
        let offered: Vec<_> = Overlap::ALL.iter().map(|overlap| (overlap.as_str(), overlap.seconds())).collect();
        assert_eq!(offered, [("now", 0), ("24h", 86_400), ("7d", 604_800), ("30d", 2_592_000)]);
    }
}
