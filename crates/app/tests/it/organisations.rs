use app::{Actor, Bounded, Error, Rule, clients, organisations, projects};
use domain::{CustomerType, Environment::Sandbox, contract::Standing, role::Role};
use store::Moment;

use crate::house::{actor, house};

store::on_both_engines! {
    async fn whoever_founds_an_organisation_owns_it_and_ends_with_credentials_in_hand(test: TestDb) {
        let house = house(&test).await;
        let ana = house.account("ana@shop.example").await;
        let founded = organisations::create_by(&house.app, ana, "Papelería", "Mi primera aplicación").await.expect("founds");
        assert_eq!(founded.organisation.customer_type, CustomerType::Customer);
        let client = founded.first.client;
        let record = store::clients::record(house.app.db(), Sandbox, &client.client.id, Moment(house.app.now())).await.expect("reads").expect("there");
        assert_eq!(record.secrets.len(), 1);
        let mine = organisations::of_account(&house.app, ana).await.expect("reads");
        assert_eq!(mine.iter().map(|one| (one.name.as_str(), one.role)).collect::<Vec<_>>(), [("Papelería", Role::Owner)]);
        projects::create(&house.app, &Actor::Account(ana), founded.organisation.id, "Otra").await.expect("it is hers");
    }

    async fn an_account_nobody_verified_founds_nothing(test: TestDb) {
        let house = house(&test).await;
        let id = domain::AccountId(uuid::Uuid::from_u128(5));
        store::testkit::account(house.app.db(), id, "new@shop.example", false, None).await;
        let refused = organisations::create_by(&house.app, id, "Papelería", "Web").await.err();
        assert!(matches!(refused, Some(Error::Rule(Rule::Unverified))));
        let nobody = organisations::create_by(&house.app, domain::AccountId(uuid::Uuid::from_u128(6)), "Papelería", "Web").await.err();
        assert!(matches!(nobody, Some(Error::NotFound { .. })));
    }

    async fn an_account_owns_so_many_and_no_more_however_many_it_founds_at_once(test: TestDb) {
        let house = house(&test).await;
        let ana = house.account("ana@shop.example").await;
        let tasks: Vec<_> = (0..organisations::MOST + 4)
            .map(|at| {
                let app = house.app.clone();
                tokio::spawn(async move {
                    match organisations::create_by(&app, ana, &format!("Tienda {at}"), "Web").await {
                        Ok(founded) => Some(founded.organisation.id),
                        Err(Error::Rule(Rule::TooMany(Bounded::Organisations, _))) => None,
                        Err(error) => panic!("{error}"),
                    }
                })
            })
            .collect();
        let mut founded = Vec::new();
        for task in tasks {
            founded.extend(task.await.expect("joins"));
        }
        assert_eq!(i64::try_from(founded.len()).expect("few"), organisations::MOST);
        organisations::close(&house.app, &Actor::Account(ana), founded[0]).await.expect("closes");
        organisations::create_by(&house.app, ana, "Tienda nueva", "Web").await.expect("there is room again");
    }

    async fn a_closed_organisation_stops_and_is_only_looked_at(test: TestDb) {
        let house = house(&test).await;
        let owner = house.member("olga@shop.example", Role::Owner).await;
        let by = Actor::Account(owner);
        organisations::close(&house.app, &by, house.organisation()).await.expect("closes");
        let client = &house.founded.first.client.client.id;
        let record = store::clients::record(house.app.db(), Sandbox, client, Moment(house.app.now())).await.expect("reads").expect("there");
        assert_eq!(record.standing, Standing::Revoked);
        app::view::organisation(&house.app, &by, house.organisation()).await.expect("sees");
        for refused in [
            clients::set_status(&house.app, &by, client, Standing::Active).await.err(),
            organisations::close(&house.app, &by, house.organisation()).await.err(),
            projects::create(&house.app, &by, house.organisation(), "App").await.err(),
        ] {
            assert!(matches!(refused, Some(Error::Rule(Rule::Closed))), "{refused:?}");
        }
        assert!(matches!(organisations::close(&house.app, &actor(), house.organisation()).await, Err(Error::Rule(Rule::Closed))));
        assert!(app::members::owned_alone(&house.app, owner).await.expect("reads").is_empty(), "nothing keeps the account from going");
    }

    async fn a_new_name_is_unique_like_any_other(test: TestDb) {
        let house = house(&test).await;
        organisations::create(&house.app, &actor(), "Papelería", CustomerType::Customer, "Web").await.expect("founds");
        assert!(matches!(organisations::rename(&house.app, &actor(), house.organisation(), "Papelería").await, Err(Error::Taken { .. })));
        assert!(matches!(organisations::rename(&house.app, &actor(), house.organisation(), "a\nb").await, Err(Error::Invalid { .. })));
        organisations::rename(&house.app, &actor(), house.organisation(), " Librería Nueva ").await.expect("renames");
        assert_eq!(organisations::find(&house.app, &actor(), "Librería Nueva").await.expect("finds").id, house.organisation());
    }
}
