use domain::Timestamp;
use serde_json::json;
use store::{Db, audit, audit::Entry, testkit::TestDb};

async fn enter(db: &Db, subject: &str) {
    let mut tx = db.begin().await.expect("begins");
    tx.audit(Entry { actor: "operator:ana".into(), action: "client.create", subject: subject.into(), detail: json!({"a": 1}) });
    tx.commit(Timestamp::from_second(1_780_000_000).expect("a moment")).await.expect("commits");
}

store::on_both_engines! {
    async fn an_entry_changed_or_removed_later_shows(test: TestDb) {
        for subject in ["a", "b", "c"] {
            enter(&test.db, subject).await;
        }
        assert_eq!(audit::verify(&test.db).await.expect("reads"), Ok(3));
        tamper(&test, "UPDATE audit SET subject = 'x' WHERE seq = 2").await;
        assert_eq!(audit::verify(&test.db).await.expect("reads"), Err(2));
        tamper(&test, "UPDATE audit SET subject = 'b' WHERE seq = 2").await;
        assert_eq!(audit::verify(&test.db).await.expect("reads"), Ok(3));
        tamper(&test, "DELETE FROM audit WHERE seq = 3").await;
        assert_eq!(audit::verify(&test.db).await.expect("reads"), Err(3), "the end cut off must show too");
    }

    async fn entries_made_at_once_form_one_chain(test: TestDb) {
        let writers: Vec<_> = (0..12)
            .map(|i| {
                let db = test.db.clone();
                tokio::spawn(async move { enter(&db, &i.to_string()).await })
            })
            .collect();
        for writer in writers {
            writer.await.expect("joins");
        }
        assert_eq!(audit::verify(&test.db).await.expect("reads"), Ok(12));
        assert_eq!(audit::latest(&test.db, 5).await.expect("reads").len(), 5);
    }
}

/// Somebody with the database's password.
async fn tamper(test: &TestDb, statement: &'static str) {
    if test.url.starts_with("sqlite") {
        let pool = sqlx::SqlitePool::connect(&test.url).await.expect("connects");
        sqlx::query(statement).execute(&pool).await.expect("tampers");
        pool.close().await;
    } else {
        let pool = sqlx::PgPool::connect(&test.url).await.expect("connects");
        sqlx::query(statement).execute(&pool).await.expect("tampers");
        pool.close().await;
    }
}
