//! Public keys of clients, and customer keys that are bound to them.

use app::{Actor, Bounded, Error, Rule, clients, customer_keys, organisations, public_keys, secrets};
use domain::{ChildKey, ClientId, CustomerType, Environment, ProjectId, contract::Standing, role::Role, rotation::Overlap, signing_key};
use store::Moment;

use crate::house::{House, actor, house};

/// RFC 8037, appendix A.2.
pub const ED25519: &str = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;

/// The public half of another pair each time.
fn another() -> String {
    let at = domain::Timestamp::UNIX_EPOCH;
    let key = signing_key::SigningKey::read("k".into(), Environment::Sandbox, at, None, &signing_key::draw()).expect("a key");
    key.public_jwk().to_string()
}

/// An integrator's project, its client and a customer key.
async fn platform(house: &House) -> (ProjectId, ClientId, ChildKey) {
    let founded = organisations::create(&house.app, &actor(), "Platform", CustomerType::Integrator, "Web").await.expect("founds");
    let project = founded.first.project.id;
    let key = customer_keys::create(&house.app, &actor(), project, Environment::Sandbox, "740561073").await.expect("issues");
    (project, founded.first.client.client.id, key.record.id)
}

/// The client as the hot path reads it.
async fn client(house: &House, id: &ClientId) -> domain::client::Client {
    let now = Moment(house.app.now());
    store::clients::record(house.app.db(), Environment::Sandbox, id, now).await.expect("reads").expect("there")
}

/// Whether the client may use the key once the secret or public key `by` has proved it.
async fn may_use(house: &House, id: &ClientId, key: &ChildKey, by: domain::SecretId) -> bool {
    let key = store::customer_keys::record(house.app.db(), Environment::Sandbox, key).await.expect("reads").expect("there");
    client(house, id).await.may_use_key(&key, by)
}

store::on_both_engines! {
    async fn a_registered_key_is_the_clients_until_it_is_removed_and_is_known_by_its_thumbprint(test: TestDb) {
        let house = house(&test).await;
        let id = house.founded.first.client.client.id.clone();
        let row = public_keys::add(&house.app, &actor(), &id, &format!(" {ED25519}\n")).await.expect("adds");
        assert_eq!(row.thumbprint, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
        let known = client(&house, &id).await;
        assert_eq!(known.public_keys.iter().map(|key| (key.id, key.key.thumbprint())).collect::<Vec<_>>(), [(row.id, row.thumbprint.as_str())]);
        assert!(known.knows_secret(row.id));
        let twice = public_keys::add(&house.app, &actor(), &id, ED25519).await.err();
        assert!(matches!(twice, Some(Error::Taken { .. })), "{twice:?}");
        public_keys::remove(&house.app, &actor(), &id, &row.thumbprint).await.expect("removes");
        let known = client(&house, &id).await;
        assert!(known.public_keys.is_empty() && !known.knows_secret(row.id), "and its tokens with it");
        let again = public_keys::remove(&house.app, &actor(), &id, &row.thumbprint).await;
        assert!(matches!(again, Err(Error::NotFound { .. })), "{again:?}");
        let actions: Vec<_> = store::audit::latest(house.app.db(), 2).await.expect("reads").into_iter().map(|entry| entry.action).collect();
        assert!(actions.contains(&"client.remove_public_key".into()) && actions.contains(&"client.add_public_key".into()), "{actions:?}");
    }

    async fn what_is_no_public_key_is_refused_and_a_private_half_is_kept_nowhere(test: TestDb) {
        let house = house(&test).await;
        let id = house.founded.first.client.client.id.clone();
        let private = ED25519.replace('}', r#","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"}"#);
        for (jwk, word) in [(private.as_str(), "private half"), (r#"{"kty":"RSA","n":"AQAB","e":"AQAB"}"#, "P-256"), ("pgs_sbx_x", "JWK")] {
            let error = public_keys::add(&house.app, &actor(), &id, jwk).await.expect_err("refused");
            assert!(matches!(&error, Error::Invalid { .. }) && error.to_string().contains(word), "{error}");
            assert!(!error.to_string().contains("nWGxne"), "{error}");
        }
        let entries = store::audit::latest(house.app.db(), 100).await.expect("reads");
        assert!(entries.iter().all(|entry| !entry.detail.contains("nWGxne")));
    }

    async fn a_client_has_five_live_keys_at_most_however_many_add_one_at_once(test: TestDb) {
        let house = house(&test).await;
        let id = house.founded.first.client.client.id.clone();
        let adding: Vec<_> = (0..8)
            .map(|_| {
                let (app, id) = (house.app.clone(), id.clone());
                tokio::spawn(async move { public_keys::add(&app, &actor(), &id, &another()).await })
            })
            .collect();
        let (mut added, mut refused) = (Vec::new(), 0);
        for task in adding {
            match task.await.expect("joins") {
                Ok(row) => added.push(row),
                Err(error) => {
                    assert!(matches!(&error, Error::Refused(words) if words.english.contains("remove one first")), "{error}");
                    refused += 1;
                }
            }
        }
        assert_eq!((added.len(), refused), (5, 3));
        public_keys::remove(&house.app, &actor(), &id, &added[0].thumbprint).await.expect("removes");
        public_keys::add(&house.app, &actor(), &id, &another()).await.expect("there is room again");
    }

    async fn what_was_removed_does_not_come_back_under_any_client_of_the_project(test: TestDb) {
        let house = house(&test).await;
        let id = house.founded.first.client.client.id.clone();
        let thumbprint = public_keys::add(&house.app, &actor(), &id, ED25519).await.expect("adds").thumbprint;
        public_keys::remove(&house.app, &actor(), &id, &thumbprint).await.expect("removes");
        let other = clients::create(&house.app, &actor(), house.project(), Environment::Sandbox).await.expect("creates").client.id;
        for client in [&id, &other] {
            let error = public_keys::add(&house.app, &actor(), client, ED25519).await.expect_err("refused");
            assert!(matches!(&error, Error::Refused(words) if words.english.contains("does not come back")), "{error}");
        }
        let elsewhere = organisations::create(&house.app, &actor(), "Elsewhere", CustomerType::Customer, "Web").await.expect("founds");
        public_keys::add(&house.app, &actor(), &elsewhere.first.client.client.id, ED25519).await.expect("others are told nothing");
    }

    async fn a_replaced_client_keeps_its_keys_for_the_overlap_and_the_new_one_may_have_the_same(test: TestDb) {
        let house = house(&test).await;
        let old = house.founded.first.client.client.id.clone();
        public_keys::add(&house.app, &actor(), &old, ED25519).await.expect("adds");
        let new = clients::replace(&house.app, &actor(), &old, Overlap::Day).await.expect("replaces").client.id;
        let end = client(&house, &old).await.public_keys[0].retires_at.expect("an end");
        assert_eq!(end.as_second(), house.app.now().as_second() + 86_400);
        public_keys::add(&house.app, &actor(), &new, ED25519).await.expect("the same pair goes on");
    }

    async fn a_revoked_client_gets_no_keys(test: TestDb) {
        let house = house(&test).await;
        let id = house.founded.first.client.client.id.clone();
        clients::set_status(&house.app, &actor(), &id, Standing::Revoked).await.expect("revokes");
        assert!(matches!(public_keys::add(&house.app, &actor(), &id, ED25519).await, Err(Error::Refused(_))));
    }

    async fn members_add_only_so_many_keys_a_day(test: TestDb) {
        let house = house(&test).await;
        let by = Actor::Account(house.member("dora@shop.example", Role::Developer).await);
        let id = house.founded.first.client.client.id.clone();
        for _ in 0..secrets::MOST_A_DAY {
            let row = public_keys::add(&house.app, &by, &id, &another()).await.expect("adds");
            public_keys::remove(&house.app, &by, &id, &row.thumbprint).await.expect("removes");
        }
        let full = public_keys::add(&house.app, &by, &id, &another()).await.err();
        assert!(matches!(full, Some(Error::Rule(Rule::TooMany(Bounded::PublicKeys, secrets::MOST_A_DAY)))), "{full:?}");
        public_keys::add(&house.app, &actor(), &id, &another()).await.expect("the operator helps out");
    }

    async fn a_bound_customer_key_is_good_for_the_public_key_it_is_bound_to_and_nothing_else(test: TestDb) {
        let house = house(&test).await;
        let (_, id, key) = platform(&house).await;
        let secret = client(&house, &id).await.secrets[0].id;
        let (one, other) = (
            public_keys::add(&house.app, &actor(), &id, ED25519).await.expect("adds"),
            public_keys::add(&house.app, &actor(), &id, &another()).await.expect("adds"),
        );
        assert!(may_use(&house, &id, &key, secret).await && may_use(&house, &id, &key, one.id).await);
        customer_keys::bind(&house.app, &actor(), &key, &one.thumbprint).await.expect("binds");
        assert_eq!(customer_keys::find(&house.app, &actor(), &key).await.expect("finds").bound_to, Some(one.thumbprint.clone()));
        assert!(!may_use(&house, &id, &key, secret).await, "the secret is not enough any more");
        assert!(may_use(&house, &id, &key, one.id).await && !may_use(&house, &id, &key, other.id).await);
        customer_keys::bind(&house.app, &actor(), &key, &other.thumbprint).await.expect("binds anew");
        assert!(!may_use(&house, &id, &key, one.id).await && may_use(&house, &id, &key, other.id).await);
        public_keys::remove(&house.app, &actor(), &id, &other.thumbprint).await.expect("removes");
        for by in [secret, one.id, other.id] {
            assert!(!may_use(&house, &id, &key, by).await, "until it is bound anew");
        }
        customer_keys::bind(&house.app, &actor(), &key, &one.thumbprint).await.expect("binds anew");
        assert!(may_use(&house, &id, &key, one.id).await);
        customer_keys::unbind(&house.app, &actor(), &key).await.expect("frees");
        assert!(may_use(&house, &id, &key, secret).await);
    }

    async fn a_customer_key_is_bound_to_keys_of_its_own_project_in_its_own_environment_only(test: TestDb) {
        let house = house(&test).await;
        let (_, id, key) = platform(&house).await;
        let foreign = house.founded.first.client.client.id.clone();
        let theirs = public_keys::add(&house.app, &actor(), &foreign, ED25519).await.expect("adds").thumbprint;
        let removed = public_keys::add(&house.app, &actor(), &id, &another()).await.expect("adds").thumbprint;
        public_keys::remove(&house.app, &actor(), &id, &removed).await.expect("removes");
        for thumbprint in [theirs.as_str(), removed.as_str(), "", "x"] {
            let error = customer_keys::bind(&house.app, &actor(), &key, thumbprint).await.expect_err("refused");
            assert!(matches!(error, Error::Invalid { field: "thumbprint", .. }), "{error}");
        }
        customer_keys::set_status(&house.app, &actor(), &key, Standing::Revoked).await.expect("revokes");
        assert!(matches!(customer_keys::unbind(&house.app, &actor(), &key).await, Err(Error::Refused(_))));
        assert!(matches!(customer_keys::unbind(&house.app, &actor(), &"sbx_ck_none".into()).await, Err(Error::NotFound { .. })));
    }
}
