//! The public documents (trust M01-M12; §1 row 40).

use authority::{Authority, Settings};
use domain::{CustomerType, Environment};
use serde_json::{Value, json};

use crate::{
    ask::{get, post, token},
    assertions::{Pair, asserted},
    house::{House, PORTAL, PRODUCTION, SANDBOX},
};

const DOCUMENTS: [&str; 4] = [
    "/.well-known/oauth-authorization-server",
    "/.well-known/jwks.json",
    "/.well-known/oauth-protected-resource",
    "/.well-known/oauth-protected-resource/logistics/requests/api/v1",
];

fn empty_arrays(at: &str, value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Array(list) if list.is_empty() => found.push(at.to_owned()),
        Value::Array(list) => list.iter().for_each(|value| empty_arrays(at, value, found)),
        Value::Object(members) => members.iter().for_each(|(name, value)| empty_arrays(name, value, found)),
        _ => {}
    }
}

store::on_both_engines! {
    async fn the_metadata_says_what_is_true_and_nothing_else(test: TestDb) {
        let house = House::open(test).await;
        let metadata = get("/.well-known/oauth-authorization-server").send(&house).await.json();
        assert_eq!(
            metadata,
            json!({
                "issuer": SANDBOX,
                "token_endpoint": format!("{SANDBOX}/oauth2/token"),
                "jwks_uri": format!("{SANDBOX}/.well-known/jwks.json"),
                "introspection_endpoint": format!("{SANDBOX}/oauth2/introspect"),
                "revocation_endpoint": format!("{SANDBOX}/oauth2/revoke"),
                "response_types_supported": [],
                "grant_types_supported": [
                    "client_credentials", "csp_credentials", "client_pc_credentials", "urn:ietf:params:oauth:grant-type:token-exchange",
                ],
                "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "private_key_jwt"],
                "token_endpoint_auth_signing_alg_values_supported": ["ES256", "EdDSA", "Ed25519"],
                "introspection_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "private_key_jwt"],
                "introspection_endpoint_auth_signing_alg_values_supported": ["ES256", "EdDSA", "Ed25519"],
                "revocation_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "private_key_jwt"],
                "revocation_endpoint_auth_signing_alg_values_supported": ["ES256", "EdDSA", "Ed25519"],
                "service_documentation": PORTAL,
                "scopes_supported": ["AP3", "CXS", "CXS-REG", "LBS", "RCG"],
            })
        );
        let production = get("/.well-known/oauth-authorization-server").production().send(&house).await.json();
        assert_eq!(production["issuer"], PRODUCTION);
        assert_eq!(production["scopes_supported"], json!(["AP3", "CXS", "CXS-REG", "RCG"]), "labels has no upstream there");
        for path in DOCUMENTS {
            let (mut found, document) = (Vec::new(), get(path).send(&house).await);
            empty_arrays("", &document.json(), &mut found);
            assert!(found.iter().all(|member| member == "response_types_supported"), "{path}: {found:?}");
            assert!(!document.body.contains("none"), "{path}");
        }
    }

    async fn an_empty_catalogue_lists_no_scopes(test: TestDb) {
        let house = House::open(test).await;
        let mut tx = house.db.begin().await.expect("begins");
        for name in ["preregister", "labels", "requests", "fedex-track", "registration"] {
            store::apis::remove(&mut tx, &name.into()).await.expect("removes");
        }
        house.commit(tx).await;
        for path in ["/.well-known/oauth-authorization-server", "/.well-known/oauth-protected-resource"] {
            assert!(get(path).send(&house).await.json().get("scopes_supported").is_none(), "{path}");
        }
    }

    async fn every_advertised_way_to_authenticate_works(test: TestDb) {
        let house = House::open(test).await;
        let shop = house.shop().await;
        let pair = Pair::of(&house, &shop.id).await;
        let metadata = get("/.well-known/oauth-authorization-server").send(&house).await.json();
        for endpoint in ["token", "introspection", "revocation"] {
            let url = metadata[format!("{endpoint}_endpoint")].as_str().expect("a URL");
            let path = url.strip_prefix(SANDBOX).expect("ours");
            let form = [("grant_type", "client_credentials"), ("token", "x")];
            for method in metadata[format!("{endpoint}_endpoint_auth_methods_supported")].as_array().expect("a list") {
                let ask = match method.as_str().expect("a word") {
                    "client_secret_basic" => post(path).form(&form).basic(shop.id.as_str(), &shop.secret),
                    "client_secret_post" => {
                        let credentials = [("client_id", shop.id.as_str()), ("client_secret", &shop.secret)];
                        post(path).form(&[&form[..], &credentials].concat())
                    }
                    "private_key_jwt" => {
                        let assertion = pair.says(&pair.claims(&house, endpoint));
                        post(path).form(&[&form[..], &asserted(&assertion)].concat())
                    }
                    other => panic!("{other}"),
                };
                assert_eq!(ask.send(&house).await.status, 200, "{endpoint} {method}");
            }
        }
    }

    async fn no_header_moves_a_url(test: TestDb) {
        let house = House::open(test).await;
        for path in DOCUMENTS {
            let plain = get(path).send(&house).await.comparable();
            for (name, value) in [
                ("host", "evil.example"),
                ("forwarded", "host=evil.example;proto=https"),
                ("x-forwarded-host", "evil.example"),
                ("x-forwarded-proto", "https"),
                ("x-forwarded-prefix", "/evil"),
                ("x-original-url", "/evil"),
            ] {
                assert_eq!(get(path).header(name, value).send(&house).await.comparable(), plain, "{name}");
            }
        }
    }

    async fn the_key_set_holds_public_halves_only(test: TestDb) {
        let house = House::open(test).await;
        let answer = get("/.well-known/jwks.json").send(&house).await;
        assert_eq!(answer.header("cache-control"), Some("public, max-age=300"));
        for key in answer.json()["keys"].as_array().expect("keys") {
            let members: Vec<_> = key.as_object().expect("an object").keys().map(String::as_str).collect();
            assert_eq!(members, ["kty", "crv", "use", "alg", "kid", "x", "y"]);
            assert_eq!(
                (&key["kty"], &key["crv"], &key["use"], &key["alg"]),
                (&json!("EC"), &json!("P-256"), &json!("sig"), &json!("ES256"))
            );
        }
    }

    async fn a_resource_is_the_url_whose_metadata_was_asked_for(test: TestDb) {
        let house = House::open(test).await;
        for (path, scopes) in [
            ("", json!(["AP3", "CXS", "CXS-REG", "LBS", "RCG"])),
            ("/track/v1/trackingnumbers", json!(["CXS"])),
            ("/track", json!(["CXS"])),
            ("/logistics/requests/api/v1/requests/SR1", json!(["RCG"])),
            ("/support/labels/api/v1", json!(["LBS"])),
        ] {
            let document = get(&format!("/.well-known/oauth-protected-resource{path}")).send(&house).await.json();
            assert_eq!(
                document,
                json!({
                    "resource": format!("{SANDBOX}{path}"), "authorization_servers": [SANDBOX], "bearer_methods_supported": ["header"],
                    "resource_documentation": PORTAL, "scopes_supported": scopes,
                })
            );
        }
        for path in ["/", "/nothing/here", "/track/", "/track/v1/trackingnumbers/x", "/TRACK", "/<script>"] {
            let path = path.replace('<', "%3C").replace('>', "%3E");
            let answer = get(&format!("/.well-known/oauth-protected-resource{path}")).send(&house).await;
            assert_eq!(answer.status, 404, "{path}");
        }
        let labels = get("/.well-known/oauth-protected-resource/support/labels/api/v1").production().send(&house).await;
        assert_eq!(labels.status, 404, "labels has no upstream in production");
    }

    async fn an_issuer_with_a_path_is_found_where_rfc_8414_puts_it(test: TestDb) {
        let mut house = House::open(test).await;
        let issuer = "https://api.example.com/sandbox";
        let settings = Settings { environment: Environment::Sandbox, issuer: issuer.into(), portal: PORTAL.into() };
        house.sandbox = Authority::new(house.directory.clone(), house.ledger.clone(), house.app.clone(), house.entropy.clone(), settings);
        for path in ["/.well-known/oauth-authorization-server/sandbox", "/.well-known/oauth-authorization-server"] {
            let metadata = get(path).send(&house).await.json();
            assert_eq!(
                (&metadata["issuer"], &metadata["token_endpoint"]),
                (&json!(issuer), &json!(format!("{issuer}/oauth2/token"))),
                "{path}"
            );
        }
        for (asked, resource) in [("", ""), ("/sandbox", ""), ("/sandbox/track/v1", "/track/v1"), ("/track/v1", "/track/v1")] {
            let document = get(&format!("/.well-known/oauth-protected-resource{asked}")).send(&house).await.json();
            assert_eq!(document["resource"], format!("{issuer}{resource}"), "{asked}");
        }
        let shop = house.member(CustomerType::Customer, &[("preregister", "AP3")]).await;
        let token = token("/oauth2/token", &[]).basic(shop.id.as_str(), &shop.secret).send(&house).await.json();
        let read = post("/oauth2/introspect")
            .form(&[("token", token["access_token"].as_str().expect("a token"))])
            .basic(shop.id.as_str(), &shop.secret);
        assert_eq!(read.send(&house).await.json()["iss"], issuer);
    }
}
