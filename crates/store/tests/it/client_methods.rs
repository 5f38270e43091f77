//! How clients prove themselves, of one and of as many as anybody has.

use domain::{ClientId, Timestamp, client_method::ClientMethod, contract::Standing};
use store::{Db, Moment, client_methods, clients, testkit};

fn at(second: i64) -> Moment {
    Moment(Timestamp::from_second(1_780_000_000 + second).expect("a moment"))
}

async fn note(db: &Db, client: &str, method: ClientMethod, second: i64, address: &str) {
    let mut tx = db.begin().await.expect("begins");
    client_methods::note(&mut tx, &ClientId::from(client), method, at(second), address, Some("cart/1.0")).await.expect("notes");
    tx.commit(*at(second)).await.expect("commits");
}

async fn pruned(db: &Db, before: i64) -> u64 {
    let mut tx = db.begin().await.expect("begins");
    let removed = client_methods::prune(&mut tx, ClientMethod::QueryToken, at(before)).await.expect("prunes");
    tx.commit(*at(before)).await.expect("commits");
    removed
}

store::on_both_engines! {
    async fn a_use_has_its_first_and_its_last_moment_in_whatever_order_they_arrive(test: TestDb) {
        testkit::many_organisations(&test, 2).await;
        let (db, client) = (&test.db, "sbx_ci_000000000001");
        note(db, "sbx_ci_nobody", ClientMethod::QueryToken, 0, "192.0.2.1").await;
        for (second, address) in [(10, "192.0.2.1"), (30, "192.0.2.3"), (20, "192.0.2.2")] {
            note(db, client, ClientMethod::QueryToken, second, address).await;
        }
        note(db, client, ClientMethod::SecretBasic, 5, "192.0.2.1").await;
        let found = client_methods::of_client(db, &ClientId::from(client)).await.expect("reads");
        let found: Vec<_> = found.iter().map(|used| (used.method, used.first_used_at, used.last_used_at, used.last_used_address.as_str())).collect();
        let expected = [(ClientMethod::QueryToken, at(10), at(30), "192.0.2.3"), (ClientMethod::SecretBasic, at(5), at(5), "192.0.2.1")];
        assert_eq!(found, expected);

        assert_eq!(pruned(db, 30).await, 0, "what was used at that moment stays");
        assert_eq!(pruned(db, 31).await, 1);
        let left = client_methods::of_client(db, &ClientId::from(client)).await.expect("reads");
        assert_eq!(left.iter().map(|used| used.method).collect::<Vec<_>>(), [ClientMethod::SecretBasic], "another method is left alone");
    }

    async fn of_many_clients_of_one_moment_each_is_on_one_page_and_a_revoked_one_on_none(test: TestDb) {
        testkit::many_organisations(&test, 20_000).await;
        testkit::all_use(&test, ClientMethod::SecretPost.as_str(), at(0)).await;
        note(&test.db, "sbx_ci_000000012345", ClientMethod::SecretPost, 9, "192.0.2.1").await;
        let revoked = ClientId::from("sbx_ci_000000019998");
        let mut tx = test.db.begin().await.expect("begins");
        assert!(clients::set_status(&mut tx, &revoked, Standing::Revoked).await.expect("revokes"));
        tx.commit(*at(0)).await.expect("commits");

        let page = async |before: (Moment, &str)| {
            let rows = client_methods::users(&test.db, ClientMethod::SecretPost, at(0), before, 4).await.expect("reads");
            rows.into_iter().map(|row| row.used.client_id.to_string().trim_start_matches("sbx_ci_0000000").to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(page((Moment(Timestamp::MAX), "")).await, ["12345", "20000", "19999", "19997"]);
        assert_eq!(page((at(0), "sbx_ci_000000019997")).await, ["19996", "19995", "19994", "19993"]);
        assert_eq!(page((at(0), "sbx_ci_000000000002")).await, ["00001"]);
        let none = client_methods::users(&test.db, ClientMethod::SecretPost, at(10), (Moment(Timestamp::MAX), ""), 4).await.expect("reads");
        assert!(none.is_empty(), "nobody used it since");
    }
}
