//! How much each customer key is used, as it is counted at the gateway.

use domain::contract::Standing;
use store::customer_key_usage::of_key;

use crate::house::{api, get, house};

#[tokio::test]
async fn what_a_customer_key_does_is_counted_for_it_alone_by_day() {
    let house = house(vec![api("a", &["service:clerk"])]).await;
    let (key, sibling) = (house.customer_key(&house.shop).await, house.customer_key(&house.shop).await);
    let token = |key, scope| house.sign(&house.with_customer_key(&house.shop, key, scope));
    let own = house.sign(&house.claims(&house.shop, "READ"));
    for _ in 0..2 {
        assert_eq!(house.send(get("/a/things").bearer(&token(&key, "READ"))).await.status, 200);
    }
    assert_eq!(house.send(get("/a/admin").bearer(&token(&key, "READ"))).await.status, 403);
    assert_eq!(house.send(get("/a/things").bearer(&own)).await.status, 200, "with no customer key");
    house.hands.advance(43_200);
    let tomorrow = house.sign(&house.with_customer_key(&house.shop, &key, "READ"));
    house.change(async |tx| store::customer_keys::set_status(tx, &key, Standing::Suspended).await).await;
    assert_eq!(house.send(get("/a/things").bearer(&tomorrow)).await.status, 401, "which is a use of it too");
    let midnight = house.now();
    let test = house.close().await;
    let days = of_key(&test.db, &key, 9).await.expect("reads");
    assert_eq!(days.iter().map(|day| (day.passed, day.refused)).collect::<Vec<_>>(), [(0, 1), (2, 1)]);
    let last = store::acting::find(&test.db, &key).await.expect("reads").expect("is there").last_used_at;
    assert_eq!(last, Some(midnight));
    assert!(of_key(&test.db, &sibling, 9).await.expect("reads").is_empty());
}
