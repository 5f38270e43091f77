//! A customer key as the subject's token (RFC 8693).

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{CustomerType, Environment, contract::Standing};
use serde_json::{Value, json};

use crate::{
    ask::{Answer, TOKEN_ROUTES, post},
    house::{House, Key, Member},
};

const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const CUSTOMER_KEY: &str = "urn:postigo:token-type:customer-key";
const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";

fn subject(key: &Key) -> String {
    format!("{}.{}", key.id, key.secret)
}

async fn ask(house: &House, path: &str, member: &Member, more: &[(&str, &str)]) -> Answer {
    let mut all = vec![("grant_type", EXCHANGE), ("client_id", member.id.as_str()), ("client_secret", &*member.secret)];
    all.extend_from_slice(more);
    post(path).form(&all).send(house).await
}

async fn exchange(house: &House, path: &str, member: &Member, subject: &str) -> Answer {
    ask(house, path, member, &[("subject_token", subject), ("subject_token_type", CUSTOMER_KEY)]).await
}

fn claims(answer: &Answer) -> Value {
    let token = answer.json()["access_token"].as_str().expect("a token").to_owned();
    let payload = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).expect("a payload")).expect("base64");
    serde_json::from_slice(&payload).expect("JSON")
}

store::on_both_engines! {
    async fn every_customer_type_that_acts_for_others_exchanges_its_customer_keys_and_no_other_does(test: TestDb) {
        let house = House::open(test).await;
        for customer_type in CustomerType::ALL.iter().copied() {
            let member = house.member(customer_type, &[("fedex-track", "CXS")]).await;
            let key = house.customer_key(&member, "740561073").await;
            for ((_, path), refused) in TOKEN_ROUTES.into_iter().zip([400, 401, 403]) {
                let answer = exchange(&house, path, &member, &subject(&key)).await;
                let open = customer_type != CustomerType::Customer;
                assert_eq!(answer.status, if open { 200 } else { refused }, "{customer_type} {path}: {}", answer.body);
                if !open && path == "/oauth2/token" {
                    assert_eq!(answer.error(), "unauthorized_client");
                }
            }
        }
    }

    async fn the_token_is_the_one_that_csp_credentials_gives(test: TestDb) {
        let house = House::open(test).await;
        let (platform, key) = house.platform().await;
        for (_, path) in TOKEN_ROUTES {
            let all = [
                ("grant_type", "csp_credentials"), ("client_id", platform.id.as_str()), ("client_secret", &*platform.secret),
                ("child_key", key.id.as_str()), ("child_secret", &*key.secret),
            ];
            let (theirs, answer) = (post(path).form(&all).send(&house).await, exchange(&house, path, &platform, &subject(&key)).await);
            let (mut theirs, mut ours) = (claims(&theirs), claims(&answer));
            for claims in [&mut theirs, &mut ours] {
                claims.as_object_mut().expect("an object").remove("jti");
            }
            assert_eq!(ours, theirs, "{path}");
            assert_eq!((&ours["sub"], &ours["account"], &ours["act"]), (&json!(key.id), &json!("740561073"), &json!({"sub": platform.id})));
            assert_eq!(ours["scope"], "CXS", "never the scope that makes customer keys");
        }
    }

    async fn only_the_standard_route_says_what_was_issued(test: TestDb) {
        let house = House::open(test).await;
        let (platform, key) = house.platform().await;
        let answer = exchange(&house, "/oauth2/token", &platform, &subject(&key)).await.json();
        let members: Vec<_> = answer.as_object().expect("an object").keys().map(String::as_str).collect();
        assert_eq!(members, ["access_token", "issued_token_type", "token_type", "expires_in", "scope"]);
        assert_eq!((&answer["issued_token_type"], &answer["token_type"]), (&json!(ACCESS_TOKEN), &json!("Bearer")));
        for path in ["/oauth/token", "/Api/Authorize/Token"] {
            assert_eq!(exchange(&house, path, &platform, &subject(&key)).await.json().get("issued_token_type"), None, "{path}");
        }
        let plain = post("/oauth2/token").form(&[("grant_type", "client_credentials")]).basic(platform.id.as_str(), &platform.secret);
        assert_eq!(plain.send(&house).await.json().get("issued_token_type"), None);
    }

    async fn what_is_not_such_an_exchange_is_refused_before_anything_is_compared(test: TestDb) {
        let house = House::open(test).await;
        let (platform, key) = house.platform().await;
        let own = subject(&key);
        let (token, kind) = (("subject_token", own.as_str()), ("subject_token_type", CUSTOMER_KEY));
        for wrong in [
            &[][..],
            &[token],
            &[kind],
            &[("subject_token", ""), kind],
            &[token, ("subject_token_type", ACCESS_TOKEN)],
            &[token, ("subject_token_type", "urn:ietf:params:oauth:token-type:jwt")],
            &[token, kind, ("actor_token", "x"), ("actor_token_type", CUSTOMER_KEY)],
            &[token, kind, ("actor_token", "x")],
            &[token, kind, ("actor_token_type", CUSTOMER_KEY)],
            &[token, kind, ("requested_token_type", "urn:ietf:params:oauth:token-type:refresh_token")],
            &[token, kind, ("child_key", key.id.as_str())],
            &[token, kind, ("child_id", "x")],
            &[token, kind, ("child_secret", &*key.secret)],
            &[("child_key", key.id.as_str()), ("child_secret", &*key.secret)],
        ] {
            for (_, path) in TOKEN_ROUTES {
                let answer = ask(&house, path, &platform, wrong).await;
                assert_eq!(answer.status, 400, "{path} {wrong:?}: {}", answer.body);
                if path == "/oauth2/token" {
                    assert_eq!(answer.error(), "invalid_request", "{wrong:?}");
                }
            }
        }
        for right in [
            &[token, kind, ("requested_token_type", ACCESS_TOKEN)][..],
            &[token, kind, ("requested_token_type", ""), ("actor_token", "")],
            &[token, kind, ("audience", "https://api.example"), ("resource", "https://api.example")],
        ] {
            assert_eq!(ask(&house, "/oauth2/token", &platform, right).await.status, 200, "{right:?}");
        }
        let mixed = [
            ("grant_type", "csp_credentials"), ("client_id", platform.id.as_str()), ("client_secret", &*platform.secret),
            ("child_key", key.id.as_str()), ("child_secret", &*key.secret), token,
        ];
        assert_eq!(post("/oauth2/token").form(&mixed).send(&house).await.error(), "invalid_request", "one customer key at a time");
    }

    async fn no_wrong_customer_key_can_be_told_from_a_wrong_client_secret(test: TestDb) {
        let house = House::open(test).await;
        let ((platform, key), (_, foreign)) = (house.platform().await, house.platform().await);
        let (suspended, revoked) = (house.customer_key(&platform, "2").await, house.customer_key(&platform, "3").await);
        house.set_key(&suspended.id, Standing::Suspended).await;
        house.set_key(&revoked.id, Standing::Revoked).await;
        let live = house.member_in(Environment::Production, CustomerType::Integrator, &[]).await;
        let live = house.customer_key(&live, "4").await;
        let impostor = Member { secret: "wrong".into(), id: platform.id.clone(), ..house.platform().await.0 };
        for (_, path) in TOKEN_ROUTES {
            let wrong = exchange(&house, path, &impostor, &subject(&key)).await.comparable();
            assert_eq!(wrong.0, 401);
            for wrong_subject in [
                subject(&foreign),
                subject(&suspended),
                subject(&revoked),
                subject(&live),
                format!("{}.x", key.id),
                format!("{}.{}", key.id, foreign.secret),
                format!("{}.{}.", key.id, key.secret),
                format!("{}.", key.id),
                format!(".{}", key.secret),
                key.id.to_string(),
                key.secret.clone(),
                ".".into(),
                "x".repeat(500),
                format!("{}.{}", platform.id, platform.secret),
            ] {
                assert_eq!(exchange(&house, path, &platform, &wrong_subject).await.comparable(), wrong, "{path} {wrong_subject}");
            }
        }
    }

    async fn a_client_narrowed_to_other_grants_exchanges_nothing(test: TestDb) {
        let house = House::open(test).await;
        let (platform, key) = house.platform().await;
        house.narrow(&platform.id, Some("client_credentials csp_credentials"), 3600).await;
        assert_eq!(exchange(&house, "/oauth2/token", &platform, &subject(&key)).await.error(), "unauthorized_client");
        house.narrow(&platform.id, Some(EXCHANGE), 3600).await;
        assert_eq!(exchange(&house, "/oauth2/token", &platform, &subject(&key)).await.status, 200);
        let plain = post("/oauth2/token").form(&[("grant_type", "client_credentials")]).basic(platform.id.as_str(), &platform.secret);
        assert_eq!(plain.send(&house).await.error(), "unauthorized_client");
    }

    async fn an_exchanged_token_says_who_acts_and_falls_with_its_customer_key(test: TestDb) {
        let house = House::open(test).await;
        let (platform, key) = house.platform().await;
        let token = exchange(&house, "/oauth2/token", &platform, &subject(&key)).await.json();
        let introspect = async || {
            let form = [("token", token["access_token"].as_str().expect("a token"))];
            post("/oauth2/introspect").form(&form).basic(platform.id.as_str(), &platform.secret).send(&house).await.json()
        };
        let read = introspect().await;
        assert_eq!((&read["active"], &read["sub"], &read["account"]), (&json!(true), &json!(key.id), &json!("740561073")));
        assert_eq!(read["act"], json!({"sub": platform.id}));
        house.set_key(&key.id, Standing::Suspended).await;
        assert_eq!(introspect().await, json!({"active": false}));
    }
}
