//! Guessing is slow, and nobody else pays for it (trust T33; §1 row 41).

use std::net::IpAddr;

use http::header::RETRY_AFTER;

use crate::{
    ask::{TOKEN_ROUTES, post, token},
    house::House,
};

store::on_both_engines! {
    async fn after_a_hundred_wrong_secrets_in_a_minute_the_answer_is_429_and_the_right_secret_still_works(test: TestDb) {
        let house = House::open(test).await;
        let (shop, other) = (house.shop().await, house.shop().await);
        house.hands.advance(20);
        let ask = async |id: &str, secret: &str, from: IpAddr| {
            token("/oauth2/token", &[("client_id", id), ("client_secret", secret)]).from(from).send(&house).await
        };
        let (here, there) = (IpAddr::from([198, 51, 100, 1]), IpAddr::from([198, 51, 100, 2]));
        for _ in 0..100 {
            assert_eq!(ask(shop.id.as_str(), "wrong", here).await.status, 401);
        }
        let answer = ask(shop.id.as_str(), "wrong", here).await;
        assert_eq!((answer.status, &answer.headers[RETRY_AFTER]), (429, &http::HeaderValue::from_static("40")));
        for (_, path) in TOKEN_ROUTES {
            for from in [here, there] {
                let right = token(path, &[("client_id", shop.id.as_str()), ("client_secret", &shop.secret)]).from(from).send(&house).await;
                assert_eq!(right.status, 200, "the right secret, from anywhere, at once");
            }
        }
        assert_eq!(ask(shop.id.as_str(), "wrong", there).await.status, 401, "the same client from elsewhere");
        assert_eq!(ask(other.id.as_str(), "wrong", here).await.status, 401, "another client from here");
        house.hands.advance(40);
        assert_eq!(ask(shop.id.as_str(), "wrong", here).await.status, 401, "the next minute");
    }

    async fn an_address_that_fails_with_many_clients_is_slowed_as_a_whole(test: TestDb) {
        let house = House::open(test).await;
        let shop = house.shop().await;
        let from = IpAddr::from([198, 51, 100, 1]);
        for i in 0..1000 {
            let answer =
                token("/oauth/token", &[("client_id", &format!("sbx_ci_{i}")), ("client_secret", "x")]).from(from).send(&house).await;
            assert_eq!(answer.status, 401);
        }
        assert_eq!(
            token("/oauth/token", &[("client_id", "sbx_ci_next"), ("client_secret", "x")]).from(from).send(&house).await.status,
            429
        );
        assert_eq!(token("/oauth/token", &[]).basic(shop.id.as_str(), &shop.secret).from(from).send(&house).await.status, 200);
    }

    async fn wrong_customer_keys_count_and_right_ones_are_never_held_up(test: TestDb) {
        let house = House::open(test).await;
        let (platform, key) = house.platform().await;
        let ask = async |child_secret: &str| {
            let all = [
                ("grant_type", "csp_credentials"),
                ("client_id", platform.id.as_str()),
                ("client_secret", &*platform.secret),
                ("child_key", key.id.as_str()),
                ("child_secret", child_secret),
            ];
            post("/oauth/token").form(&all).send(&house).await
        };
        for _ in 0..100 {
            assert_eq!(ask("wrong").await.status, 401);
        }
        let slowed = ask("wrong").await;
        assert_eq!(slowed.status, 429);
        assert!(slowed.headers.contains_key(RETRY_AFTER) && slowed.json().get("error").is_none());
        assert_eq!(ask(&key.secret).await.status, 200);
    }

    async fn requests_that_are_merely_wrong_do_not_count(test: TestDb) {
        let house = House::open(test).await;
        let shop = house.shop().await;
        for _ in 0..120 {
            let answer = token("/oauth2/token", &[("scope", "nope")]).basic(shop.id.as_str(), &shop.secret).send(&house).await;
            assert_eq!(answer.status, 400);
            assert_eq!(token("/oauth2/token", &[("client_id", shop.id.as_str())]).send(&house).await.status, 401);
        }
        assert_eq!(token("/oauth2/token", &[]).basic(shop.id.as_str(), "wrong").send(&house).await.status, 401);
    }

    async fn a_right_secret_is_let_in_while_others_fail_at_the_same_time(test: TestDb) {
        let house = std::sync::Arc::new(House::open(test).await);
        let shop = std::sync::Arc::new(house.shop().await);
        let tasks: Vec<_> = (0..8)
            .map(|i| {
                let (house, shop) = (std::sync::Arc::clone(&house), std::sync::Arc::clone(&shop));
                tokio::spawn(async move {
                    let mut answers = Vec::new();
                    for _ in 0..60 {
                        let secret = if i == 0 { &shop.secret } else { "wrong" };
                        answers.push(token("/oauth2/token", &[]).basic(shop.id.as_str(), secret).send(&house).await.status);
                    }
                    answers
                })
            })
            .collect();
        let mut refused = Vec::new();
        for (i, task) in tasks.into_iter().enumerate() {
            let answers = task.await.expect("joins");
            if i == 0 {
                assert!(answers.iter().all(|status| *status == 200), "{answers:?}");
            } else {
                refused.extend(answers);
            }
        }
        assert_eq!(refused.iter().filter(|status| **status == 401).count(), 100);
        assert_eq!(refused.iter().filter(|status| **status == 429).count(), 7 * 60 - 100);
    }
}
