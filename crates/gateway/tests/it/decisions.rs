//! What is kept of a request, and what never is.

use domain::{client_method::ClientMethod, request_id::RequestId};
use serde_json::Value;
use store::Db;

use crate::{
    house::{House, Plan, api, build, get, house, post},
    origin,
};

async fn report(db: &Db, id: RequestId) -> Option<Value> {
    let kept = store::decisions::find(db, id.0).await.expect("reads")?;
    Some(serde_json::from_str(&kept.detail).expect("JSON"))
}

fn verdict(report: &Value, check: &str) -> String {
    let checks = report["checks"].as_array().expect("checks");
    let found = checks.iter().find(|entry| entry["check"] == check).expect("listed");
    found["verdict"].as_str().expect("text").to_owned()
}

store::on_both_engines! {
    async fn a_refusal_explains_itself_under_its_id(test: TestDb) {
        let origin = origin::echo().await;
        let house = build(test, Plan { apis: vec![api("store", &[&origin.url])], sample: 1, max_stale: None }).await;
        let shop = house.shop.clone();
        let refused = house.send(get("/store/admin?secret=in-the-query").bearer(&house.token(&shop, "READ"))).await;
        let passed = house.send(get("/store/things/7").bearer(&house.token(&shop, "READ"))).await;
        assert_eq!((refused.verdict(), passed.verdict()), ("403 scope-missing".into(), "200 -".into()));
        let test = house.close().await;

        let report_of = report(&test.db, refused.id).await.expect("kept");
        assert_eq!(report_of["status"], 403);
        assert_eq!(report_of["code"], "scope-missing");
        assert_eq!(report_of["api"], "store");
        assert_eq!(report_of["operation"], "administer");
        assert_eq!(report_of["request"]["path"], "/store/admin");
        assert_eq!(report_of["request"]["address"], "192.0.2.7");
        assert_eq!(report_of["caller"]["project"], shop.project.to_string());
        assert_eq!([verdict(&report_of, "token"), verdict(&report_of, "scope"), verdict(&report_of, "rate")], ["passed", "refused", "not reached"]);
        let kept = store::decisions::of_project(&test.db, shop.project, 10).await.expect("reads");
        assert_eq!(kept.len(), 2, "both are the project's to read");

        let report_of = report(&test.db, passed.id).await.expect("kept");
        assert_eq!((&report_of["verdict"], &report_of["status"]), (&"passed".into(), &200.into()));
        assert_eq!(verdict(&report_of, "upstream"), "passed");
    }
}

#[tokio::test]
async fn no_secret_and_no_token_is_ever_kept_or_said() {
    let origin = origin::echo().await;
    let mut guarded = api("store", &[&origin.url]);
    guarded["x-postigo"]["api_credential"] = "required".into();
    guarded["x-postigo"]["validate_requests"] = true.into();
    let mut lenient = api("lenient", &[&origin.url]);
    lenient["x-postigo"]["token_in_query"] = true.into();
    let house = house(vec![guarded, lenient]).await;
    let token = house.token(&house.shop, "READ WRITE");
    let secret = house.shop.api_credential.1.clone();
    let wrong = format!("{secret}x");
    let id = house.shop.api_credential.0.as_str();
    let calls = [
        get("/store/things").bearer(&token).credential(&house.shop.api_credential),
        get("/store/things").bearer(&token).with("client_id", id).with("client_secret", &wrong),
        get("/store/things").bearer(&token).with("client_id", "x").with("client_secret", &secret),
        post("/store/things", format!("{{\"name\":[\"{secret}\"]}}")).bearer(&token).credential(&house.shop.api_credential),
        get(&format!("/store/things?access_token={token}&client_secret={secret}")),
        get(&format!("/lenient/things?access_token={token}")),
        get("/store/things").bearer(&token[..token.len() - 3]),
        get("/store/things").bearer(&format!("{token}\"")),
        get("/store/things").with("authorization", &format!("Basic {secret}")),
    ];
    let mut ids = Vec::new();
    for call in calls {
        let answer = house.send(call).await;
        if !answer.status.is_success() {
            let said = format!("{answer:?}");
            assert!(!said.contains(&secret) && !said.contains(&token[..60]), "{said}");
        }
        ids.push(answer.id);
    }
    let test = house.close().await;
    for id in ids {
        let kept = store::decisions::find(&test.db, id.0).await.expect("reads").expect("kept").detail;
        assert!(!kept.contains(&secret) && !kept.contains(&token[..60]), "{kept}");
    }
}

#[tokio::test]
async fn whose_token_passed_in_the_address_is_noted_and_whose_came_in_the_header_is_not() {
    let origin = origin::echo().await;
    let mut lenient = api("lenient", &[&origin.url]);
    lenient["x-postigo"]["token_in_query"] = true.into();
    let house = house(vec![api("store", &[&origin.url]), lenient]).await;
    let modern = house.member("modern shop", &[("lenient", "unlimited", "READ")]).await;
    let (old, new) = (house.token(&house.shop, "READ"), house.token(&modern, "READ"));
    let (at, client) = (house.now(), house.shop.client.clone());
    for _ in 0..2 {
        let in_query = get(&format!("/lenient/things?access_token={old}")).with("user-agent", "cart/1.0");
        assert_eq!(house.send(in_query).await.verdict(), "200 -");
    }
    assert_eq!(house.send(get("/lenient/things").bearer(&new)).await.verdict(), "200 -");
    assert_eq!(house.send(get(&format!("/store/things?access_token={new}"))).await.verdict(), "400 token-in-query");
    let test = house.close().await;
    let found = store::client_methods::of_client(&test.db, &client).await.expect("reads");
    let found: Vec<_> = found.iter().map(|used| (used.method, used.last_used_at, used.last_used_address.as_str())).collect();
    assert_eq!(found, [(ClientMethod::QueryToken, at, "192.0.2.7")]);
    assert!(store::client_methods::of_client(&test.db, &modern.client).await.expect("reads").is_empty());
}

async fn kept(house: House, ids: Vec<RequestId>) -> usize {
    let test = house.close().await;
    let mut kept = 0;
    for id in ids {
        kept += usize::from(report(&test.db, id).await.is_some());
    }
    kept
}

#[tokio::test]
async fn one_in_so_many_that_passed_is_kept_and_the_sandboxes_first_of_each_second_and_every_refusal() {
    let origin = origin::echo().await;
    let house = build(store::testkit::sqlite().await, Plan { apis: vec![api("store", &[&origin.url])], sample: 10, max_stale: None }).await;
    let token = house.token(&house.shop, "READ");
    let (mut passed, mut refused) = (Vec::new(), Vec::new());
    for _ in 0..40 {
        passed.push(house.send(get("/store/things").bearer(&token)).await.id);
        refused.push(house.send(get("/store/admin").bearer(&token)).await.id);
    }
    let test = house.close().await;
    let mut counts = [0, 0];
    for (count, ids) in counts.iter_mut().zip([passed, refused]) {
        for id in ids {
            *count += usize::from(report(&test.db, id).await.is_some());
        }
    }
    // Passes 1, 11, 21 and 31 by the sample; 2 to 6 because somebody may be waiting to see them.
    assert_eq!(counts, [9, 40]);
}

#[tokio::test]
async fn a_flood_of_strangers_cannot_fill_the_database() {
    let house = house(vec![api("store", &["service:clerk"])]).await;
    let mut ids = Vec::new();
    for i in 0..200 {
        ids.push(house.send(get(if i % 2 == 0 { "/store/things" } else { "/nothing" })).await.id);
    }
    house.hands.advance(1);
    ids.push(house.send(get("/store/things")).await.id);
    assert_eq!(kept(house, ids).await, 21);
}

#[tokio::test]
async fn a_long_path_is_kept_short() {
    let house = house(vec![api("store", &["service:clerk"])]).await;
    let answer = house.send(get(&format!("/{}", "x".repeat(5000)))).await;
    let test = house.close().await;
    let report = report(&test.db, answer.id).await.expect("kept");
    assert_eq!(report["request"]["path"].as_str().map(str::len), Some(256));
}

#[tokio::test]
async fn every_request_is_counted_by_its_verdict_and_one_that_nobody_waited_for_as_abandoned() {
    let recorder = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    let _here = metrics::set_default_local_recorder(&recorder);
    let (origin, mute) = (origin::echo().await, origin::mute().await);
    let house = house(vec![api("store", &[&origin.url]), api("mute", &[&mute.url])]).await;
    let token = house.token(&house.shop, "READ");
    for call in
        [get("/store/things").bearer(&token), get("/store/things/1").bearer(&token), get("/store/admin").bearer(&token), get("/nothing")]
    {
        house.send(call).await;
    }
    tokio::select! {
        _ = house.send(get("/mute/things").bearer(&token)) => panic!("nobody answers there"),
        () = async { while mute.hits() == 0 { tokio::task::yield_now().await } } => {}
    }
    let text = handle.render();
    for line in [
        "postigo_gateway_requests_total{environment=\"sandbox\",api=\"store\",verdict=\"passed\"} 2",
        "postigo_gateway_requests_total{environment=\"sandbox\",api=\"store\",verdict=\"scope-missing\"} 1",
        "postigo_gateway_requests_total{environment=\"sandbox\",api=\"\",verdict=\"no-route\"} 1",
        "postigo_gateway_requests_total{environment=\"sandbox\",api=\"\",verdict=\"abandoned\"} 1",
    ] {
        assert!(text.contains(line), "{line} in {text}");
    }
}
