//! What the API behind gets, and what comes back.

use std::{net::IpAddr, sync::Arc};

use domain::Environment;
use http::Method;
use serde_json::{Value, json};

use crate::{
    house::{House, PRODUCTION, api, call, get, house, post},
    origin,
};

fn values(seen: &Value, name: &str) -> Vec<String> {
    let headers = seen["headers"].as_array().expect("headers").iter();
    headers.filter(|pair| pair[0] == name).map(|pair| pair[1].as_str().expect("text").to_owned()).collect()
}

#[tokio::test]
async fn the_api_is_told_who_calls_and_from_where() {
    let origin = origin::echo().await;
    let house = house(vec![api("store", &[&origin.url])]).await;
    let mut visit = house.visit();
    visit.secure = true;
    visit.address = "2001:db8::7".parse().expect("an address");
    let call = get("/store/things?q=%20x").bearer(&house.token(&house.shop, "READ WRITE"));
    let seen = house.send_to(&house.gateway, call, visit).await.json();
    assert_eq!(seen["target"], "/store/things?q=%20x");
    for (name, value) in [
        ("x-request-id", visit.id.to_string()),
        ("x-postigo-organisation", house.shop.organisation.to_string()),
        ("x-postigo-project", house.shop.project.to_string()),
        ("x-postigo-client", house.shop.client.to_string()),
        ("x-postigo-environment", "sandbox".into()),
        ("x-postigo-scope", "READ WRITE".into()),
        ("forwarded", "for=\"[2001:db8::7]\";host=\"sandbox.test\";proto=https".into()),
        ("x-forwarded-for", "2001:db8::7".into()),
        ("x-forwarded-proto", "https".into()),
        ("x-forwarded-host", "sandbox.test".into()),
        ("via", "1.1 postigo".into()),
        ("host", origin.url.strip_prefix("http://").expect("http").into()),
    ] {
        assert_eq!(values(&seen, name), [value], "{name}");
    }
    for name in ["authorization", "x-postigo-account", "x-postigo-identity", "client_id", "client_secret"] {
        assert!(values(&seen, name).is_empty(), "{name}");
    }
}

#[tokio::test]
async fn nothing_a_sender_says_about_itself_reaches_the_api() {
    let origin = origin::echo().await;
    let house = house(vec![api("store", &[&origin.url])]).await;
    let mut call = get("/store/things").bearer(&house.token(&house.shop, "READ")).credential(&house.shop.api_credential);
    for name in [
        "X-Postigo-Organisation",
        "X_Postigo_Project",
        "x-postigo-client",
        "x_postigo_scope",
        "X-Postigo-Account",
        "X-Postigo-Identity",
        "X-Postigo-Admin",
        "X-Client-Id",
        "X_Client_Id",
        "X_Client_Secret",
        "X-Consumer-Username",
        "X_Consumer_Id",
        "X-Authenticated-Userid",
        "X-Scope",
        "X-Forwarded-For",
        "X_Forwarded_For",
        "X-Forwarded-Proto",
        "X-Forwarded-Host",
        "X-Forwarded-Prefix",
        "Forwarded",
        "X-Real-IP",
        "X-Original-URL",
        "X-Rewrite-URL",
        "X-Request-Id",
        "X-SSL-Client-Verify",
        "X-Client-Cert",
        "TE",
        "Trailer",
        "Keep-Alive",
        "Proxy-Authorization",
        "Upgrade",
    ] {
        call = call.with(name, "spoofed, trailers");
    }
    let call = call.with("x-locale", "es_ES").with("x-sandbox-scenario", "slow").with("cookie", "session=1");
    let seen = house.send(call).await.json();
    assert!(!seen["headers"].to_string().contains("spoofed"), "{seen}");
    assert!(!seen["headers"].to_string().contains(&house.shop.api_credential.1), "{seen}");
    for (name, value) in [("x-locale", "es_ES"), ("x-sandbox-scenario", "slow"), ("cookie", "session=1")] {
        assert_eq!(values(&seen, name), [value]);
    }
}

#[tokio::test]
async fn connection_cannot_strip_what_the_gateway_adds() {
    let origin = origin::echo().await;
    let house = house(vec![api("store", &[&origin.url])]).await;
    let call = get("/store/things")
        .bearer(&house.token(&house.shop, "READ"))
        .with("connection", "close, X-Postigo-Client, x-postigo-project, Forwarded, X-Request-Id, Host, x-mine")
        .with("x-mine", "1")
        .with("x-other", "2");
    let seen = house.send(call).await.json();
    for name in ["x-postigo-client", "x-postigo-project", "forwarded", "x-request-id", "host", "x-other"] {
        assert_eq!(values(&seen, name).len(), 1, "{name}");
    }
    assert!(values(&seen, "x-mine").is_empty() && values(&seen, "connection").is_empty());
}

#[tokio::test]
async fn a_host_that_would_break_out_of_its_header_is_not_passed_on() {
    let origin = origin::echo().await;
    let house = house(vec![api("store", &[&origin.url])]).await;
    let mut call = get("/store/things").bearer(&house.token(&house.shop, "READ"));
    call.0.headers_mut().insert("host", http::HeaderValue::from_static("evil\";for=\"9.9.9.9"));
    let seen = house.send(call).await.json();
    assert_eq!(values(&seen, "forwarded"), ["for=192.0.2.7;proto=http"]);
    assert!(values(&seen, "x-forwarded-host").is_empty());
}

#[tokio::test]
async fn the_answer_comes_back_as_it_is_less_what_was_for_the_gateway() {
    let origin = origin::echo().await;
    let house = house(vec![api("store", &[&origin.url])]).await;
    let answer = house.send(get("/store/things").bearer(&house.token(&house.shop, "READ"))).await;
    let cookies: Vec<_> = answer.headers.get_all("set-cookie").iter().collect();
    assert_eq!(cookies, ["a=1", "b=2"]);
    assert!(!answer.headers.contains_key("x-inner") && !answer.headers.contains_key("connection"));
    assert!(!answer.headers.contains_key("access-control-allow-origin") && !answer.headers.contains_key("cache-control"));
}

#[tokio::test]
async fn every_method_and_its_body_arrive() {
    let origin = origin::echo().await;
    let house = house(vec![api("store", &[&origin.url])]).await;
    let token = house.token(&house.shop, "READ WRITE");
    let seen = house.send(post("/store/things", "{\"a\":1}").with("content-type", "text/plain").bearer(&token)).await.json();
    assert_eq!((&seen["method"], &seen["body"]), (&json!("POST"), &json!("{\"a\":1}")));
    assert_eq!(values(&seen, "content-length"), ["7"]);
    assert_eq!(values(&seen, "content-type"), ["text/plain"]);
    let mut put = call(Method::PUT, "/store/things/1").bearer(&token);
    *put.0.body_mut() = web::Body::from("x");
    assert_eq!(house.send(put).await.json()["method"], "PUT");
}

#[tokio::test]
async fn a_service_in_this_program_is_an_upstream_like_any_other() {
    let house = house(vec![api("store", &["service:clerk"])]).await;
    let answer = house
        .send(post("/store/things?a=1", "hello").bearer(&house.token(&house.shop, "WRITE")).with("x-postigo-project", "spoofed"))
        .await;
    assert_eq!(answer.body, "POST /store/things?a=1 hello");
    assert_eq!(answer.header("x-clerk"), "yes");
    let seen = house.clerk.0.lock().expect("not poisoned").remove(0).1;
    assert_eq!(seen["x-postigo-project"], house.shop.project.to_string());
    assert_eq!(seen["x-request-id"], answer.id.to_string());
    assert!(!seen.contains_key("authorization"));
}

#[tokio::test]
async fn a_service_that_is_not_there_is_an_upstream_that_cannot_be_reached() {
    let house = house(vec![api("store", &["service:nobody"])]).await;
    let answer = house.send(get("/store/things").bearer(&house.token(&house.shop, "READ"))).await;
    assert_eq!(answer.verdict(), "502 upstream-unreachable");
}

#[tokio::test]
async fn an_api_that_asks_gets_the_caller_signed() {
    let origin = origin::echo().await;
    let mut signed = api("store", &[&origin.url]);
    signed["x-postigo"]["identity_jwt"] = json!(true);
    let mut inside = api("inside", &["service:clerk"]);
    inside["x-postigo"]["identity_jwt"] = json!(true);
    let house = house(vec![signed, inside]).await;
    let key = house.customer_key(&house.shop).await;
    let token = house.sign(&house.with_customer_key(&house.shop, &key, "READ WRITE"));

    let seen = house.send(get("/store/things").bearer(&token)).await.json();
    let claims = identity(&house, &values(&seen, "x-postigo-identity")[0], &origin.url);
    let now = house.now().as_second();
    for (name, value) in [
        ("sub", json!(house.shop.client)),
        ("org", json!(house.shop.organisation)),
        ("project", json!(house.shop.project)),
        ("env", json!("sandbox")),
        ("scope", json!("READ WRITE")),
        ("account", json!("700257037")),
        ("iat", json!(now)),
        ("exp", json!(now + 60)),
    ] {
        assert_eq!(claims[name], value, "{name}");
    }
    let again = house.send(get("/store/things").bearer(&token)).await.json();
    assert_ne!(identity(&house, &values(&again, "x-postigo-identity")[0], &origin.url)["jti"], claims["jti"]);

    house.send(get("/inside/things").bearer(&token)).await;
    let seen = house.clerk.0.lock().expect("not poisoned").remove(0).1;
    identity(&house, seen["x-postigo-identity"].to_str().expect("text"), "service:clerk");
    // It is no access token: not here, not there.
    let identity = seen["x-postigo-identity"].to_str().expect("text").to_owned();
    assert_eq!(house.send(get("/store/things").bearer(&identity)).await.verdict(), "401 token-foreign");
}

/// Verified as an API team would, with another library and the public half alone.
fn identity(house: &House, token: &str, audience: &str) -> Value {
    let jwks = house.directory.keys(Environment::Sandbox).jwks(*house.now());
    let key: jsonwebtoken::jwk::Jwk = serde_json::from_value(jwks["keys"][0].clone()).expect("a JWK");
    let mut rules = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::ES256);
    rules.set_audience(&[audience]);
    rules.set_issuer(&[crate::house::SANDBOX]);
    rules.validate_exp = false;
    let key = jsonwebtoken::DecodingKey::from_jwk(&key).expect("a key");
    jsonwebtoken::decode::<Value>(token, &key, &rules).expect("verifies").claims
}

#[tokio::test]
async fn answers_never_cross() {
    let origin = origin::echo().await;
    let house = Arc::new(house(vec![api("store", &[&origin.url])]).await);
    let token = house.token(&house.shop, "READ");
    let tasks: Vec<_> = (0..200)
        .map(|i| {
            let (house, token) = (Arc::clone(&house), token.clone());
            tokio::spawn(async move {
                let answer = house.send(get(&format!("/store/things/{i}?n={i}")).bearer(&token)).await;
                let seen = answer.json();
                assert_eq!(seen["target"], format!("/store/things/{i}?n={i}"));
                assert_eq!(values(&seen, "x-request-id"), [answer.id.to_string()]);
            })
        })
        .collect();
    for task in tasks {
        task.await.expect("its own answer");
    }
}

#[tokio::test]
async fn several_upstreams_take_turns() {
    let (one, two) = (origin::echo().await, origin::echo().await);
    let house = house(vec![api("store", &[&one.url, &two.url])]).await;
    let token = house.token(&house.shop, "READ");
    for _ in 0..10 {
        house.send(get("/store/things").bearer(&token)).await;
    }
    assert_eq!((one.hits(), two.hits()), (5, 5));
}

#[tokio::test]
async fn each_environment_has_its_own_upstream() {
    let (sandbox, production) = (origin::echo().await, origin::echo().await);
    let mut both = api("store", &[&sandbox.url]);
    both["x-postigo"]["upstreams"]["production"] = json!([production.url]);
    let house = house(vec![both]).await;
    let mut visit = house.visit();
    visit.address = IpAddr::from([192, 0, 2, 8]);
    house.send(get("/store/things").bearer(&house.token(&house.shop, "READ"))).await;
    let refused = house.send_to(&house.production, get("/store/things"), visit).await;
    assert!(refused.header("www-authenticate").contains(PRODUCTION));
    assert_eq!((sandbox.hits(), production.hits()), (1, 0));
}
