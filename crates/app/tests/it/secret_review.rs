use app::{
    public_keys,
    records::SecretRow,
    secret_review::{self, Page, Which},
    secrets,
};
use domain::{SecretId, Timestamp};
use jiff::SignedDuration;

use crate::{
    house::{House, actor, house},
    public_keys::ED25519,
};

const DAY: u64 = 86_400;

async fn used(house: &House, id: SecretId, at: Timestamp) {
    let mut tx = house.app.db().begin().await.expect("begins");
    store::testkit::note_use(&mut tx, id, store::Moment(at), None).await.expect("notes");
    tx.commit(at).await.expect("commits");
}

async fn found(house: &House, which: Which) -> Vec<String> {
    let page: Page<_> = secret_review::secrets(&house.app, &actor(), which, None, 50).await.expect("reads");
    page.rows.into_iter().map(|row| row.id).collect()
}

store::on_both_engines! {
    async fn a_secret_is_told_that_ends_soon_and_is_used_or_that_is_old_or_that_another_replaced(test: TestDb) {
        let house = house(&test).await;
        let client = &house.founded.first.client.client.id;
        let first: SecretRow = house.founded.first.client.secret.record.clone();
        let none: [String; 0] = [];
        assert_eq!(found(&house, Which::Old).await, none);
        house.hands.advance(400 * DAY);
        assert_eq!(found(&house, Which::Old).await, none, "an old one that nobody uses harms nobody");
        used(&house, first.id, house.app.now()).await;
        assert_eq!(found(&house, Which::Old).await, [first.id.to_string()]);

        let second = secrets::create(&house.app, &actor(), client, None).await.expect("issues").record;
        assert_eq!(found(&house, Which::Superseded).await, none, "the first is in use");
        house.hands.advance(2 * DAY);
        assert_eq!(found(&house, Which::Superseded).await, none, "nothing shows that the second took over");
        used(&house, second.id, house.app.now()).await;
        assert_eq!(found(&house, Which::Superseded).await, [first.id.to_string()]);
        used(&house, first.id, house.app.now()).await;
        assert_eq!(found(&house, Which::Superseded).await, none, "somebody put it back");
        house.hands.advance(2 * DAY);
        used(&house, second.id, house.app.now()).await;
        assert_eq!(found(&house, Which::Superseded).await, [first.id.to_string()]);

        house.hands.advance(15 * DAY);
        secrets::retire(&house.app, &actor(), first.id, 40 * 86_400).await.expect("retires");
        assert_eq!(found(&house, Which::Superseded).await, none, "somebody saw to it");
        assert_eq!(found(&house, Which::Ending).await, none, "forty days are far away");
        house.hands.advance(13 * DAY);
        assert_eq!(found(&house, Which::Ending).await, [first.id.to_string()], "a month's work may still need it");
        house.hands.advance(2 * DAY);
        assert_eq!(found(&house, Which::Ending).await, none, "nobody uses it");
        used(&house, first.id, house.app.now()).await;
        assert_eq!(found(&house, Which::Ending).await, [first.id.to_string()]);
        secrets::revoke(&house.app, &actor(), first.id).await.expect("revokes");
        assert_eq!(found(&house, Which::Ending).await, none);
    }

    async fn a_project_is_quiet_after_half_a_year_without_a_token(test: TestDb) {
        let house = house(&test).await;
        let quiet = async || secret_review::quiet_projects(&house.app, &actor(), None, 50).await.expect("reads").rows;
        assert!(quiet().await.is_empty());
        house.hands.advance(181 * DAY);
        let rows = quiet().await;
        assert_eq!((rows.len(), rows[0].id, rows[0].last_used_at), (1, house.project(), None));
        used(&house, house.founded.first.client.secret.record.id, house.app.now()).await;
        assert!(quiet().await.is_empty());
        house.hands.advance(181 * DAY);
        let last = quiet().await[0].last_used_at.expect("once it did");
        // What is known to the hour is not written with each token.
        for (minutes, noted) in [(30, 0), (90, 90)] {
            used(&house, house.founded.first.client.secret.record.id, *last + SignedDuration::from_mins(minutes)).await;
            let known = *quiet().await[0].last_used_at.expect("noted");
            assert_eq!(known.duration_since(*last), SignedDuration::from_mins(noted));
        }
    }

    async fn a_project_whose_client_proves_itself_with_a_public_key_is_not_quiet(test: TestDb) {
        let house = house(&test).await;
        let client = &house.founded.first.client.client.id;
        let added = public_keys::add(&house.app, &actor(), client, ED25519).await.expect("adds");
        house.hands.advance(181 * DAY);
        used(&house, added.id, house.app.now()).await;
        let rows = secret_review::quiet_projects(&house.app, &actor(), None, 50).await.expect("reads").rows;
        assert!(rows.is_empty(), "{rows:?}");
    }
}
