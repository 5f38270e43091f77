//! Tokens with a customer key (trust F01-F16; §1 rows 25, 26).

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{CustomerType, Environment, contract::Standing};
use serde_json::{Value, json};

use crate::{
    ask::{Answer, TOKEN_ROUTES, post},
    house::{House, Key, Member},
};

async fn ask(house: &House, path: &str, grant_type: &str, member: &Member, child: &[(&str, &str)]) -> Answer {
    let mut all = vec![("grant_type", grant_type), ("client_id", member.id.as_str()), ("client_secret", &*member.secret)];
    all.extend_from_slice(child);
    post(path).form(&all).send(house).await
}

async fn csp(house: &House, member: &Member, key: &str, secret: &str) -> Answer {
    ask(house, "/oauth/token", "csp_credentials", member, &[("child_key", key), ("child_secret", secret)]).await
}

fn claims(answer: &Answer) -> Value {
    let token = answer.json()["access_token"].as_str().expect("a token").to_owned();
    let payload = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).expect("a payload")).expect("base64");
    serde_json::from_slice(&payload).expect("JSON")
}

store::on_both_engines! {
    async fn platforms_and_parents_get_tokens_for_their_customers(test: TestDb) {
        let house = House::open(test).await;
        let ((platform, key), (parent, parents)) = (house.platform().await, house.parent().await);
        for (_, path) in TOKEN_ROUTES {
            for (grant_type, member, key) in [("csp_credentials", &platform, &key), ("client_pc_credentials", &parent, &parents)] {
                let answer = ask(&house, path, grant_type, member, &[("child_key", key.id.as_str()), ("child_secret", &key.secret)]).await;
                assert_eq!(answer.status, 200, "{path} {grant_type}: {}", answer.body);
                let claims = claims(&answer);
                assert_eq!((&claims["sub"], &claims["client_id"]), (&json!(key.id), &json!(member.id)));
                assert_eq!(claims["act"], json!({"sub": member.id}));
                assert_eq!(claims["scope"], "CXS");
            }
        }
        assert_eq!(claims(&csp(&house, &platform, key.id.as_str(), &key.secret).await)["account"], "740561073");
        let answer = csp(&house, &platform, key.id.as_str(), &key.secret).await.json();
        assert_eq!((&answer["token_type"], &answer["expires_in"], &answer["scope"]), (&json!("bearer"), &json!(3600), &json!("CXS")));
    }

    async fn the_three_spellings_name_one_parameter(test: TestDb) {
        let house = House::open(test).await;
        let (platform, key) = house.platform().await;
        let id = key.id.as_str();
        for (_, path) in TOKEN_ROUTES {
            let status = async |child: &[(&str, &str)]| {
                let all: Vec<_> = child.iter().copied().chain([("child_secret", &*key.secret)]).collect();
                ask(&house, path, "csp_credentials", &platform, &all).await.status
            };
            for name in ["child_key", "child_Key", "child_id"] {
                assert_eq!(status(&[(name, id)]).await, 200, "{path} {name}");
            }
            assert_eq!(status(&[("child_key", id), ("child_Key", id), ("child_id", id)]).await, 200, "one value, three spellings");
            assert_eq!(status(&[("child_key", id), ("child_Key", "")]).await, 200, "an empty one is absent");
            for (a, b) in [("child_key", "child_Key"), ("child_key", "child_id"), ("child_Key", "child_id")] {
                assert_eq!(status(&[(a, id), (b, "other")]).await, 400, "{path} {a} {b}");
                assert_eq!(status(&[(a, "other"), (b, id)]).await, 400, "{path} {a} {b}");
            }
        }
    }

    async fn the_other_grants_want_both_halves_and_client_credentials_none(test: TestDb) {
        let house = House::open(test).await;
        let (platform, key) = house.platform().await;
        let (id, secret) = (key.id.as_str(), &*key.secret);
        for child in [
            &[][..],
            &[("child_key", id)],
            &[("child_secret", secret)],
            &[("child_key", ""), ("child_secret", secret)],
            &[("child_key", id), ("child_secret", "")],
        ] {
            assert_eq!(ask(&house, "/oauth2/token", "csp_credentials", &platform, child).await.error(), "invalid_request", "{child:?}");
        }
        for child in [&[("child_key", id), ("child_secret", secret)][..], &[("child_id", id)], &[("child_secret", secret)]] {
            let answer = ask(&house, "/oauth2/token", "client_credentials", &platform, child).await;
            assert_eq!((answer.status, &*answer.error()), (400, "invalid_request"), "a token of the parent is not what was meant");
            assert!(answer.body.contains("csp_credentials"), "{}", answer.body);
        }
    }

    async fn a_foreign_customer_key_looks_exactly_like_an_unknown_one(test: TestDb) {
        let house = House::open(test).await;
        let ((platform, key), (_, foreign)) = (house.platform().await, house.platform().await);
        let (suspended, revoked) = (house.customer_key(&platform, "2").await, house.customer_key(&platform, "3").await);
        house.set_key(&suspended.id, Standing::Suspended).await;
        house.set_key(&revoked.id, Standing::Revoked).await;
        let live = house.member_in(Environment::Production, CustomerType::Integrator, &[]).await;
        let live = house.customer_key(&live, "4").await;
        let long = "x".repeat(200);
        let unknown = csp(&house, &platform, "sbx_ck_unknown", "x").await.comparable();
        assert_eq!(unknown.0, 401);
        for (id, secret) in [
            (foreign.id.as_str(), &*foreign.secret),
            (foreign.id.as_str(), "wrong"),
            (key.id.as_str(), "wrong"),
            (key.id.as_str(), &*foreign.secret),
            (suspended.id.as_str(), &suspended.secret),
            (revoked.id.as_str(), &revoked.secret),
            (live.id.as_str(), &live.secret),
            (&long, "x"),
            ("' OR 1=1 --", "x"),
        ] {
            assert_eq!(csp(&house, &platform, id, secret).await.comparable(), unknown, "{id}");
        }
        let wrong_parent = Member { secret: "wrong".into(), id: platform.id.clone(), ..platform };
        assert_eq!(
            csp(&house, &wrong_parent, key.id.as_str(), &key.secret).await.comparable(),
            unknown,
            "nor can a wrong parent be told from it"
        );
    }

    async fn a_customer_key_never_carries_the_scope_that_makes_customer_keys(test: TestDb) {
        let house = House::open(test).await;
        let (platform, key) = house.platform().await;
        let all = ask(&house, "/oauth2/token", "client_credentials", &platform, &[]).await;
        assert_eq!(all.json()["scope"], "CXS CXS-REG");
        let child = |scope: &'static str| [("child_key", key.id.as_str()), ("child_secret", &*key.secret), ("scope", scope)];
        for (scope, granted) in [("", "CXS"), ("CXS CXS-REG", "CXS")] {
            assert_eq!(ask(&house, "/oauth2/token", "csp_credentials", &platform, &child(scope)).await.json()["scope"], granted);
        }
        assert_eq!(ask(&house, "/oauth2/token", "csp_credentials", &platform, &child("CXS-REG")).await.error(), "invalid_scope");
        let narrow = house.member(CustomerType::Integrator, &[("registration", "CXS-REG")]).await;
        let narrows = house.customer_key(&narrow, "5").await;
        assert_eq!(
            ask(
                &house,
                "/oauth2/token",
                "csp_credentials",
                &narrow,
                &[("child_key", narrows.id.as_str()), ("child_secret", &narrows.secret)]
            )
            .await
            .error(),
            "invalid_scope"
        );
    }

    async fn the_secret_before_gets_tokens_until_its_end_and_looks_unknown_from_then_on(test: TestDb) {
        let house = House::open(test).await;
        let (platform, old) = house.platform().await;
        let unknown = csp(&house, &platform, "sbx_ck_unknown", "x").await.comparable();
        let new = house.rotate_key(&old, 3600).await;
        for key in [&old, &new] {
            assert_eq!(csp(&house, &platform, key.id.as_str(), &key.secret).await.status, 200);
        }
        assert_eq!(csp(&house, &platform, old.id.as_str(), "wrong").await.comparable(), unknown);
        house.hands.advance(3600);
        assert_eq!(csp(&house, &platform, old.id.as_str(), &old.secret).await.comparable(), unknown, "with nothing that changed since");
        assert_eq!(csp(&house, &platform, new.id.as_str(), &new.secret).await.status, 200);
        let leaked = house.rotate_key(&new, 3600).await;
        let last = house.rotate_key(&leaked, 0).await;
        for key in [&new, &leaked] {
            assert_eq!(csp(&house, &platform, key.id.as_str(), &key.secret).await.comparable(), unknown, "both end at once");
        }
        assert_eq!(csp(&house, &platform, last.id.as_str(), &last.secret).await.status, 200);
    }

    async fn stopping_a_customer_key_leaves_its_siblings_and_stopping_the_parent_does_not(test: TestDb) {
        let house = House::open(test).await;
        let (platform, key) = house.platform().await;
        let sibling = house.customer_key(&platform, "2").await;
        let status = async |key: &Key| csp(&house, &platform, key.id.as_str(), &key.secret).await.status;
        assert_eq!((status(&key).await, status(&sibling).await), (200, 200));
        house.set_key(&key.id, Standing::Suspended).await;
        assert_eq!((status(&key).await, status(&sibling).await), (401, 200));
        house.set_key(&key.id, Standing::Active).await;
        assert_eq!((status(&key).await, status(&sibling).await), (200, 200));
        house.set_client(&platform.id, Standing::Suspended).await;
        assert_eq!((status(&key).await, status(&sibling).await), (401, 401));
    }
}
