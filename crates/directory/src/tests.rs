use std::{sync::Arc, time::Duration};

use domain::{
    ClientId, CustomerType, Entropy,
    contract::Standing,
    plan::{HousePlan, Rate, Title},
    signing_key::{SigningKey, draw, wrapping_name},
};
use store::{
    clients::ClientRow,
    organisations::{self, Organisation},
    projects::Project,
    signing_keys::SigningKeyRow,
    testkit::{self, Hands, TestDb},
};

use super::*;

struct World {
    directory: Directory,
    hands: Hands,
    entropy: Entropy,
    organisation: Organisation,
    project: Project,
}

async fn world(test: &TestDb) -> World {
    let (hands, entropy) = (Hands::new(), testkit::entropy(3));
    let clock = hands.clock();
    let now = Moment(clock.now());
    let master = Arc::new(MasterKey::parse(&MasterKey::draw(&entropy)).expect("a master key"));
    let organisation = Organisation {
        id: entropy.uuid(*now).into(),
        name: "Librería".into(),
        customer_type: CustomerType::Customer,
        status: Standing::Active,
        created_at: now,
    };
    let project =
        Project { id: entropy.uuid(*now).into(), organisation_id: organisation.id, name: "Web".into(), created_at: now, archived_at: None };
    let mut tx = test.db.begin().await.expect("begins");
    let hash_key = master.wrap(SECRET_HASH_KEY, &[9; 32], &entropy);
    store::vault::put(&mut tx, SECRET_HASH_KEY, &hash_key, now).await.expect("vault");
    organisations::insert(&mut tx, &organisation).await.expect("organisation");
    store::projects::insert(&mut tx, &project).await.expect("project");
    tx.commit(*now).await.expect("commits");
    add_key(&test.db, &master, &entropy, "first", now).await;
    let directory = Directory::open(test.db.clone(), master, clock, Settings::default()).await.expect("opens");
    World { directory, hands, entropy, organisation, project }
}

async fn add_key(db: &Db, master: &MasterKey, entropy: &Entropy, id: &str, at: Moment) {
    let pkcs8 = draw();
    let key = SigningKey::read(id.into(), Environment::Sandbox, *at, None, &pkcs8).expect("a key");
    let row = SigningKeyRow {
        id: id.into(),
        environment: Environment::Sandbox,
        algorithm: "ES256".into(),
        public_jwk: key.public_jwk().to_string(),
        wrapped: master.wrap(&wrapping_name(&id.into()), &pkcs8, entropy),
        created_at: at,
        activates_at: at,
        retires_at: None,
    };
    let mut tx = db.begin().await.expect("begins");
    store::signing_keys::insert(&mut tx, &row, at).await.expect("inserts");
    tx.commit(*at).await.expect("commits");
}

async fn add_client(db: &Db, world: &World, id: &str) {
    let now = Moment(world.hands.clock().now());
    let client = ClientRow {
        id: ClientId::from(id),
        project_id: world.project.id,
        environment: Environment::Sandbox,
        status: Standing::Active,
        grant_types: None,
        token_lifetime: 3600,
        created_at: now,
    };
    let mut tx = db.begin().await.expect("begins");
    store::clients::insert(&mut tx, &client).await.expect("inserts");
    tx.commit(*now).await.expect("commits");
}

async fn suspend(db: &Db, world: &World) {
    let mut tx = db.begin().await.expect("begins");
    let at = Moment(world.hands.clock().now());
    let turn = organisations::Turn { from: Standing::Active, to: Standing::Suspended, reason: None, by: "test", at };
    assert!(organisations::turn(&mut tx, world.organisation.id, turn).await.expect("turns"));
    tx.commit(world.hands.clock().now()).await.expect("commits");
}

store::on_both_engines! {
    async fn a_client_that_was_unknown_is_known_once_it_exists(test: TestDb) {
        let world = world(&test).await;
        assert!(world.directory.client(Environment::Sandbox, "a").await.expect("reads").is_none());
        add_client(&test.db, &world, "a").await;
        world.directory.catch_up().await.expect("catches up");
        assert!(world.directory.client(Environment::Sandbox, "a").await.expect("reads").is_some());
        assert!(world.directory.client(Environment::Production, "a").await.expect("reads").is_none());
    }

    async fn a_change_made_by_another_process_is_followed_within_a_second(test: TestDb) {
        let world = world(&test).await;
        add_client(&test.db, &world, "a").await;
        world.directory.catch_up().await.expect("catches up");
        assert_eq!(world.directory.client(Environment::Sandbox, "a").await.expect("reads").expect("there").standing, Standing::Active);

        // Another pool on the same database: nothing in this process is notified.
        let other = Db::open(&test.url).await.expect("opens");
        suspend(&other, &world).await;
        let deadline = Instant::now() + Duration::from_secs(1);
        loop {
            let client = world.directory.client(Environment::Sandbox, "a").await.expect("reads").expect("there");
            if client.standing == Standing::Suspended {
                break;
            }
            assert!(Instant::now() < deadline, "not followed within a second");
            tokio::task::yield_now().await;
        }
    }

    async fn a_revoked_token_stays_pinned_until_it_would_have_expired(test: TestDb) {
        let world = world(&test).await;
        let (token, now) = (world.entropy.uuid(world.hands.clock().now()), world.hands.clock().now());
        let until = Moment(now + jiff::SignedDuration::from_secs(3600));
        let mut tx = test.db.begin().await.expect("begins");
        store::revoked_tokens::insert(&mut tx, token, None, until, Moment(now)).await.expect("revokes");
        tx.commit(now).await.expect("commits");
        world.directory.catch_up().await.expect("catches up");
        assert!(world.directory.is_revoked(token));

        world.hands.advance(3600);
        world.directory.0.revocations.prune(world.hands.clock().now());
        assert!(world.directory.is_revoked(token), "clocks may be apart");
        world.hands.advance(120);
        world.directory.0.revocations.prune(world.hands.clock().now());
        assert!(!world.directory.is_revoked(token));
    }

    async fn a_new_signing_key_is_published_without_a_restart(test: TestDb) {
        let world = world(&test).await;
        let now = Moment(world.hands.clock().now());
        add_key(&test.db, &world.directory.0.master, &world.entropy, "second", now).await;
        world.directory.catch_up().await.expect("catches up");
        let jwks = world.directory.keys(Environment::Sandbox).jwks(*now);
        // The first one retired the moment the second took over.
        assert_eq!(jwks["keys"].as_array().map(Vec::len), Some(1));
        assert_eq!(jwks["keys"][0]["kid"], "second");
        assert!(jwks["keys"][0].get("d").is_none());
        assert_eq!(world.directory.keys(Environment::Production).jwks(*now)["keys"], serde_json::json!([]));
    }

    async fn a_plan_of_the_house_that_changes_is_followed_and_other_apis_stay_what_they_are(test: TestDb) {
        let world = world(&test).await;
        let plan = |requests| HousePlan {
            name: "gold".into(),
            title: Title { es: "Oro".into(), en: "Gold".into() },
            rate: Some(Rate { requests, window_seconds: 10 }),
            quota: None,
        };
        let now = Moment(world.hands.clock().now());
        let mut tx = test.db.begin().await.expect("begins");
        store::plans::insert(&mut tx, &plan(5), now).await.expect("a plan");
        for (name, plans) in [("labels", serde_json::json!(["gold"])), ("tracking", serde_json::json!([{"name": "gold"}]))] {
            let document = serde_json::json!({
                "openapi": "3.1.0", "info": {"title": name, "version": "1"},
                "paths": {format!("/{name}"): {"get": {"security": [{"oauth": ["LBS"]}]}}},
                "components": {"securitySchemes": {"oauth": {"type": "oauth2"}}},
                "x-postigo": {"name": name, "upstreams": {}, "plans": plans}
            });
            let row = store::apis::ApiRow { name: name.into(), document: document.to_string(), updated_at: now };
            store::apis::put(&mut tx, &row).await.expect("an API");
        }
        tx.commit(*now).await.expect("commits");
        world.directory.catch_up().await.expect("reads");
        let before = world.directory.catalogue();
        let limit = |catalogue: &Catalogue| catalogue.find("labels").and_then(|api| api.plans[0].rate).map(|rate| rate.requests);
        assert_eq!(limit(&before), Some(5));

        let mut tx = test.db.begin().await.expect("begins");
        assert!(store::plans::update(&mut tx, &plan(50), 1, now).await.expect("writes"));
        tx.commit(*now).await.expect("commits");
        world.directory.catch_up().await.expect("reads");
        let after = world.directory.catalogue();
        assert_eq!(limit(&after), Some(50));
        let same = |name| Arc::ptr_eq(before.find(name).expect("there"), after.find(name).expect("there"));
        assert_eq!((same("labels"), same("tracking")), (false, true), "who derived something from an API that did not change keeps it");
    }

    async fn a_node_that_missed_pruned_changes_starts_anew(test: TestDb) {
        let world = world(&test).await;
        add_client(&test.db, &world, "a").await;
        world.directory.catch_up().await.expect("catches up");
        world.directory.client(Environment::Sandbox, "a").await.expect("reads").expect("there");
        // As if this node had been away: its feed stopped, changes came and went.
        world.directory.stop();
        tokio::time::timeout(Duration::from_secs(5), async {
            suspend(&test.db, &world).await;
            // What came after it is none of this node's records: only the gap tells.
            add_client(&test.db, &world, "b").await;
            let later = Moment(world.hands.clock().now() + jiff::SignedDuration::from_secs(10));
            store::changes::prune(&test.db, later, later).await.expect("prunes");
            world.directory.0.read_feed().await.expect("reads");
        })
        .await
        .expect("in time");
        let client = world.directory.client(Environment::Sandbox, "a").await.expect("reads").expect("there");
        assert_eq!(client.standing, Standing::Suspended);
    }
}

#[tokio::test]
async fn of_a_thousand_apis_only_the_one_that_changed_is_read_again() {
    let test = testkit::sqlite().await;
    let now = Moment(Hands::new().clock().now());
    let row = |i: usize, title: &str| {
        let operation =
            serde_json::json!({"security": [{"oauth": [format!("S{i}")]}], "responses": {"default": {"description": "Anything"}}});
        let paths: serde_json::Map<_, _> = (0..6).map(|n| (format!("/api-{i}/{n}"), serde_json::json!({ "get": operation }))).collect();
        let document = serde_json::json!({
            "openapi": "3.1.0", "info": {"title": title, "version": "1"}, "paths": paths,
            "components": {"securitySchemes": {"oauth": {"type": "oauth2"}}},
            "x-postigo": {"name": format!("api-{i}"), "upstreams": {"sandbox": ["service:paloma"]}}
        });
        store::apis::ApiRow { name: format!("api-{i}").as_str().into(), document: document.to_string(), updated_at: now }
    };
    let mut tx = test.db.begin().await.expect("begins");
    for i in 0..1000 {
        store::apis::put(&mut tx, &row(i, "API")).await.expect("an API");
    }
    tx.commit(*now).await.expect("commits");
    let before = Catalogue::load(&test.db, 1, None).await.expect("loads");
    assert_eq!((before.apis.len(), before.scopes.of(Environment::Sandbox).iter().count()), (1000, 1000));
    assert!(before.scopes.of(Environment::Production).is_empty());
    assert_eq!(before.find("api-77").map(|api| api.operations[0].path.as_str()), Some("/api-77/0"));

    let mut tx = test.db.begin().await.expect("begins");
    store::apis::put(&mut tx, &row(77, "Another")).await.expect("an API");
    tx.commit(*now).await.expect("commits");
    let after = Catalogue::load(&test.db, 2, Some(&before)).await.expect("loads");
    let read_again: Vec<_> = after.apis.iter().filter(|api| !before.apis.iter().any(|old| Arc::ptr_eq(old, api))).collect();
    assert_eq!(read_again.iter().map(|api| api.title.as_str()).collect::<Vec<_>>(), ["Another"]);
}

#[tokio::test]
async fn another_master_key_does_not_open_the_directory() {
    let test = testkit::sqlite().await;
    let world = world(&test).await;
    let other = Arc::new(MasterKey::parse(&MasterKey::draw(&testkit::entropy(99))).expect("a master key"));
    let opened = Directory::open(test.db.clone(), other, world.hands.clock(), Settings::default()).await;
    assert!(matches!(opened.err(), Some(OpenError::Unopened(_))));
}

#[tokio::test]
async fn the_feed_is_silent_only_when_nobody_reads_it() {
    let test = testkit::sqlite().await;
    let world = world(&test).await;
    world.directory.catch_up().await.expect("catches up");
    assert!(!world.directory.is_degraded());
    assert!(!world.directory.is_too_stale());
    test.db.close().await;
    let deadline = Instant::now() + SILENCE + Duration::from_secs(3);
    while !world.directory.is_degraded() {
        assert!(Instant::now() < deadline, "a dead database must show");
        tokio::task::yield_now().await;
    }
}
