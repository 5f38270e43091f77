//! Health, metrics, and ending well.

use std::{collections::BTreeMap, time::Duration};

use http::Method;
use postigo_e2e::{
    call::get,
    demo::Demo,
    moments::eventually,
    program::PATIENCE,
    shipment::{DELIVERY, SEARCH, delivery},
    wire::{Wire, statuses},
};

/// Every series and its value.
async fn series(demo: &Demo) -> BTreeMap<String, f64> {
    let answer = get(demo.telemetry() + "/metrics").send().await;
    assert_eq!(answer.status, 200);
    assert!(answer.header("content-type").starts_with("text/plain; version=0.0.4"), "{answer:?}");
    let text = answer.text();
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    lines
        .map(|line| {
            let (name, value) = line.rsplit_once(' ').unwrap_or_else(|| panic!("{line:?} is a series and a value"));
            (name.to_owned(), value.parse().unwrap_or_else(|_| panic!("{line:?} ends with a number")))
        })
        .collect()
}

/// The sum of the series of that name whose labels hold all these.
fn sum(series: &BTreeMap<String, f64>, name: &str, labels: &[&str]) -> f64 {
    series
        .iter()
        .filter(|(key, _)| key.split('{').next() == Some(name) && labels.iter().all(|label| key.contains(label)))
        .map(|(_, value)| value)
        .sum()
}

#[tokio::test]
async fn health_readiness_and_metrics_answer_on_their_own_listener_only() {
    let demo = Demo::start().await;
    for (path, status) in [("/healthz", 200), ("/readyz", 200), ("/metrics", 200), ("/", 404), ("/oauth2/token", 404)] {
        assert_eq!(get(demo.telemetry() + path).send().await.status, status, "{path}");
    }
    let ready = get(demo.telemetry() + "/readyz").send().await.json();
    assert_eq!(ready["status"], "ok", "{ready:#}");
    for base in [demo.portal(), demo.base("sandbox"), demo.base("production")] {
        for path in ["/healthz", "/readyz", "/metrics"] {
            assert_eq!(get(base.clone() + path).send().await.status, 404, "{base}{path}");
        }
    }
}

#[tokio::test]
async fn what_is_done_is_counted() {
    let demo = Demo::start().await;
    let shop = demo.shop();
    let before = series(&demo).await;
    let token = shop.token("AP3 TPB").await;
    let mut wrong = shop.clone();
    wrong.client_secret.push('x');
    for _ in 0..3 {
        assert_eq!(wrong.asks("/oauth/token", &[("grant_type", "client_credentials")]).send().await.status, 401);
    }
    for _ in 0..2 {
        assert_eq!(shop.api(Method::GET, &format!("{SEARCH}/X"), &token).send().await.status, 200);
    }
    assert_eq!(shop.api(Method::POST, DELIVERY, &shop.token("LBS").await).json(&delivery()).send().await.status, 403);
    let after = series(&demo).await;
    let grown = |name: &str, labels: &[&str]| sum(&after, name, labels) - sum(&before, name, labels);
    let tokens = "postigo_token_requests_total";
    assert_eq!(grown(tokens, &["environment=\"sandbox\"", "dialect=\"oauth\""]), 2.0, "{after:#?}");
    assert_eq!(grown(tokens, &["environment=\"sandbox\"", "dialect=\"fedex\"", "invalid-client"]), 3.0, "{after:#?}");
    assert_eq!(grown(tokens, &["environment=\"production\""]), 0.0, "{after:#?}");
    let requests = "postigo_gateway_requests_total";
    assert_eq!(grown(requests, &["api=\"tracking\"", "verdict=\"passed\"", "environment=\"sandbox\""]), 2.0, "{after:#?}");
    assert_eq!(grown(requests, &["api=\"preregister\"", "scope-missing"]), 1.0, "{after:#?}");
    assert_eq!(sum(&after, "postigo_ledger_lost_total", &[]), 0.0, "nothing was lost");
    assert!(after.keys().all(|key| !key.contains(&shop.client_id) && !key.contains(&shop.id)), "labels are few: {after:#?}");
}

#[tokio::test]
async fn a_request_under_way_ends_before_the_process_does() {
    let mut demo = Demo::start().await;
    let shop = demo.shop();
    let form = format!("grant_type=client_credentials&client_id={}&client_secret={}", shop.client_id, shop.client_secret);
    let (first, rest) = form.split_at(10);
    let head = format!(
        "POST /oauth2/token HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n",
        form.len()
    );
    let mut under_way = Wire::connect(&shop.base).await;
    under_way.send(format!("{head}Expect: 100-continue\r\n\r\n")).await;
    // The server wants the body: the request is under way.
    under_way.read_until("100 Continue").await;
    under_way.send(first).await;
    let mut idle = Wire::connect(&shop.base).await;
    idle.send("GET /.well-known/jwks.json HTTP/1.1\r\nHost: h\r\n\r\n").await;
    idle.read_until("\"keys\"").await;

    demo.process.terminate();
    let closed = eventually(PATIENCE, async || Wire::attempt(&shop.base).await.is_err().then_some(())).await;
    assert!(closed.is_some(), "nobody new is taken");
    assert!(demo.process.ended().is_none(), "it waits for the one under way");
    under_way.send(rest).await;
    let (said, _) = under_way.read_to_end().await;
    assert_eq!(statuses(&said), [200], "{said}");
    assert!(said.contains("access_token"), "{said}");
    idle.read_to_end().await;
    let ended = demo.process.end(Duration::from_secs(10)).await;
    assert_eq!(ended.code(), Some(0), "{}", demo.process.stderr());
}

#[tokio::test]
async fn what_was_decided_before_the_end_is_written_by_then() {
    let mut demo = Demo::start().await;
    let shop = demo.shop();
    let token = shop.token("LBS").await;
    let mut ids = Vec::new();
    for _ in 0..20 {
        ids.push(shop.api(Method::POST, DELIVERY, &token).json(&delivery()).send().await.id().to_owned());
    }
    demo.process.terminate();
    demo.process.end(PATIENCE).await;
    for id in [&ids[0], &ids[19]] {
        demo.operator().does(&["decision", id]);
    }
}

#[tokio::test]
async fn slow_requests_cannot_hold_the_process_for_ever() {
    let mut demo = Demo::start().await;
    let mut wire = Wire::connect(&demo.base("sandbox")).await;
    wire.send("POST /oauth2/token HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n").await;
    wire.read_until("100 Continue").await;
    demo.process.terminate();
    // Twenty seconds for what is under way, and a little for the rest.
    demo.process.end(Duration::from_secs(25)).await;
}
