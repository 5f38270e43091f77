//! Which operation a path means, and paths that could mean two.

use http::{Method, Version};
use serde_json::json;

use crate::{
    house::{api, call, get, house, put_api},
    origin,
    wire::{self, statuses},
};

#[tokio::test]
async fn routes_are_matched_as_they_are_written() {
    let origin = origin::echo().await;
    let house = house(vec![api("store", &[&origin.url])]).await;
    let token = house.token(&house.shop, "READ ADMIN");
    for (path, verdict) in [
        ("/store/things", "200 -"),
        ("/store/things?x=/store/../admin", "200 -"),
        ("/store/things/a%20b", "200 -"),
        ("/store/things/%C3%B1", "200 -"),
        ("/store/Things", "404 no-route"),
        ("/STORE/things", "404 no-route"),
        ("/store/things/", "404 no-route"),
        ("/store/things/1/2", "404 no-route"),
        ("/", "404 no-route"),
        ("/metrics", "404 no-route"),
        ("/oauth2/anything", "404 no-route"),
    ] {
        assert_eq!(house.send(get(path).bearer(&token)).await.verdict(), verdict, "{path}");
    }
}

#[tokio::test]
async fn no_second_spelling_of_a_path_walks_around_a_rule() {
    let origin = origin::echo().await;
    let house = house(vec![api("store", &[&origin.url])]).await;
    let listener = wire::listen(&house).await;
    let token = house.token(&house.shop, "READ");
    let spellings = [
        "/store/things/../admin",
        "/store/things/..%2fadmin",
        "/store/things/%2e%2e/admin",
        "/store/things/%2e%2e%2fadmin",
        "/store/things/..;/admin",
        "/store/things;/../admin",
        "/store/things/.;/../admin",
        "/store//admin",
        "//store/admin",
        "/store/./admin",
        "/store/admin/.",
        "/store/%2e/admin",
        "/store/%61dmin",
        "/store/adm%69n",
        "/store/things/%252e%252e/admin",
        "/store/things/%252e%252e%252fadmin",
        "/store/things/..%255cadmin",
        "/store/things/..%5cadmin",
        "/store/things/..\\admin",
        "/store\\admin",
        "/store/things/%c0%ae%c0%ae/admin",
        "/store/things/..%c0%afadmin",
        "/store/things/%e0%80%ae%e0%80%ae/admin",
        "/store/things/%uff0e%uff0e/admin",
        "/store/things/%ef%bc%8e%ef%bc%8e/admin",
        "/store/things/..%ef%bc%8fadmin",
        "/store/admin%00",
        "/store/things/x%00/../../admin",
        "/store/things/%0d%0aX:1",
        "/store/admin%3b",
        "/store/admin%20",
        "/store/admin/",
        "/store/ADMIN",
        "/store/things/...//admin",
        "/store/admin%2f",
        "/%2fstore/admin",
        "/store/things/%2e%2e;/admin",
        "/store/admin;x=1",
        "/store/admin%09",
        "/./store/admin",
        "/store/things/../../store/admin",
    ];
    for anonymous in [true, false] {
        for path in spellings {
            let authorization = if anonymous { String::new() } else { format!("Authorization: Bearer {token}\r\n") };
            let answer = listener.exchange(format!("GET {path} HTTP/1.1\r\nHost: h\r\n{authorization}Connection: close\r\n\r\n")).await;
            let status = statuses(&answer)[0];
            assert!([400, 401, 403, 404].contains(&status), "{path}: {answer}");
        }
    }
    assert_eq!(origin.hits(), 0, "no spelling reached the API");
}

#[tokio::test]
async fn nobody_takes_the_gateway_for_a_proxy() {
    let origin = origin::echo().await;
    let house = house(vec![api("store", &[&origin.url])]).await;
    let listener = wire::listen(&house).await;
    let token = house.token(&house.shop, "READ");
    let authority = origin.url.strip_prefix("http://").expect("http");
    for start in [
        format!("GET {}/store/things", origin.url),
        format!("GET http://{}/store/things", listener.address),
        "GET http://127.0.0.1:1/".into(),
        format!("CONNECT {authority}"),
        "CONNECT evil:80".into(),
        "OPTIONS *".into(),
        "GET *".into(),
        "GET store/things".into(),
        format!("GET {authority}"),
    ] {
        let answer =
            listener.exchange(format!("{start} HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n")).await;
        assert!([400, 404, 405].contains(&statuses(&answer)[0]), "{start}: {answer}");
    }
    assert_eq!(origin.hits(), 0);
}

#[tokio::test]
async fn a_method_cannot_be_overridden() {
    let origin = origin::echo().await;
    let house = house(vec![api("store", &[&origin.url])]).await;
    let mut request = get("/store/things").bearer(&house.token(&house.shop, "READ"));
    for name in ["x-http-method-override", "x-http-method", "x-method-override", "x_http_method_override"] {
        request = request.with(name, "DELETE");
    }
    let seen = house.send(request).await.json();
    assert_eq!(seen["method"], "GET");
    assert!(!seen["headers"].to_string().contains("override"));
}

#[tokio::test]
async fn an_api_without_an_upstream_here_is_not_here() {
    let origin = origin::echo().await;
    let house = house(vec![api("store", &[&origin.url])]).await;
    let answer = house.send_to(&house.production, get("/store/things"), house.visit()).await;
    assert_eq!(answer.verdict(), "404 not-in-this-environment");
}

#[tokio::test]
async fn a_change_of_the_catalogue_is_followed() {
    let origin = origin::echo().await;
    let house = house(vec![api("store", &[&origin.url])]).await;
    let token = house.token(&house.shop, "READ");
    assert_eq!(house.send(get("/market/things").bearer(&token)).await.verdict(), "404 no-route");
    put_api(&house.test.db, &api("market", &[&origin.url]), house.now()).await;
    house.directory.catch_up().await.expect("catches up");
    assert_eq!(house.send(get("/market/things").bearer(&token)).await.verdict(), "403 api-not-approved", "there, and nobody's yet");
    house.change(async |tx| store::apis::remove(tx, &"market".into()).await).await;
    assert_eq!(house.send(get("/market/things").bearer(&token)).await.verdict(), "404 no-route");
}

#[tokio::test]
async fn of_two_apis_with_one_path_the_first_by_name_keeps_it_and_nothing_else_breaks() {
    let (first, second) = (origin::echo().await, origin::echo().await);
    let mut rival = api("zz", &[&second.url]);
    rival["paths"]["/aa/things/{other}"] = json!({"get": {"security": [{"oauth": ["READ"]}]}});
    let house = house(vec![rival, api("aa", &[&first.url])]).await;
    let token = house.token(&house.shop, "READ");
    assert_eq!(house.send(get("/aa/things/1").bearer(&token)).await.verdict(), "200 -");
    assert_eq!(house.send(get("/zz/things").bearer(&token)).await.verdict(), "200 -");
    assert_eq!((first.hits(), second.hits()), (1, 1));
}

#[tokio::test]
async fn a_request_must_name_one_host() {
    let origin = origin::echo().await;
    let house = house(vec![api("store", &[&origin.url])]).await;
    let token = house.token(&house.shop, "READ");
    let mut without = get("/store/things").bearer(&token);
    without.0.headers_mut().remove("host");
    let twice = get("/store/things").bearer(&token).with("host", "evil.test");
    for call in [without, twice] {
        let answer = house.send(call).await;
        assert_eq!(answer.verdict(), "400 malformed-request");
        assert_eq!(answer.header("connection"), "close");
    }
    let mut old = call(Method::GET, "/store/things").bearer(&token);
    old.0.headers_mut().remove("host");
    *old.0.version_mut() = Version::HTTP_10;
    assert_eq!(house.send(old).await.verdict(), "200 -", "HTTP/1.0 knows no Host");
    assert_eq!(origin.hits(), 1);
}

#[tokio::test]
async fn a_path_with_two_readings_is_refused_in_the_words_of_the_api_that_it_seems_to_be_for() {
    let origin = origin::echo().await;
    let mut store = api("store", &[&origin.url]);
    store["x-postigo"]["dialect"] = json!("correos");
    let house = house(vec![store]).await;
    for (path, kind) in [("/store/things/%0a", "code"), ("/store/things/a%2Fb", "code"), ("/store//things", "type")] {
        let answer = house.send(get(path)).await;
        assert_eq!(answer.status, 400, "{answer:?}");
        assert!(answer.json()[kind].is_string(), "{path}: {answer:?}");
    }
    assert_eq!(origin.hits(), 0);
}
