use std::time::Duration;

use domain::{ClientId, Timestamp};
use store::{Db, changes, changes::Change, feed::Waker};

fn now() -> Timestamp {
    Timestamp::from_second(1_780_000_000).expect("a moment")
}

async fn announce(db: &Db, id: String) {
    let mut tx = db.begin().await.expect("begins");
    tx.change(Change::Client(ClientId::from(id)));
    tx.commit(now()).await.expect("commits");
}

store::on_both_engines! {
    async fn numbers_are_gapless_and_in_commit_order_whoever_writes(test: TestDb) {
        let writers: Vec<_> = (0..8)
            .map(|writer| {
                let url = test.url.clone();
                tokio::spawn(async move {
                    let db = Db::open(&url).await.expect("opens");
                    for i in 0..10 {
                        announce(&db, format!("{writer}-{i}")).await;
                    }
                    db.close().await;
                })
            })
            .collect();
        // A reader that never saw a number must never find a smaller one later.
        let (mut seen, mut after) = (Vec::new(), 0);
        while seen.len() < 80 {
            for (seq, change) in changes::after(&test.db, after).await.expect("reads") {
                assert_eq!(seq, after + 1, "a gap, or a commit that overtook another");
                after = seq;
                seen.push(change);
            }
        }
        for writer in writers {
            writer.await.expect("joins");
        }
        assert_eq!(changes::head(&test.db).await.expect("reads"), 80);
    }

    async fn what_is_undone_is_never_announced(test: TestDb) {
        let mut tx = test.db.begin().await.expect("begins");
        tx.change(Change::Catalogue);
        drop(tx);
        announce(&test.db, "a".into()).await;
        let changes = changes::after(&test.db, 0).await.expect("reads");
        assert_eq!(changes, [(1, Some(Change::Client("a".into())))]);
    }

    async fn a_commit_of_this_process_wakes_at_once_even_when_it_came_first(test: TestDb) {
        let mut waker = Waker::new(&test.db).await.expect("listens");
        announce(&test.db, "a".into()).await;
        tokio::time::timeout(Duration::from_secs(5), waker.wait()).await.expect("in time").expect("listens");
        assert_eq!(changes::head(&test.db).await.expect("reads"), 1);
    }

    async fn a_change_named_twice_in_one_transaction_is_announced_once(test: TestDb) {
        let mut tx = test.db.begin().await.expect("begins");
        tx.change(Change::Catalogue);
        tx.change(Change::Catalogue);
        tx.commit(now()).await.expect("commits");
        assert_eq!(changes::head(&test.db).await.expect("reads"), 1);
    }
}
