//! Organisations and customer keys, looked for among as many as anybody has.

use domain::contract::Standing;
use store::{
    customer_keys,
    organisation_search::{Hit, Matched, Order, Search, search},
    testkit,
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
}
