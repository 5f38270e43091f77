use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::{KeyId, signing_key, signing_key::SigningKey};

const ISSUER: &str = "http://127.0.0.1:8081";

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).expect("a moment")
}

fn key(id: &str, from: i64, until: Option<i64>) -> Arc<SigningKey> {
    let key = SigningKey::read(KeyId::from(id), Environment::Sandbox, at(from), until.map(at), &signing_key::draw());
    Arc::new(key.expect("a key"))
}

fn claims() -> Claims {
    Claims {
        iss: ISSUER.into(),
        sub: "sbx_ci_a".into(),
        aud: ISSUER.into(),
        client_id: "sbx_ci_a".into(),
        exp: 4600,
        iat: 1000,
        jti: Uuid::from_u128(7),
        scope: ScopeSet::parse("AP3 LBS").expect("scopes"),
        org: Uuid::from_u128(1).into(),
        env: Environment::Sandbox,
        secret_id: Uuid::from_u128(2).into(),
        account: None,
        act: None,
    }
}

fn verify(token: &str, ring: &KeyRing, now: i64) -> Result<Claims, Invalid> {
    Claims::verify(token, ring, ISSUER, Environment::Sandbox, at(now))
}

#[test]
fn a_token_verifies_until_it_expires() {
    let ring = KeyRing::new(&[key("k1", 0, None)], TYP);
    let token = claims().sign(&ring, at(1000)).expect("signed");
    assert_eq!(verify(&token, &ring, 1000), Ok(claims()));
    assert_eq!(verify(&token, &ring, 4600 + LEEWAY - 1), Ok(claims()));
    assert_eq!(verify(&token, &ring, 4600 + LEEWAY), Err(Invalid::Expired));
}

#[test]
fn another_program_verifies_our_token() {
    let key = key("k1", 0, None);
    let ring = KeyRing::new(&[Arc::clone(&key)], TYP);
    let token = claims().sign(&ring, at(1000)).expect("signed");

    let jwk: jsonwebtoken::jwk::Jwk = serde_json::from_value(key.public_jwk()).expect("a JWK");
    let mut validation = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::ES256);
    validation.set_audience(&[ISSUER]);
    validation.set_issuer(&[ISSUER]);
    validation.validate_exp = false;
    let decoding = jsonwebtoken::DecodingKey::from_jwk(&jwk).expect("a decoding key");
    let read = jsonwebtoken::decode::<serde_json::Value>(&token, &decoding, &validation).expect("verifies");
    assert_eq!(read.header.typ.as_deref(), Some("at+jwt"));
    assert_eq!(read.claims["scope"], "AP3 LBS");
    assert_eq!(read.claims["exp"], 4600);
}

#[test]
fn a_key_signs_only_once_active_and_verifies_only_until_retired() {
    let ring = KeyRing::new(&[key("old", 0, Some(9000)), key("new", 2000, None)], TYP);
    let kid = |token: &str| {
        let header = URL_SAFE_NO_PAD.decode(token.split('.').next().expect("header")).expect("base64");
        serde_json::from_slice::<serde_json::Value>(&header).expect("json")["kid"].as_str().map(str::to_owned)
    };
    let by_old = claims().sign(&ring, at(1999)).expect("signed");
    assert_eq!(kid(&by_old).as_deref(), Some("old"));
    assert_eq!(kid(&claims().sign(&ring, at(2000)).expect("signed")).as_deref(), Some("new"));
    assert!(verify(&by_old, &ring, 3000).is_ok());

    let long = Claims { exp: 99_999, ..claims() }.sign(&ring, at(1999)).expect("signed");
    assert_eq!(verify(&long, &ring, 8999).map(|c| c.exp), Ok(99_999));
    assert_eq!(verify(&long, &ring, 9000), Err(Invalid::Foreign));
    assert!(claims().sign(&KeyRing::new(&[key("later", 2000, None)], TYP), at(1000)).is_none());
}

#[test]
fn a_key_that_was_ended_signs_no_more_though_it_is_the_newest() {
    let ring = KeyRing::new(&[key("old", 0, None), key("leaked", 2000, Some(2500))], TYP);
    let kid = |now| {
        let token = claims().sign(&ring, at(now)).expect("a token");
        let header = URL_SAFE_NO_PAD.decode(token.split('.').next().expect("a header")).expect("base64url");
        serde_json::from_slice::<serde_json::Value>(&header).expect("JSON")["kid"].as_str().map(str::to_owned)
    };
    assert_eq!((kid(2400).as_deref(), kid(2600).as_deref()), (Some("leaked"), Some("old")));
}

#[test]
fn the_other_environment_the_other_issuer_and_the_other_audience_are_refused() {
    let ring = KeyRing::new(&[key("k1", 0, None)], TYP);
    let sign = |claims: Claims| claims.sign(&ring, at(1000)).expect("signed");
    assert_eq!(verify(&sign(Claims { env: Environment::Production, ..claims() }), &ring, 1000), Err(Invalid::Foreign));
    assert_eq!(verify(&sign(Claims { iss: "http://evil".into(), ..claims() }), &ring, 1000), Err(Invalid::Foreign));
    assert_eq!(verify(&sign(Claims { aud: "http://other".into(), ..claims() }), &ring, 1000), Err(Invalid::Audience));
    // The same key in another role: an identity JWT is no access token.
    let identity = KeyRing::new(&[key("k1", 0, None)], "JWT");
    assert_eq!(verify(&claims().sign(&identity, at(1000)).expect("signed"), &ring, 1000), Err(Invalid::Foreign));
}

#[test]
fn forged_headers_are_refused_without_being_read() {
    let key = key("k1", 0, None);
    let ring = KeyRing::new(&[Arc::clone(&key)], TYP);
    let genuine = claims().sign(&ring, at(1000)).expect("signed");
    let parts: Vec<_> = genuine.split('.').collect();
    let jwk = key.public_jwk();
    let headers = [
        json!({"typ": "at+jwt", "alg": "none", "kid": "k1"}),
        json!({"typ": "at+jwt", "alg": "None"}),
        json!({"typ": "at+jwt", "alg": "nOnE", "kid": "k1"}),
        json!({"typ": "at+jwt", "alg": "HS256", "kid": "k1"}),
        json!({"typ": "at+jwt", "alg": "ES256", "kid": "../../dev/null"}),
        json!({"typ": "at+jwt", "alg": "ES256", "kid": "' OR 1=1 --"}),
        json!({"typ": "at+jwt", "alg": "ES256", "kid": 1}),
        json!({"typ": "at+jwt", "alg": "ES256", "kid": ["k1"]}),
        json!({"typ": "at+jwt", "alg": "ES256", "kid": ""}),
        json!({"typ": "at+jwt", "alg": "ES256", "kid": "\u{0}"}),
        json!({"typ": "at+jwt", "alg": "ES256", "kid": "k".repeat(5000)}),
        json!({"typ": "at+jwt", "alg": "ES256", "jwk": jwk}),
        json!({"typ": "at+jwt", "alg": "ES256", "kid": "k1", "jku": "http://127.0.0.1:1/jwks"}),
        json!({"typ": "at+jwt", "alg": "ES256", "kid": "k1", "x5u": "http://127.0.0.1:1/x5u"}),
        json!({"typ": "at+jwt", "alg": "ES256", "kid": "k1", "crit": ["exp"]}),
        json!({"typ": "at+jwt", "alg": "ES256", "kid": "k1", "b64": false, "crit": ["b64"]}),
        json!({"typ": "JWT", "alg": "ES256", "kid": "k1"}),
    ];
    for header in headers.iter().map(ToString::to_string).chain([
        r#"{"typ":"at+jwt","alg":"none","alg":"ES256","kid":"k1"}"#.to_owned(),
        "[".repeat(3000),
        String::new(),
        "\u{0}".to_owned(),
    ]) {
        let encoded = URL_SAFE_NO_PAD.encode(&header);
        let message = format!("{encoded}.{}", parts[1]);
        // Even properly signed by our own key, a header we do not write is not ours.
        let signed = format!("{message}.{}", URL_SAFE_NO_PAD.encode(key.sign(message.as_bytes())));
        for token in [format!("{message}."), format!("{message}.{}", parts[2]), signed] {
            assert!(verify(&token, &ring, 1000).is_err(), "{header}");
        }
    }
}

#[test]
fn psychic_and_misshapen_signatures_are_refused() {
    let ring = KeyRing::new(&[key("k1", 0, None)], TYP);
    let token = claims().sign(&ring, at(1000)).expect("signed");
    let (message, signature) = token.rsplit_once('.').expect("signature");
    // The order of P-256.
    let order = [
        0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xBC, 0xE6, 0xFA, 0xAD, 0xA7, 0x17, 0x9E, 0x84,
        0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63, 0x25, 0x51,
    ];
    let der = [0x30, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01];
    for forged in [vec![0; 64], [order, order].concat(), der.to_vec(), vec![1; 63], vec![1; 65], Vec::new()] {
        assert!(verify(&format!("{message}.{}", URL_SAFE_NO_PAD.encode(forged)), &ring, 1000).is_err());
    }
    for spelled in
        [format!("{signature}="), format!("{signature}=="), format!("{signature} "), format!("{signature}A"), signature[..85].to_owned()]
    {
        assert!(verify(&format!("{message}.{spelled}"), &ring, 1000).is_err(), "{spelled}");
    }
    assert!(verify(&format!("{token}.x"), &ring, 1000).is_err());
    assert!(verify(&format!("{token}.x.y"), &ring, 1000).is_err());
}

proptest! {
    #[test]
    fn a_token_changed_anywhere_is_refused(at_byte in 0usize..2000, to in "[A-Za-z0-9_.-]") {
        let ring = KeyRing::new(&[key("k1", 0, None)], TYP);
        let token = claims().sign(&ring, at(1000)).expect("signed");
        let place = at_byte % token.len();
        let mut changed = token.clone();
        changed.replace_range(place..=place, &to);
        prop_assume!(changed != token);
        prop_assert!(verify(&changed, &ring, 1000).is_err());
    }

    #[test]
    fn whatever_arrives_is_answered_without_panic(text in "\\PC{0,300}") {
        let ring = KeyRing::new(&[key("k1", 0, None)], TYP);
        prop_assert!(verify(&text, &ring, 1000).is_err());
    }
}
