//! Which tokens count, and where they may stand.

use domain::{Environment, SecretId, contract::Standing, public_key::PublicKey, token::Claims};
use http::Method;
use serde_json::json;
use store::public_keys::PublicKeyRow;

use crate::{
    house::{PRODUCTION, SANDBOX, api, call, get, house, post},
    origin,
};

/// base64url without padding, for tokens nobody here would make.
fn encoded(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().fold(0_u32, |word, byte| word << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for i in 0..=chunk.len() {
            text.push(char::from(ALPHABET[(word >> (18 - 6 * i) & 63) as usize]));
        }
    }
    text
}

fn decoded(text: &str) -> Vec<u8> {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (mut bytes, mut word, mut bits) = (Vec::new(), 0_u32, 0);
    for c in text.chars() {
        word = word << 6 | u32::try_from(ALPHABET.find(c).expect("base64url")).expect("small");
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((word >> bits & 0xFF) as u8);
        }
    }
    bytes
}

#[tokio::test]
async fn a_token_in_the_header_opens_what_its_scope_allows() {
    let origin = origin::echo().await;
    let house = house(vec![api("store", &[&origin.url])]).await;
    let token = house.token(&house.shop, "READ");
    for scheme in ["Bearer", "bearer", "bEaReR"] {
        let answer = house.send(get("/store/things").with("authorization", &format!("{scheme} {token}"))).await;
        assert_eq!(answer.verdict(), "200 -", "{answer:?}");
    }
    assert_eq!(origin.hits(), 3);
}

#[tokio::test]
async fn nothing_that_was_not_issued_here_gets_through() {
    let origin = origin::echo().await;
    let house = house(vec![api("store", &[&origin.url])]).await;
    let token = house.token(&house.shop, "READ");
    let [header, payload, signature] = token.split('.').collect::<Vec<_>>()[..] else { panic!("three parts") };
    let signed = decoded(signature);
    let keys = house.directory.keys(Environment::Sandbox).jwks(*house.now())["keys"][0].clone();
    let headed = |header: serde_json::Value, signature: &str| format!("{}.{payload}.{signature}", encoded(header.to_string().as_bytes()));
    let kid = keys["kid"].clone();

    let mut forgeries = Vec::new();
    for alg in ["none", "None", "NONE", "nOnE"] {
        forgeries.push(headed(json!({"typ": "at+jwt", "alg": alg}), ""));
        forgeries.push(headed(json!({"typ": "at+jwt", "alg": alg}), signature));
    }
    for alg in ["HS256", "RS256", "ES384", "EdDSA", "es256"] {
        forgeries.push(headed(json!({"typ": "at+jwt", "alg": alg, "kid": kid}), signature));
    }
    for (member, value) in [
        ("jwk", keys.clone()),
        ("jku", json!("http://127.0.0.1:1/jwks")),
        ("x5u", json!("http://127.0.0.1:1/x")),
        ("crit", json!(["b64"])),
        ("b64", json!(false)),
    ] {
        forgeries.push(headed(json!({"typ": "at+jwt", "alg": "ES256", "kid": kid, member: value}), signature));
    }
    for kid in [
        json!("../../dev/null"),
        json!("' OR 1=1 --"),
        json!(""),
        json!(1),
        json!(["sandbox-1"]),
        json!("k".repeat(5000)),
        json!("a\0b"),
        json!("production-1"),
    ] {
        forgeries.push(headed(json!({"typ": "at+jwt", "alg": "ES256", "kid": kid}), signature));
    }
    forgeries.push(format!("{}.{payload}.{signature}", encoded(br#"{"typ":"at+jwt","alg":"none","alg":"ES256","kid":"sandbox-1"}"#)));
    forgeries.push(format!("{}.{payload}.{signature}", encoded("[".repeat(3000).as_bytes())));
    forgeries.push(headed(json!({"typ": "JWT", "alg": "ES256", "kid": kid}), signature));
    forgeries.push(headed(json!({"alg": "PBES2-HS256+A128KW", "p2c": 2_147_483_647, "enc": "A128CBC-HS256"}), "a.b.c"));
    forgeries.push(headed(json!({"alg": "RSA-OAEP", "enc": "A256GCM", "zip": "DEF"}), "a.b.c"));
    // Signatures that are none: zero, the group's order, DER, too short, too long, padded, with other trailing bits.
    let order = [
        0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xBC, 0xE6, 0xFA, 0xAD, 0xA7, 0x17, 0x9E, 0x84,
        0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63, 0x25, 0x51,
    ];
    for bytes in [
        vec![0; 64],
        [order, order].concat(),
        [&[0x30, 0x44, 0x02, 0x20], &signed[..]].concat(),
        signed[..63].to_vec(),
        [&signed[..], &[0]].concat(),
        vec![],
    ] {
        forgeries.push(format!("{header}.{payload}.{}", encoded(&bytes)));
    }
    forgeries.push(format!("{token}="));
    forgeries.push(format!("{token}=="));
    forgeries.push(format!("{header}.{payload}."));
    forgeries.push(format!("{header}.{}.{signature}", encoded(br#"{"sub":"admin"}"#)));
    forgeries.push(format!(".{payload}.{signature}"));
    forgeries.push("garbage".into());
    forgeries.push("a.b".into());
    forgeries.push("a.b.c.d".into());
    forgeries.push("x".repeat(20_000));

    for forgery in &forgeries {
        let answer = house.send(get("/store/things").bearer(forgery)).await;
        assert_eq!(answer.status, 401, "{forgery}");
        assert!(answer.header("www-authenticate").contains("error=\"invalid_token\""), "{answer:?}");
        for secret in ["PRIVATE", "sqlite", "/work", "src/", "panicked"] {
            assert!(!String::from_utf8_lossy(&answer.body).contains(secret));
        }
    }
    assert_eq!(origin.hits(), 0);
    assert_eq!(house.send(get("/store/things").bearer(&token)).await.status, 200, "the true one still counts");
}

#[tokio::test]
async fn the_other_spelling_of_a_revoked_tokens_signature_is_revoked_too() {
    let origin = origin::echo().await;
    let house = house(vec![api("store", &[&origin.url])]).await;
    let claims = house.claims(&house.shop, "READ");
    let token = house.sign(&claims);
    let (message, signature) = token.rsplit_once('.').expect("parts");
    // s and n - s verify alike; n is the order of P-256.
    let mut bytes = decoded(signature);
    let order: [u8; 32] = [
        0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xBC, 0xE6, 0xFA, 0xAD, 0xA7, 0x17, 0x9E, 0x84,
        0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63, 0x25, 0x51,
    ];
    let mut borrow = 0_i16;
    for i in (0..32).rev() {
        let difference = i16::from(order[i]) - i16::from(bytes[32 + i]) - borrow;
        borrow = i16::from(difference < 0);
        bytes[32 + i] = difference.rem_euclid(256) as u8;
    }
    let twin = format!("{message}.{}", encoded(&bytes));
    assert_eq!(house.send(get("/store/things").bearer(&token)).await.status, 200);
    house.change(async |tx| store::revoked_tokens::insert(tx, claims.jti, Some(&claims.client_id), house.now(), house.now()).await).await;
    for token in [&token, &twin] {
        assert_eq!(house.send(get("/store/things").bearer(token)).await.verdict(), "401 token-revoked");
    }
}

#[tokio::test]
async fn a_token_of_another_environment_issuer_or_audience_dies_here() {
    let origin = origin::echo().await;
    let mut both = api("store", &[&origin.url]);
    both["x-postigo"]["upstreams"]["production"] = json!([origin.url]);
    let house = house(vec![both]).await;
    let claims = house.claims(&house.shop, "READ");
    let sandbox = house.sign(&claims);
    let production = house.sign(&Claims { env: Environment::Production, iss: PRODUCTION.into(), aud: PRODUCTION.into(), ..claims.clone() });

    assert_eq!(house.send(get("/store/things").bearer(&sandbox)).await.verdict(), "200 -");
    assert_eq!(house.send(get("/store/things").bearer(&production)).await.verdict(), "401 token-foreign");
    let there = house.send_to(&house.production, get("/store/things").bearer(&sandbox), house.visit()).await;
    assert_eq!(there.verdict(), "401 token-foreign");
    assert!(there.header("www-authenticate").starts_with("Bearer realm=\"http://production.test\", error=\"invalid_token\""));
    // Signed with production's own key, but this client lives in the sandbox.
    assert_eq!(
        house.send_to(&house.production, get("/store/things").bearer(&production), house.visit()).await.verdict(),
        "401 client-stopped"
    );

    let foreign = house.sign(&Claims { iss: "http://evil.test".into(), ..claims.clone() });
    assert_eq!(house.send(get("/store/things").bearer(&foreign)).await.verdict(), "401 token-foreign");
    let elsewhere = house.sign(&Claims { aud: "http://other.test".into(), ..claims });
    assert_eq!(house.send(get("/store/things").bearer(&elsewhere)).await.verdict(), "401 wrong-audience");
    assert_eq!(origin.hits(), 1);
}

#[tokio::test]
async fn a_remembered_token_expires_all_the_same_and_never_comes_back() {
    let origin = origin::echo().await;
    let house = house(vec![api("store", &[&origin.url])]).await;
    let claims = house.claims(&house.shop, "READ");
    let token = house.sign(&claims);
    assert_eq!(house.send(get("/store/things").bearer(&token)).await.verdict(), "200 -");
    house
        .change(async |tx| {
            store::revoked_tokens::insert(
                tx,
                claims.jti,
                None,
                store::Moment(domain::Timestamp::from_second(claims.exp).expect("a moment")),
                house.now(),
            )
            .await
        })
        .await;
    // Past its expiry, past the leeway, past any second that could be read as a millisecond.
    for seconds in [0, 1, 3598, 1, 1, 3, 1, 1, 60, 3600] {
        house.hands.advance(seconds);
        let verdict = house.send(get("/store/things").bearer(&token)).await.verdict();
        assert!(verdict == "401 token-revoked" || verdict == "401 token-expired", "{verdict}");
    }

    let other = house.token(&house.shop, "READ");
    assert_eq!(house.send(get("/store/things").bearer(&other)).await.verdict(), "200 -");
    house.hands.advance(3700);
    assert_eq!(house.send(get("/store/things").bearer(&other)).await.verdict(), "401 token-expired");
}

#[tokio::test]
async fn a_retired_signing_key_takes_remembered_tokens_along() {
    let origin = origin::echo().await;
    let house = house(vec![api("store", &[&origin.url])]).await;
    let token = house.token(&house.shop, "READ");
    assert_eq!(house.send(get("/store/things").bearer(&token)).await.verdict(), "200 -");
    // An emergency: the key retires now.
    house.hands.advance(1);
    let now = house.now();
    house.change(async |tx| store::signing_keys::insert(tx, &house.new_key("sandbox-2", now), now).await).await;
    assert_eq!(house.send(get("/store/things").bearer(&token)).await.verdict(), "401 token-foreign");
    let fresh = house.token(&house.shop, "READ");
    assert_eq!(house.send(get("/store/things").bearer(&fresh)).await.verdict(), "200 -");
}

#[tokio::test]
async fn whatever_a_token_stands_on_can_be_taken_away() {
    let origin = origin::echo().await;
    let house = house(vec![api("store", &[&origin.url])]).await;
    let grants = [("store", "unlimited", "READ")];

    let member = house.member("suspended client", &grants).await;
    let token = house.token(&member, "READ");
    assert_eq!(house.send(get("/store/things").bearer(&token)).await.verdict(), "200 -");
    house.change(async |tx| store::clients::set_status(tx, &member.client, Standing::Suspended).await).await;
    assert_eq!(house.send(get("/store/things").bearer(&token)).await.verdict(), "401 client-stopped");
    house.change(async |tx| store::clients::set_status(tx, &member.client, Standing::Active).await).await;
    assert_eq!(house.send(get("/store/things").bearer(&token)).await.verdict(), "200 -");

    let turn = store::organisations::Turn { from: Standing::Active, to: Standing::Suspended, reason: None, by: "test", at: house.now() };
    house.change(async |tx| store::organisations::turn(tx, member.organisation, turn).await).await;
    assert_eq!(house.send(get("/store/things").bearer(&token)).await.verdict(), "401 client-stopped");

    let member = house.member("secrets", &grants).await;
    let token = house.token(&member, "READ");
    let secret = store::clients::secret(&house.test.db, member.secret).await.expect("reads").expect("a secret");
    house.change(async |tx| store::clients::retire_secret(tx, &secret, house.now()).await).await;
    assert_eq!(house.send(get("/store/things").bearer(&token)).await.verdict(), "200 -", "the tokens of a retired secret live out");
    house.change(async |tx| store::clients::revoke_secret(tx, &secret, house.now()).await).await;
    assert_eq!(house.send(get("/store/things").bearer(&token)).await.verdict(), "401 secret-revoked", "those of a revoked one do not");

    let nobody = Claims { client_id: "sbx_ci_nobody".into(), sub: "sbx_ci_nobody".into(), ..house.claims(&house.shop, "READ") };
    assert_eq!(house.send(get("/store/things").bearer(&house.sign(&nobody))).await.verdict(), "401 client-stopped");
}

#[tokio::test]
async fn a_bound_customer_key_passes_with_tokens_of_its_public_key_alone() {
    let origin = origin::echo().await;
    let house = house(vec![api("store", &[&origin.url])]).await;
    let key = house.customer_key(&house.shop).await;
    // RFC 8037, appendix A.2.
    let jwk = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
    let public = PublicKey::read(jwk).expect("a public key");
    let row = PublicKeyRow {
        id: SecretId(house.entropy.uuid(*house.now())),
        client_id: house.shop.client.clone(),
        thumbprint: public.thumbprint().to_owned(),
        jwk: public.jwk(),
        created_at: house.now(),
        retires_at: None,
        revoked_at: None,
        last_used_at: None,
        last_used_address: None,
        last_used_agent: None,
    };
    house.change(async |tx| store::public_keys::insert(tx, &row).await).await;
    let by_secret = house.with_customer_key(&house.shop, &key, "READ");
    let by_public_key = Claims { secret_id: row.id, jti: house.entropy.uuid(*house.now()), ..by_secret.clone() };
    let (by_secret, by_public_key) = (house.sign(&by_secret), house.sign(&by_public_key));
    let verdict = async |token: &str| house.send(get("/store/things").bearer(token)).await.verdict();
    assert_eq!((verdict(&by_secret).await, verdict(&by_public_key).await), ("200 -".into(), "200 -".into()));
    house.change(async |tx| store::customer_keys::bind(tx, &key, Some(public.thumbprint())).await).await;
    assert_eq!((verdict(&by_secret).await, verdict(&by_public_key).await), ("401 customer-key-stopped".into(), "200 -".into()));
    house.change(async |tx| store::public_keys::remove(tx, &house.shop.client, public.thumbprint(), house.now()).await).await;
    assert_eq!(
        (verdict(&by_secret).await, verdict(&by_public_key).await),
        ("401 customer-key-stopped".into(), "401 secret-revoked".into())
    );
}

#[tokio::test]
async fn a_token_got_with_a_customer_key_lives_as_long_as_the_key_acts() {
    let origin = origin::echo().await;
    let house = house(vec![api("store", &[&origin.url])]).await;
    let (key, sibling) = (house.customer_key(&house.shop).await, house.customer_key(&house.shop).await);
    let token = house.sign(&house.with_customer_key(&house.shop, &key, "READ"));
    let siblings = house.sign(&house.with_customer_key(&house.shop, &sibling, "READ"));
    let passed = house.send(get("/store/things").bearer(&token)).await;
    assert_eq!(passed.verdict(), "200 -");
    assert!(passed.json()["headers"].as_array().expect("headers").contains(&json!(["x-postigo-account", "700257037"])));

    for (standing, verdict) in
        [(Standing::Suspended, "401 customer-key-stopped"), (Standing::Active, "200 -"), (Standing::Revoked, "401 customer-key-stopped")]
    {
        house.change(async |tx| store::customer_keys::set_status(tx, &key, standing).await).await;
        assert_eq!(house.send(get("/store/things").bearer(&token)).await.verdict(), verdict);
        assert_eq!(house.send(get("/store/things").bearer(&siblings)).await.verdict(), "200 -", "siblings stay");
    }

    let other = house.member("other platform", &[("store", "unlimited", "READ")]).await;
    let stolen = house.sign(&house.with_customer_key(&other, &sibling, "READ"));
    assert_eq!(house.send(get("/store/things").bearer(&stolen)).await.verdict(), "401 customer-key-stopped", "another project's key");
    let vanished = house.sign(&house.with_customer_key(&other, &"sbx_ck_gone".into(), "READ"));
    assert_eq!(house.send(get("/store/things").bearer(&vanished)).await.verdict(), "401 customer-key-stopped");
}

#[tokio::test]
async fn one_token_in_one_place_and_nowhere_else() {
    let origin = origin::echo().await;
    let mut lenient = api("lenient", &[&origin.url]);
    lenient["x-postigo"]["token_in_query"] = json!(true);
    let house = house(vec![api("store", &[&origin.url]), lenient]).await;
    let token = house.token(&house.shop, "READ WRITE");
    let cases = [
        (get("/store/things"), "401 no-token"),
        (get("/store/things").with("authorization", "Basic dTpw"), "401 no-token"),
        (get("/store/things").with("authorization", ""), "401 no-token"),
        (get("/store/things").with("cookie", &format!("access_token={token}")), "401 no-token"),
        (post("/store/things", format!("access_token={token}")).with("content-type", "application/x-www-form-urlencoded"), "401 no-token"),
        (get("/store/things").with("authorization", &token), "401 no-token"),
        (get("/store/things").with("authorization", "Bearer"), "401 token-malformed"),
        (get("/store/things").with("authorization", &format!("Bearer \"{token}\"")), "401 token-malformed"),
        (get("/store/things").with("authorization", &format!("Bearer {token} x")), "401 token-malformed"),
        (get("/store/things").bearer(&token).bearer("garbage"), "400 two-tokens"),
        (get("/store/things").bearer("garbage").bearer(&token), "400 two-tokens"),
        (get("/store/things").with("authorization", &format!("Bearer garbage, Bearer {token}")), "400 two-tokens"),
        (get("/store/things").with("authorization", &format!("Bearer {token},Bearer garbage")), "400 two-tokens"),
        (get(&format!("/store/things?access_token={token}")), "400 token-in-query"),
        (get(&format!("/store/things?access_token={token}")).bearer(&token), "400 two-tokens"),
        (get(&format!("/lenient/things?access_token={token}")).bearer(&token), "400 two-tokens"),
        (get(&format!("/lenient/things?access_token={token}&access_token={token}")), "400 two-tokens"),
    ];
    for (i, (call, verdict)) in cases.into_iter().enumerate() {
        let answer = house.send(call).await;
        assert_eq!(answer.verdict(), verdict, "case {i}");
        let challenge = answer.header("www-authenticate");
        assert!(challenge.starts_with(&format!("Bearer realm=\"{SANDBOX}\"")), "{challenge}");
        assert!(challenge.ends_with(&format!("resource_metadata=\"{SANDBOX}/.well-known/oauth-protected-resource\"")), "{challenge}");
        let error = match verdict {
            "401 no-token" => None,
            "401 token-malformed" => Some("invalid_token"),
            _ => Some("invalid_request"),
        };
        assert_eq!(challenge.contains("error="), error.is_some(), "{challenge}");
        assert!(error.is_none_or(|error| challenge.contains(&format!("error=\"{error}\""))), "{challenge}");
    }
    assert_eq!(origin.hits(), 0);
}

#[tokio::test]
async fn a_token_in_the_query_is_taken_out_before_the_api_sees_it() {
    let origin = origin::echo().await;
    let mut lenient = api("lenient", &[&origin.url]);
    lenient["x-postigo"]["token_in_query"] = json!(true);
    let house = house(vec![lenient]).await;
    let token = house.token(&house.shop, "READ");
    for (query, left) in [
        (format!("access_token={token}"), "/lenient/things"),
        (format!("a=%20b+c&access_token={token}&&d=%zz&d"), "/lenient/things?a=%20b+c&&d=%zz&d"),
        (format!("a=1&access%5Ftoken={token}"), "/lenient/things?a=1"),
    ] {
        let answer = house.send(get(&format!("/lenient/things?{query}"))).await;
        assert_eq!(answer.json()["target"], left);
        assert!(!String::from_utf8_lossy(&answer.body).contains(&token));
    }
    assert_eq!(house.send(get("/lenient/things?a=%20b").bearer(&token)).await.json()["target"], "/lenient/things?a=%20b");
}

#[tokio::test]
async fn an_unlisted_method_goes_nowhere() {
    let origin = origin::echo().await;
    let house = house(vec![api("store", &[&origin.url])]).await;
    let token = house.token(&house.shop, "READ WRITE ADMIN");
    for method in ["TRACE", "FOO", "DELETE", "OPTIONS", "PATCH", "get"] {
        let answer = house.send(call(Method::from_bytes(method.as_bytes()).expect("a method"), "/store/things").bearer(&token)).await;
        assert_eq!(answer.verdict(), "405 method-not-allowed", "{method}");
        assert_eq!(answer.header("allow"), "GET, HEAD, POST");
        assert!(!answer.headers.contains_key("access-control-allow-origin"));
    }
    assert_eq!(origin.hits(), 0);
    assert_eq!(house.send(call(Method::HEAD, "/store/things").bearer(&token)).await.status, 200, "HEAD is a GET without a body");
    assert_eq!(origin.hits(), 1);
}

#[tokio::test]
async fn a_gateway_that_has_not_heard_of_revocations_for_too_long_refuses() {
    let origin = origin::echo().await;
    let plan = crate::house::Plan { apis: vec![api("store", &[&origin.url])], sample: 1, max_stale: Some(std::time::Duration::ZERO) };
    let house = crate::house::build(store::testkit::sqlite().await, plan).await;
    let answer = house.send(get("/store/things").bearer(&house.token(&house.shop, "READ"))).await;
    assert_eq!(answer.verdict(), "503 unavailable");
    assert_eq!(answer.header("retry-after"), "1");
    assert_eq!(origin.hits(), 0);
}
