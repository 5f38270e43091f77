//! Every answer of the token routes in each dialect, byte for byte but for ids and tokens.

use domain::contract::Standing;

use crate::{
    ask::{Answer, TOKEN_ROUTES, ask, form, post, token},
    house::House,
};

store::on_both_engines! {
    async fn every_answer_of_the_token_routes_is_as_written_down(test: TestDb) {
        let house = House::open(test).await;
        let shop = house.shop().await;
        let (platform, key) = house.platform().await;
        let (parent, parents_key) = house.parent().await;
        let (_, foreign) = house.platform().await;
        let suspended = house.customer_key(&platform, "1").await;
        house.set_key(&suspended.id, Standing::Suspended).await;
        let poor = house.member(domain::CustomerType::Customer, &[]).await;
        let stopped = house.shop().await;
        house.set_client(&stopped.id, Standing::Suspended).await;

        for (dialect, path) in TOKEN_ROUTES {
            let as_shop = [("client_id", shop.id.as_str()), ("client_secret", shop.secret.as_str())];
            let as_platform = [("client_id", platform.id.as_str()), ("client_secret", platform.secret.as_str())];
            let as_parent = [("client_id", parent.id.as_str()), ("client_secret", parent.secret.as_str())];
            let with = |base: &[(&'static str, &str)], more: &[(&str, &str)]| {
                post(path).body(form(&base.iter().map(|(n, v)| (*n, *v)).chain(more.iter().copied()).collect::<Vec<_>>()))
            };
            let granted = |grant_type, base: &[(&'static str, &str)], more: &[(&str, &str)]| {
                let mut all = vec![("grant_type", grant_type)];
                all.extend_from_slice(more);
                with(base, &all)
            };
            let plain = |more: &[(&str, &str)]| granted("client_credentials", &as_shop, more);
            let csp =
                |child: &str, secret: &str| granted("csp_credentials", &as_platform, &[("child_key", child), ("child_secret", secret)]);
            let mut told = String::new();
            let mut tell = |case: &str, answer: Answer| told.push_str(&format!("## {case}\n{}\n", answer.redacted()));

            tell("all that is granted", plain(&[]).send(&house).await);
            tell("some of what was asked for", plain(&[("scope", "RCG XYZ AP3")]).send(&house).await);
            tell("with a customer key, csp_credentials", csp(key.id.as_str(), &key.secret).send(&house).await);
            let pc = [("child_key", parents_key.id.as_str()), ("child_secret", &*parents_key.secret)];
            tell("with a customer key, client_pc_credentials", granted("client_pc_credentials", &as_parent, &pc).send(&house).await);
            let exchanged = |subject: &str, more: &[(&str, &str)]| {
                let all = [("subject_token", subject), ("subject_token_type", "urn:postigo:token-type:customer-key")];
                granted("urn:ietf:params:oauth:grant-type:token-exchange", &as_platform, &[&all[..], more].concat())
            };
            let subject = format!("{}.{}", key.id, key.secret);
            tell("with a customer key, by token exchange", exchanged(&subject, &[]).send(&house).await);
            tell("with an id of the customer's own", plain(&[]).header("x-customer-transaction-id", "order 7").send(&house).await);

            tell("no client authentication", token(path, &[]).send(&house).await);
            tell("no secret", token(path, &[("client_id", shop.id.as_str())]).send(&house).await);
            tell("broken Basic", token(path, &[]).header("authorization", "Basic ???").send(&house).await);
            tell("another scheme", token(path, &[]).header("authorization", "Bearer x").send(&house).await);
            tell("header and body", plain(&[]).basic(shop.id.as_str(), &shop.secret).send(&house).await);
            tell("header and body that differ", plain(&[]).basic(shop.id.as_str(), "other").send(&house).await);
            tell("no grant_type", with(&as_shop, &[]).send(&house).await);
            tell("unknown grant_type", granted("password", &as_shop, &[]).send(&house).await);
            tell("repeated parameter", plain(&[("scope", "AP3"), ("scope", "AP3")]).send(&house).await);
            tell("broken encoding", post(path).body("grant_type=%zz").send(&house).await);
            tell(
                "conflicting child keys",
                granted("csp_credentials", &as_platform, &[("child_key", "a"), ("child_id", "b")]).send(&house).await,
            );
            tell("no child key", granted("csp_credentials", &as_platform, &[]).send(&house).await);
            tell(
                "client_credentials with a customer key",
                granted("client_credentials", &as_platform, &[("child_key", "a")]).send(&house).await,
            );
            tell("token exchange with an actor token", exchanged(&subject, &[("actor_token", "x")]).send(&house).await);
            tell("token exchange without a customer key", exchanged("", &[]).send(&house).await);
            tell("malformed scope", plain(&[("scope", "a\"b")]).send(&house).await);
            tell("scope that is not granted", plain(&[("scope", "XYZ")]).send(&house).await);
            let nothing = [("client_id", poor.id.as_str()), ("client_secret", poor.secret.as_str())];
            tell("nothing granted", granted("client_credentials", &nothing, &[]).send(&house).await);
            tell("secret in the URL", ask(http::Method::POST, &format!("{path}?client_secret=x")).form(&[]).send(&house).await);
            tell("JSON", plain(&[]).header("content-type", "application/json").send(&house).await);
            tell("too long", post(path).body("x".repeat(16 * 1024 + 1)).send(&house).await);
            tell("GET", ask(http::Method::GET, path).send(&house).await);
            tell("OPTIONS", ask(http::Method::OPTIONS, path).header("origin", "https://evil.example").send(&house).await);

            let unknown = plain(&[])
                .body(form(&[("grant_type", "client_credentials"), ("client_id", "sbx_ci_nobody"), ("client_secret", "x")]))
                .send(&house)
                .await;
            tell("unknown client", unknown);
            let wrong = form(&[("grant_type", "client_credentials"), ("client_id", shop.id.as_str()), ("client_secret", "x")]);
            tell("wrong secret", post(path).body(wrong.clone()).send(&house).await);
            tell(
                "wrong secret, with an id of the customer's own",
                post(path).body(wrong).header("x-customer-transaction-id", "order 7").send(&house).await,
            );
            let as_stopped = [("client_id", stopped.id.as_str()), ("client_secret", stopped.secret.as_str())];
            tell("suspended client", granted("client_credentials", &as_stopped, &[]).send(&house).await);
            tell("unknown customer key", csp("sbx_ck_nobody", "x").send(&house).await);
            tell("foreign customer key", csp(foreign.id.as_str(), &foreign.secret).send(&house).await);
            tell("wrong customer password", csp(key.id.as_str(), "x").send(&house).await);
            tell("suspended customer key", csp(suspended.id.as_str(), &suspended.secret).send(&house).await);
            tell("wrong customer password, by token exchange", exchanged(&format!("{}.x", key.id), &[]).send(&house).await);
            tell("grant of another customer type", granted("client_pc_credentials", &as_platform, &pc).send(&house).await);

            for _ in 0..100 {
                token(path, &[("client_id", "sbx_ci_busy"), ("client_secret", "x")]).send(&house).await;
            }
            tell("too many failures", token(path, &[("client_id", "sbx_ci_busy"), ("client_secret", "x")]).send(&house).await);
            house.hands.advance(60);
            let early = house.hands.clock().now() - std::time::Duration::from_secs(7200);
            tell("no active signing key", plain(&[]).send_at(&house, early).await);
            insta::assert_snapshot!(dialect, told);
        }

        house.db.close().await;
        let mut told = String::new();
        for (dialect, path) in TOKEN_ROUTES {
            let answer = token(path, &[("client_id", "sbx_ci_never_seen"), ("client_secret", "x")]).send(&house).await;
            told.push_str(&format!("## {dialect}\n{}\n", answer.redacted()));
        }
        insta::assert_snapshot!("without_a_database", told);
    }
}
