//! Rates and quotas on the wire.

use std::sync::Arc;

use domain::{customer_key::Limits, plan::Rate};

use crate::{
    house::{api, get, house, post},
    origin,
};

#[tokio::test]
async fn every_counted_answer_says_how_the_caller_stands() {
    let origin = origin::echo().await;
    let house = house(vec![api("store", &[&origin.url])]).await;
    let member = house.member("narrow", &[("store", "narrow", "READ")]).await;
    let token = house.token(&member, "READ");
    house.hands.advance(3);
    for left in (0..5).rev() {
        let answer = house.send(get("/store/things").bearer(&token)).await;
        assert_eq!(answer.verdict(), "200 -");
        assert_eq!(answer.header("ratelimit-policy"), "\"rate\";q=5;w=10, \"quota\";q=7;w=86400");
        assert_eq!(answer.header("ratelimit"), format!("\"rate\";r={left};t=7, \"quota\";r={};t=43197", left + 2));
    }
    let refused = house.send(get("/store/things").bearer(&token)).await;
    assert_eq!(refused.verdict(), "429 rate-exceeded");
    assert_eq!(refused.header("retry-after"), "7");
    assert_eq!(refused.header("ratelimit"), "\"rate\";r=0;t=7, \"quota\";r=2;t=43197");

    house.hands.advance(7);
    for verdict in ["200 -", "200 -", "429 quota-exceeded", "429 quota-exceeded"] {
        assert_eq!(house.send(get("/store/things").bearer(&token)).await.verdict(), verdict);
    }
    let refused = house.send(get("/store/things").bearer(&token)).await;
    assert_eq!(refused.header("retry-after"), "43190", "until midnight UTC");
    assert_eq!(refused.header("ratelimit-policy"), "\"rate\";q=5;w=10, \"quota\";q=7;w=86400");
    assert_eq!(origin.hits(), 7);

    house.hands.advance(43_190);
    assert_eq!(house.send(get("/store/things").bearer(&house.token(&member, "READ"))).await.verdict(), "200 -", "a new day");
}

#[tokio::test]
async fn an_api_that_refuses_for_a_limit_of_its_own_is_not_contradicted() {
    let said = "HTTP/1.1 429 Too Many Requests\r\nratelimit: \"own\";r=0;t=60\r\ncontent-length: 0\r\n\r\n";
    let origin = origin::saying(said.as_bytes()).await;
    let house = house(vec![api("store", &[&origin.url])]).await;
    let member = house.member("narrow", &[("store", "narrow", "READ")]).await;
    let answer = house.send(get("/store/things").bearer(&house.token(&member, "READ"))).await;
    assert_eq!(answer.header("ratelimit"), "\"own\";r=0;t=60");
    assert!(!answer.headers.contains_key("ratelimit-policy") && !answer.headers.contains_key("retry-after"), "{answer:?}");
}

#[tokio::test]
async fn requests_that_an_earlier_check_refused_are_not_charged() {
    let origin = origin::echo().await;
    let house = house(vec![api("store", &[&origin.url])]).await;
    let member = house.member("one", &[("store", "one", "READ")]).await;
    let token = house.token(&member, "READ");
    for call in [
        get("/store/things"),
        get("/store/admin").bearer(&token),
        post("/store/things", "{}").bearer(&token),
        get("/store/things").bearer("x.y.z"),
        get("/store/things?access_token=t").bearer(&token),
    ] {
        let refused = house.send(call).await;
        assert!(refused.status.is_client_error() && refused.header("ratelimit").is_empty(), "{refused:?}");
    }
    assert_eq!(house.send(get("/store/things").bearer(&token)).await.verdict(), "200 -");
    assert_eq!(house.send(get("/store/things").bearer(&token)).await.verdict(), "429 rate-exceeded");
}

#[tokio::test]
async fn each_project_and_each_api_has_its_own_count() {
    let origin = origin::echo().await;
    let house = house(vec![api("store", &[&origin.url]), api("depot", &[&origin.url])]).await;
    let one = house.member("one", &[("store", "one", "READ"), ("depot", "one", "READ")]).await;
    let two = house.member("two", &[("store", "one", "READ")]).await;
    for (member, path) in [(&one, "/store/things"), (&one, "/depot/things"), (&two, "/store/things")] {
        let token = house.token(member, "READ");
        assert_eq!(house.send(get(path).bearer(&token)).await.verdict(), "200 -");
        assert_eq!(house.send(get(path).bearer(&token)).await.verdict(), "429 rate-exceeded");
        // Another token of the same project, from another address that it claims to have.
        let again = get(path).bearer(&house.token(member, "READ")).with("x-forwarded-for", "198.51.100.1");
        assert_eq!(house.send(again).await.verdict(), "429 rate-exceeded");
    }
}

#[tokio::test]
async fn an_api_without_limits_says_nothing_of_them() {
    let origin = origin::echo().await;
    let house = house(vec![api("store", &[&origin.url])]).await;
    let answer = house.send(get("/store/things").bearer(&house.token(&house.shop, "READ"))).await;
    assert!(!answer.headers.contains_key("ratelimit") && !answer.headers.contains_key("ratelimit-policy"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_any_number_of_parallel_requests_exactly_as_many_pass_as_the_plan_says() {
    let origin = origin::echo().await;
    let house = Arc::new(house(vec![api("store", &[&origin.url])]).await);
    let member = house.member("narrow", &[("store", "narrow", "READ")]).await;
    let token = house.token(&member, "READ");
    let tasks: Vec<_> = (0..60)
        .map(|_| {
            let (house, token) = (Arc::clone(&house), token.clone());
            tokio::spawn(async move { house.send(get("/store/things").bearer(&token)).await.status.as_u16() })
        })
        .collect();
    let mut passed = 0;
    for task in tasks {
        match task.await.expect("joins") {
            200 => passed += 1,
            status => assert_eq!(status, 429),
        }
    }
    assert_eq!((passed, origin.hits()), (5, 5));
}

#[tokio::test]
async fn one_customer_key_has_too_much_while_another_of_its_project_goes_on() {
    let origin = origin::echo().await;
    let house = house(vec![api("a", &[&origin.url])]).await;
    let (key, sibling) = (house.customer_key(&house.shop).await, house.customer_key(&house.shop).await);
    let token = |key| house.sign(&house.with_customer_key(&house.shop, key, "READ"));
    let rate = |requests| Limits { rate: Some(Rate { requests, window_seconds: 10 }), quota: None };
    let (project, environment) = (house.shop.project, domain::Environment::Sandbox);
    house.change(async |tx| store::customer_key_limits::set_of_project(tx, project, environment, rate(2)).await).await;
    let first = house.send(get("/a/things").bearer(&token(&key))).await;
    let policies: Vec<_> = first.headers.get_all("ratelimit-policy").iter().filter_map(|value| value.to_str().ok()).collect();
    assert_eq!(policies.last(), Some(&"\"customer-key-rate\";q=2;w=10"), "{first:?}");
    assert_eq!(house.send(get("/a/things").bearer(&token(&key))).await.verdict(), "200 -");
    let refused = house.send(get("/a/things").bearer(&token(&key))).await;
    assert_eq!(refused.verdict(), "429 customer-key-rate-exceeded");
    assert_eq!(refused.header("retry-after"), "10");
    assert_eq!(house.send(get("/a/things").bearer(&token(&sibling))).await.verdict(), "200 -");
    assert_eq!(house.send(get("/a/things").bearer(&house.token(&house.shop, "READ"))).await.verdict(), "200 -", "with no customer key");

    house.change(async |tx| store::customer_key_limits::set(tx, &key, Some(rate(3))).await).await;
    assert_eq!(house.send(get("/a/things").bearer(&token(&key))).await.verdict(), "200 -", "limits of its own");
    assert_eq!(house.send(get("/a/things").bearer(&token(&key))).await.verdict(), "429 customer-key-rate-exceeded");
    house.change(async |tx| store::customer_key_limits::set(tx, &key, Some(Limits::NONE)).await).await;
    assert_eq!(house.send(get("/a/things").bearer(&token(&key))).await.verdict(), "200 -", "limited by nothing");
}
