//! Who may have a token (trust T01, T19-T27, T32; §1 rows 15, 22, 24, 26, 28, 70).

use std::time::Duration;

use authority::{Authority, Settings};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use directory::Ledger;
use domain::{ClientId, CustomerType, Environment, client_method::ClientMethod, contract::Standing};

use crate::{
    ask::{TOKEN_ROUTES, post, token},
    house::{House, PORTAL, SANDBOX},
};

store::on_both_engines! {
    async fn credentials_work_in_the_header_and_in_the_body_of_every_route(test: TestDb) {
        let house = House::open(test).await;
        let shop = house.shop().await;
        for path in TOKEN_ROUTES.map(|(_, path)| path).into_iter().chain(["/api/authorize/token", "/Api/Authorize/token"]) {
            let in_body = token(path, &[("client_id", shop.id.as_str()), ("client_secret", &shop.secret)]).send(&house).await;
            let in_header = token(path, &[]).basic(shop.id.as_str(), &shop.secret).send(&house).await;
            let with_id = token(path, &[("client_id", shop.id.as_str())]).basic(shop.id.as_str(), &shop.secret).send(&house).await;
            assert_eq!((in_body.status, in_header.status, with_id.status), (200, 200, 200), "{path}");
        }
    }

    async fn two_methods_at_once_are_refused_by_the_rfc_and_taken_by_the_carriers_while_they_agree(test: TestDb) {
        let house = House::open(test).await;
        let shop = house.shop().await;
        let id = shop.id.as_str();
        for (dialect, path) in TOKEN_ROUTES {
            let carrier = dialect != "oauth";
            let both = token(path, &[("client_id", id), ("client_secret", &shop.secret)]).basic(id, &shop.secret).send(&house).await;
            assert_eq!(both.status, if carrier { 200 } else { 400 }, "{path}");
            let secret_only = token(path, &[("client_secret", &shop.secret)]).basic(id, &shop.secret).send(&house).await;
            assert_eq!(secret_only.status, if carrier { 200 } else { 400 }, "{path}");
            for parameters in
                [&[("client_id", "other")][..], &[("client_secret", "other")], &[("client_id", "other"), ("client_secret", &shop.secret)]]
            {
                assert_eq!(token(path, parameters).basic(id, &shop.secret).send(&house).await.status, 400, "{path} {parameters:?}");
            }
            let bearer =
                token(path, &[("client_id", id), ("client_secret", &shop.secret)]).header("authorization", "Bearer old").send(&house).await;
            assert_eq!(bearer.status, if carrier { 200 } else { 401 }, "{path}");
        }
    }

    async fn two_authorization_headers_are_refused_in_either_order(test: TestDb) {
        let house = House::open(test).await;
        let shop = house.shop().await;
        let good = format!("Basic {}", STANDARD.encode(format!("{}:{}", shop.id, shop.secret)));
        for (_, path) in TOKEN_ROUTES {
            for (first, second) in [(&*good, "Basic Ong="), ("Basic Ong=", &*good), (&*good, &*good)] {
                let answer = token(path, &[]).header("authorization", first).another_header("authorization", second).send(&house).await;
                assert_eq!(answer.status, 400);
            }
            let joined = token(path, &[]).header("authorization", &format!("{good}, {good}")).send(&house).await;
            assert!(matches!(joined.status, 400 | 401));
        }
    }

    async fn without_client_authentication_there_is_no_token(test: TestDb) {
        let house = House::open(test).await;
        let shop = house.shop().await;
        let id = shop.id.as_str();
        for parameters in [&[][..], &[("client_id", id)], &[("client_secret", &*shop.secret)], &[("client_id", id), ("client_secret", "")]]
        {
            let answer = token("/oauth2/token", parameters).send(&house).await;
            assert_eq!((answer.status, &*answer.error()), (401, "invalid_client"), "{parameters:?}");
            assert!(answer.header("www-authenticate").is_some_and(|challenge| challenge.starts_with("Basic realm=")));
        }
        for value in ["Basic", "Basic ", "Basic !!!", "Basic bm9jb2xvbg==", "Basic /////w==", "Basic Og==", "basic"] {
            let answer = token("/oauth2/token", &[]).header("authorization", value).send(&house).await;
            assert_eq!((answer.status, &*answer.error()), (401, "invalid_client"), "{value}");
        }
    }

    async fn the_scheme_ignores_case_and_both_halves_are_form_decoded(test: TestDb) {
        let house = House::open(test).await;
        let (id, secret) = ("import: 100% ñ+&", "p: %+&= \u{20ac}");
        let grants = [("preregister", "AP3")];
        house.member_as(Environment::Sandbox, CustomerType::Customer, &grants, ClientId::from(id), secret).await;
        assert_eq!(token("/oauth2/token", &[]).basic(id, secret).send(&house).await.status, 200);
        assert_eq!(token("/oauth2/token", &[("client_id", id), ("client_secret", secret)]).send(&house).await.status, 200);
        let shop = house.shop().await;
        let plain = STANDARD.encode(format!("{}:{}", shop.id, shop.secret));
        for scheme in ["bAsIc", "BASIC", "basic"] {
            assert_eq!(token("/oauth2/token", &[]).header("authorization", &format!("{scheme} {plain}")).send(&house).await.status, 200);
        }
    }

    async fn a_secret_that_is_nearly_right_is_wrong(test: TestDb) {
        let house = House::open(test).await;
        let shop = house.shop().await;
        let right = &*shop.secret;
        let (shorter, upper, doubled) = (&right[..right.len() - 1], right.to_uppercase(), format!("{right}{right}"));
        for wrong in [
            shorter,
            &right[1..],
            &upper,
            &doubled,
            &format!("{right} "),
            &format!(" {right}"),
            &format!("{right}\n"),
            &format!("{right}\r\n"),
            &format!("{right}x"),
        ] {
            for (_, path) in TOKEN_ROUTES {
                assert_eq!(
                    token(path, &[("client_id", shop.id.as_str()), ("client_secret", wrong)]).send(&house).await.status,
                    401,
                    "{wrong:?}"
                );
            }
            assert_eq!(token("/oauth2/token", &[]).basic(shop.id.as_str(), wrong).send(&house).await.status, 401, "{wrong:?}");
        }
        // NUL is no part of a form at all.
        assert_eq!(
            token("/oauth2/token", &[("client_id", shop.id.as_str()), ("client_secret", &format!("{right}\0"))]).send(&house).await.status,
            400
        );
    }

    async fn nobody_can_tell_which_of_the_credentials_was_wrong(test: TestDb) {
        let house = House::open(test).await;
        let shop = house.shop().await;
        let (stopped, dead, production) =
            (house.shop().await, house.shop().await, house.member_in(Environment::Production, CustomerType::Customer, &[]).await);
        let poor = house.member(CustomerType::Customer, &[]).await;
        let closed = house.shop().await;
        house.set_client(&stopped.id, Standing::Suspended).await;
        house.set_client(&dead.id, Standing::Revoked).await;
        house.set_organisation(closed.organisation, Standing::Suspended).await;
        let retired = house.shop().await;
        house.retire_secret(retired.secret_id, 10).await;
        house.hands.advance(10);
        let (long, strange) = ("x".repeat(129), "sbx_ci_\u{7}");
        let mut seen = Vec::new();
        for (_, path) in TOKEN_ROUTES {
            let mut answers = Vec::new();
            for (id, secret) in [
                ("sbx_ci_unknown", "wrong"),
                ("sbx_ci_unknown", &*shop.secret),
                (shop.id.as_str(), "wrong"),
                (poor.id.as_str(), "wrong"),
                (stopped.id.as_str(), &*stopped.secret),
                (stopped.id.as_str(), "wrong"),
                (dead.id.as_str(), &*dead.secret),
                (closed.id.as_str(), &*closed.secret),
                (retired.id.as_str(), &*retired.secret),
                (production.id.as_str(), &*production.secret),
                (&*long, "wrong"),
                (strange, "wrong"),
                ("' OR 1=1 --", "wrong"),
            ] {
                let body = token(path, &[("client_id", id), ("client_secret", secret)]).send(&house).await;
                assert_eq!(body.status, 401, "{id}");
                answers.push(body.comparable());
                answers.push(token(path, &[]).basic(id, secret).send(&house).await.comparable());
            }
            assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:#?}");
            seen.push(answers.swap_remove(0));
        }
        assert!(seen.iter().all(|(status, ..)| *status == 401));
    }

    async fn a_client_of_one_environment_does_not_exist_in_the_other(test: TestDb) {
        let house = House::open(test).await;
        let shop = house.shop().await;
        let live = house.member_in(Environment::Production, CustomerType::Customer, &[("preregister", "AP3")]).await;
        let ask = |member: &crate::house::Member| token("/oauth2/token", &[]).basic(member.id.as_str(), &member.secret);
        assert_eq!((ask(&shop).send(&house).await.status, ask(&shop).production().send(&house).await.status), (200, 401));
        assert_eq!((ask(&live).send(&house).await.status, ask(&live).production().send(&house).await.status), (401, 200));
    }

    async fn a_stopped_client_gets_nothing_and_a_resumed_one_does(test: TestDb) {
        let house = House::open(test).await;
        let shop = house.shop().await;
        let status = async || token("/oauth2/token", &[]).basic(shop.id.as_str(), &shop.secret).send(&house).await.status;
        assert_eq!(status().await, 200);
        house.set_client(&shop.id, Standing::Suspended).await;
        assert_eq!(status().await, 401);
        house.set_client(&shop.id, Standing::Active).await;
        assert_eq!(status().await, 200);
        house.set_organisation(shop.organisation, Standing::Suspended).await;
        assert_eq!(status().await, 401);
        house.set_organisation(shop.organisation, Standing::Active).await;
        assert_eq!(status().await, 200);
        house.set_client(&shop.id, Standing::Revoked).await;
        assert_eq!(status().await, 401);
    }

    async fn two_secrets_live_side_by_side_until_the_older_one_retires(test: TestDb) {
        let house = House::open(test).await;
        let shop = house.shop().await;
        house.add_secret(&shop.id, "the-next-secret").await;
        let status = async |secret: &str| token("/oauth2/token", &[]).basic(shop.id.as_str(), secret).send(&house).await.status;
        house.retire_secret(shop.secret_id, 3600).await;
        house.hands.advance(3599);
        assert_eq!((status(&shop.secret).await, status("the-next-secret").await), (200, 200));
        house.hands.advance(1);
        assert_eq!((status(&shop.secret).await, status("the-next-secret").await), (401, 200));
    }

    async fn a_client_may_not_stand_in_for_a_customer_key_nor_the_other_way_round(test: TestDb) {
        let house = House::open(test).await;
        let (platform, key) = house.platform().await;
        for grant_type in ["client_credentials", "csp_credentials", "client_pc_credentials"] {
            let child_alone = [("grant_type", grant_type), ("client_id", key.id.as_str()), ("client_secret", &*key.secret)];
            assert_eq!(post("/oauth/token").form(&child_alone).send(&house).await.status, 401, "{grant_type}");
        }
        let own_child = [
            ("grant_type", "csp_credentials"),
            ("client_id", platform.id.as_str()),
            ("client_secret", &platform.secret),
            ("child_key", platform.id.as_str()),
            ("child_secret", &platform.secret),
        ];
        assert_eq!(post("/oauth/token").form(&own_child).send(&house).await.status, 401);
    }

    async fn by_which_method_a_client_got_a_token_is_noted_once_in_a_while_and_not_when_it_got_none(test: TestDb) {
        let mut house = House::open(test).await;
        let (shop, careless, refused) = (house.shop().await, house.shop().await, house.shop().await);
        let (ledger, writer) = Ledger::open(house.db.clone(), house.hands.clock(), Duration::from_secs(3600));
        let settings = Settings { environment: Environment::Sandbox, issuer: SANDBOX.into(), portal: PORTAL.into() };
        house.sandbox = Authority::new(house.directory.clone(), ledger, house.app.clone(), house.entropy.clone(), settings);
        let first = house.now();
        let in_header = async || {
            let answer = token("/oauth2/token", &[]).basic(shop.id.as_str(), &shop.secret).header("user-agent", "plugin/2.1").send(&house).await;
            assert_eq!(answer.status, 200);
        };
        in_header().await;
        house.hands.advance(1);
        in_header().await;
        let second = house.now();
        let in_body = [("client_id", shop.id.as_str()), ("client_secret", shop.secret.as_str())];
        assert_eq!(token("/oauth/token", &in_body).send(&house).await.status, 200);
        let in_both = token("/oauth/token", &[("client_secret", &careless.secret)]).basic(careless.id.as_str(), &careless.secret);
        assert_eq!(in_both.send(&house).await.status, 200);
        assert_eq!(token("/oauth2/token", &[]).basic(refused.id.as_str(), "wrong").send(&house).await.status, 401);

        house.sandbox = house.production.clone();
        writer.await.expect("writes");
        let noted = async |client: &ClientId| {
            let found = store::client_methods::of_client(&house.db, client).await.expect("reads");
            found.into_iter().map(|used| (used.method, used.last_used_at, used.last_used_agent)).collect::<Vec<_>>()
        };
        let (post, basic) = (ClientMethod::SecretPost, ClientMethod::SecretBasic);
        assert_eq!(noted(&shop.id).await, [(post, second, None), (basic, first, Some("plugin/2.1".to_owned()))]);
        assert_eq!(noted(&careless.id).await, [(post, second, None)], "it has yet to take the secret out of the body");
        assert!(noted(&refused.id).await.is_empty());
    }

    async fn the_use_of_a_secret_is_noted_with_time_address_and_program(test: TestDb) {
        let house = House::open(test).await;
        let shop = house.shop().await;
        token("/oauth2/token", &[]).basic(shop.id.as_str(), "wrong").header("user-agent", "guesser").send(&house).await;
        token("/oauth2/token", &[]).basic(shop.id.as_str(), &shop.secret).header("user-agent", "plugin/2.1").send(&house).await;
        let deadline = tokio::time::Instant::now() + Duration::from_secs(10);
        let row = loop {
            let row = store::clients::secret(&house.db, shop.secret_id).await.expect("reads").expect("is there");
            if row.last_used_at.is_some() || tokio::time::Instant::now() > deadline {
                break row;
            }
            tokio::task::yield_now().await;
        };
        assert_eq!(row.last_used_at, Some(house.now()));
        assert_eq!((row.last_used_address.as_deref(), row.last_used_agent.as_deref()), (Some("192.0.2.1"), Some("plugin/2.1")));
    }
}
