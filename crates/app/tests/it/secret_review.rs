use app::{
    records::SecretRow,
    secret_review::{self, Page, Which},
    secrets,
};
use domain::{SecretId, Timestamp};

use crate::house::{House, actor, house};

const DAY: u64 = 86_400;

async fn used(house: &House, id: SecretId, at: Timestamp) {
    let mut tx = house.app.db().begin().await.expect("begins");
    store::clients::note_use(&mut tx, id, store::Moment(at), "192.0.2.1", None).await.expect("notes");
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

        secrets::retire(&house.app, &actor(), first.id, 40 * 86_400).await.expect("retires");
        assert_eq!(found(&house, Which::Superseded).await, none, "somebody saw to it");
        assert_eq!(found(&house, Which::Ending).await, none, "forty days are far away");
        house.hands.advance(15 * DAY);
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
        assert!(quiet().await[0].last_used_at.is_some());
    }
}
