//! Organisations and customer keys, looked for among as many as anybody has.

use std::time::Instant;

use domain::contract::Standing;
use store::{
    customer_keys,
    organisation_search::{Hit, Matched, Order, Search, search},
    testkit::{self, TestDb},
};

fn text(text: &str) -> Search {
    Search { text: text.into(), ..Search::default() }
}

fn matched(hits: &[Hit]) -> Vec<(Matched, String)> {
    hits.iter().filter_map(|hit| hit.matched()).map(|(kind, text)| (kind, text.to_owned())).collect()
}

mod a_hundred_thousand_organisations_are_looked_through_in_less_than_a_hundred_milliseconds {
    use super::*;

    // `POSTIGO_MEASURE=1 cargo xtask postgres -- cargo nextest run -p postigo-store hundred_thousand --no-capture` prints the times. Without the
    // variable there are no rows and no times: they depend on the machine, which a test run shares.
    #[tokio::test]
    async fn sqlite() {
        run(testkit::sqlite().await).await;
    }

    #[tokio::test]
    async fn postgres() {
        run(testkit::postgres().await).await;
    }

    async fn run(test: TestDb) {
        if std::env::var_os("POSTIGO_MEASURE").is_none() {
            return;
        }
        testkit::many_organisations(&test).await;
        let mut slow = Vec::new();
        let middle = "00000000-0000-7000-8000-000000050000".parse().expect("an id");
        let cases = [
            ("the newest", Search::default(), 25),
            ("by name", Search { order: Order::Name, ..Search::default() }, 25),
            ("by name from the middle", Search { order: Order::Name, after: Some(middle), ..Search::default() }, 25),
            ("few of a state", Search { status: Some(Standing::Suspended), ..Search::default() }, 25),
            ("none of a state", Search { status: Some(Standing::Revoked), ..Search::default() }, 0),
            ("none of a state by name", Search { status: Some(Standing::Revoked), order: Order::Name, ..Search::default() }, 0),
            ("a rare word", text("NÚMERO 9999"), 11),
            ("a rare word in a project", text("línea 77777"), 1),
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
            let mut times = Vec::new();
            for _ in 0..8 {
                let started = Instant::now();
                let (hits, _) = search(&test.db, &wanted, 25).await.expect("reads");
                times.push(started.elapsed());
                assert_eq!(hits.len(), expected, "{what}");
            }
            times.sort();
            println!("{what}: median {:?}, worst {:?}", times[4], times[7]);
            if times[4].as_millis() >= 100 {
                slow.push(what);
            }
        }
        let project = "00000000-0000-7000-8002-000000000001".parse().expect("an id");
        let filter = customer_keys::Filter::default();
        for (what, filter, expected) in [
            ("the newest keys", filter.clone(), 25),
            ("few keys of a state", customer_keys::Filter { status: Some(Standing::Suspended), ..filter.clone() }, 25),
            ("no key of a state", customer_keys::Filter { status: Some(Standing::Revoked), ..filter.clone() }, 0),
            ("an account number", customer_keys::Filter { text: "740012345".into(), ..filter.clone() }, 1),
            ("no account number", customer_keys::Filter { text: "x".into(), ..filter }, 0),
        ] {
            let started = Instant::now();
            assert_eq!(customer_keys::listed(&test.db, project, &filter, 25).await.expect("reads").len(), expected, "{what}");
            let took = started.elapsed();
            println!("{what}: {took:?}");
            if took.as_millis() >= 100 {
                slow.push(what);
            }
        }
        assert!(slow.is_empty(), "{slow:?}");
        assert_eq!(matched(&search(&test.db, &text("54012345"), 25).await.expect("reads").0), [(Matched::Contract, "54012345".to_owned())]);
    }
}
