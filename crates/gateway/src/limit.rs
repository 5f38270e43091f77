//! Rate and quota: of a plan, and of one customer key.
//!
//! Windows are fixed and start at whole multiples of their length since 1970, as FedEx counts; a quota's day ends at 00:00 UTC. A counter is
//! one atomic word, the window in its upper half and the count in its lower, so that of any number of parallel requests exactly as many pass
//! as the plan says, or the customer key's limits. Counters are per node.

use std::{
    fmt::Write as _,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use domain::{
    ApiName, ChildKey, ProjectId, Timestamp, customer_key,
    decision::Refusal,
    plan::{Plan, Quota, Rate},
};
use http::HeaderValue;

/// How many pairs of project and API are counted at most, and how many customer keys. The least recently used is forgotten first; only
/// callers that got this far can make one.
const CAPACITY: u64 = 200_000;

/// Seconds in a quota's day.
const DAY: u32 = 86_400;

/// A plan, ready to be counted against.
pub(crate) struct Offer {
    name: String,
    /// Whether nobody has to give it.
    is_free: bool,
    amounts: Amounts,
    /// `RateLimit-Policy`; `None` when nothing is limited.
    policy: Option<HeaderValue>,
}

impl Offer {
    pub(crate) fn new(plan: &Plan) -> Self {
        let amounts = Amounts { rate: plan.rate, quota: plan.quota };
        Self { name: plan.name.clone(), is_free: plan.approval.is_none(), amounts, policy: amounts.policy(&PLAN) }
    }

    /// The offer of that name; when the API does not have it any more, the first one that nobody has to give, else the one it offers first.
    pub(crate) fn find<'a>(offers: &'a [Self], name: Option<&str>) -> Option<&'a Self> {
        let named = offers.iter().find(|offer| Some(offer.name.as_str()) == name);
        named.or_else(|| offers.iter().find(|offer| offer.is_free)).or(offers.first())
    }
}

/// What the limits of a plan and of a customer key are called in `RateLimit`.
struct Names {
    rate: &'static str,
    quota: &'static str,
}

const PLAN: Names = Names { rate: "rate", quota: "quota" };
const CUSTOMER_KEY: Names = Names { rate: "customer-key-rate", quota: "customer-key-quota" };

/// Which amount is used up, and the seconds until it is there again.
enum Exceeded {
    Rate(u32),
    Quota(u32),
}

/// How much is allowed.
#[derive(Clone, Copy)]
struct Amounts {
    rate: Option<Rate>,
    quota: Option<Quota>,
}

impl Amounts {
    /// `RateLimit-Policy`; `None` when nothing is limited.
    fn policy(&self, names: &Names) -> Option<HeaderValue> {
        let mut policy = String::new();
        if let Some(rate) = self.rate {
            let _ = write!(policy, "\"{}\";q={};w={}", names.rate, rate.requests, rate.window_seconds);
        }
        if let Some(quota) = self.quota {
            let _ = write!(policy, "{}\"{}\";q={};w={DAY}", separator(&policy), names.quota, quota.requests);
        }
        (!policy.is_empty()).then(|| HeaderValue::from_maybe_shared(bytes::Bytes::from(policy)).ok()).flatten()
    }

    /// Counts one request, or says why it may not pass. A request refused by the rate is not charged to the quota. With what is left, as `RateLimit`
    /// says it.
    fn take(&self, counters: &Counters, names: &Names, now: Timestamp) -> (Option<HeaderValue>, Result<(), Exceeded>) {
        let mut verdict = Ok(());
        let mut left = String::with_capacity(80);
        if let Some(rate) = self.rate {
            let window = Window::at(now, rate.window_seconds);
            let remaining = window.take(&counters.rate, rate.requests);
            if remaining.is_none() {
                verdict = Err(Exceeded::Rate(window.left));
            }
            let _ = write!(left, "\"{}\";r={};t={}", names.rate, remaining.unwrap_or(0), window.left);
        }
        if let Some(quota) = self.quota {
            let day = Window::at(now, DAY);
            let remaining = if verdict.is_ok() {
                day.take(&counters.quota, quota.requests)
            } else {
                Some(day.remaining(&counters.quota, quota.requests))
            };
            if remaining.is_none() {
                verdict = Err(Exceeded::Quota(day.left));
            }
            let _ = write!(left, "{}\"{}\";r={};t={}", separator(&left), names.quota, remaining.unwrap_or(0), day.left);
        }
        (HeaderValue::from_maybe_shared(bytes::Bytes::from(left)).ok(), verdict)
    }
}

/// How a caller stands against its plan, or its customer key against that key's limits (draft-ietf-httpapi-ratelimit-headers).
pub(crate) struct Standing {
    /// `RateLimit-Policy`.
    pub(crate) policy: HeaderValue,
    /// `RateLimit`.
    pub(crate) left: HeaderValue,
}

#[derive(Default)]
struct Counters {
    rate: AtomicU64,
    quota: AtomicU64,
}

/// The counters of one gateway.
pub(crate) struct Limits {
    projects: moka::sync::Cache<(ProjectId, ApiName), Arc<Counters>>,
    keys: moka::sync::Cache<ChildKey, Arc<Counters>>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { projects: counted(), keys: counted() }
    }
}

/// LRU, because the default policy would not admit a newcomer to a full house, and who is not counted is not limited.
fn counted<K: std::hash::Hash + Eq + Send + Sync + 'static>() -> moka::sync::Cache<K, Arc<Counters>> {
    moka::sync::Cache::builder().max_capacity(CAPACITY).eviction_policy(moka::policy::EvictionPolicy::lru()).build()
}

impl Limits {
    /// Counts one request against a plan, or says why it may not pass.
    pub(crate) fn take(&self, project: ProjectId, api: &ApiName, offer: &Offer, now: Timestamp) -> (Option<Standing>, Result<(), Refusal>) {
        let Some(policy) = offer.policy.clone() else { return (None, Ok(())) };
        let counters = self.projects.get_with((project, api.clone()), Arc::default);
        let (left, verdict) = offer.amounts.take(&counters, &PLAN, now);
        let refusal = |exceeded| match exceeded {
            Exceeded::Rate(seconds) => Refusal::RateExceeded(seconds),
            Exceeded::Quota(seconds) => Refusal::QuotaExceeded(seconds),
        };
        (left.map(|left| Standing { policy, left }), verdict.map_err(refusal))
    }

    /// The same against what one customer key may ask for, of all APIs together. Costs an allocation for each text, where there are limits.
    pub(crate) fn take_key(&self, key: &ChildKey, limits: customer_key::Limits, now: Timestamp) -> (Option<Standing>, Result<(), Refusal>) {
        let amounts = Amounts { rate: limits.rate, quota: limits.quota };
        let Some(policy) = amounts.policy(&CUSTOMER_KEY) else { return (None, Ok(())) };
        let counters = self.keys.get_with_by_ref(key, Arc::default);
        let (left, verdict) = amounts.take(&counters, &CUSTOMER_KEY, now);
        let refusal = |exceeded| match exceeded {
            Exceeded::Rate(seconds) => Refusal::KeyRateExceeded(seconds),
            Exceeded::Quota(seconds) => Refusal::KeyQuotaExceeded(seconds),
        };
        (left.map(|left| Standing { policy, left }), verdict.map_err(refusal))
    }
}

fn separator(text: &str) -> &'static str {
    if text.is_empty() { "" } else { ", " }
}

/// The window a moment lies in.
struct Window {
    index: u32,
    /// Seconds until it ends; at least one.
    left: u32,
}

impl Window {
    fn at(now: Timestamp, length: u32) -> Self {
        let (second, length) = (now.as_second(), i64::from(length.max(1)));
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "only equality and the next number matter")]
        let index = second.div_euclid(length) as u32;
        Self { index, left: u32::try_from(length - second.rem_euclid(length)).unwrap_or(1) }
    }

    /// The count of a counter in this window. A request that came a little earlier than another may be counted a little later: it finds the
    /// next window begun and counts there. Any other window is over, or was a clock's mistake.
    fn read(&self, counter: u64) -> (u32, u32) {
        #[expect(clippy::cast_possible_truncation, reason = "the halves of a word")]
        let (index, count) = ((counter >> 32) as u32, counter as u32);
        if index == self.index || index == self.index.wrapping_add(1) { (index, count) } else { (self.index, 0) }
    }

    /// Counts one more unless `limit` is reached; what remains then.
    fn take(&self, counter: &AtomicU64, limit: u32) -> Option<u32> {
        let step = |old| {
            let (index, count) = self.read(old);
            (count < limit).then(|| u64::from(index) << 32 | u64::from(count + 1))
        };
        let old = counter.fetch_update(Ordering::Relaxed, Ordering::Relaxed, step).ok()?;
        Some(limit - self.read(old).1 - 1)
    }

    fn remaining(&self, counter: &AtomicU64, limit: u32) -> u32 {
        limit.saturating_sub(self.read(counter.load(Ordering::Relaxed)).1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("a moment")
    }

    fn offer(rate: Option<(u32, u32)>, quota: Option<u32>) -> Offer {
        Offer::new(&Plan {
            name: "p".into(),
            title: domain::plan::Title::default(),
            approval: domain::plan::Approval::None,
            of_house: false,
            rate: rate.map(|(requests, window_seconds)| Rate { requests, window_seconds }),
            quota: quota.map(|requests| Quota { requests }),
        })
    }

    fn take(limits: &Limits, offer: &Offer, second: i64) -> (String, Result<(), Refusal>) {
        let (standing, verdict) = limits.take(uuid::Uuid::nil().into(), &"a".into(), offer, at(second));
        (standing.map(|s| s.left.to_str().expect("text").to_owned()).unwrap_or_default(), verdict)
    }

    #[test]
    fn a_window_lets_through_what_the_plan_says_and_the_next_one_again() {
        let (limits, offer) = (Limits::default(), offer(Some((2, 10)), Some(3)));
        assert_eq!(offer.policy.as_ref().map(HeaderValue::as_bytes), Some(&b"\"rate\";q=2;w=10, \"quota\";q=3;w=86400"[..]));
        assert_eq!(take(&limits, &offer, 3), ("\"rate\";r=1;t=7, \"quota\";r=2;t=86397".into(), Ok(())));
        assert_eq!(take(&limits, &offer, 9), ("\"rate\";r=0;t=1, \"quota\";r=1;t=86391".into(), Ok(())));
        assert_eq!(take(&limits, &offer, 9), ("\"rate\";r=0;t=1, \"quota\";r=1;t=86391".into(), Err(Refusal::RateExceeded(1))));
        assert_eq!(take(&limits, &offer, 10).1, Ok(()), "the rate's refusals were not charged to the quota");
        assert_eq!(take(&limits, &offer, 20), ("\"rate\";r=1;t=10, \"quota\";r=0;t=86380".into(), Err(Refusal::QuotaExceeded(86_380))));
        assert_eq!(take(&limits, &offer, 86_400).1, Ok(()), "at midnight the day starts anew");
    }

    #[test]
    fn a_request_that_overtook_the_end_of_the_window_does_not_open_the_old_one_again() {
        let (limits, offer) = (Limits::default(), offer(Some((1, 10)), None));
        assert_eq!(take(&limits, &offer, 10).1, Ok(()));
        assert_eq!(take(&limits, &offer, 9).1, Err(Refusal::RateExceeded(1)));
        assert_eq!(take(&limits, &offer, 11).1, Err(Refusal::RateExceeded(9)));
    }

    #[test]
    fn a_clock_that_jumped_ahead_and_back_leaves_nobody_locked_out() {
        let (limits, offer) = (Limits::default(), offer(Some((1, 10)), None));
        assert_eq!(take(&limits, &offer, 7200).1, Ok(()));
        assert_eq!(take(&limits, &offer, 0).1, Ok(()));
    }

    #[test]
    fn whose_plan_is_gone_gets_one_that_nobody_has_to_give() {
        let named = |name: &str, is_free| Offer { name: name.into(), is_free, ..offer(None, None) };
        let of = |offers: &[Offer], name| Offer::find(offers, name).map(|offer| offer.name.clone());
        let offers = [named("large", false), named("small", true), named("medium", true)];
        assert_eq!(of(&offers, Some("medium")).as_deref(), Some("medium"));
        assert_eq!(of(&offers, Some("large")).as_deref(), Some("large"));
        assert_eq!(of(&offers, Some("gone")).as_deref(), Some("small"));
        assert_eq!(of(&offers, None).as_deref(), Some("small"));
        assert_eq!(of(&offers[..1], Some("gone")).as_deref(), Some("large"), "what all need somebody's word for limits all the same");
        assert_eq!(of(&[], Some("gone")), None);
    }

    #[test]
    fn nothing_is_said_of_limits_where_there_are_none() {
        assert!(Limits::default().take(uuid::Uuid::nil().into(), &"a".into(), &offer(None, None), at(0)).0.is_none());
    }

    #[test]
    fn what_a_customer_key_may_ask_for_is_its_own_and_named_as_such() {
        let limits = Limits::default();
        let amounts = customer_key::Limits { rate: Some(Rate { requests: 1, window_seconds: 10 }), quota: Some(Quota { requests: 2 }) };
        let take = |key: &str, second| {
            let (standing, verdict) = limits.take_key(&key.into(), amounts, at(second));
            (
                standing.map(|s| (s.policy, s.left)).map(|(p, l)| format!("{} | {}", p.to_str().expect("text"), l.to_str().expect("text"))),
                verdict,
            )
        };
        let first = "\"customer-key-rate\";q=1;w=10, \"customer-key-quota\";q=2;w=86400 | \"customer-key-rate\";r=0;t=7, \"customer-key-quota\";r=1;t=86397";
        assert_eq!(take("one", 3), (Some(first.into()), Ok(())));
        assert_eq!(take("one", 3).1, Err(Refusal::KeyRateExceeded(7)));
        assert_eq!(take("other", 3).1, Ok(()), "no other key is touched");
        assert_eq!(take("one", 10).1, Ok(()), "what the rate refused was not charged to the quota");
        assert_eq!(take("one", 20).1, Err(Refusal::KeyQuotaExceeded(86_380)));
        assert!(limits.take_key(&"one".into(), customer_key::Limits::NONE, at(20)).0.is_none(), "nothing is limited, nothing is said");
    }

    #[test]
    fn parallel_requests_pass_exactly_as_many_as_the_plan_says() {
        let (limits, offer) = (Limits::default(), offer(Some((1000, 10)), None));
        let passed: usize = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| (0..500).filter(|_| take(&limits, &offer, 5).1.is_ok()).count())).collect();
            threads.into_iter().map(|thread| thread.join().expect("joins")).sum()
        });
        assert_eq!(passed, 1000);
    }
}
