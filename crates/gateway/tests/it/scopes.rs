//! What a token allows, and what is left of it when a grant is revoked.

use serde_json::json;

use crate::{
    house::{api, get, house, post},
    origin,
};

#[tokio::test]
async fn an_operation_opens_to_its_scopes_and_to_no_others() {
    let origin = origin::echo().await;
    let house = house(vec![api("store", &[&origin.url])]).await;
    for (scope, list, create, read, administer) in [
        ("READ", 200, 403, 200, 403),
        ("WRITE", 403, 200, 403, 403),
        ("ADMIN", 403, 403, 403, 200),
        ("ADMIN WRITE", 403, 200, 200, 200),
        ("read", 403, 403, 403, 403),
        ("READ,WRITE", 403, 403, 403, 403),
        ("", 403, 403, 403, 403),
    ] {
        let token = house.token(&house.shop, scope);
        let statuses = [
            house.send(get("/store/things").bearer(&token)).await.status.as_u16(),
            house.send(post("/store/things", "{}").bearer(&token)).await.status.as_u16(),
            house.send(get("/store/things/7").bearer(&token)).await.status.as_u16(),
            house.send(get("/store/admin").bearer(&token)).await.status.as_u16(),
        ];
        assert_eq!(statuses, [list, create, read, administer], "{scope}");
    }
}

#[tokio::test]
async fn a_missing_scope_is_named_in_the_challenge() {
    let origin = origin::echo().await;
    let house = house(vec![api("store", &[&origin.url])]).await;
    let answer = house.send(get("/store/things/7").bearer(&house.token(&house.shop, "ADMIN"))).await;
    assert_eq!(answer.verdict(), "403 scope-missing");
    let challenge = answer.header("www-authenticate");
    assert!(challenge.contains("error=\"insufficient_scope\"") && challenge.contains("scope=\"READ\""), "{challenge}");
    assert_eq!(origin.hits(), 0);
}

#[tokio::test]
async fn a_revoked_grant_takes_its_scopes_out_of_living_tokens() {
    let origin = origin::echo().await;
    let house = house(vec![api("store", &[&origin.url]), api("depot", &[&origin.url])]).await;
    let member = house.member("two grants", &[("store", "unlimited", "READ"), ("depot", "unlimited", "WRITE ADMIN")]).await;
    let token = house.token(&member, "READ WRITE ADMIN");
    assert_eq!(house.send(get("/store/things").bearer(&token)).await.verdict(), "200 -");

    let grant = store::grants::find(&house.test.db, member.grants[0]).await.expect("reads").expect("a grant");
    house.change(async |tx| store::grants::revoke(tx, &grant, house.now()).await).await;
    let refused = house.send(get("/store/things").bearer(&token)).await;
    assert_eq!(refused.verdict(), "403 grant-revoked");
    assert!(refused.header("www-authenticate").contains("scope=\"READ\""));
    // The other API is as open as before, and hears of no scope that is not granted any more.
    let passed = house.send(get("/depot/things/7").bearer(&token)).await;
    assert_eq!(passed.verdict(), "200 -");
    assert!(passed.json()["headers"].as_array().expect("headers").contains(&json!(["x-postigo-scope", "ADMIN WRITE"])), "{passed:?}");
}

#[tokio::test]
async fn a_grant_for_one_api_opens_no_other_that_has_a_scope_of_the_same_name() {
    let origin = origin::echo().await;
    let house = house(vec![api("store", &[&origin.url]), api("depot", &[&origin.url])]).await;
    let member = house.member("one grant", &[("store", "unlimited", "READ")]).await;
    let token = house.token(&member, "READ");
    assert_eq!(house.send(get("/store/things").bearer(&token)).await.verdict(), "200 -");
    assert_eq!(house.send(get("/depot/things").bearer(&token)).await.verdict(), "403 api-not-approved");
    assert_eq!(origin.hits(), 1);
}
