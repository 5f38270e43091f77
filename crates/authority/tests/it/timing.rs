//! What is wrong cannot be told from how long the answer takes (trust §1 row 23).
#![allow(clippy::disallowed_methods, reason = "time is what is measured here")]

use std::time::{Duration, Instant};

use crate::{
    ask::{form, post},
    assertions::{Pair, asserted},
    house::House,
};

const PAIRS: usize = 60;

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// Asks with both bodies in turn, each pair from an address of its own so that nothing is throttled.
async fn medians(house: &House, mut one: impl FnMut(usize) -> String, mut other: impl FnMut(usize) -> String) -> (Duration, Duration) {
    let mut times = (Vec::new(), Vec::new());
    for i in 0..PAIRS {
        let bodies = [one(i), other(i)];
        for (body, times) in bodies.into_iter().zip([&mut times.0, &mut times.1]) {
            let from = [203, 0, 113, u8::try_from(i).expect("few")];
            let ask = post("/oauth2/token").body(body).from(from.into());
            let started = Instant::now();
            let answer = ask.send(house).await;
            times.push(started.elapsed());
            assert_eq!(answer.status, 401);
        }
    }
    (median(times.0), median(times.1))
}

fn assert_alike(what: &str, (one, other): (Duration, Duration)) {
    let allowed = Duration::from_millis(3).max(one.max(other) / 4);
    assert!(one.abs_diff(other) <= allowed, "{what}: {one:?} and {other:?}");
}

store::on_both_engines! {
    async fn an_unknown_client_takes_as_long_as_a_wrong_secret(test: TestDb) {
        let house = House::open(test).await;
        let shop = house.shop().await;
        let body = |id: &str, secret: &str| form(&[("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret)]);
        let wrong = |_| body(shop.id.as_str(), "wrong");
        assert_alike("never seen before", medians(&house, |i| body(&format!("sbx_ci_unknown{i}"), "wrong"), wrong).await);
        assert_alike("always the same", medians(&house, |_| body("sbx_ci_unknown", "wrong"), wrong).await);
        let pair = Pair::of(&house, &shop.id).await;
        let signed = |client: &str, jti: usize| {
            let mut claims = pair.claims(&house, &jti.to_string());
            (claims["iss"], claims["sub"]) = (client.into(), client.into());
            // Its end is not what it should be, and so it is wrong to the last step.
            claims["exp"] = 1.into();
            let assertion = pair.says(&claims);
            form(&[&[("grant_type", "client_credentials")][..], &asserted(&assertion)].concat())
        };
        assert_alike("assertions", medians(&house, |i| signed(shop.id.as_str(), i), |i| signed("sbx_ci_unknown", i)).await);
        assert_alike("longer than any", medians(&house, |_| body(&"x".repeat(500), "wrong"), wrong).await);
    }

    async fn a_foreign_customer_key_takes_as_long_as_an_unknown_or_a_wrong_one(test: TestDb) {
        let house = House::open(test).await;
        let ((platform, key), (_, foreign)) = (house.platform().await, house.platform().await);
        let body = |secret: &str, child: &str, child_secret: &str| {
            form(&[
                ("grant_type", "csp_credentials"),
                ("client_id", platform.id.as_str()),
                ("client_secret", secret),
                ("child_key", child),
                ("child_secret", child_secret),
            ])
        };
        let theirs = |_| body(&platform.secret, foreign.id.as_str(), &foreign.secret);
        assert_alike("unknown", medians(&house, theirs, |i| body(&platform.secret, &format!("sbx_ck_unknown{i}"), "x")).await);
        assert_alike("wrong", medians(&house, theirs, |_| body(&platform.secret, key.id.as_str(), "x")).await);
        let exchanged = |secret: &str, subject: &str| {
            form(&[
                ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
                ("client_id", platform.id.as_str()),
                ("client_secret", secret),
                ("subject_token", subject),
                ("subject_token_type", "urn:postigo:token-type:customer-key"),
            ])
        };
        let foreign_subject = format!("{}.{}", foreign.id, foreign.secret);
        let exchanged_foreign = |_| exchanged(&platform.secret, &foreign_subject);
        let wrong_client = |_| exchanged("wrong", &format!("{}.{}", key.id, key.secret));
        assert_alike("exchanged, wrong parent", medians(&house, exchanged_foreign, wrong_client).await);
        house.rotate_key(&key, 3600).await;
        assert_alike("wrong, of one with two secrets", medians(&house, theirs, |_| body(&platform.secret, key.id.as_str(), "x")).await);
        assert_alike("wrong parent", medians(&house, theirs, |_| body("wrong", key.id.as_str(), &key.secret)).await);
    }
}
