//! How often each customer key is used, counted in memory and written now and then.
//!
//! A call costs a lock that is held for a look-up, shared with one key in sixteen, and allocates nothing once its key has been counted that day.

use std::{
    collections::HashMap,
    hash::{BuildHasher as _, RandomState},
    sync::{Mutex, PoisonError},
};

use domain::{ChildKey, Clock, Timestamp};
use store::{
    Db, Moment, acting,
    customer_key_usage::{self, Day},
};

/// How many parts the counts lie in.
const SHARDS: usize = 16;
/// How many keys one part holds until they are written; what more there are is lost, and counted as such.
const MOST: usize = 4096;
/// How many are written in one transaction.
const BATCH: usize = 500;
/// For how many days counts are kept.
const KEPT: i64 = 92;

/// A key's day, and when the last request of it came.
type Counted = (Day, Timestamp);
type Shard = Mutex<HashMap<(ChildKey, i64), Counted>>;

/// The counts that have not been written yet.
#[derive(Default)]
pub(crate) struct KeyUsage {
    shards: [Shard; SHARDS],
    state: RandomState,
}

impl KeyUsage {
    /// Counts a request. `false`: there is no room for another key.
    pub(crate) fn count(&self, key: &ChildKey, at: Timestamp, passed: bool) -> bool {
        let day = customer_key_usage::day(at);
        #[expect(clippy::cast_possible_truncation, reason = "any bits will do")]
        let shard = &self.shards[self.state.hash_one(key.as_str()) as usize % SHARDS];
        let mut counts = shard.lock().unwrap_or_else(PoisonError::into_inner);
        let named = (key.clone(), day);
        if counts.len() >= MOST && !counts.contains_key(&named) {
            return false;
        }
        let (count, last) = counts.entry(named).or_insert((Day { day, passed: 0, refused: 0 }, at));
        *(if passed { &mut count.passed } else { &mut count.refused }) += 1;
        *last = at.max(*last);
        true
    }

    /// Takes everything, in the order in which every node writes it: none waits for another in a circle.
    fn take(&self) -> Vec<(ChildKey, Counted)> {
        let shards = self.shards.iter().map(|shard| std::mem::take(&mut *shard.lock().unwrap_or_else(PoisonError::into_inner)));
        let mut all: Vec<_> = shards.flatten().map(|((key, _), counted)| (key, counted)).collect();
        all.sort_by(|(one, (first, _)), (other, (second, _))| (one.as_str(), first.day).cmp(&(other.as_str(), second.day)));
        all
    }

    /// Writes what was counted. Answers how many requests were lost on the way.
    pub(crate) async fn write(&self, db: &Db, clock: &Clock) -> u64 {
        let mut lost = 0;
        for batch in self.take().chunks(BATCH) {
            if let Err(error) = keep(db, clock, batch).await {
                lost += batch.iter().map(|(_, (day, _))| day.passed.unsigned_abs() + day.refused.unsigned_abs()).sum::<u64>();
                tracing::error!(%error, "the use of customer keys could not be written and is lost");
            }
        }
        lost
    }
}

async fn keep(db: &Db, clock: &Clock, batch: &[(ChildKey, Counted)]) -> store::Result<()> {
    let mut tx = db.begin().await?;
    for (key, (day, last)) in batch {
        customer_key_usage::add(&mut tx, key, day).await?;
        acting::note_use(&mut tx, key, Moment(*last)).await?;
    }
    tx.commit(clock.now()).await
}

/// Removes counts that are too old.
pub(crate) async fn tidy(db: &Db, now: Timestamp) -> store::Result<()> {
    loop {
        let mut tx = db.begin().await?;
        let removed = customer_key_usage::prune(&mut tx, customer_key_usage::day(now) - KEPT).await?;
        tx.commit(now).await?;
        if removed == 0 {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("a moment")
    }

    #[test]
    fn a_key_has_a_count_for_each_day_and_what_was_taken_is_gone() {
        let usage = KeyUsage::default();
        let (one, other) = (ChildKey::from("a"), ChildKey::from("b"));
        for (key, second, passed) in [(&other, 86_399, true), (&one, 86_399, true), (&one, 5, false), (&one, 86_400, true), (&one, 7, true)]
        {
            assert!(usage.count(key, at(second), passed));
        }
        let day = |day, passed, refused, last| (Day { day, passed, refused }, at(last));
        assert_eq!(usage.take(), [(one.clone(), day(0, 2, 1, 86_399)), (one, day(1, 1, 0, 86_400)), (other, day(0, 1, 0, 86_399))]);
        assert!(usage.take().is_empty());
    }

    #[test]
    fn there_is_room_for_so_many_keys_and_those_that_have_it_are_counted_on() {
        let usage = KeyUsage::default();
        let key = |number: usize| ChildKey::from(format!("k{number}").as_str());
        let counted = (0..SHARDS * MOST * 2).filter(|number| usage.count(&key(*number), at(1), true)).count();
        assert_eq!(counted, SHARDS * MOST);
        assert!(usage.count(&key(0), at(2), false));
        usage.take();
        assert!(usage.count(&key(SHARDS * MOST * 2), at(1), true));
    }
}

#[cfg(test)]
mod writing {
    use store::testkit::Hands;

    use super::*;

    store::on_both_engines! {
        async fn what_two_nodes_counted_is_added_up_and_goes_when_it_is_old(test: TestDb) {
            let (clock, key) = (Hands::new().clock(), ChildKey::from("sbx_ck_1"));
            let now = clock.now();
            let old = now - jiff::SignedDuration::from_hours(24 * (KEPT + 1));
            for _ in 0..2 {
                let usage = KeyUsage::default();
                for at in [now, old, now] {
                    usage.count(&key, at, true);
                }
                usage.count(&key, now, false);
                for number in 0..BATCH {
                    usage.count(&ChildKey::from(format!("sbx_ck_x{number}").as_str()), old, true);
                }
                assert_eq!(usage.write(&test.db, &clock).await, 0);
            }
            let days = customer_key_usage::of_key(&test.db, &key, 9).await.expect("reads");
            assert_eq!(days.iter().map(|day| (day.passed, day.refused)).collect::<Vec<_>>(), [(4, 2), (2, 0)]);
            tidy(&test.db, now).await.expect("tidies");
            assert_eq!(customer_key_usage::of_key(&test.db, &key, 9).await.expect("reads").len(), 1);
            assert!(customer_key_usage::of_key(&test.db, &"sbx_ck_x7".into(), 9).await.expect("reads").is_empty());
        }
    }
}
