use store::{Db, Engine};

store::on_both_engines! {
    async fn every_statement_can_be_prepared(test: TestDb) {
        let engine = if matches!(test.db, Db::Sqlite(_)) { Engine::Sqlite } else { Engine::Postgres };
        let mut prepared = 0;
        for statement in store::statements().filter(|statement| [Engine::Both, engine].contains(&statement.engine())) {
            if let Err(error) = test.db.prepare(statement.text).await {
                panic!("{}::{}: {error}", statement.module, statement.name);
            }
            prepared += 1;
        }
        assert!(prepared > 60, "only {prepared} statements are listed");
    }

    async fn migrating_twice_and_from_several_nodes_at_once_is_safe(test: TestDb) {
        assert_eq!(test.db.pending_migrations().await.expect("reads"), 0);
        let nodes: Vec<_> = (0..4)
            .map(|_| {
                let url = test.url.clone();
                tokio::spawn(async move { Db::open(&url).await.expect("opens").migrate().await.expect("migrates") })
            })
            .collect();
        for node in nodes {
            node.await.expect("joins");
        }
    }
}

#[tokio::test]
async fn a_fresh_database_says_how_many_steps_are_to_come() {
    let folder = tempfile::tempdir().expect("a folder");
    let db = Db::open(&format!("sqlite://{}", folder.path().join("x.db").display())).await.expect("opens");
    assert!(db.pending_migrations().await.expect("reads") >= 1);
}

#[tokio::test]
async fn an_address_that_cannot_be_used_says_what_would_be_right() {
    for (url, says) in [
        ("mysql://x", "sqlite:// or postgres://"),
        ("sqlite:///nowhere/at/all/x.db", "check that the folder exists"),
        ("sqlite://x.db?mode=rwc", "a file and nothing else"),
        ("sqlite::memory:", "a file and nothing else"),
    ] {
        let error = Db::open(url).await.expect_err("refused").to_string();
        assert!(error.contains(says), "{error}");
    }
}
