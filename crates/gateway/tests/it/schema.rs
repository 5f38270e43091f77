//! Bodies: how long, and of what shape.

use serde_json::{Value, json};

use crate::{
    house::{House, api, call, get, house, post},
    origin,
    wire::{self, statuses},
};

async fn checking() -> (House, origin::Origin) {
    let origin = origin::echo().await;
    let mut api = api("store", &[&origin.url]);
    api["x-postigo"]["validate_requests"] = json!(true);
    (house(vec![api]).await, origin)
}

#[tokio::test]
async fn a_body_that_fits_passes_as_it_came() {
    let (house, origin) = checking().await;
    let token = house.token(&house.shop, "WRITE");
    for body in [
        "{\"name\":\"a\"}",
        " {\"weight\" : null, \"name\":\"a\", \"more\": 1.0}\n",
        "{\"name\":\"a\",\"parts\":[{\"name\":\"b\",\"weight\":2}]}",
    ] {
        // The carriers' own plug-ins send JSON as text/plain.
        let answer = house.send(post("/store/things", body).with("content-type", "text/plain").bearer(&token)).await;
        assert_eq!(answer.verdict(), "200 -", "{answer:?}");
        assert_eq!(answer.json()["body"], body);
    }
    assert_eq!(origin.hits(), 3);
}

#[tokio::test]
async fn a_body_that_does_not_fit_is_refused_with_its_places_and_without_its_values() {
    let (house, origin) = checking().await;
    let token = house.token(&house.shop, "WRITE");
    for (body, pointer, detail) in [
        (json!({}), "", "\"name\" is a required property"),
        (json!({"name": 1}), "/name", "\"string\""),
        (json!({"name": "topsecret-topsecret-topsecret"}), "/name", "longer than 20"),
        (json!({"name": "a", "weight": "topsecret"}), "/weight", "types"),
        (json!({"name": "a", "parts": [{"name": "b"}, {}]}), "/parts/1", "\"name\" is a required property"),
        (json!("topsecret"), "", "\"object\""),
    ] {
        let answer = house.send(post("/store/things", body.to_string()).bearer(&token)).await;
        assert_eq!(answer.verdict(), "400 body-unfit", "{body}");
        let place = &answer.json()["errors"][0];
        assert_eq!(place["pointer"], pointer, "{answer:?}");
        assert!(place["detail"].as_str().is_some_and(|text| text.contains(detail)), "{answer:?}");
        assert!(!String::from_utf8_lossy(&answer.body).contains("topsecret"), "{answer:?}");
    }
    assert_eq!(origin.hits(), 0);
}

#[tokio::test]
async fn what_is_no_json_is_refused_however_deep_or_long_it_is() {
    let (house, origin) = checking().await;
    let token = house.token(&house.shop, "WRITE");
    let deep = "[".repeat(60_000);
    let deeper = format!("{}1{}", "{\"parts\":[".repeat(5000), "]}".repeat(5000));
    let many = format!("{{\"name\":\"a\",\"parts\":[{}{{}}]}}", "{},".repeat(20_000));
    let bodies = ["", "{", "null", "{\"name\":\"a\"}x", "\u{feff}{\"name\":\"a\"}", &deep, &deeper, &many];
    for body in bodies {
        let answer = house.send(post("/store/things", body.to_owned()).bearer(&token)).await;
        assert_eq!(answer.verdict(), "400 body-unfit", "{}", &body[..body.len().min(40)]);
        assert!(answer.body.len() < 6000, "{}", answer.body.len());
        assert!(answer.json()["errors"].as_array().is_some_and(|places| (1..=10).contains(&places.len())));
    }
    let bytes = house.send(post("/store/things", vec![0xFF, 0xFE]).bearer(&token)).await;
    assert_eq!(bytes.verdict(), "400 body-unfit");
    let long_name = json!({"name": "a", "parts": [{("k".repeat(30_000)): 1}]});
    assert!(house.send(post("/store/things", long_name.to_string()).bearer(&token)).await.body.len() < 6000);
    assert_eq!(origin.hits(), 0);
}

#[tokio::test]
async fn a_compressed_body_is_not_looked_into() {
    let (house, origin) = checking().await;
    let call = post("/store/things", vec![0x1F, 0x8B, 8, 0]).with("content-encoding", "gzip").bearer(&house.token(&house.shop, "WRITE"));
    assert_eq!(house.send(call).await.verdict(), "400 body-unfit");
    assert_eq!(origin.hits(), 0);
}

#[tokio::test]
async fn operations_without_a_schema_and_apis_that_do_not_ask_are_not_checked() {
    let (house, origin) = checking().await;
    let mut put = call(http::Method::PUT, "/store/things/1").bearer(&house.token(&house.shop, "WRITE"));
    *put.0.body_mut() = web::Body::from("no JSON");
    assert_eq!(house.send(put).await.verdict(), "200 -");
    assert_eq!(origin.hits(), 1);
    let lax = crate::house::house(vec![api("store", &[&origin.url])]).await;
    assert_eq!(lax.send(post("/store/things", "no JSON").bearer(&lax.token(&lax.shop, "WRITE"))).await.verdict(), "200 -");
}

#[tokio::test]
async fn a_schema_that_cannot_be_used_closes_nothing() {
    let origin = origin::echo().await;
    let mut api = api("store", &[&origin.url]);
    api["x-postigo"]["validate_requests"] = json!(true);
    api["components"]["schemas"]["Thing"] = json!({"type": "nonsense"});
    let house = house(vec![api]).await;
    let token = house.token(&house.shop, "READ WRITE");
    assert_eq!(house.send(post("/store/things", "{}").bearer(&token)).await.verdict(), "200 -");
    assert_eq!(house.send(get("/store/things").bearer(&token)).await.verdict(), "200 -");
}

#[tokio::test]
async fn a_body_that_says_it_is_too_long_is_refused_before_it_is_read() {
    let origin = origin::echo().await;
    for validate in [false, true] {
        let mut api = api("store", &[&origin.url]);
        api["x-postigo"]["validate_requests"] = json!(validate);
        let house = house(vec![api]).await;
        let token = house.token(&house.shop, "WRITE");
        let call = post("/store/things", vec![b' '; 65_537]).bearer(&token);
        assert_eq!(house.send(call).await.verdict(), "413 body-too-large");
        // On the wire: only the head is sent, and the answer comes at once.
        let listener = wire::listen(&house).await;
        let head =
            format!("POST /store/things HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {token}\r\nContent-Length: 99999999999\r\n\r\n");
        assert_eq!(statuses(&listener.exchange(head).await), [413]);
    }
    assert_eq!(origin.hits(), 0);
}

#[tokio::test]
async fn a_body_that_turns_out_too_long_is_cut_off_and_refused() {
    let origin = origin::echo().await;
    for (validate, upstream) in [(false, origin.url.as_str()), (true, &origin.url), (false, "service:clerk")] {
        let mut api = api("store", &[upstream]);
        api["x-postigo"]["validate_requests"] = json!(validate);
        let house = house(vec![api]).await;
        let listener = wire::listen(&house).await;
        let token = house.token(&house.shop, "WRITE");
        let mut request = format!(
            "POST /store/things HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {token}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
        );
        for _ in 0..70 {
            request.push_str("400\r\n");
            request.push_str(&"x".repeat(1024));
            request.push_str("\r\n");
        }
        request.push_str("0\r\n\r\n");
        let answer = listener.exchange(request).await;
        assert_eq!(statuses(&answer), [413], "{answer}");
        let body: Value = serde_json::from_str(answer.split("\r\n\r\n").nth(1).expect("a body")).expect("JSON");
        assert_eq!(body["type"], "http://portal.test/errors/body-too-large");
        assert!(house.clerk.0.lock().expect("not poisoned").is_empty());
    }
}
