use domain::{ClientId, CustomerType, Environment, Timestamp, contract::Standing, secret::HashKey};
use store::{
    Db, Moment, clients,
    clients::{ClientRow, NewSecret},
    organisations,
    organisations::Organisation,
    projects,
    projects::Project,
    testkit,
};

fn at(second: i64) -> Moment {
    Moment(Timestamp::from_second(1_780_000_000 + second).expect("a moment"))
}

async fn client(db: &Db) -> ClientRow {
    let entropy = testkit::entropy(7);
    let organisation = Organisation {
        id: entropy.uuid(*at(0)).into(),
        name: "Librería".into(),
        customer_type: CustomerType::Customer,
        status: Standing::Active,
        created_at: at(0),
    };
    let project = Project {
        id: entropy.uuid(*at(0)).into(),
        organisation_id: organisation.id,
        name: "Web".into(),
        created_at: at(0),
        archived_at: None,
    };
    let client = ClientRow {
        id: ClientId::from("sbx_ci_a"),
        project_id: project.id,
        environment: Environment::Sandbox,
        status: Standing::Active,
        grant_types: None,
        token_lifetime: 3600,
        created_at: at(0),
    };
    let mut tx = db.begin().await.expect("begins");
    organisations::insert(&mut tx, &organisation).await.expect("organisation");
    projects::insert(&mut tx, &project).await.expect("project");
    clients::insert(&mut tx, &client).await.expect("client");
    tx.commit(*at(0)).await.expect("commits");
    client
}

async fn add(db: &Db, client: &ClientId, id: u128) -> bool {
    let hash = HashKey::new(&[1; 32]).hash(&id.to_string());
    let mut tx = db.begin().await.expect("begins");
    let secret = NewSecret { id: uuid::Uuid::from_u128(id).into(), hash: &hash, prefix: "pgs_sbx_".into(), created_at: at(0) };
    let added = clients::insert_secret(&mut tx, client, &secret, 2).await.expect("inserts");
    tx.commit(*at(0)).await.expect("commits");
    added
}

store::on_both_engines! {
    async fn of_sixteen_who_add_a_secret_at_once_only_two_succeed(test: TestDb) {
        let client = client(&test.db).await;
        let adding: Vec<_> = (0..16)
            .map(|id| {
                let (db, client) = (test.db.clone(), client.id.clone());
                tokio::spawn(async move { add(&db, &client, id).await })
            })
            .collect();
        let mut added = 0;
        for task in adding {
            added += usize::from(task.await.expect("joins"));
        }
        assert_eq!(added, 2);
    }

    async fn a_retired_secret_stays_known_while_its_tokens_live_and_a_revoked_one_does_not(test: TestDb) {
        let client = client(&test.db).await;
        assert!(add(&test.db, &client.id, 1).await && add(&test.db, &client.id, 2).await);
        let rows = clients::secrets(&test.db, &client.id).await.expect("reads");
        let mut tx = test.db.begin().await.expect("begins");
        assert!(clients::retire_secret(&mut tx, &rows[0], at(10)).await.expect("retires"));
        assert!(!clients::retire_secret(&mut tx, &rows[0], at(20)).await.expect("reads"), "a date already set is not put off");
        assert!(clients::revoke_secret(&mut tx, &rows[1], at(10)).await.expect("revokes"));
        tx.commit(*at(0)).await.expect("commits");

        let record = async |oldest_token| {
            let found = clients::record(&test.db, Environment::Sandbox, &client.id, oldest_token).await.expect("reads");
            found.expect("the client").secrets.iter().map(|secret| secret.id).collect::<Vec<_>>()
        };
        assert_eq!(record(at(0)).await, [rows[0].id]);
        assert!(record(at(10)).await.is_empty(), "no token of it can be alive any more");
    }

    async fn a_client_of_the_other_environment_is_not_there(test: TestDb) {
        let client = client(&test.db).await;
        assert!(clients::record(&test.db, Environment::Production, &client.id, at(0)).await.expect("reads").is_none());
    }

    async fn an_organisation_that_stops_takes_every_client_along(test: TestDb) {
        let client = client(&test.db).await;
        let owner = organisations::find_by_name(&test.db, "Librería").await.expect("reads").expect("there");
        let before = store::changes::head(&test.db).await.expect("reads");
        let mut tx = test.db.begin().await.expect("begins");
        let turn = organisations::Turn { from: Standing::Active, to: Standing::Suspended, reason: None, by: "test", at: at(0) };
        assert!(organisations::turn(&mut tx, owner.id, turn).await.expect("turns"));
        tx.commit(*at(0)).await.expect("commits");
        let changes = store::changes::after(&test.db, before).await.expect("reads");
        assert_eq!(changes, [(before + 1, Some(store::changes::Change::Client(client.id.clone())))]);
        let record = clients::record(&test.db, Environment::Sandbox, &client.id, at(0)).await.expect("reads").expect("there");
        assert_eq!(record.standing, Standing::Suspended);
    }
}
