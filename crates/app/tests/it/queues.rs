mod working;

use app::{
    Error, access, contracts, customer_types, organisations,
    queues::{self, Cursor, Query},
};
use domain::{CustomerType, Environment::Production, contract::ContractStatus};

use crate::house::{House, actor, house};

/// Three organisations besides the first, each waiting for everything, a second apart.
async fn waiting(house: &House) {
    for name in ["Café 100%", "Cafetería Sol", "Papelería_Sol"] {
        let founded = organisations::create(&house.app, &actor(), name, CustomerType::Customer, "Web").await.expect("founds");
        let (owner, project) = (founded.organisation.id, founded.first.project.id);
        for api in ["labels", "tracking"] {
            let wish = access::Wish { project, ..house.wish(Production, api, None) };
            access::request(&house.app, &actor(), wish).await.expect("asks");
        }
        contracts::link(&house.app, &actor(), owner, "54000001", "80000001", "LCE1").await.expect("links");
        customer_types::request(&house.app, &actor(), owner, CustomerType::Integrator, "we ship").await.expect("asks");
        house.hands.advance(1);
    }
}

fn query(organisation: &str, limit: i64) -> Query {
    Query { organisation: organisation.into(), limit, ..Query::default() }
}

store::on_both_engines! {
    async fn a_queue_is_read_page_by_page_oldest_first_and_nothing_twice(test: TestDb) {
        let house = house(&test).await;
        waiting(&house).await;
        let (mut seen, mut after, mut pages) = (Vec::new(), None::<Cursor>, 0);
        loop {
            let page = queues::access(&house.app, &actor(), &Query { after, ..query("", 2) }).await.expect("reads");
            assert_eq!(page.total, 6);
            seen.extend(page.rows.into_iter().map(|row| (row.what.created_at, row.what.id, row.owner, row.project)));
            pages += 1;
            // As it would stand in a link.
            let Some(next) = page.next else { break };
            after = Some(next.to_string().parse().expect("a cursor"));
        }
        assert_eq!((seen.len(), pages), (6, 3));
        assert!(seen.is_sorted_by_key(|(at, ..)| *at));
        let mut ids: Vec<_> = seen.iter().map(|(_, id, ..)| *id).collect();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 6);
        assert_eq!((seen[0].2.as_str(), seen[0].3.as_str()), ("Café 100%", "Web"));
    }

    async fn filters_are_texts_and_not_patterns(test: TestDb) {
        let house = house(&test).await;
        waiting(&house).await;
        for (part, expected) in [("caf", 4), ("SOL", 4), ("100%", 2), ("%", 2), ("_", 2), ("!", 0), ("' OR 1=1 --", 0), ("", 6)] {
            let page = queues::access(&house.app, &actor(), &query(part, 50)).await.expect("reads");
            assert_eq!((page.rows.len(), page.total), (expected, i64::try_from(expected).expect("few")), "{part:?}");
        }
        let labels = Query { api: Some("labels".into()), environment: Some(Production), ..query("sol", 50) };
        assert_eq!(queues::access(&house.app, &actor(), &labels).await.expect("reads").rows.len(), 2);
        let old = Query { waiting_for: 2, ..query("", 50) };
        let page = queues::access(&house.app, &actor(), &old).await.expect("reads");
        assert_eq!((page.rows.len(), page.total), (4, 4), "two of three organisations asked two seconds ago or earlier");
        assert!(queues::access(&house.app, &actor(), &Query { waiting_for: i64::MAX, ..query("", 50) }).await.expect("reads").rows.is_empty());
        let sandbox = Query { environment: Some(domain::Environment::Sandbox), ..query("", 50) };
        assert_eq!(queues::access(&house.app, &actor(), &sandbox).await.expect("reads").rows.len(), 0);
    }

    async fn the_badges_count_what_waits_and_what_is_decided_leaves(test: TestDb) {
        let house = house(&test).await;
        waiting(&house).await;
        let counts = async || { let counts = queues::counts(&house.app, &actor()).await.expect("counts"); (counts.access, counts.contracts, counts.customer_types) };
        assert_eq!(counts().await, (6, 3, 3));
        let first = queues::contracts(&house.app, &actor(), ContractStatus::Pending, &query("", 1)).await.expect("reads").rows.remove(0);
        assert_eq!(first.owner, "Café 100%");
        contracts::reject(&house.app, &actor(), first.what.id, "no").await.expect("rejects");
        let asked = queues::customer_types(&house.app, &actor(), &query("", 50)).await.expect("reads").rows;
        customer_types::approve(&house.app, &actor(), asked[0].what.id, None).await.expect("approves");
        let asked = queues::access(&house.app, &actor(), &query("", 50)).await.expect("reads").rows;
        access::approve(&house.app, &actor(), asked[0].what.id, None).await.expect("approves");
        assert_eq!(counts().await, (5, 2, 2));
        assert_eq!(queues::contracts(&house.app, &actor(), ContractStatus::Ended, &query("", 50)).await.expect("reads").rows.len(), 1);
    }

    async fn limits_and_cursors_that_were_tampered_with_do_no_harm(test: TestDb) {
        let house = house(&test).await;
        waiting(&house).await;
        for limit in [0, -1, i64::MIN, i64::MAX] {
            let page = queues::access(&house.app, &actor(), &query("", limit)).await.expect("reads");
            assert!(!page.rows.is_empty());
        }
    }
}

#[test]
fn a_cursor_is_ours_or_refused() {
    for odd in [
        "",
        ".",
        "1",
        "1.x",
        "x.0197a3c5-e7d1-7c3a-9b2e-0123456789ab",
        "99999999999999999999.0197a3c5-e7d1-7c3a-9b2e-0123456789ab",
        "1.id;--",
    ] {
        assert!(matches!(odd.parse::<Cursor>(), Err(Error::Invalid { field: "after", .. })), "{odd:?}");
    }
}
