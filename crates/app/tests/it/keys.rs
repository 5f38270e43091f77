use std::sync::Arc;

use app::{
    App, Error,
    signing_keys::{self, State},
};
use domain::{
    Environment::{Production, Sandbox},
    KeyId,
    signing_key::ANNOUNCED_FOR,
    wrapping::MasterKey,
};
use store::{Moment, testkit};

use crate::house::{House, actor, house};

store::on_both_engines! {
    async fn each_environment_is_born_with_one_key_of_its_own_however_many_nodes_start(test: TestDb) {
        let entropy = testkit::entropy(5);
        let master = Arc::new(MasterKey::parse(&MasterKey::draw(&entropy)).expect("a master key"));
        let nodes: Vec<_> = (0..4)
            .map(|seed| {
                let (db, master) = (test.db.clone(), Arc::clone(&master));
                tokio::spawn(async move { App::open(db, master, testkit::Hands::new().clock(), testkit::entropy(seed)).await.map(drop) })
            })
            .collect();
        for node in nodes {
            node.await.expect("joins").expect("opens");
        }
        let sandbox = store::signing_keys::of_environment(&test.db, Sandbox).await.expect("reads");
        let production = store::signing_keys::of_environment(&test.db, Production).await.expect("reads");
        assert_eq!((sandbox.len(), production.len()), (1, 1));
        assert_ne!(sandbox[0].public_jwk, production[0].public_jwk);
    }

    async fn another_master_key_is_refused(test: TestDb) {
        let house = house(&test).await;
        let other = Arc::new(MasterKey::parse(&MasterKey::draw(&testkit::entropy(99))).expect("a master key"));
        let opened = App::open(test.db.clone(), other, house.hands.clock(), testkit::entropy(1)).await;
        assert!(matches!(opened.err(), Some(Error::Unopened(_))));
        drop(house.master);
    }

    async fn a_new_key_is_announced_first_and_the_old_one_verifies_until_its_last_token_is_dead(test: TestDb) {
        let house = house(&test).await;
        let old = store::signing_keys::of_environment(&test.db, Sandbox).await.expect("reads").remove(0);
        let new = signing_keys::rotate(&house.app, &actor(), Sandbox).await.expect("rotates");
        let now = house.app.now();
        assert_eq!(new.activates_at, Moment(now + jiff::SignedDuration::from_secs(ANNOUNCED_FOR)));
        let keys = store::signing_keys::of_environment(&test.db, Sandbox).await.expect("reads");
        let retires = keys.iter().find(|key| key.id == old.id).expect("there").retires_at.expect("it retires");
        assert!(retires.0 >= new.activates_at.0 + jiff::SignedDuration::from_hours(24));
        assert!(matches!(signing_keys::rotate(&house.app, &actor(), Sandbox).await, Err(Error::Refused(_))), "one announcement at a time");
        house.hands.advance(u64::try_from(ANNOUNCED_FOR).expect("positive"));
        signing_keys::rotate(&house.app, &actor(), Sandbox).await.expect("rotates again once the first is active");
    }

    async fn a_leaked_key_that_signs_is_replaced_and_verifies_no_more(test: TestDb) {
        let house = house(&test).await;
        let old = signing_keys::list(&house.app, &actor(), Sandbox).await.expect("reads").remove(0).key;
        house.hands.advance(60);
        let ended = signing_keys::retire(&house.app, &actor(), &old.id).await.expect("retires");
        let states = states(&house).await;
        assert_eq!(states, [(ended.successor.expect("another signs"), State::Signing), (old.id.clone(), State::Retired)]);
        assert!(matches!(signing_keys::retire(&house.app, &actor(), &old.id).await, Err(Error::Refused(_))), "once");
        assert_eq!(signing_keys::list(&house.app, &actor(), Production).await.expect("reads").len(), 1, "the other environment stays as it was");
        assert!(matches!(signing_keys::retire(&house.app, &actor(), &"nope".into()).await, Err(Error::NotFound { .. })));
        signing_keys::rotate(&house.app, &actor(), Sandbox).await.expect("an ordinary rotation goes on from there");
    }

    async fn an_announced_key_takes_the_place_of_a_leaked_one_at_once(test: TestDb) {
        let house = house(&test).await;
        let old = signing_keys::list(&house.app, &actor(), Sandbox).await.expect("reads").remove(0).key;
        house.hands.advance(1);
        let next = signing_keys::rotate(&house.app, &actor(), Sandbox).await.expect("rotates");
        house.hands.advance(60);
        let ended = signing_keys::retire(&house.app, &actor(), &old.id).await.expect("retires");
        assert_eq!(ended.successor.as_ref(), Some(&next.id));
        assert_eq!(states(&house).await, [(next.id, State::Signing), (old.id, State::Retired)]);
    }

    async fn a_leaked_key_that_was_only_announced_never_signs_and_the_one_before_it_stays(test: TestDb) {
        let house = house(&test).await;
        let old = signing_keys::list(&house.app, &actor(), Sandbox).await.expect("reads").remove(0).key;
        house.hands.advance(1);
        let next = signing_keys::rotate(&house.app, &actor(), Sandbox).await.expect("rotates");
        assert_eq!(signing_keys::retire(&house.app, &actor(), &next.id).await.expect("retires").successor, None);
        house.hands.advance(2 * 86_400);
        assert_eq!(states(&house).await, [(next.id, State::Retired), (old.id, State::Signing)]);
        signing_keys::rotate(&house.app, &actor(), Sandbox).await.expect("another can be announced");
    }

    async fn of_several_who_retire_the_same_key_at_once_one_does(test: TestDb) {
        let house = house(&test).await;
        let old = signing_keys::list(&house.app, &actor(), Sandbox).await.expect("reads").remove(0).key;
        let tries: Vec<_> = (0..4)
            .map(|_| {
                let (app, id) = (house.app.clone(), old.id.clone());
                tokio::spawn(async move { signing_keys::retire(&app, &actor(), &id).await.is_ok() })
            })
            .collect();
        let mut done = 0;
        for one in tries {
            done += usize::from(one.await.expect("joins"));
        }
        assert_eq!(done, 1);
        let states = states(&house).await;
        assert_eq!(states.iter().filter(|(_, state)| *state == State::Signing).count(), 1);
        assert_eq!(states.len(), 2, "one successor: {states:?}");
    }
}

async fn states(house: &House) -> Vec<(KeyId, State)> {
    let keys = signing_keys::list(&house.app, &actor(), Sandbox).await.expect("reads");
    keys.into_iter().map(|listed| (listed.key.id, listed.state)).collect()
}
