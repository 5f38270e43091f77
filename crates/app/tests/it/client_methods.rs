use app::{
    client_methods::{self, Cursor, DAYS},
    clients, projects, view,
};
use domain::{ClientId, client_method::ClientMethod, contract::Standing};
use store::Moment;

use crate::house::{House, actor, house};

const DAY: u64 = 86_400;

async fn used(house: &House, client: &ClientId, method: ClientMethod) {
    let now = Moment(house.app.now());
    let mut tx = house.app.db().begin().await.expect("begins");
    store::client_methods::note(&mut tx, client, method, now, "192.0.2.1", Some("cart/1.0")).await.expect("notes");
    tx.commit(*now).await.expect("commits");
}

async fn found(house: &House, method: ClientMethod, after: Option<&Cursor>, limit: i64) -> (Vec<ClientId>, Option<Cursor>) {
    let (rows, next) = client_methods::users(&house.app, &actor(), method, after, limit).await.expect("reads");
    (rows.into_iter().map(|row| row.used.client_id).collect(), next)
}

store::on_both_engines! {
    async fn clients_of_a_method_come_in_pages_the_latest_use_first_until_they_left_it_or_ended(test: TestDb) {
        let house = house(&test).await;
        let first = house.founded.first.client.client.id.clone();
        let second = projects::create(&house.app, &actor(), house.founded.organisation.id, "App").await.expect("creates").client.client.id;
        used(&house, &first, ClientMethod::QueryToken).await;
        used(&house, &first, ClientMethod::SecretBasic).await;
        house.hands.advance(60);
        used(&house, &second, ClientMethod::QueryToken).await;

        let (page, next) = found(&house, ClientMethod::QueryToken, None, 1).await;
        assert_eq!(page, std::slice::from_ref(&second));
        // As it comes back from an address.
        let next: Cursor = next.expect("there is more").to_string().parse().expect("ours");
        assert_eq!(found(&house, ClientMethod::QueryToken, Some(&next), 1).await, (vec![first.clone()], None));
        assert_eq!(found(&house, ClientMethod::SecretBasic, None, 10).await, (vec![first.clone()], None));
        assert_eq!(found(&house, ClientMethod::PrivateKeyJwt, None, 10).await, (vec![], None));

        house.hands.advance(u64::try_from(DAYS).expect("positive") * DAY - 30);
        assert_eq!(found(&house, ClientMethod::QueryToken, None, 10).await, (vec![second.clone()], None), "the first left it");
        let page = view::project(&house.app, &actor(), house.project()).await.expect("sees");
        assert!(page.clients[0].methods.is_empty(), "nor does its own page say so");
        used(&house, &first, ClientMethod::SecretPost).await;
        let page = view::project(&house.app, &actor(), house.project()).await.expect("sees");
        let methods: Vec<_> = page.clients[0].methods.iter().map(|used| used.method).collect();
        assert_eq!(methods, [ClientMethod::SecretPost]);

        clients::set_status(&house.app, &actor(), &second, Standing::Revoked).await.expect("revokes");
        assert_eq!(found(&house, ClientMethod::QueryToken, None, 10).await, (vec![], None));
    }
}

#[test]
fn a_cursor_that_is_none_of_ours_is_refused() {
    for text in ["", ".", "x", "1", "1.", "x.YQ", "1.%", "1.YQ==", "99999999999999999999.YQ", "1.AA"] {
        // An empty identifier is harmless: nothing comes before it.
        assert_eq!(text.parse::<Cursor>().is_ok(), text == "1.", "{text:?}");
    }
}
