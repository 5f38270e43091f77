use std::sync::Arc;

use app::{App, Error, signing_keys};
use domain::{
    Environment::{Production, Sandbox},
    signing_key::ANNOUNCED_FOR,
    wrapping::MasterKey,
};
use store::{Moment, testkit};

use crate::house::{actor, house};

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
}
