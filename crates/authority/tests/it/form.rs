//! How a request must be written (RFC 6749, section 3.2 and appendix B; trust T11-T15, T28-T30, T37).

use http::Method;
use web::{Body, Visit};

use crate::{
    ask::{TOKEN_ROUTES, ask, encode, form, get, post, token},
    house::House,
};

const FORM_ROUTES: [&str; 5] = ["/oauth2/token", "/oauth/token", "/Api/Authorize/Token", "/oauth2/introspect", "/oauth2/revoke"];

store::on_both_engines! {
    async fn an_empty_parameter_is_absent_and_an_unknown_one_is_ignored(test: TestDb) {
        let house = House::open(test).await;
        let shop = house.shop().await;
        let answer = token("/oauth2/token", &[("scope", ""), ("x", "1"), ("child_key", ""), ("resource", "y")])
            .basic(shop.id.as_str(), &shop.secret)
            .send(&house)
            .await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!(answer.json()["scope"], "AP3 LBS RCG");
        let answer = post("/oauth2/token").form(&[("grant_type", "")]).basic(shop.id.as_str(), &shop.secret).send(&house).await;
        assert_eq!((answer.status, &*answer.error()), (400, "invalid_request"));
    }

    async fn every_parameter_is_refused_when_it_comes_twice(test: TestDb) {
        let house = House::open(test).await;
        let (platform, key) = house.platform().await;
        let all = [
            ("grant_type", "csp_credentials"),
            ("client_id", platform.id.as_str()),
            ("client_secret", &platform.secret),
            ("scope", "CXS"),
            ("child_key", key.id.as_str()),
            ("child_secret", &key.secret),
            ("unknown", "1"),
        ];
        for (_, path) in TOKEN_ROUTES {
            assert_eq!(post(path).form(&all).send(&house).await.status, 200, "once each");
            for (name, value) in all {
                for second in [value, "other"] {
                    let twice = format!("{}&{name}={}", form(&all), encode(second));
                    assert_eq!(post(path).body(twice).send(&house).await.status, 400, "{path} {name}");
                }
            }
        }
    }

    async fn broken_encodings_and_nul_are_malformed_requests_everywhere(test: TestDb) {
        let house = House::open(test).await;
        for path in FORM_ROUTES {
            for body in [&b"grant_type=%zz"[..], b"grant_type=%FF", b"grant_type=\xff", b"client_id=a%00b", b"%=1", b"token=%"] {
                assert_eq!(post(path).body(body).send(&house).await.status, 400, "{path} {body:?}");
            }
        }
    }

    async fn only_forms_are_taken_and_a_charset_may_be_named(test: TestDb) {
        let house = House::open(test).await;
        let shop = house.shop().await;
        for (_, path) in TOKEN_ROUTES {
            let ask = || token(path, &[("client_id", shop.id.as_str()), ("client_secret", &shop.secret)]);
            assert_eq!(ask().header("content-type", "application/x-www-form-urlencoded;charset=UTF-8").send(&house).await.status, 200);
            for media_type in ["application/json", "text/plain", "application/xml", "multipart/form-data; boundary=x", ""] {
                assert_eq!(ask().header("content-type", media_type).send(&house).await.status, 415, "{path} {media_type}");
            }
            assert_eq!(ask().without_header("content-type").send(&house).await.status, 415);
            assert_eq!(ask().header("content-encoding", "gzip").send(&house).await.status, 415, "no bomb is ever unpacked");
        }
    }

    async fn a_body_of_sixteen_kibibytes_is_read_and_a_longer_one_is_not(test: TestDb) {
        let house = House::open(test).await;
        let shop = house.shop().await;
        let start = form(&[("grant_type", "client_credentials"), ("client_id", shop.id.as_str()), ("client_secret", &shop.secret)]);
        for path in FORM_ROUTES {
            let filled = |length: usize| format!("{start}&pad={}", "x".repeat(length - start.len() - 5));
            assert_ne!(post(path).body(filled(16 * 1024)).send(&house).await.status, 413, "{path}");
            assert_eq!(post(path).body(filled(16 * 1024 + 1)).send(&house).await.status, 413, "{path}");
            assert_eq!(post(path).body(vec![b'['; 2 << 20]).send(&house).await.status, 413, "{path}");
        }
    }

    async fn parameters_in_the_url_are_refused(test: TestDb) {
        let house = House::open(test).await;
        let shop = house.shop().await;
        let body = form(&[("grant_type", "client_credentials"), ("client_id", shop.id.as_str()), ("client_secret", &shop.secret)]);
        for path in FORM_ROUTES {
            for query in [
                "client_secret=x",
                "client_id=x",
                "access_token=x",
                "token=x",
                "child_secret=x",
                "child_Key=x",
                "client%5fsecret=x",
                "grant_type=client_credentials",
            ] {
                let answer = post(&format!("{path}?{query}")).body(body.clone()).send(&house).await;
                assert_eq!(answer.status, 400, "{path}?{query}");
                assert!(!answer.body.contains("client_secret=x"));
            }
        }
        assert_eq!(post("/oauth2/token?lang=es").body(body).send(&house).await.status, 200, "anything else may stand there");
    }

    async fn nothing_but_post_gets_a_token_and_options_gets_no_cors(test: TestDb) {
        let house = House::open(test).await;
        let shop = house.shop().await;
        for path in FORM_ROUTES {
            for method in ["GET", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "FOO"] {
                let method: Method = method.parse().expect("a method");
                let answer = ask(method.clone(), path)
                    .form(&[("grant_type", "client_credentials"), ("client_id", shop.id.as_str()), ("client_secret", &shop.secret)])
                    .header("origin", "https://evil.example")
                    .header("access-control-request-method", "POST")
                    .header("x-http-method-override", "POST")
                    .send(&house)
                    .await;
                assert_eq!((answer.status, answer.header("allow")), (405, Some("POST")), "{method} {path}");
                assert!(!answer.body.contains("eyJ"));
            }
        }
    }

    async fn markup_in_parameters_is_not_reflected(test: TestDb) {
        let house = House::open(test).await;
        let shop = house.shop().await;
        let markup = "<script>alert(1)</script>";
        for (_, path) in TOKEN_ROUTES {
            for name in ["grant_type", "scope", "client_id", "client_secret", "child_key", "child_id", markup] {
                let mut all = vec![("grant_type", "client_credentials"), ("client_id", shop.id.as_str()), ("client_secret", &*shop.secret)];
                all.retain(|(known, _)| *known != name);
                all.push((name, markup));
                let body = all.iter().map(|(n, v)| format!("{}={}", encode(n), encode(v))).collect::<Vec<_>>().join("&");
                let answer = post(path).body(body).send(&house).await;
                assert!(!answer.body.contains("alert") && !answer.body.contains('<'), "{path} {name}: {}", answer.body);
            }
        }
    }

    async fn the_customers_own_id_comes_back_only_when_it_is_fit_to(test: TestDb) {
        let house = House::open(test).await;
        for (dialect, path) in TOKEN_ROUTES {
            for (sent, back) in
                [("order-7", true), ("order 7", true), ("", false), (&*"x".repeat(64), true), (&*"x".repeat(65), false), ("t\tab", false)]
            {
                let answer = token(path, &[]).header("x-customer-transaction-id", sent).send(&house).await;
                assert_eq!(answer.header("x-customer-transaction-id"), back.then_some(sent), "{sent:?}");
                let member = &answer.json()["customerTransactionId"];
                assert_eq!(member.as_str(), (back && dialect == "fedex").then_some(sent), "{sent:?}");
            }
        }
    }

    async fn other_paths_are_given_back_untouched(test: TestDb) {
        let house = House::open(test).await;
        for path in [
            "/",
            "/oauth/token/",
            "/oauth2",
            "/oauth2/authorize",
            "/.well-known/openid-configuration",
            "/track/v1/trackingnumbers",
            "//oauth/token",
            "/oauth/token%20",
        ] {
            let request = http::Request::post(path).header("x-mark", "7").body(Body::from("a body")).expect("a request");
            let at = house.hands.clock().now();
            let visit =
                Visit { id: domain::request_id::RequestId::new(at, &house.entropy), at, address: [192, 0, 2, 1].into(), secure: true };
            let back = house.sandbox.handle(request, visit).await.err().expect("not one of ours");
            assert_eq!((back.uri().path(), &back.headers()["x-mark"]), (path, &http::HeaderValue::from_static("7")));
            assert_eq!(&back.into_body().read(100).await.expect("a body")[..], b"a body");
        }
    }

    async fn head_reads_the_public_documents_and_post_does_not(test: TestDb) {
        let house = House::open(test).await;
        for path in [
            "/.well-known/jwks.json",
            "/.well-known/oauth-authorization-server",
            "/.well-known/oauth-protected-resource",
            "/.well-known/oauth-protected-resource/track/v1",
        ] {
            assert_eq!(ask(Method::HEAD, path).send(&house).await.status, 200, "{path}");
            assert_eq!(get(path).send(&house).await.header("cache-control"), Some("public, max-age=300"));
            let answer = ask(Method::OPTIONS, path).send(&house).await;
            assert_eq!((answer.status, answer.header("allow")), (405, Some("GET, HEAD")), "{path}");
        }
    }
}
