//! Faults on demand, as a client behind the gateway meets them.

use std::time::Duration;

use http::Method;
use postigo_e2e::{
    demo::Demo,
    shipment::{DELIVERY, SEARCH, delivery},
    wire::{Wire, authority},
};
use tokio::time::Instant;

const HEADER: &str = "x-sandbox-scenario";

#[tokio::test]
async fn the_wire_itself_fails_when_asked() {
    let demo = Demo::start().await;
    let shop = demo.shop();
    let token = shop.token("").await;
    let search = shop.api(Method::GET, &format!("{SEARCH}/SBX-SLOW-1"), &token);
    let started = Instant::now();
    let slow = search.send().await;
    assert!(started.elapsed() >= Duration::from_secs(1), "{:?}", started.elapsed());
    assert_eq!((slow.status, slow.header(HEADER)), (200, "slow-1"));

    let cut = shop.api(Method::POST, DELIVERY, &token).header(HEADER, "cut").json(&delivery());
    for cut in [cut.clone(), cut.http2()] {
        let error = cut.attempt().await.expect_err("no whole answer comes");
        assert!(error.contains("broke off"), "the head came, and the body did not: {error}");
    }
    let mut wire = Wire::connect(&shop.base).await;
    let (id, secret) = shop.pair();
    let host = authority(&shop.base);
    wire.send(format!(
        "GET {SEARCH}/SBX-CUT HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {token}\r\nclient_id: {id}\r\nclient_secret: {secret}\r\n\r\n"
    ))
    .await;
    let (said, _) = wire.read_to_end().await;
    let (head, body) = said.split_once("\r\n\r\n").expect("a head");
    let length = head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ").map(str::to_owned));
    let length: usize = length.expect("a length").parse().expect("a number");
    assert!(head.starts_with("HTTP/1.1 200") && !body.is_empty() && body.len() < length, "{} of {length}: {head}", body.len());
    assert!(shop.parcel(&token).await.starts_with("PQXXX1"), "the next call on a new connection is fine");
}

#[tokio::test]
async fn a_client_that_is_throttled_bare_hears_of_no_limit_at_all() {
    let demo = Demo::start().await;
    let shop = demo.shop();
    let token = shop.token("TPB").await;
    let ask = async |word: &str| shop.api(Method::GET, &format!("{SEARCH}/X"), &token).header(HEADER, word).send().await;
    let limits = ["retry-after", "ratelimit", "ratelimit-policy"];
    let bare = ask("throttled-bare").await;
    assert_eq!((bare.status, limits.map(|name| bare.header(name))), (429, ["", "", ""]));
    let throttled = ask("throttled").await;
    assert_eq!((throttled.status, throttled.header("retry-after"), throttled.header("ratelimit")), (429, "7", "\"rate\";r=0;t=7"));
    let expired = ask("expired-token").await;
    assert_eq!((expired.status, expired.header(HEADER)), (401, "expired-token"));
    assert_eq!(ask("none").await.status, 400);
    let production = demo.shop_in_production();
    let call = production.api(Method::GET, &format!("{SEARCH}/X"), &production.token("TPB").await).header(HEADER, "server-error");
    assert_eq!(call.send().await.status, 200, "production knows no faults");
}
