//! One engine, three encoders: what a token request is answered with.

use http::Method;
use postigo_e2e::{
    call::{Answer, call, get, post},
    credentials::{Project, claims, header, text},
    demo::Demo,
};
use serde_json::{Value, json};

/// The three routes, by their dialects.
const OAUTH: &str = "/oauth2/token";
const FEDEX: &str = "/oauth/token";
const CORREOS: &str = "/Api/Authorize/Token";

const CLIENT: (&str, &str) = ("grant_type", "client_credentials");

fn members(value: &Value) -> Vec<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

fn basic(project: &Project) -> String {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    format!("Basic {}", STANDARD.encode(format!("{}:{}", project.client_id, project.client_secret)))
}

#[tokio::test]
async fn each_dialect_answers_in_its_own_shape() {
    let demo = Demo::start().await;
    let shop = demo.shop();
    let answer = shop.asks(OAUTH, &[CLIENT, ("scope", "TPB AP3")]).send().await.json();
    assert_eq!(members(&answer), ["access_token", "token_type", "expires_in", "scope"]);
    assert_eq!((&answer["token_type"], &answer["expires_in"], &answer["scope"]), (&json!("Bearer"), &json!(3600), &json!("AP3 TPB")));

    let answer = shop.asks(FEDEX, &[CLIENT, ("scope", "CXS")]).header("x-customer-transaction-id", "order 7").send().await;
    assert_eq!(answer.header("x-customer-transaction-id"), "order 7");
    let answer = answer.json();
    assert_eq!(members(&answer), ["access_token", "token_type", "expires_in", "scope"]);
    assert_eq!((&answer["token_type"], &answer["expires_in"], &answer["scope"]), (&json!("bearer"), &json!(3600), &json!("CXS")));

    for path in [CORREOS, "/Api/Authorize/token", "/api/authorize/token", "/API/AUTHORIZE/TOKEN"] {
        let answer = shop.asks(path, &[CLIENT, ("scope", "AP3 LBS RCG")]).header("accept-language", "es").send().await;
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        let answer = answer.json();
        assert_eq!((&answer["tokenType"], &answer["expiresIn"]), (&json!("Bearer"), &json!(60)), "minutes");
        assert_eq!(answer["idToken"], answer["access_token"]);
        assert_eq!(claims(&text(&answer, "/idToken"))["scope"], "AP3 LBS RCG");
    }
}

#[tokio::test]
async fn every_answer_may_be_kept_by_nobody_and_read_by_no_page() {
    let demo = Demo::start().await;
    let shop = demo.shop();
    for path in [OAUTH, FEDEX, CORREOS] {
        for parameters in [&[CLIENT][..], &[CLIENT, ("scope", "nope")], &[("grant_type", "nope")], &[]] {
            let answer = shop.asks(path, parameters).header("origin", "https://evil.example").send().await;
            assert!(answer.header("cache-control").contains("no-store"), "{path}: {answer:?}");
            assert!(answer.header("content-type").starts_with("application/json"), "{path}: {answer:?}");
            assert_eq!(answer.header("access-control-allow-origin"), "", "{path}");
            assert!(!answer.id().is_empty());
        }
        let preflight = call(Method::OPTIONS, format!("{}{path}", shop.base))
            .header("origin", "https://shop.example")
            .header("access-control-request-method", "POST");
        let answer = preflight.send().await;
        assert!(answer.headers.keys().all(|name| !name.as_str().starts_with("access-control-")), "{answer:?}");
        // Whoever calls does not choose the id under which the call is known.
        let chosen = "01234567-89ab-7def-8123-456789abcdef";
        assert_ne!(shop.asks(path, &[CLIENT]).header("x-request-id", chosen).send().await.id(), chosen);
    }
}

#[tokio::test]
async fn a_token_says_who_where_and_for_what() {
    let demo = Demo::start().await;
    let shop = demo.shop();
    let token = shop.token("CXS LBS").await;
    assert_eq!((&header(&token)["typ"], &header(&token)["alg"]), (&json!("at+jwt"), &json!("ES256")));
    let claims = claims(&token);
    for (name, expected) in [("iss", &shop.base), ("aud", &shop.base), ("sub", &shop.client_id), ("client_id", &shop.client_id)] {
        assert_eq!(claims[name], **expected, "{claims:#}");
    }
    assert_eq!((&claims["scope"], &claims["env"]), (&json!("CXS LBS"), &json!("sandbox")));
    assert_eq!(claims["exp"].as_i64().expect("a number") - claims["iat"].as_i64().expect("a number"), 3600);
    assert!(text(&claims, "/jti").len() >= 16 && text(&claims, "/org").len() == 36, "{claims:#}");
    assert!(claims.get("act").is_none() && claims.get("account").is_none(), "it acts for nobody: {claims:#}");
    assert!(token.len() < 4096);
    let keys = get(format!("{}/.well-known/jwks.json", shop.base)).send().await.json();
    let keys = keys["keys"].as_array().expect("keys");
    assert!(keys.iter().any(|key| key["kid"] == header(&token)["kid"]), "{keys:#?}");
    for private in ["d", "p", "q", "k"] {
        assert!(keys.iter().all(|key| key.get(private).is_none()), "{keys:#?}");
    }
}

#[tokio::test]
async fn a_wrong_secret_is_told_in_the_words_of_each_dialect() {
    let demo = Demo::start().await;
    let mut shop = demo.shop();
    shop.client_secret.push('x');
    let answer = shop.asks(OAUTH, &[CLIENT]).send().await;
    assert_eq!((answer.status, &answer.json()["error"]), (401, &json!("invalid_client")));
    let challenged = post(format!("{}{OAUTH}", shop.base)).form(&[CLIENT]).header("authorization", &basic(&shop)).send().await;
    assert_eq!(challenged.status, 401);
    assert!(challenged.header("www-authenticate").starts_with("Basic "), "{challenged:?}");

    let answer = shop.asks(FEDEX, &[CLIENT]).send().await;
    let body = answer.json();
    assert_eq!((answer.status, &body["errors"][0]["code"]), (401, &json!("NOT.AUTHORIZED.ERROR")));
    assert_eq!(body["transactionId"], answer.id());
    assert!(body.get("error").is_none(), "clients in the wild crash on it: {body:#}");

    let answer = shop.asks(CORREOS, &[CLIENT]).send().await;
    let body = answer.json();
    assert_eq!((answer.status, &body["code"]), (401, &json!("401")));
    let link = text(&body, "/moreInformation/link");
    assert!(link.starts_with(&demo.portal()), "{link}");
    assert_eq!(get(link).send().await.status, 200, "the page it names is there");
}

#[tokio::test]
async fn malformed_requests_are_the_clients_fault_in_every_dialect() {
    let demo = Demo::start().await;
    let shop = demo.shop();
    let error = |answer: &Answer| answer.json()["error"].clone();
    for (parameters, expected) in [
        (&[][..], "invalid_request"),
        (&[("grant_type", "")], "invalid_request"),
        (&[("grant_type", "password")], "unsupported_grant_type"),
        (&[CLIENT, ("scope", "nope")], "invalid_scope"),
        (&[CLIENT, ("scope", "ap3")], "invalid_scope"),
        (&[CLIENT, ("scope", "AP3"), ("scope", "LBS")], "invalid_request"),
        (&[CLIENT, CLIENT], "invalid_request"),
    ] {
        let answer = shop.asks(OAUTH, parameters).send().await;
        assert_eq!((answer.status, error(&answer)), (400, json!(expected)), "{parameters:?}");
        let answer = shop.asks(FEDEX, parameters).send().await;
        assert_eq!((answer.status, &answer.json()["errors"][0]["code"]), (400, &json!("BAD.REQUEST.ERROR")), "{parameters:?}");
        let answer = shop.asks(CORREOS, parameters).send().await;
        assert_eq!((answer.status, &answer.json()["code"]), (400, &json!("400")), "{parameters:?}");
    }
    for path in [OAUTH, FEDEX, CORREOS] {
        assert_eq!(
            post(format!("{}{path}", shop.base)).json(&json!({"grant_type": "client_credentials"})).send().await.status,
            415,
            "{path}"
        );
        let answer = get(format!("{}{path}", shop.base)).send().await;
        assert_eq!((answer.status, answer.header("allow")), (405, "POST"), "{path}");
        // What is not known is passed over, what is empty is absent.
        assert_eq!(shop.asks(path, &[CLIENT, ("scope", ""), ("audience", "x")]).send().await.status, 200, "{path}");
        let charset = "application/x-www-form-urlencoded; charset=UTF-8";
        let form = format!("grant_type=client_credentials&client_id={}&client_secret={}", shop.client_id, shop.client_secret);
        assert_eq!(post(format!("{}{path}", shop.base)).body(charset, form).send().await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn credentials_by_two_ways_are_refused_by_the_rfc_and_taken_by_the_carriers() {
    let demo = Demo::start().await;
    let shop = demo.shop();
    for (path, both, only_the_id) in [(OAUTH, 400, 200), (FEDEX, 200, 200), (CORREOS, 200, 200)] {
        let answer = shop.asks(path, &[CLIENT]).header("authorization", &basic(&shop)).send().await;
        assert_eq!(answer.status, both, "{path}: {answer:?}");
        let id = [CLIENT, ("client_id", shop.client_id.as_str())];
        let answer = post(format!("{}{path}", shop.base)).form(&id).header("authorization", &basic(&shop)).send().await;
        assert_eq!(answer.status, only_the_id, "{path}: {answer:?}");
        let contradicting = shop.asks(path, &[CLIENT]).header("authorization", &basic(&demo.platform())).send().await;
        assert_eq!(contradicting.status, 400, "{path}: {contradicting:?}");
    }
}

#[tokio::test]
async fn introspection_tells_a_client_of_its_own_tokens_only() {
    let demo = Demo::start().await;
    let (shop, platform) = (demo.shop(), demo.platform());
    let token = shop.token("CXS").await;
    let mine = shop.asks("/oauth2/introspect", &[("token", &token)]).send().await.json();
    assert_eq!((&mine["active"], &mine["scope"], &mine["client_id"]), (&json!(true), &json!("CXS"), &json!(shop.client_id)));
    for (who, asked) in [(&platform, token.as_str()), (&shop, "garbage"), (&shop, &token[..token.len() - 2])] {
        let answer = who.asks("/oauth2/introspect", &[("token", asked)]).send().await;
        assert_eq!((answer.status, answer.json()), (200, json!({"active": false})));
    }
    // Somebody else's revocation is answered as if it were done, and does nothing.
    assert_eq!(platform.asks("/oauth2/revoke", &[("token", &token)]).send().await.status, 200);
    assert_eq!(shop.asks("/oauth2/introspect", &[("token", &token)]).send().await.json()["active"], true);
}

#[tokio::test]
async fn metadata_is_what_the_configuration_says_whatever_a_request_says() {
    let demo = Demo::start().await;
    for environment in ["sandbox", "production"] {
        let base = demo.base(environment);
        for (name, value) in [
            ("x-forwarded-host", "evil.example"),
            ("forwarded", "host=evil.example;proto=https"),
            ("x-forwarded-proto", "https"),
            ("x-forwarded-prefix", "/evil"),
        ] {
            let metadata = get(format!("{base}/.well-known/oauth-authorization-server")).header(name, value).send().await.json();
            assert_eq!((&metadata["issuer"], &metadata["response_types_supported"]), (&json!(base), &json!([])), "{name}");
            for endpoint in ["token_endpoint", "jwks_uri", "introspection_endpoint", "revocation_endpoint"] {
                assert!(text(&metadata, &format!("/{endpoint}")).starts_with(&base), "{metadata:#}");
            }
        }
        let resource = get(format!("{base}/.well-known/oauth-protected-resource")).send().await.json();
        assert_eq!((&resource["resource"], &resource["authorization_servers"]), (&json!(base), &json!([base])));
    }
}

#[tokio::test]
async fn guessing_is_slowed_down_and_the_right_secret_is_not() {
    let demo = Demo::start().await;
    let shop = demo.shop();
    let mut guessing = shop.clone();
    guessing.client_secret = "pgs_sbx_wrong".into();
    let mut last = guessing.knocks().await;
    // A window of a minute may end in between; after two of them somebody else is to blame.
    for _ in 0..250 {
        if last.status == 429 {
            break;
        }
        assert_eq!(last.status, 401);
        last = guessing.knocks().await;
    }
    assert_eq!(last.status, 429, "{last:?}");
    assert!((1..=60).contains(&last.header("retry-after").parse::<u32>().expect("seconds")), "{last:?}");
    assert_eq!(shop.knocks().await.status, 200, "whoever has the right one is let in at once");
    assert_eq!(demo.platform().knocks().await.status, 200);
}
