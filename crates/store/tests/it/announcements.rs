use domain::{
    AnnouncementId, Timestamp,
    announcement::{Kind, Stage},
};
use store::{
    Moment, Tx, announcements,
    announcements::{Announcement, Update},
    testkit,
};

fn at(second: i64) -> Moment {
    Moment(Timestamp::from_second(1_780_000_000 + second).expect("a moment"))
}

async fn published(tx: &mut Tx, id: AnnouncementId, starts_at: Moment, ends_at: Option<Moment>) {
    let one = Announcement {
        id,
        kind: Kind::Incident,
        environment: String::new(),
        api: String::new(),
        title_spanish: "Etiquetas con retraso".into(),
        title_english: "Labels are late".into(),
        text_spanish: "Estamos en ello.".into(),
        text_english: "We are on it.".into(),
        starts_at,
        ends_at,
        revision: 1,
        created_at: at(0),
        created_by: "system".into(),
        published_at: None,
        updates: Vec::new(),
    };
    announcements::insert(tx, &one).await.expect("inserts");
    assert!(announcements::publish(tx, id, 1, at(0)).await.expect("publishes"));
    let update =
        Update { announcement_id: id, number: 1, at: at(1), stage: Stage::Identified, spanish: "Algo.".into(), english: "Some.".into() };
    announcements::add_update(tx, &update).await.expect("says more");
}

store::on_both_engines! {
    async fn what_goes_on_is_not_pushed_out_by_all_that_ended_since(test: TestDb) {
        let (entropy, now) = (testkit::entropy(7), at(10_000));
        let (open, to_the_end) = (entropy.uuid(*at(0)).into(), entropy.uuid(*at(0)).into());
        let mut tx = test.db.begin().await.expect("begins");
        published(&mut tx, open, at(0), None).await;
        published(&mut tx, to_the_end, at(1), Some(at(20_000))).await;
        for number in 0..205 {
            published(&mut tx, entropy.uuid(*at(0)).into(), at(10 + number), Some(at(300 + number))).await;
        }
        tx.commit(*at(0)).await.expect("commits");
        let standing = announcements::standing(&test.db, at(100), now).await.expect("reads");
        assert_eq!(standing.len(), 200);
        assert!(standing.is_sorted_by_key(|one| std::cmp::Reverse(one.starts_at)), "the newest first all the same");
        let oldest: Vec<_> = standing.iter().rev().take(2).map(|one| one.id).collect();
        assert_eq!(oldest, [open, to_the_end]);
        assert!(standing.iter().all(|one| one.updates.len() == 1), "each with what was said of it");
    }
}
