//! What the gateway turns away, and how it says so.

use http::Method;
use postigo_e2e::{
    call::{Answer, Call, call, get, post},
    credentials::text,
    demo::Demo,
    shipment::{DELIVERED, DELIVERY, PRINT, REQUESTS, SEARCH, TRACK, delivery, label, tracked},
};
use serde_json::{Value, json};

/// The challenge of a 401 or 403, without the words for people.
fn challenge(answer: &Answer) -> &str {
    let challenge = answer.header("www-authenticate");
    assert!(challenge.starts_with("Bearer "), "{answer:?}");
    challenge
}

/// What an answer says, less what is different every time.
fn said(answer: &Answer) -> (u16, String, Vec<(String, String)>) {
    let headers = answer.headers.iter().filter(|(name, _)| !["date", "x-request-id"].contains(&name.as_str()));
    let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().expect("text").to_owned()));
    (answer.status, answer.text().replace(answer.id(), "ID"), headers.collect())
}

#[tokio::test]
async fn a_token_for_labels_opens_no_preregistration() {
    let demo = Demo::start().await;
    let shop = demo.shop();
    let token = shop.token("LBS").await;
    let refused = shop.api(Method::POST, DELIVERY, &token).json(&delivery()).send().await;
    assert_eq!((refused.status, &refused.json()["code"]), (403, &json!("403")));
    let challenge = challenge(&refused);
    assert!(challenge.contains("error=\"insufficient_scope\"") && challenge.contains("scope=\"AP3\""), "{challenge}");
    let page = text(&refused.json(), "/moreInformation/link");
    assert_eq!(get(page).send().await.status, 200, "the page it names is there");
    // The same token for what it is for.
    let parcel = shop.parcel(&shop.token("AP3").await).await;
    assert_eq!(shop.api(Method::POST, PRINT, &token).json(&label(&parcel, 3)).send().await.status, 200);
    // And the shop that was never granted more.
    let small = demo.small_shop();
    let refused = small.api(Method::POST, DELIVERY, &small.token("").await).json(&delivery()).send().await;
    assert_eq!(refused.status, 403, "{refused:?}");
}

#[tokio::test]
async fn a_call_without_a_token_is_told_where_to_get_one() {
    let demo = Demo::start().await;
    let shop = demo.shop();
    for (method, path) in [(Method::POST, DELIVERY), (Method::GET, "/support/trackpub/api/v2/search/X"), (Method::POST, TRACK)] {
        let answer = call(method, format!("{}{path}", shop.base)).pair(shop.pair()).json(&json!({})).send().await;
        assert_eq!(answer.status, 401, "{answer:?}");
        let challenge = challenge(&answer);
        assert!(!challenge.contains("error="), "nothing was wrong with a token that was not there: {challenge}");
        let (_, metadata) = challenge.split_once("resource_metadata=\"").expect("it says where the metadata is");
        let metadata = get(metadata.trim_end_matches('"')).send().await;
        assert_eq!((metadata.status, &metadata.json()["authorization_servers"]), (200, &json!([shop.base])));
    }
}

#[tokio::test]
async fn the_second_layer_is_demanded_beside_the_first() {
    let demo = Demo::start().await;
    let (shop, platform) = (demo.shop(), demo.platform());
    let token = shop.token("").await;
    let (id, secret) = shop.pair();
    let with = |headers: &[(&str, &str)]| {
        let bare = post(format!("{}{DELIVERY}", shop.base)).bearer(&token).json(&delivery());
        headers.iter().fold(bare, |call: Call, (name, value)| call.header(name, value))
    };
    for missing in [&[][..], &[("client_id", id)], &[("client_secret", secret)], &[("client_id", ""), ("client_secret", secret)]] {
        let answer = with(missing).send().await;
        assert_eq!((answer.status, challenge(&answer).contains("error=")), (401, false), "{missing:?} {answer:?}");
    }
    for names in [("client_id", "client_secret"), ("client-id", "client-secret"), ("x-client-id", "x-client-secret")] {
        assert_eq!(with(&[(names.0, id), (names.1, secret)]).send().await.status, 201, "{names:?}");
    }
    // Another organisation's pair is as good as a wrong one, and looks the same.
    let foreign = with(&[("client_id", platform.pair().0), ("client_secret", platform.pair().1)]).send().await;
    let wrong = with(&[("client_id", id), ("client_secret", "pga_sbx_wrong")]).send().await;
    let unknown = with(&[("client_id", "sbx_ac_nobody"), ("client_secret", secret)]).send().await;
    assert_eq!(foreign.status, 401, "{foreign:?}");
    assert_eq!(said(&foreign), said(&wrong));
    assert_eq!(said(&foreign), said(&unknown));
    // The OAuth client is no API credential.
    assert_eq!(with(&[("client_id", &shop.client_id), ("client_secret", &shop.client_secret)]).send().await.status, 401);
    // Both layers of two organisations are not one caller.
    let mixed = platform.api(Method::POST, DELIVERY, &token).json(&delivery()).send().await;
    assert_eq!(mixed.status, 401, "{mixed:?}");
}

#[tokio::test]
async fn a_right_credential_without_access_is_forbidden_not_unknown() {
    let demo = Demo::start().await;
    let (shop, operator) = (demo.shop(), demo.operator());
    // A second project of the same organisation, with a pair of its own, that was never granted Preregister.
    let sibling = operator.reads(&["project", "create", "Solo etiquetas", "--organisation", &shop.organisation]);
    let project = text(&sibling, "/project_id");
    let labels = operator.reads(&["access", "create", "--project", &project, "--environment", "sandbox", "--api", "labels"]);
    let pair = (text(&labels, "/api_client_id"), text(&labels, "/api_client_secret"));
    let token = shop.token("AP3").await;
    let call = post(format!("{}{DELIVERY}", shop.base)).bearer(&token).pair((&pair.0, &pair.1)).json(&delivery());
    let answer = call.send().await;
    assert_eq!((answer.status, &answer.json()["code"]), (403, &json!("403")), "{answer:?}");
    assert!(!answer.header("www-authenticate").contains("insufficient_scope"), "the token is not to blame: {answer:?}");
    operator.does(&["access", "create", "--project", &project, "--environment", "sandbox", "--api", "preregister"]);
    postigo_e2e::moments::within_a_second("access granted", 201, async || call.send().await.status).await;
}

#[tokio::test]
async fn nothing_of_one_environment_is_worth_anything_in_the_other() {
    let demo = Demo::start().await;
    let (sandbox, production) = (demo.shop(), demo.shop_in_production());
    for (here, there) in [(&sandbox, &production), (&production, &sandbox)] {
        let token = here.token("").await;
        let at_home = here.api(Method::GET, &format!("{SEARCH}/X"), &token).send().await;
        assert_eq!(at_home.status, 200, "{at_home:?}");
        let abroad = there.api(Method::GET, &format!("{SEARCH}/X"), &token).send().await;
        assert_eq!(abroad.status, 401, "{abroad:?}");
        assert!(challenge(&abroad).contains("error=\"invalid_token\""), "{abroad:?}");
        let with_all_it_has = call(Method::GET, format!("{}{SEARCH}/X", there.base)).bearer(&token).pair(here.pair()).send().await;
        assert_eq!(with_all_it_has.status, 401);
        let pair_only = call(Method::GET, format!("{}{SEARCH}/X", here.base)).bearer(&token).pair(there.pair()).send().await;
        assert_eq!(pair_only.status, 401, "{pair_only:?}");
        for path in ["/oauth2/token", "/oauth/token", "/Api/Authorize/Token"] {
            let form = [("grant_type", "client_credentials"), ("client_id", &here.client_id), ("client_secret", &here.client_secret)];
            assert_eq!(post(format!("{}{path}", there.base)).form(&form).send().await.status, 401, "{path}");
        }
        let asked = there.asks("/oauth2/introspect", &[("token", &token)]).send().await;
        assert_eq!((asked.status, asked.json()), (200, json!({"active": false})));
        let keys = async |base: &str| get(format!("{base}/.well-known/jwks.json")).send().await.json()["keys"].clone();
        assert_ne!(keys(&here.base).await[0]["kid"], keys(&there.base).await[0]["kid"]);
    }
}

#[tokio::test]
async fn a_token_that_is_none_of_ours_is_invalid_in_every_dialect() {
    let demo = Demo::start().await;
    let shop = demo.shop();
    let good = shop.token("").await;
    let parts: Vec<_> = good.split('.').collect();
    let forged = [
        "garbage".to_owned(),
        format!("{}.{}.{}", parts[0], parts[1], "A".repeat(86)),
        format!("{}.{}.", parts[0], parts[1]),
        // The same three parts with the algorithm taken out.
        format!("eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJub25lIn0.{}.", parts[1]),
        format!("{good}="),
        good.to_uppercase(),
    ];
    for token in &forged {
        let correos = shop.api(Method::POST, DELIVERY, token).json(&delivery()).send().await;
        assert_eq!((correos.status, &correos.json()["code"]), (401, &json!("401")), "{token}");
        assert!(challenge(&correos).contains("error=\"invalid_token\""), "{correos:?}");
        let tracking = shop.api(Method::GET, &format!("{SEARCH}/X"), token).send().await;
        assert_eq!(
            (tracking.status, tracking.json().as_object().map(|body| body.keys().cloned().collect())),
            (401, Some(vec!["title".to_owned(), "body".to_owned()]))
        );
        let fedex = post(format!("{}{TRACK}", shop.base))
            .bearer(token)
            .header("x-customer-transaction-id", "order 7")
            .json(&tracked(DELIVERED))
            .send()
            .await;
        let body = fedex.json();
        assert_eq!(
            (fedex.status, &body["errors"][0]["code"], &body["transactionId"]),
            (401, &json!("NOT.AUTHORIZED.ERROR"), &json!(fedex.id()))
        );
        assert_eq!((&body["customerTransactionId"], fedex.header("x-customer-transaction-id")), (&json!("order 7"), "order 7"));
    }
    // One token is one too few when there are two.
    let twice = shop.api(Method::POST, DELIVERY, &good).bearer(&good).json(&delivery()).send().await;
    assert_eq!(twice.status, 400, "{twice:?}");
    let both = shop.api(Method::POST, &format!("{DELIVERY}?access_token={good}"), &good).json(&delivery()).send().await;
    assert_eq!(both.status, 400, "{both:?}");
    let query = post(format!("{}{DELIVERY}?access_token={good}", shop.base)).pair(shop.pair()).json(&delivery()).send().await;
    assert!(matches!(query.status, 400 | 401), "{query:?}");
}

#[tokio::test]
async fn what_no_api_offers_is_not_there() {
    let demo = Demo::start().await;
    let shop = demo.shop();
    let token = shop.token("").await;
    for path in [
        "/",
        "/admin",
        "/metrics",
        "/healthz",
        "/readyz",
        "/apis",
        "/admissions/preregister/api/v1/Delivery",
        "/admissions/preregister/api/v1/delivery/",
        "/support",
    ] {
        let answer = shop.api(Method::GET, path, &token).send().await;
        assert_eq!((answer.status, answer.header("content-type")), (404, "application/problem+json"), "{path}: {answer:?}");
        let problem: Value = serde_json::from_slice(&answer.body).expect("JSON");
        assert_eq!(problem["status"], 404, "{problem:#}");
        assert!(!answer.id().is_empty());
    }
    let answer = shop.api(Method::DELETE, REQUESTS, &token).send().await;
    assert_eq!(answer.status, 405, "{answer:?}");
    let allowed: Vec<_> = answer.header("allow").split(", ").collect();
    assert!(allowed.contains(&"GET") && allowed.contains(&"POST") && !allowed.contains(&"DELETE"), "{allowed:?}");
    for path in [
        "/admissions/preregister/api/v1/x/..%2fdelivery",
        "/admissions//preregister/api/v1/delivery",
        "/admissions/preregister/api/v1/delivery;x=1",
        "/admissions/preregister/api/v1/%2e%2e/delivery",
    ] {
        let answer = shop.api(Method::POST, path, &token).json(&delivery()).send().await;
        assert!(matches!(answer.status, 400 | 404), "{path}: {answer:?}");
    }
}

#[tokio::test]
async fn every_refusal_explains_itself_to_whoever_has_its_id() {
    let demo = Demo::start().await;
    let (shop, operator) = (demo.shop(), demo.operator());
    let token = shop.token("LBS").await;
    let id = shop.api(Method::POST, DELIVERY, &token).json(&delivery()).send().await.id().to_owned();
    // It is written a moment after the answer.
    let report = postigo_e2e::moments::eventually(postigo_e2e::program::PATIENCE, async || {
        let outcome = operator.types(&["decision", &id, "--json"]);
        (outcome.code == 0).then(|| serde_json::from_str::<Value>(&outcome.stdout).expect("JSON"))
    });
    let report = report.await.expect("a decision");
    assert_eq!(
        (&report["status"], &report["api"], &report["environment"]),
        (&json!(403), &json!("preregister"), &json!("sandbox")),
        "{report:#}"
    );
    assert_eq!((&report["caller"]["client_id"], &report["caller"]["project"]), (&json!(shop.client_id), &json!(shop.id)), "{report:#}");
    let checks: Vec<_> =
        report["checks"].as_array().expect("checks").iter().map(|check| (text(check, "/check"), text(check, "/verdict"))).collect();
    let order = ["route", "token", "revocation", "audience", "scope", "api_credential", "customer_key", "rate", "schema", "upstream"];
    let verdict = |at: usize| {
        if at < 4 {
            "passed"
        } else if at == 4 {
            "refused"
        } else {
            "not reached"
        }
    };
    let expected: Vec<_> = order.iter().enumerate().map(|(at, check)| ((*check).to_owned(), verdict(at).to_owned())).collect();
    assert_eq!(checks, expected);
    assert!(text(&report, "/explanation").contains("AP3"), "{report:#}");

    let printed = operator.does(&["decision", &id]);
    assert!(
        printed.contains("POST /admissions/preregister/api/v1/delivery 403") && printed.contains("✗ scope") && printed.contains("AP3"),
        "{printed}"
    );
    // What passed is kept as well, as often as the configuration says: the demo's says always.
    let id = shop.api(Method::GET, &format!("{SEARCH}/X"), &shop.token("TPB").await).send().await.id().to_owned();
    let report = postigo_e2e::moments::eventually(postigo_e2e::program::PATIENCE, async || {
        Some(operator.types(&["decision", &id])).filter(|outcome| outcome.code == 0)
    });
    let report = report.await.expect("a decision").stdout;
    assert!(report.contains("200") && !report.contains('✗') && !report.contains("not reached"), "{report}");
    let unknown = operator.types(&["decision", "01234567-89ab-7def-8123-456789abcdef"]);
    assert!(unknown.refusal().contains("01234567-89ab-7def-8123-456789abcdef"), "{unknown:?}");
}
