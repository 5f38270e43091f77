//! The second pair that some APIs want on every call.

use domain::contract::Standing;
use http::HeaderMap;
use serde_json::{Value, json};

use crate::{
    house::{House, Member, api, get, house},
    origin,
};

async fn guarded() -> (House, origin::Origin) {
    let origin = origin::echo().await;
    let mut api = api("store", &[&origin.url]);
    api["x-postigo"]["api_credential"] = json!("required");
    (house(vec![api, crate::house::api("depot", &[&origin.url])]).await, origin)
}

async fn verdict(house: &House, member: &Member, pair: &[(&str, &str)]) -> String {
    let call = get("/store/things").bearer(&house.token(member, "READ"));
    house.send(pair.iter().fold(call, |call, (name, value)| call.with(name, value))).await.verdict()
}

#[tokio::test]
async fn token_and_api_credential_are_both_needed() {
    let (house, origin) = guarded().await;
    let (id, secret) = &house.shop.api_credential;
    let id = id.as_str();
    for pair in [
        [("client_id", id), ("client_secret", secret)],
        [("client-id", id), ("client-secret", secret)],
        [("X-Client-Id", id), ("x-client-secret", secret)],
    ] {
        assert_eq!(verdict(&house, &house.shop, &pair).await, "200 -", "{}", pair[0].0);
    }
    let hits = origin.hits();
    assert_eq!(verdict(&house, &house.shop, &[]).await, "401 api-credential-missing");
    assert_eq!(verdict(&house, &house.shop, &[("client_id", id)]).await, "401 api-credential-missing");
    assert_eq!(verdict(&house, &house.shop, &[("client_secret", secret)]).await, "401 api-credential-missing");
    let without_token = house.send(get("/store/things").credential(&house.shop.api_credential)).await;
    assert_eq!(without_token.verdict(), "401 no-token");
    assert_eq!(origin.hits(), hits, "nothing of it reached the API");
}

#[tokio::test]
async fn whoever_is_vouched_for_inside_needs_no_api_credential_and_everything_else() {
    let (house, origin) = guarded().await;
    let vouched = |call: crate::call::Call| {
        let mut call = call;
        call.0.extensions_mut().insert(gateway::Vouched);
        call
    };
    let good = get("/store/things").bearer(&house.token(&house.shop, "READ"));
    assert_eq!(house.send(vouched(good)).await.verdict(), "200 -");
    let hits = origin.hits();
    assert_eq!(house.send(vouched(get("/store/things"))).await.verdict(), "401 no-token");
    let narrow = get("/store/things").bearer(&house.token(&house.shop, "OTHER"));
    assert_eq!(house.send(vouched(narrow)).await.verdict(), "403 scope-missing");
    let other = house.member("other", &[("depot", "unlimited", "READ")]).await;
    let elsewhere = get("/store/things").bearer(&house.token(&other, "READ"));
    assert_eq!(house.send(vouched(elsewhere)).await.verdict(), "403 api-not-approved");
    assert_eq!(origin.hits(), hits, "nothing of it reached the API");
}

#[tokio::test]
async fn unknown_wrong_revoked_and_foreign_api_credentials_look_alike() {
    let (house, origin) = guarded().await;
    let other = house.member("other", &[("store", "unlimited", "READ")]).await;
    let (id, secret) = &house.shop.api_credential;
    let (foreign, foreign_secret) = &other.api_credential;
    let mut answers = Vec::new();
    for (id, secret) in [
        ("sbx_ac_unknown", secret.as_str()),
        (id.as_str(), "pga_sbx_wrong"),
        (id.as_str(), &secret[..secret.len() - 1]),
        (id.as_str(), foreign_secret),
        (foreign.as_str(), foreign_secret),
    ] {
        let call = get("/store/things").bearer(&house.token(&house.shop, "READ")).with("client_id", id).with("client_secret", secret);
        answers.push(house.send(call).await);
    }
    let doubled = [("client_id", id.as_str()), ("x-client-id", foreign.as_str()), ("client_secret", secret)];
    assert_eq!(verdict(&house, &house.shop, &doubled).await, "401 api-credential-wrong", "two ids at once");
    house.change(async |tx| store::api_credentials::revoke(tx, id, house.now()).await).await;
    let revoked = get("/store/things").bearer(&house.token(&house.shop, "READ")).credential(&house.shop.api_credential);
    answers.push(house.send(revoked).await);

    let plain = |headers: &HeaderMap| -> Vec<String> {
        headers.iter().filter(|(name, _)| *name != "x-request-id").map(|(name, value)| format!("{name}: {value:?}")).collect()
    };
    let body = |answer: &crate::house::Answer| {
        let mut body = answer.json();
        body["instance"] = Value::Null;
        body
    };
    for answer in &answers {
        assert_eq!(answer.verdict(), "401 api-credential-wrong");
        assert_eq!(plain(&answer.headers), plain(&answers[0].headers));
        assert_eq!(body(answer), body(&answers[0]));
    }
    assert_eq!(origin.hits(), 0);
}

#[tokio::test]
async fn a_right_api_credential_of_a_project_without_access_is_forbidden() {
    let (house, origin) = guarded().await;
    // The scope came with another API; the pair is right, but not for this one.
    let member = house.member("depot only", &[("depot", "unlimited", "READ")]).await;
    let call = get("/store/things").bearer(&house.token(&member, "READ")).credential(&member.api_credential);
    assert_eq!(house.send(call).await.verdict(), "403 api-not-approved");
    assert_eq!(origin.hits(), 0);
}

#[tokio::test]
async fn a_suspended_organisations_pair_opens_nothing() {
    let (house, _origin) = guarded().await;
    let member = house.member("suspended", &[("store", "unlimited", "READ")]).await;
    let token = house.token(&member, "READ");
    let turn = store::organisations::Turn { from: Standing::Active, to: Standing::Suspended, reason: None, by: "test", at: house.now() };
    house.change(async |tx| store::organisations::turn(tx, member.organisation, turn).await).await;
    assert_eq!(house.send(get("/store/things").bearer(&token).credential(&member.api_credential)).await.verdict(), "401 client-stopped");
}

#[tokio::test]
async fn guessing_is_slowed_down_and_the_right_pair_is_not() {
    let (house, _origin) = guarded().await;
    let (id, _) = &house.shop.api_credential;
    let guess = [("client_id", id.as_str()), ("client_secret", "guess")];
    for _ in 0..web::failures::PER_CLIENT {
        assert_eq!(verdict(&house, &house.shop, &guess).await, "401 api-credential-wrong");
    }
    let call = || get("/store/things").bearer(&house.token(&house.shop, "READ"));
    let spoofed = call().with("client_id", id.as_str()).with("client_secret", "guess").with("x-forwarded-for", "198.51.100.9");
    let slowed = house.send(spoofed).await;
    assert_eq!(slowed.verdict(), "429 too-many-failures", "another X-Forwarded-For is still the same address");
    assert!((1..=60).contains(&slowed.header("retry-after").parse::<u32>().expect("seconds")));
    assert_eq!(house.send(call().credential(&house.shop.api_credential)).await.verdict(), "200 -");
}
