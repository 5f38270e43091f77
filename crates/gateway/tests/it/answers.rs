//! Every refusal in every dialect, byte for byte.

use std::fmt::Write as _;

use domain::{contract::Standing, token::Claims};
use http::Method;
use serde_json::{Value, json};

use crate::{
    house::{Answer, Call, House, Plan, api, build, call, get, house, post},
    origin::{self, Origin},
};

/// The APIs of one dialect: one that works, one that nobody answers at, one that never answers, one that is not here.
async fn apis(dialect: &str, echo: &Origin, slow: &Origin) -> Vec<Value> {
    let nobody = origin::nobody().await;
    let mut apis = vec![
        api("store", &[&echo.url]),
        api("dead", &[&nobody]),
        api("slow", &[&slow.url]),
        api("nowhere", &[]),
        api("secret", &[&echo.url]),
    ];
    for api in &mut apis {
        api["x-postigo"]["dialect"] = json!(dialect);
        api["x-postigo"]["validate_requests"] = json!(true);
    }
    apis[2]["x-postigo"]["timeouts"]["response_ms"] = json!(50);
    for api in [0, 4] {
        apis[api]["x-postigo"]["api_credential"] = json!("required");
    }
    apis
}

/// The answer without what differs from run to run.
fn written(case: &str, answer: &Answer) -> String {
    let mut text = format!("## {case}\n{}\n", answer.status);
    let mut headers: Vec<_> =
        answer.headers.iter().map(|(name, value)| format!("{name}: {}\n", String::from_utf8_lossy(value.as_bytes()))).collect();
    headers.sort();
    text.extend(headers);
    let _ = writeln!(text, "\n{}\n", String::from_utf8_lossy(&answer.body));
    text.replace(&answer.id.to_string(), "[id]")
}

async fn every_refusal(dialect: &str) -> String {
    let echo = origin::echo().await;
    let slow = origin::mute().await;
    let house = house(apis(dialect, &echo, &slow).await).await;
    let shop = house.shop.clone();
    let token = house.token(&shop, "READ WRITE");
    let with = |call: Call| call.credential(&shop.api_credential).with("x-customer-transaction-id", "order 7");
    let right = |call: Call| with(call.bearer(&token));

    let revoked = house.claims(&shop, "READ");
    house.change(async |tx| store::revoked_tokens::insert(tx, revoked.jti, None, house.now(), house.now()).await).await;
    let stopped = house.member("stopped", &[("store", "unlimited", "READ")]).await;
    house.change(async |tx| store::clients::set_status(tx, &stopped.client, Standing::Suspended).await).await;
    let rotated = house.member("rotated", &[("store", "unlimited", "READ")]).await;
    let secret = store::clients::secret(&house.test.db, rotated.secret).await.expect("reads").expect("a secret");
    house.change(async |tx| store::clients::revoke_secret(tx, &secret, house.now()).await).await;
    let ungranted = house.member("ungranted", &[("store", "unlimited", "READ")]).await;
    let grant = store::grants::find(&house.test.db, ungranted.grants[0]).await.expect("reads").expect("a grant");
    house.change(async |tx| store::grants::revoke(tx, &grant, house.now()).await).await;
    let (hasty, daily) =
        (house.member("hasty", &[("store", "one", "READ")]).await, house.member("daily", &[("store", "daily", "READ")]).await);
    for member in [&hasty, &daily] {
        let passed = house.send(get("/store/things").bearer(&house.token(member, "READ")).credential(&member.api_credential)).await;
        assert_eq!(passed.status, 200, "{passed:?}");
    }
    let elsewhere = house.member("elsewhere", &[("store", "unlimited", "READ")]).await;
    let key = house.customer_key(&shop).await;
    let of_key = house.sign(&house.with_customer_key(&shop, &key, "READ"));
    house.change(async |tx| store::customer_keys::set_status(tx, &key, Standing::Suspended).await).await;
    let now = house.now().as_second();
    let sign = |claims: Claims| house.sign(&claims);
    let guess = || get("/store/things").bearer(&token).with("client_id", "sbx_ac_guess").with("client_secret", "guess");

    let mut malformed = right(get("/store/things"));
    malformed.0.headers_mut().append("host", http::HeaderValue::from_static("other.test"));
    let cases = [
        ("malformed request", malformed),
        ("ambiguous path", right(get("/store/things/../admin"))),
        ("no route", right(get("/nothing"))),
        ("method not allowed", right(call(Method::DELETE, "/store/things"))),
        ("not in this environment", right(get("/nowhere/things"))),
        ("no token", with(get("/store/things"))),
        ("two tokens", right(get("/store/things").bearer("other"))),
        ("token in query", with(get("/store/things?access_token=t"))),
        ("token malformed", with(get("/store/things").bearer("\"t\""))),
        ("token foreign", with(get("/store/things").bearer("a.b.c"))),
        ("token expired", with(get("/store/things").bearer(&sign(Claims { exp: now - 100, ..house.claims(&shop, "READ") })))),
        ("token revoked", with(get("/store/things").bearer(&sign(revoked)))),
        ("secret revoked", with(get("/store/things").bearer(&house.token(&rotated, "READ")))),
        ("client stopped", with(get("/store/things").bearer(&house.token(&stopped, "READ")))),
        (
            "wrong audience",
            with(get("/store/things").bearer(&sign(Claims { aud: "http://other.test".into(), ..house.claims(&shop, "READ") }))),
        ),
        ("scope missing", right(get("/store/admin"))),
        ("grant revoked", with(get("/store/things").bearer(&house.token(&ungranted, "READ")))),
        ("api credential missing", get("/store/things").bearer(&token)),
        ("api credential wrong", guess()),
        ("api not approved", get("/secret/things").bearer(&house.token(&elsewhere, "READ")).credential(&elsewhere.api_credential)),
        ("customer key stopped", with(get("/store/things").bearer(&of_key))),
        ("rate exceeded", get("/store/things").bearer(&house.token(&hasty, "READ")).credential(&hasty.api_credential)),
        ("quota exceeded", get("/store/things").bearer(&house.token(&daily, "READ")).credential(&daily.api_credential)),
        ("body too large", right(post("/store/things", vec![b' '; 70_000]))),
        ("body unfit", right(post("/store/things", "{\"weight\":\"x\",\"parts\":[{}]}"))),
        ("upstream unreachable", right(get("/dead/things"))),
        ("upstream too slow", right(get("/slow/things"))),
    ];
    let mut text = String::new();
    for (case, call) in cases {
        text += &written(case, &house.send(call).await);
    }
    for _ in 1..web::failures::PER_CLIENT {
        house.send(guess()).await;
    }
    text += &written("too many failures", &house.send(guess()).await);
    text + &unavailable(dialect).await
}

async fn unavailable(dialect: &str) -> String {
    let mut api = api("store", &["service:clerk"]);
    api["x-postigo"]["dialect"] = json!(dialect);
    let house: House =
        build(store::testkit::sqlite().await, Plan { apis: vec![api], sample: 1, max_stale: Some(std::time::Duration::ZERO) }).await;
    let answer = house.send(get("/store/things").bearer(&house.token(&house.shop, "READ"))).await;
    written("unavailable", &answer)
}

#[tokio::test]
async fn every_refusal_as_problem_details() {
    insta::assert_snapshot!(every_refusal("problem").await);
}

#[tokio::test]
async fn every_refusal_as_fedex_writes_it() {
    insta::assert_snapshot!(every_refusal("fedex").await);
}

#[tokio::test]
async fn every_refusal_as_correos_writes_it() {
    insta::assert_snapshot!(every_refusal("correos").await);
}

#[tokio::test]
async fn every_refusal_as_correos_tracking_writes_it() {
    insta::assert_snapshot!(every_refusal("correos_tracking").await);
}

#[tokio::test]
async fn fedex_apis_echo_the_callers_transaction_id_on_what_passes_too() {
    let echo = origin::echo().await;
    let mut fedex = api("store", &[&echo.url]);
    fedex["x-postigo"]["dialect"] = json!("fedex");
    let house = house(vec![fedex, api("plain", &[&echo.url])]).await;
    let token = house.token(&house.shop, "READ");
    let passed = house.send(get("/store/things").bearer(&token).with("x-customer-transaction-id", "order 7")).await;
    assert_eq!(passed.header("x-customer-transaction-id"), "order 7");
    let silent = house.send(get("/store/things").bearer(&token)).await;
    assert!(!silent.headers.contains_key("x-customer-transaction-id"));
    let refused = house.send(get("/store/things")).await.json();
    assert!(refused.get("customerTransactionId").is_none() && refused.get("error").is_none());
    let plain = house.send(get("/plain/things").bearer(&token).with("x-customer-transaction-id", "order 7")).await;
    assert!(!plain.headers.contains_key("x-customer-transaction-id"));
}
