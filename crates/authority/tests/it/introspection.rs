//! Introspection (trust I01-I09; §1 rows 14, 15, 17, 70).

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::contract::Standing;
use serde_json::json;

use crate::{
    ask::{Answer, access_token, get, post, token, token_of},
    house::{House, Member, SANDBOX},
};

const INACTIVE: &str = r#"{"active":false}"#;

async fn ask(house: &House, member: &Member, parameters: &[(&str, &str)]) -> Answer {
    post("/oauth2/introspect").form(parameters).basic(member.id.as_str(), &member.secret).send(house).await
}

async fn is_active(house: &House, member: &Member, token: &str) -> bool {
    let answer = ask(house, member, &[("token", token)]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let active = answer.json()["active"] == true;
    assert!(active || answer.body == INACTIVE, "{}", answer.body);
    active
}

store::on_both_engines! {
    async fn a_client_sees_its_own_token_with_all_that_matters(test: TestDb) {
        let house = House::open(test).await;
        let shop = house.shop().await;
        let token = access_token(&house, &shop).await;
        let answer = ask(&house, &shop, &[("token", &token)]).await;
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        let (now, read) = (house.now().as_second(), answer.json());
        assert_eq!(
            read,
            json!({
                "active": true, "token_type": "Bearer", "scope": "AP3 LBS RCG", "client_id": shop.id, "sub": shop.id, "iss": SANDBOX, "aud": SANDBOX,
                "exp": now + 3600, "iat": now, "jti": read["jti"], "org": shop.organisation, "env": "sandbox",
            })
        );
        for hint in ["access_token", "refresh_token", "nonsense"] {
            assert!(ask(&house, &shop, &[("token", &token), ("token_type_hint", hint)]).await.json()["active"] == true, "{hint}");
        }
    }

    async fn a_token_with_a_customer_key_says_for_whom_it_is_and_who_acts(test: TestDb) {
        let house = House::open(test).await;
        let (platform, key) = house.platform().await;
        let all = [("grant_type", "csp_credentials"), ("child_key", key.id.as_str()), ("child_secret", &key.secret)];
        let token = post("/oauth2/token").form(&all).basic(platform.id.as_str(), &platform.secret).send(&house).await.json();
        let read = ask(&house, &platform, &[("token", token["access_token"].as_str().expect("a token"))]).await.json();
        assert_eq!((&read["sub"], &read["client_id"], &read["account"]), (&json!(key.id), &json!(platform.id), &json!("740561073")));
        assert_eq!(read["act"], json!({"sub": platform.id}));
    }

    async fn whoever_asks_must_be_a_client(test: TestDb) {
        let house = House::open(test).await;
        let shop = house.shop().await;
        let token = access_token(&house, &shop).await;
        let nobody = post("/oauth2/introspect").form(&[("token", &token)]).send(&house).await;
        assert_eq!((nobody.status, &*nobody.error()), (401, "invalid_client"));
        let wrong = post("/oauth2/introspect").form(&[("token", &token)]).basic(shop.id.as_str(), "wrong").send(&house).await;
        let unknown = post("/oauth2/introspect").form(&[("token", &token)]).basic("sbx_ci_x", "wrong").send(&house).await;
        assert_eq!(wrong.status, 401);
        assert_eq!(wrong.comparable(), unknown.comparable());
        let in_body = post("/oauth2/introspect")
            .form(&[("token", &token), ("client_id", shop.id.as_str()), ("client_secret", &shop.secret)])
            .send(&house)
            .await;
        assert!(in_body.json()["active"] == true);
        // A token is no way to authenticate here.
        let bearer =
            post("/oauth2/introspect").form(&[("token", &token)]).header("authorization", &format!("Bearer {token}")).send(&house).await;
        assert_eq!(bearer.status, 401);
    }

    async fn the_token_parameter_is_needed_once_and_only_posts_are_answered(test: TestDb) {
        let house = House::open(test).await;
        let shop = house.shop().await;
        assert_eq!(ask(&house, &shop, &[]).await.error(), "invalid_request");
        assert_eq!(ask(&house, &shop, &[("token", "")]).await.error(), "invalid_request");
        assert_eq!(ask(&house, &shop, &[("token", "a"), ("token", "a")]).await.error(), "invalid_request");
        assert_eq!(get("/oauth2/introspect").send(&house).await.status, 405);
    }

    async fn garbage_is_inactive_and_nothing_more_is_said(test: TestDb) {
        let house = House::open(test).await;
        let shop = house.shop().await;
        let token = access_token(&house, &shop).await;
        let parts: Vec<_> = token.split('.').collect();
        let none = URL_SAFE_NO_PAD.encode(r#"{"typ":"at+jwt","alg":"none"}"#);
        let garbage = [
            "x".to_owned(),
            ".".to_owned(),
            "..".to_owned(),
            "a.b.c.d.e".to_owned(),
            "[".repeat(3000),
            "\u{7f}\n\r".to_owned(),
            "ñ".to_owned(),
            format!("{token} "),
            format!("{token}="),
            format!("{token}.x"),
            format!("{}.{}.", parts[0], parts[1]),
            format!("{none}.{}.", parts[1]),
            format!("{none}.{}.{}", parts[1], parts[2]),
            format!("{}.{}.{}", parts[1], parts[0], parts[2]),
            format!("{}.{}.{}", parts[0], URL_SAFE_NO_PAD.encode("{}"), parts[2]),
            token.to_lowercase(),
            "x".repeat(9000),
            shop.secret.clone(),
        ];
        for token in garbage {
            assert_eq!(ask(&house, &shop, &[("token", &token)]).await.body, INACTIVE, "{token}");
        }
        for at in [0, 1, 2] {
            let mut changed: Vec<String> = parts.iter().map(ToString::to_string).collect();
            let first = if changed[at].starts_with('A') { "B" } else { "A" };
            changed[at].replace_range(..1, first);
            assert!(!is_active(&house, &shop, &changed.join(".")).await, "part {at}");
        }
        assert!(is_active(&house, &shop, &token).await);
    }

    async fn another_clients_token_is_inactive_even_to_its_own_organisation(test: TestDb) {
        let house = House::open(test).await;
        let (shop, other) = (house.shop().await, house.shop().await);
        let token = access_token(&house, &shop).await;
        assert_eq!(ask(&house, &other, &[("token", &token)]).await.body, INACTIVE);
        let inactive = ask(&house, &other, &[("token", "garbage")]).await.comparable();
        assert_eq!(ask(&house, &other, &[("token", &token)]).await.comparable(), inactive);
    }

    async fn a_token_is_active_until_it_expires_and_never_again(test: TestDb) {
        let house = House::open(test).await;
        let shop = house.shop().await;
        let token = access_token(&house, &shop).await;
        house.hands.advance(3599);
        assert!(is_active(&house, &shop, &token).await);
        for _ in 0..10 {
            house.hands.advance(1);
            assert!(!is_active(&house, &shop, &token).await);
        }
    }

    async fn a_token_falls_with_its_secret_but_outlives_its_retirement(test: TestDb) {
        let house = House::open(test).await;
        let shop = house.shop().await;
        let token = access_token(&house, &shop).await;
        house.add_secret(&shop.id, "the-next-secret").await;
        house.retire_secret(shop.secret_id, 1).await;
        house.hands.advance(2);
        let shop = Member { secret: "the-next-secret".into(), ..shop };
        assert!(is_active(&house, &shop, &token).await, "retired: its tokens live out");
        house.revoke_secret(shop.secret_id).await;
        assert!(!is_active(&house, &shop, &token).await, "revoked: they do not");
    }

    async fn a_suspended_client_hears_nothing_and_its_token_is_good_again_afterwards(test: TestDb) {
        let house = House::open(test).await;
        let shop = house.shop().await;
        let token = access_token(&house, &shop).await;
        house.set_client(&shop.id, Standing::Suspended).await;
        assert_eq!(ask(&house, &shop, &[("token", &token)]).await.status, 401);
        house.set_client(&shop.id, Standing::Active).await;
        assert!(is_active(&house, &shop, &token).await);
    }

    async fn a_token_falls_with_its_customer_key_and_its_siblings_stay(test: TestDb) {
        let house = House::open(test).await;
        let (platform, key) = house.platform().await;
        let sibling = house.customer_key(&platform, "2").await;
        let mut tokens = Vec::new();
        for key in [&key, &sibling] {
            let all = [("grant_type", "csp_credentials"), ("child_key", key.id.as_str()), ("child_secret", &key.secret)];
            let answer = post("/oauth2/token").form(&all).basic(platform.id.as_str(), &platform.secret).send(&house).await;
            tokens.push(answer.json()["access_token"].as_str().expect("a token").to_owned());
        }
        tokens.push(access_token(&house, &platform).await);
        house.set_key(&key.id, Standing::Suspended).await;
        for (token, active) in tokens.iter().zip([false, true, true]) {
            assert_eq!(is_active(&house, &platform, token).await, active);
        }
        house.set_key(&key.id, Standing::Active).await;
        assert!(is_active(&house, &platform, &tokens[0]).await);
        house.set_key(&key.id, Standing::Revoked).await;
        assert!(!is_active(&house, &platform, &tokens[0]).await);
    }

    async fn a_revoked_grant_takes_its_scopes_out_of_living_tokens(test: TestDb) {
        let house = House::open(test).await;
        let shop = house.member(domain::CustomerType::Customer, &[]).await;
        let (first, second) = (house.grant(&shop, "preregister", "AP3").await, house.grant(&shop, "labels", "LBS").await);
        let answer = token_of(&house, &shop, &[]).await;
        let token = answer["access_token"].as_str().expect("a token");
        house.revoke_grant(&first).await;
        assert_eq!(ask(&house, &shop, &[("token", token)]).await.json()["scope"], "LBS");
        house.revoke_grant(&second).await;
        assert!(!is_active(&house, &shop, token).await, "nothing is left of it");
    }

    async fn a_token_of_the_other_environment_is_inactive(test: TestDb) {
        let house = House::open(test).await;
        let shop = house.shop().await;
        let live = house.member_in(domain::Environment::Production, domain::CustomerType::Customer, &[("preregister", "AP3")]).await;
        let answer = token("/oauth2/token", &[]).basic(live.id.as_str(), &live.secret).production().send(&house).await.json();
        let theirs = answer["access_token"].as_str().expect("a token");
        assert!(!is_active(&house, &shop, theirs).await);
        let answer =
            post("/oauth2/introspect").form(&[("token", theirs)]).basic(live.id.as_str(), &live.secret).production().send(&house).await;
        assert!(answer.json()["active"] == true);
    }
}
