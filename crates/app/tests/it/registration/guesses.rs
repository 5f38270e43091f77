//! Guessing: five failures lock a way for a day, whoever guesses how fast, and nobody learns which accounts there are.

use std::time::Duration;

use app::registration::{LOCK, MOST_FAILURES, Method, Outcome, Refusal};
use domain::{
    CustomerType,
    Environment::Sandbox,
    holder::{Holder, Invoice},
};
use tokio::time::Instant;

use super::{ACCOUNT, Stage, address, holder, platform, refused, stage};
use crate::house::actor;

/// An account that does not exist.
const UNKNOWN: &str = "999999999";

fn is_locked(refusal: &Refusal, method: Method) -> bool {
    matches!(refusal, Refusal::Locked(locked, _) if *locked == method)
}

store::on_both_engines! {
    async fn five_failures_lock_that_way_for_a_day_and_no_other(test: TestDb) {
        let stage = stage(&test, Sandbox).await;
        let token = stage.token().await;
        for _ in 0..MOST_FAILURES {
            assert_eq!(refused(stage.by_pin(&token, "000000").await), Refusal::WrongPin);
        }
        assert!(is_locked(&refused(stage.by_pin(&token, "234560").await), Method::Pin), "the right one too");
        let sending = stage.registration.send_pin(&stage.platform, &token, domain::holder::Channel::Sms, None).await;
        assert!(is_locked(&refused(sending), Method::Pin));
        stage.by_invoice(&token, "234.00", 1).await.expect("the invoice is open");
        stage.token().await;
        let other = platform(&stage.house, "Otra", CustomerType::Integrator, Sandbox).await;
        let other = Stage { platform: other, house: stage.house, registration: stage.registration.clone() };
        let theirs = other.token().await;
        other.by_pin(&theirs, "234560").await.expect("another platform is not locked");
        let stage = Stage { platform: stage.platform, house: other.house, registration: stage.registration };
        stage.house.hands.advance(u64::try_from(LOCK).expect("positive") - 1);
        let token = stage.token().await;
        assert!(is_locked(&refused(stage.by_pin(&token, "234560").await), Method::Pin), "a second before");
        stage.house.hands.advance(1);
        stage.by_pin(&token, "234560").await.expect("a day later");
    }

    async fn a_success_forgets_the_failures_of_its_way(test: TestDb) {
        let stage = stage(&test, Sandbox).await;
        let token = stage.token().await;
        for _ in 0..3 {
            for _ in 1..MOST_FAILURES {
                assert_eq!(refused(stage.by_invoice(&token, "1.00", 1).await), Refusal::NoInvoice);
            }
            stage.by_invoice(&token, "234.0", 1).await.expect("right in time");
        }
    }

    async fn many_guesses_at_once_are_no_more_than_five(test: TestDb) {
        let stage = stage(&test, Sandbox).await;
        let token = stage.token().await;
        let guesses = (0..12).map(|guess| {
            let (registration, platform, token) = (stage.registration.clone(), stage.platform.clone(), token.clone());
            tokio::spawn(async move { registration.by_pin(&platform, &token, &domain::secret::Secret::new(format!("00000{}", guess % 10))).await })
        });
        let guesses: Vec<_> = guesses.collect();
        let (mut wrong, mut locked) = (0, 0);
        for guess in guesses {
            match refused(guess.await.expect("it ends")) {
                Refusal::WrongPin => wrong += 1,
                refusal if is_locked(&refusal, Method::Pin) => locked += 1,
                other => panic!("{other:?}"),
            }
        }
        assert_eq!((wrong, locked), (MOST_FAILURES, 12 - MOST_FAILURES));
        // Right ones at once are all right, because none of them fails.
        let right: Vec<_> = (0..8)
            .map(|_| {
                let (registration, platform) = (stage.registration.clone(), stage.platform.clone());
                tokio::spawn(async move { registration.by_address(&platform, ACCOUNT, "Almacenes Hudson SL", &address()).await })
            })
            .collect();
        for outcome in right {
            assert!(matches!(outcome.await.expect("it ends"), Ok(Outcome::Options(_))));
        }
    }

    async fn an_account_that_does_not_exist_fails_and_locks_like_any_other(test: TestDb) {
        let stage = stage(&test, Sandbox).await;
        for _ in 0..MOST_FAILURES {
            assert_eq!(refused(stage.by_address(UNKNOWN, "NEW YORK").await), Refusal::Mismatch);
            assert_eq!(refused(stage.by_address(ACCOUNT, "NEWARK").await), Refusal::Mismatch);
        }
        let (unknown, known) = (refused(stage.by_address(UNKNOWN, "NEW YORK").await), refused(stage.by_address(ACCOUNT, "NEW YORK").await));
        assert!(unknown == known && is_locked(&known, Method::Address), "{unknown:?} {known:?}");
    }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

#[tokio::test]
async fn how_long_it_takes_says_nothing_about_the_account() {
    const ACCOUNTS: usize = 20;
    const INVOICES: usize = 200;
    let test = store::testkit::sqlite().await;
    let stage = stage(&test, Sandbox).await;
    // What an account has most of: whoever reads it before the address is right is slower by that, and shows which accounts there are.
    let invoices = |holder: &Holder| -> Vec<_> {
        (0..INVOICES).map(|n| Invoice { number: format!("F{n:06}"), ..holder.invoices[0].clone() }).collect()
    };
    let holders: Vec<_> =
        (0..ACCOUNTS).map(|n| holder(&format!("80000{n:02}"))).map(|one| Holder { invoices: invoices(&one), ..one }).collect();
    for holder in &holders {
        app::holders::put(&stage.house.app, &actor(), Sandbox, std::slice::from_ref(holder)).await.expect("puts");
    }
    let (mut known, mut unknown, mut reading) = (Vec::new(), Vec::new(), Vec::new());
    for n in (0..ACCOUNTS).cycle().take(ACCOUNTS * 4) {
        for (account, times) in [(format!("80000{n:02}"), &mut known), (format!("90000{n:02}"), &mut unknown)] {
            let started = Instant::now();
            assert_eq!(refused(stage.by_address(&account, "NEWARK").await), Refusal::Mismatch);
            times.push(started.elapsed());
        }
        let started = Instant::now();
        let read = store::account_holders::invoices(&test.db, Sandbox, &format!("80000{n:02}")).await.expect("reads");
        reading.push(started.elapsed());
        assert_eq!(read.len(), INVOICES);
    }
    let (known, unknown, reading) = (median(known), median(unknown), median(reading));
    assert!(known.abs_diff(unknown) <= reading / 2, "{known:?} {unknown:?}, and reading the invoices alone {reading:?}");
}
