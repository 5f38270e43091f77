//! Organisations and customer keys, looked for among as many as anybody has.

use domain::{
    Environment::Production,
    Timestamp,
    contract::{ContractStatus, Standing},
};
use store::{
    Moment, acting, customer_keys,
    organisation_search::{Hit, Matched, Order, Search, search},
    owners::Owners,
    policy_acceptances::{self, Acceptance},
    queues, testkit,
};

fn text(text: &str) -> Search {
    Search { text: text.into(), ..Search::default() }
}

fn matched(hits: &[Hit]) -> Vec<(Matched, String)> {
    hits.iter().filter_map(|hit| hit.matched()).map(|(kind, text)| (kind, text.to_owned())).collect()
}

store::on_both_engines! {
    async fn organisations_and_customer_keys_are_found_among_many_by_whatever_somebody_has_of_them(test: TestDb) {
        testkit::many_organisations(&test, 20_000).await;
        let middle = "00000000-0000-7000-8000-000000010000".parse().expect("an id");
        let cases = [
            ("the newest", Search::default(), 25),
            ("by name", Search { order: Order::Name, ..Search::default() }, 25),
            ("by name from the middle", Search { order: Order::Name, after: Some(middle), ..Search::default() }, 25),
            ("few of a state", Search { status: Some(Standing::Suspended), ..Search::default() }, 20),
            ("none of a state", Search { status: Some(Standing::Revoked), ..Search::default() }, 0),
            ("none of a state by name", Search { status: Some(Standing::Revoked), order: Order::Name, ..Search::default() }, 0),
            ("a rare word", text("NÚMERO 9999"), 1),
            ("a rare word in a project", text("línea 17777"), 1),
            ("words that no name has together", text("librería tienda"), 0),
            ("a word that fits all", text("librería"), 25),
            ("a letter that fits all, by name", Search { order: Order::Name, ..text("l") }, 25),
            ("a word that fits none", text("zapatería"), 0),
            ("a contract", text("54012345"), 1),
            ("a client number", text("80012345"), 1),
            ("a client", text("sbx_ci_000000012345"), 1),
            ("a project", text("00000000-0000-7000-8002-000000012345"), 1),
            ("an address", text("p12345@shop.example"), 1),
        ];
        for (what, wanted, expected) in cases {
            assert_eq!(search(&test.db, &wanted, 25).await.expect("reads").0.len(), expected, "{what}");
        }
        let project = "00000000-0000-7000-8002-000000000001".parse().expect("an id");
        let filter = customer_keys::Filter::default();
        for (what, filter, expected) in [
            ("the newest keys", filter.clone(), 25),
            ("few keys of a state", customer_keys::Filter { status: Some(Standing::Suspended), ..filter.clone() }, 20),
            ("no key of a state", customer_keys::Filter { status: Some(Standing::Revoked), ..filter.clone() }, 0),
            ("an account number", customer_keys::Filter { text: "740012345".into(), ..filter.clone() }, 1),
            ("no account number", customer_keys::Filter { text: "x".into(), ..filter }, 0),
        ] {
            assert_eq!(customer_keys::listed(&test.db, project, &filter, 25).await.expect("reads").len(), expected, "{what}");
        }
        // All of them, as a file is made of them.
        let (mut all, mut seen) = (customer_keys::Filter::default(), 0);
        loop {
            let rows = customer_keys::listed(&test.db, project, &all, 1000).await.expect("reads");
            let Some(last) = rows.last() else { break };
            all.after = Some(last.key.id.clone());
            seen += rows.len();
        }
        assert_eq!(seen, 20_000);
        assert_eq!(matched(&search(&test.db, &text("54012345"), 25).await.expect("reads").0), [(Matched::Contract, "54012345".to_owned())]);
    }

    async fn contracts_and_acceptances_are_found_by_the_name_of_few_organisations_and_of_many(test: TestDb) {
        testkit::many_organisations(&test, 1_500).await;
        let mut tx = test.db.begin().await.expect("begins");
        for number in [7, 1_499] {
            let project = format!("00000000-0000-7000-8002-{number:012}").parse().expect("an id");
            let acceptance = Acceptance {
                environment: Production,
                version: "2026-01".into(),
                account_id: format!("00000000-0000-7000-8003-{number:012}").parse().expect("an id"),
                address: "192.0.2.7".into(),
                accepted_at: Moment(Timestamp::from_second(number).expect("a moment")),
            };
            assert!(policy_acceptances::insert(&mut tx, project, &acceptance).await.expect("keeps"));
        }
        tx.commit(Timestamp::UNIX_EPOCH).await.expect("commits");
        for (organisation, contracts, acceptances) in
            [("", 1_500, 2), ("libreria", 1_500, 2), ("NÚMERO 149", 11, 1), ("numero 1499", 1, 1), ("núm_ro", 0, 0), ("zapatería", 0, 0)]
        {
            let owners = Owners::called(&test.db, organisation).await.expect("reads");
            let filter = queues::Filter { owners: owners.clone(), ..queues::Filter::default() };
            let start = queues::After(Moment(Timestamp::UNIX_EPOCH), String::new());
            let rows = queues::contracts(&test.db, ContractStatus::Active, &filter, &start, 2_000).await.expect("reads");
            let counted = queues::contracts_count(&test.db, ContractStatus::Active, &filter, 2_000).await.expect("counts");
            assert_eq!((rows.len(), counted), (contracts, i64::try_from(contracts).expect("fits")), "{organisation}");
            assert!(rows.windows(2).all(|two| two[0].what.id.to_string() < two[1].what.id.to_string()), "oldest first");
            let ended = queues::contracts_count(&test.db, ContractStatus::Ended, &filter, 2_000).await.expect("counts");
            assert_eq!(ended, 0, "{organisation}");
            let before = (Moment(Timestamp::MAX), "");
            let signed = policy_acceptances::page(&test.db, "", &owners, before, 25).await.expect("reads");
            assert_eq!(signed.len(), acceptances, "{organisation}");
            assert!(signed.windows(2).all(|two| two[0].acceptance.accepted_at > two[1].acceptance.accepted_at), "newest first");
            let other = policy_acceptances::page(&test.db, "2025-01", &owners, before, 25).await.expect("reads");
            assert!(other.is_empty(), "of another version");
        }
    }

    async fn a_holder_sees_who_acts_for_it_however_many_do(test: TestDb) {
        testkit::many_organisations(&test, 20_000).await;
        testkit::all_for_one(&test, "80012345").await;
        let holder = "00000000-0000-7000-8000-000000012345".parse().expect("an id");
        let held = acting::held(&test.db, holder).await.expect("reads");
        assert_eq!(held, ["54012345", "80012345"]);
        let (mut after, mut seen) = (None, 0);
        for _ in 0..4 {
            let page = acting::of_accounts(&test.db, Production, &held, None, after.as_ref(), 25).await.expect("reads");
            assert!(page.windows(2).all(|two| two[0].created_at > two[1].created_at), "newest first");
            seen += page.len();
            let last = page.into_iter().next_back().expect("a full page");
            after = Some(acting::After { id: last.id, account_number: last.account_number, created_at: last.created_at });
        }
        assert_eq!(seen, 100);
        let few = acting::of_accounts(&test.db, Production, &held, Some(Standing::Suspended), None, 25).await.expect("reads");
        let none = acting::of_accounts(&test.db, Production, &held, Some(Standing::Revoked), None, 25).await.expect("reads");
        assert_eq!((few.len(), none.len()), (20, 0));
        assert_eq!(acting::acting(&test.db, holder, 1000).await.expect("counts"), 1000, "no further than that");
    }
}
