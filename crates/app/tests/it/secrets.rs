use app::{Actor, Bounded, Error, Rule, api_credentials, clients, secrets};
use domain::{Environment, credential::SecretKind, role::Role, rotation::Overlap};

use crate::house::{actor, house};

store::on_both_engines! {
    async fn a_secret_is_replaced_with_the_overlap_one_chooses(test: TestDb) {
        let house = house(&test).await;
        let client = house.founded.first.client.client.id.clone();
        let issued = secrets::create(&house.app, &actor(), &client, Some(86_400)).await.expect("issues");
        assert_eq!(SecretKind::recognise(issued.secret.expose()), Some((SecretKind::Client, Environment::Sandbox)));
        let rows = store::clients::secrets(house.app.db(), &client).await.expect("reads");
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[0].retires_at.map(|at| at.as_second()), Some(house.app.now().as_second() + 86_400));
        assert!(rows[1].retires_at.is_none());

        let third = secrets::create(&house.app, &actor(), &client, None).await.err().expect("two live already");
        assert!(matches!(&third, Error::Refused(text) if text.english.contains("retire or revoke one first")), "{third}");
        house.hands.advance(86_401);
        secrets::create(&house.app, &actor(), &client, None).await.expect("the first one has retired");
    }

    async fn in_an_emergency_both_live_secrets_end_and_a_new_one_begins_in_one_step(test: TestDb) {
        let house = house(&test).await;
        let client = house.founded.first.client.client.id.clone();
        secrets::create(&house.app, &actor(), &client, None).await.expect("a second one");
        secrets::create(&house.app, &actor(), &client, Some(0)).await.expect("a third one, in place of both");
        let now = house.app.now();
        let rows = store::clients::secrets(house.app.db(), &client).await.expect("reads");
        assert_eq!(rows.iter().filter(|row| row.retires_at.is_none_or(|at| at.0 > now)).count(), 1);
    }

    async fn what_is_stored_is_not_the_secret_and_the_audit_log_does_not_hold_it(test: TestDb) {
        let house = house(&test).await;
        let secret = house.founded.first.client.secret.secret.expose().to_owned();
        let entries = store::audit::latest(house.app.db(), 100).await.expect("reads");
        assert!(!entries.is_empty());
        assert!(entries.iter().all(|entry| !entry.detail.contains(&secret)));
        let record = store::clients::record(house.app.db(), Environment::Sandbox, &house.founded.first.client.client.id, store::Moment(house.app.now()));
        let record = record.await.expect("reads").expect("there");
        assert_ne!(record.secrets[0].hash.as_bytes(), secret.as_bytes());
    }

    async fn retiring_and_revoking_say_when_there_is_nothing_to_do(test: TestDb) {
        let house = house(&test).await;
        let id = house.founded.first.client.secret.record.id;
        secrets::retire(&house.app, &actor(), id, 60).await.expect("retires");
        assert!(matches!(secrets::retire(&house.app, &actor(), id, 3600).await, Err(Error::Refused(_))), "no putting off");
        secrets::retire(&house.app, &actor(), id, 0).await.expect("sooner is fine");
        secrets::revoke(&house.app, &actor(), id).await.expect("revokes");
        assert!(matches!(secrets::revoke(&house.app, &actor(), uuid::Uuid::nil().into()).await, Err(Error::NotFound { .. })));
    }

    async fn members_make_only_so_many_secrets_a_day_because_each_is_kept_and_written_about(test: TestDb) {
        let house = house(&test).await;
        let (app, project) = (&house.app, house.project());
        let by = Actor::Account(house.member("dora@shop.example", Role::Developer).await);
        let mut client = house.founded.first.client.client.id.clone();
        let full = |error: Option<Error>| matches!(error, Some(Error::Rule(Rule::TooMany(Bounded::Secrets, secrets::MOST_A_DAY))));
        // The first one came with the project.
        for turn in 1..secrets::MOST_A_DAY {
            if turn % 2 == 0 {
                client = clients::replace(app, &by, &client, Overlap::Now).await.expect("replaces").client.id;
            } else {
                secrets::create(app, &by, &client, Some(0)).await.expect("renews");
            }
        }
        assert!(full(secrets::create(app, &by, &client, Some(0)).await.err()));
        assert!(full(clients::replace(app, &by, &client, Overlap::Now).await.err()));
        assert!(full(clients::create(app, &by, project, Environment::Sandbox).await.err()));
        for _ in 0..secrets::MOST_A_DAY {
            let made = api_credentials::create(app, &by, project, Environment::Sandbox).await.expect("another kind");
            api_credentials::revoke(app, &by, &made.record.id).await.expect("revokes");
        }
        assert!(full(api_credentials::create(app, &by, project, Environment::Sandbox).await.err()));
        secrets::create(app, &actor(), &client, Some(0)).await.expect("the operator helps out");
        house.hands.advance(86_401);
        secrets::create(app, &by, &client, Some(0)).await.expect("the next day");
        api_credentials::create(app, &by, project, Environment::Sandbox).await.expect("the next day");
    }
}
