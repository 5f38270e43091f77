//! What is revoked stops within a second, at the gateway and at the token endpoint, and takes nothing else along.

use http::Method;
use postigo_e2e::{
    call::Answer,
    credentials::{Project, claims, text},
    demo::Demo,
    moments::within_a_second,
    shipment::{DELIVERED, SEARCH, TRACK, tracked},
};

/// A call that any project's token may make and that needs the first layer alone.
async fn call(project: &Project, token: &str) -> Answer {
    project.api(Method::POST, TRACK, token).json(&tracked(DELIVERED)).send().await
}

/// What the gateway says to a token.
async fn gateway(project: &Project, token: &str) -> u16 {
    call(project, token).await.status
}

/// What introspection says of a token, when somebody may ask.
async fn active(project: &Project, token: &str) -> bool {
    project.asks("/oauth2/introspect", &[("token", token)]).send().await.json()["active"] == true
}

#[tokio::test]
async fn a_revoked_secret_takes_its_tokens_along_and_leaves_those_of_the_other() {
    let demo = Demo::start().await;
    let (shop, operator) = (demo.shop(), demo.operator());
    let fresh = operator.reads(&["secret", "create", "--client", &shop.client_id]);
    let renewed = Project { client_secret: text(&fresh, "/client_secret"), ..shop.clone() };
    within_a_second("the new secret", 200, async || renewed.knocks().await.status).await;
    let (old, new) = (shop.token("CXS").await, renewed.token("CXS").await);
    assert_eq!((gateway(&shop, &old).await, gateway(&shop, &new).await), (200, 200));
    let secret = operator.reads(&["secret", "list", "--client", &shop.client_id]);
    let is_old = |secret: &&serde_json::Value| secret["id"] != fresh["id"];
    let secret = text(secret.as_array().expect("a list").iter().find(is_old).expect("the old one"), "/id");

    operator.does(&["revoke", "secret", &secret]);
    within_a_second("a revoked secret's token", 401, async || gateway(&shop, &old).await).await;
    within_a_second("a revoked secret", 401, async || shop.knocks().await.status).await;
    let refused = call(&shop, &old).await;
    assert!(refused.header("www-authenticate").contains("error=\"invalid_token\""), "{refused:?}");
    assert!(!active(&renewed, &old).await);
    assert_eq!((gateway(&shop, &new).await, renewed.knocks().await.status), (200, 200));
}

#[tokio::test]
async fn a_revoked_client_stops_for_good() {
    let demo = Demo::start().await;
    let (shop, platform, operator) = (demo.shop(), demo.platform(), demo.operator());
    let (token, others) = (shop.token("CXS").await, platform.token("CXS").await);
    assert_eq!(gateway(&shop, &token).await, 200);
    operator.does(&["revoke", "client", &shop.client_id]);
    within_a_second("a revoked client's token", 401, async || gateway(&shop, &token).await).await;
    within_a_second("a revoked client", 401, async || shop.knocks().await.status).await;
    assert_eq!((gateway(&platform, &others).await, platform.knocks().await.status), (200, 200));
    assert_eq!(demo.shop_in_production().knocks().await.status, 200, "the other environment's client is another one");
    let resumed = operator.types(&["client", "resume", &shop.client_id]);
    assert!(resumed.refusal().contains(&shop.client_id), "{resumed:?}");
    assert_eq!(shop.knocks().await.status, 401);
}

#[tokio::test]
async fn a_revoked_customer_key_stops_alone() {
    let demo = Demo::start().await;
    let (platform, operator) = (demo.platform(), demo.operator());
    let [one, other] = [&platform.customer_keys[0], &platform.customer_keys[1]];
    let (token, sibling) = (platform.token_for("csp_credentials", one).await, platform.token_for("csp_credentials", other).await);
    let own = platform.token("CXS").await;
    assert_eq!(gateway(&platform, &token).await, 200);
    operator.does(&["revoke", "customer-key", &one.key]);
    within_a_second("a revoked customer key's token", 401, async || gateway(&platform, &token).await).await;
    within_a_second("a revoked customer key", 401, async || {
        platform.knocks_for("/oauth2/token", "csp_credentials", (&one.key, &one.secret)).await.status
    })
    .await;
    assert!(!active(&platform, &token).await);
    assert_eq!((gateway(&platform, &sibling).await, gateway(&platform, &own).await), (200, 200));
    let resumed = operator.types(&["customer-key", "resume", &one.key]);
    assert_eq!(resumed.code, 1, "revoked is for good: {resumed:?}");
}

#[tokio::test]
async fn a_revoked_grants_scopes_vanish_from_living_tokens() {
    let demo = Demo::start().await;
    let (shop, operator) = (demo.shop(), demo.operator());
    let token = shop.token("").await;
    let trace = async || shop.api(Method::GET, &format!("{SEARCH}/X"), &token).send().await;
    assert_eq!(trace().await.status, 200);
    // Two APIs need TPB; the scope is gone when neither is granted.
    let grants = operator.reads(&["access", "grants", "--project", &shop.id]);
    let holds =
        |grant: &&serde_json::Value| grant["environment"] == "sandbox" && text(grant, "/scopes").split(' ').any(|scope| scope == "TPB");
    let grants: Vec<_> = grants.as_array().expect("a list").iter().filter(holds).map(|grant| text(grant, "/id")).collect();
    assert_eq!(grants.len(), 2, "tracking and shop");
    for grant in &grants {
        operator.does(&["revoke", "grant", grant, "--reason", "contract under review"]);
    }
    within_a_second("a revoked grant at the gateway", 403, async || trace().await.status).await;
    let refused = trace().await;
    assert!(refused.header("www-authenticate").contains("error=\"insufficient_scope\""), "{refused:?}");
    let asked = async || shop.asks("/oauth2/token", &[("grant_type", "client_credentials"), ("scope", "TPB")]).send().await;
    within_a_second("a revoked grant at the token endpoint", 400, async || asked().await.status).await;
    assert_eq!(asked().await.json()["error"], "invalid_scope");
    assert_eq!(shop.knocks().await.json()["scope"], "AP3 CXS LBS RCG", "what is left");
    assert_eq!(gateway(&shop, &token).await, 200, "the token's other scopes live on");
    // Approved anew, the same token opens it again.
    operator.does(&["access", "create", "--project", &shop.id, "--environment", "sandbox", "--api", "tracking"]);
    within_a_second("granted again", 200, async || trace().await.status).await;
}

#[tokio::test]
async fn a_revoked_organisation_stops_with_all_its_clients() {
    let demo = Demo::start().await;
    let (sandbox, production, platform, operator) = (demo.shop(), demo.shop_in_production(), demo.platform(), demo.operator());
    let (token, in_production, others) = (sandbox.token("CXS").await, production.token("TPB").await, platform.token("CXS").await);
    let trace = async || production.api(Method::GET, &format!("{SEARCH}/X"), &in_production).send().await.status;
    assert_eq!((gateway(&sandbox, &token).await, trace().await), (200, 200));
    operator.does(&["revoke", "organisation", &sandbox.organisation, "--reason", "contract ended"]);
    within_a_second("a revoked organisation's token", 401, async || gateway(&sandbox, &token).await).await;
    within_a_second("in production too", 401, trace).await;
    within_a_second("its clients", (401, 401), async || (sandbox.knocks().await.status, production.knocks().await.status)).await;
    assert_eq!((gateway(&platform, &others).await, platform.knocks().await.status), (200, 200));
}

#[tokio::test]
async fn a_revoked_token_stops_alone() {
    let demo = Demo::start().await;
    let (shop, operator) = (demo.shop(), demo.operator());
    let (whole, named, sibling) = (shop.token("CXS").await, shop.token("CXS").await, shop.token("CXS").await);
    assert_eq!(gateway(&shop, &whole).await, 200);
    operator.does(&["revoke", "token", &whole]);
    within_a_second("a revoked token", 401, async || gateway(&shop, &whole).await).await;
    operator.does(&["revoke", "token", &text(&claims(&named), "/jti")]);
    within_a_second("a token revoked by its id", 401, async || gateway(&shop, &named).await).await;
    assert_eq!((active(&shop, &whole).await, active(&shop, &sibling).await), (false, true));
    assert_eq!((gateway(&shop, &sibling).await, shop.knocks().await.status), (200, 200));
    // RFC 7009: whoever holds it may revoke it, and it is gone at once.
    assert_eq!(shop.asks("/oauth2/revoke", &[("token", &sibling)]).send().await.status, 200);
    within_a_second("a token its client revoked", 401, async || gateway(&shop, &sibling).await).await;
}

#[tokio::test]
async fn a_revoked_api_credential_stops_and_its_successor_works() {
    let demo = Demo::start().await;
    let (shop, operator) = (demo.shop(), demo.operator());
    let token = shop.token("TPB").await;
    let issued = operator.reads(&["api-credential", "create", "--project", &shop.id, "--environment", "sandbox"]);
    let renewed = Project { api_credential: (text(&issued, "/id"), text(&issued, "/client_secret")), ..shop.clone() };
    let trace = async |project: &Project| project.api(Method::GET, &format!("{SEARCH}/X"), &token).send().await;
    within_a_second("the new pair", 200, async || trace(&renewed).await.status).await;
    assert_eq!(trace(&shop).await.status, 200, "both work until one is revoked");
    operator.does(&["revoke", "api-credential", shop.pair().0]);
    within_a_second("a revoked pair", 401, async || trace(&shop).await.status).await;
    assert!(!trace(&shop).await.header("www-authenticate").contains("invalid_token"), "the token is not to blame");
    assert_eq!(trace(&renewed).await.status, 200);
}

#[tokio::test]
async fn a_suspended_client_comes_back_with_its_tokens() {
    let demo = Demo::start().await;
    let (shop, operator) = (demo.shop(), demo.operator());
    let token = shop.token("CXS").await;
    assert_eq!(gateway(&shop, &token).await, 200);
    for _ in 0..2 {
        operator.does(&["client", "suspend", &shop.client_id]);
        within_a_second("a suspended client", (401, 401), async || (gateway(&shop, &token).await, shop.knocks().await.status)).await;
        operator.does(&["client", "resume", &shop.client_id]);
        within_a_second("a resumed client", (200, 200), async || (gateway(&shop, &token).await, shop.knocks().await.status)).await;
    }
}

#[tokio::test]
async fn a_suspended_organisation_comes_back_too() {
    let demo = Demo::start().await;
    let (shop, operator) = (demo.shop(), demo.operator());
    let token = shop.token("CXS").await;
    let platform = demo.platform();
    let others = platform.token("CXS").await;
    assert_eq!((gateway(&shop, &token).await, gateway(&platform, &others).await), (200, 200));
    operator.does(&["organisation", "suspend", &shop.organisation, "--reason", "invoice overdue"]);
    within_a_second("a suspended organisation", (401, 401), async || (gateway(&shop, &token).await, shop.knocks().await.status)).await;
    assert_eq!(gateway(&platform, &others).await, 200, "nobody else is touched");
    assert_eq!(operator.reads(&["organisation", "show", &shop.organisation])["stopped"]["reason"], "invoice overdue");
    operator.does(&["organisation", "resume", &shop.organisation]);
    within_a_second("a resumed organisation", (200, 200), async || (gateway(&shop, &token).await, shop.knocks().await.status)).await;
}

#[tokio::test]
async fn a_retired_secret_gets_no_more_tokens_and_those_it_got_live_out() {
    let demo = Demo::start().await;
    let (shop, operator) = (demo.shop(), demo.operator());
    let token = shop.token("CXS").await;
    let fresh = operator.reads(&["secret", "create", "--client", &shop.client_id, "--overlap", "now"]);
    let renewed = Project { client_secret: text(&fresh, "/client_secret"), ..shop.clone() };
    within_a_second("the new secret", 200, async || renewed.knocks().await.status).await;
    within_a_second("the old secret", 401, async || shop.knocks().await.status).await;
    assert_eq!(gateway(&shop, &token).await, 200, "its tokens live out");
    assert!(active(&renewed, &token).await);
}

#[tokio::test]
async fn secrets_overlap_for_as_long_as_was_chosen() {
    let demo = Demo::start().await;
    let (shop, operator) = (demo.shop(), demo.operator());
    assert_eq!(shop.knocks().await.status, 200);
    let fresh = operator.reads(&["secret", "create", "--client", &shop.client_id, "--overlap", "24h"]);
    let renewed = Project { client_secret: text(&fresh, "/client_secret"), ..shop.clone() };
    within_a_second("both secrets", (200, 200), async || (shop.knocks().await.status, renewed.knocks().await.status)).await;
    let third = operator.types(&["secret", "create", "--client", &shop.client_id]);
    assert!(third.refusal().contains("secret list"), "two is the most: {third:?}");
    let listed = operator.reads(&["secret", "list", "--client", &shop.client_id]);
    let listed = listed.as_array().expect("a list");
    let retiring: Vec<_> = listed.iter().filter(|secret| !secret["retires_at"].is_null()).collect();
    assert_eq!((listed.len(), retiring.len()), (2, 1), "{listed:#?}");
    assert!(retiring[0]["id"] != fresh["id"] && listed.iter().all(|secret| !secret.to_string().contains("client_secret")));
    assert!(
        listed.iter().all(|secret| shop.client_secret.starts_with(&text(secret, "/prefix"))
            || renewed.client_secret.starts_with(&text(secret, "/prefix"))),
        "{listed:#?}"
    );
    // The proof that the old one may go is in its last use, which is written a moment later.
    let used = postigo_e2e::moments::eventually(postigo_e2e::program::PATIENCE, async || {
        let listed = operator.reads(&["secret", "list", "--client", &shop.client_id]);
        listed
            .as_array()
            .expect("a list")
            .iter()
            .all(|secret| secret["last_used_at"].is_string() && secret["last_used_address"] == "127.0.0.1")
            .then_some(())
    });
    assert!(used.await.is_some(), "the last use of each secret is known");
    let id = text(retiring[0], "/id");
    operator.does(&["secret", "retire", &id, "--in", "now"]);
    within_a_second("retired before its time", (401, 200), async || (shop.knocks().await.status, renewed.knocks().await.status)).await;
}
