//! Acting for others: one project, many accounts.

use http::Method;
use postigo_e2e::{
    call::Answer,
    credentials::{CustomerKey, Project, claims},
    demo::Demo,
    moments::within_a_second,
    shipment::{DELIVERED, TRACK, tracked},
};
use serde_json::json;

const ROUTES: [&str; 3] = ["/oauth2/token", "/oauth/token", "/Api/Authorize/Token"];

/// What an answer says, less what is different every time.
fn said(answer: &Answer) -> (u16, String, Vec<(String, String)>) {
    let headers = answer.headers.iter().filter(|(name, _)| !["date", "x-request-id"].contains(&name.as_str()));
    let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().expect("text").to_owned()));
    (answer.status, answer.text().replace(answer.id(), "ID"), headers.collect())
}

fn pair(key: &CustomerKey) -> (&str, &str) {
    (&key.key, &key.secret)
}

/// What the gateway says to a token of a platform.
async fn tracks(project: &Project, token: &str) -> u16 {
    project.api(Method::POST, TRACK, token).json(&tracked(DELIVERED)).send().await.status
}

#[tokio::test]
async fn platforms_and_parents_act_for_each_of_their_accounts() {
    let demo = Demo::start().await;
    for (project, grant_type) in [(demo.platform(), "csp_credentials"), (demo.parent(), "client_pc_credentials")] {
        assert_eq!(project.customer_keys.len(), 2);
        for key in &project.customer_keys {
            for path in ROUTES {
                let answer = project.knocks_for(path, grant_type, pair(key)).await;
                assert_eq!(answer.status, 200, "{path} {answer:?}");
                let token = answer.json()["access_token"].as_str().expect("a token").to_owned();
                let claims = claims(&token);
                assert_eq!(
                    (&claims["sub"], &claims["account"], &claims["client_id"]),
                    (&json!(key.key), &json!(key.account), &json!(project.client_id))
                );
                assert_eq!(claims["act"], json!({"sub": project.client_id}));
                assert_eq!(tracks(&project, &token).await, 200);
            }
            for spelling in ["child_key", "child_Key", "child_id"] {
                let answer = project
                    .asks("/oauth/token", &[("grant_type", grant_type), (spelling, &key.key), ("child_secret", &key.secret)])
                    .send()
                    .await;
                assert_eq!((answer.status, &answer.json()["token_type"]), (200, &json!("bearer")), "{spelling} {answer:?}");
            }
        }
        let [one, other] = [&project.customer_keys[0], &project.customer_keys[1]];
        let contradicting = [("grant_type", grant_type), ("child_key", &one.key), ("child_Key", &other.key), ("child_secret", &one.secret)];
        assert_eq!(project.asks("/oauth/token", &contradicting).send().await.status, 400);
    }
}

#[tokio::test]
async fn each_customer_type_has_its_grant_and_no_other() {
    let demo = Demo::start().await;
    let (shop, platform, parent) = (demo.shop(), demo.platform(), demo.parent());
    for (project, grant_type, key) in [
        (&platform, "client_pc_credentials", &platform.customer_keys[0]),
        (&parent, "csp_credentials", &parent.customer_keys[0]),
        (&shop, "csp_credentials", &platform.customer_keys[0]),
        (&shop, "client_pc_credentials", &parent.customer_keys[0]),
    ] {
        let oauth = project.knocks_for("/oauth2/token", grant_type, pair(key)).await;
        assert_eq!((oauth.status, &oauth.json()["error"]), (400, &json!("unauthorized_client")), "{grant_type} {project:?}");
        let fedex = project.knocks_for("/oauth/token", grant_type, pair(key)).await;
        assert_eq!((fedex.status, &fedex.json()["errors"][0]["code"]), (401, &json!("NOT.AUTHORIZED.ERROR")), "{grant_type}");
        assert_eq!(project.knocks_for("/Api/Authorize/Token", grant_type, pair(key)).await.status, 403, "{grant_type}");
    }
}

#[tokio::test]
async fn a_foreign_customer_key_looks_exactly_like_an_unknown_one() {
    let demo = Demo::start().await;
    let (platform, parent) = (demo.platform(), demo.parent());
    let (own, foreign) = (&platform.customer_keys[0], &parent.customer_keys[0]);
    let near = &own.secret[..own.secret.len() - 1];
    for path in ROUTES {
        let unknown = platform.knocks_for(path, "csp_credentials", ("sbx_ck_0000000000000000000000", &foreign.secret)).await;
        assert_eq!(unknown.status, 401, "{unknown:?}");
        for (what, key) in [
            ("another platform's, with its right secret", pair(foreign)),
            ("its own, with a wrong secret", (own.key.as_str(), foreign.secret.as_str())),
            ("its own, with a secret cut short", (own.key.as_str(), near)),
            ("its own client, as if it were a customer", (platform.client_id.as_str(), platform.client_secret.as_str())),
        ] {
            let answer = platform.knocks_for(path, "csp_credentials", key).await;
            assert_eq!(said(&answer), said(&unknown), "{path}: {what}");
        }
        let mut stranger = platform.clone();
        stranger.client_secret = parent.client_secret.clone();
        let answer = stranger.knocks_for(path, "csp_credentials", pair(own)).await;
        assert_eq!(said(&answer), said(&unknown), "{path}: a wrong client secret");
    }
    // A customer alone is nobody.
    let mut child = platform.clone();
    (child.client_id, child.client_secret) = (own.key.clone(), own.secret.clone());
    assert_eq!(child.knocks().await.status, 401);
}

#[tokio::test]
async fn a_suspended_customer_key_stops_alone_and_comes_back() {
    let demo = Demo::start().await;
    let (platform, operator) = (demo.platform(), demo.operator());
    let [one, other] = [&platform.customer_keys[0], &platform.customer_keys[1]];
    let (token, others) = (platform.token_for("csp_credentials", one).await, platform.token_for("csp_credentials", other).await);
    let own = platform.token("CXS").await;
    assert_eq!(tracks(&platform, &token).await, 200);
    operator.does(&["customer-key", "suspend", &one.key]);
    within_a_second("a suspended key at the gateway", 401, async || tracks(&platform, &token).await).await;
    within_a_second("a suspended key at the token endpoint", 401, async || {
        platform.knocks_for("/oauth/token", "csp_credentials", pair(one)).await.status
    })
    .await;
    let unknown = platform.knocks_for("/oauth/token", "csp_credentials", ("sbx_ck_0000000000000000000000", "x")).await;
    assert_eq!(
        said(&platform.knocks_for("/oauth/token", "csp_credentials", pair(one)).await),
        said(&unknown),
        "it looks like an unknown one"
    );
    assert_eq!((tracks(&platform, &others).await, tracks(&platform, &own).await), (200, 200), "nobody else is touched");
    operator.does(&["customer-key", "resume", &one.key]);
    within_a_second("a resumed key", 200, async || tracks(&platform, &token).await).await;
    assert_eq!(platform.knocks_for("/oauth/token", "csp_credentials", pair(one)).await.status, 200);
}

#[tokio::test]
async fn an_issued_customer_key_acts_at_once_and_is_shown_once() {
    let demo = Demo::start().await;
    let (platform, operator) = (demo.platform(), demo.operator());
    let issued =
        operator.reads(&["customer-key", "create", "--project", &platform.id, "--environment", "sandbox", "--account-number", "123456789"]);
    let text = |member: &str| issued[member].as_str().expect("text").to_owned();
    let key = CustomerKey { account: text("account_number"), key: text("child_key"), secret: text("child_secret") };
    assert_eq!(claims(&platform.token_for("csp_credentials", &key).await)["account"], "123456789");
    for words in [&["customer-key", "show", &key.key][..], &["customer-key", "list", "--project", &platform.id], &["audit", "list"]] {
        let printed = operator.reads(words).to_string();
        assert!(printed.contains(&key.key) && !printed.contains(&key.secret), "{words:?}: {printed}");
    }
}
