use aws_lc_rs::{
    hmac,
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _},
};
use proptest::prelude::*;
use serde_json::json;

use super::*;

const ISSUER: &str = "https://api.example";
const CLIENT: &str = "sbx_ci_a";
const NOW: i64 = 1_800_000_000;

fn now() -> Timestamp {
    Timestamp::from_second(NOW).expect("a moment")
}

fn claims() -> Value {
    json!({"iss": CLIENT, "sub": CLIENT, "aud": ISSUER, "exp": NOW + 60, "iat": NOW, "jti": "1"})
}

fn with(changes: &Value) -> Value {
    let mut claims = claims();
    for (name, value) in changes.as_object().expect("an object") {
        if value.is_null() {
            claims.as_object_mut().expect("an object").remove(name);
        } else {
            claims[name] = value.clone();
        }
    }
    claims
}

fn put_together(header: &str, claims: &str, sign: impl FnOnce(&[u8]) -> Vec<u8>) -> String {
    let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(sign(message.as_bytes())))
}

fn p256() -> (EcdsaKeyPair, PublicKey) {
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("a key");
    let point = pair.public_key().as_ref();
    let (x, y) = (URL_SAFE_NO_PAD.encode(&point[1..33]), URL_SAFE_NO_PAD.encode(&point[33..]));
    let public = PublicKey::read(&json!({"kty": "EC", "crv": "P-256", "x": x, "y": y}).to_string()).expect("a key");
    (pair, public)
}

fn es256(pair: &EcdsaKeyPair, header: &Value, claims: &Value) -> String {
    put_together(&header.to_string(), &claims.to_string(), |message| {
        pair.sign(&SystemRandom::new(), message).expect("signs").as_ref().to_vec()
    })
}

fn signed(text: &str, keys: &[PublicKey]) -> bool {
    Assertion::read(text).is_some_and(|assertion| assertion.signer(keys.iter(), |key| key).is_some())
}

#[test]
fn either_kind_of_key_proves_its_client_with_or_without_a_kid() {
    let (pair, public) = p256();
    let ed = Ed25519KeyPair::generate().expect("a key");
    let x = URL_SAFE_NO_PAD.encode(ed.public_key().as_ref());
    let other = PublicKey::read(&json!({"kty": "OKP", "crv": "Ed25519", "x": x}).to_string()).expect("a key");
    let keys = [other.clone(), public.clone()];
    for header in [json!({"alg": "ES256"}), json!({"alg": "ES256", "typ": "JWT", "kid": public.thumbprint()})] {
        let text = es256(&pair, &header, &claims());
        let assertion = Assertion::read(&text).expect("reads");
        assert_eq!(assertion.signer(keys.iter(), |key| key), Some(&public), "{header}");
        assert!(assertion.is_for(CLIENT, &[ISSUER], now()));
        assert_eq!((assertion.subject(), assertion.id()), (CLIENT, "1"));
    }
    for alg in ["EdDSA", "Ed25519"] {
        let text = put_together(&json!({"alg": alg}).to_string(), &claims().to_string(), |message| ed.sign(message).as_ref().to_vec());
        assert_eq!(Assertion::read(&text).expect("reads").signer(keys.iter(), |key| key), Some(&other), "{alg}");
    }
}

#[test]
fn the_key_decides_how_it_is_checked_and_the_header_does_not() {
    let (pair, public) = p256();
    let (stranger, _) = p256();
    let keys = [public.clone()];
    let none = put_together(r#"{"alg":"none"}"#, &claims().to_string(), |_| Vec::new());
    // The oldest trick: the public key as the secret of a keyed hash.
    let jwk = public.jwk();
    let hashed = |header: &str| {
        put_together(header, &claims().to_string(), |message| {
            hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, jwk.as_bytes()), message).as_ref().to_vec()
        })
    };
    for (text, why) in [
        (none, "none"),
        (hashed(r#"{"alg":"HS256"}"#), "HS256"),
        (hashed(r#"{"alg":"ES256"}"#), "a keyed hash that calls itself ES256"),
        (es256(&pair, &json!({"alg": "EdDSA"}), &claims()), "another algorithm than the key's"),
        (es256(&pair, &json!({"alg": "ES384"}), &claims()), "an algorithm that is not there"),
        (es256(&pair, &json!({"alg": "ES256", "kid": "another"}), &claims()), "a key that is not the client's"),
        (es256(&pair, &json!({"alg": "ES256", "crit": ["exp"]}), &claims()), "what must be understood"),
        (es256(&stranger, &json!({"alg": "ES256"}), &claims()), "a stranger's key"),
        (es256(&stranger, &json!({"alg": "ES256", "kid": public.thumbprint()}), &claims()), "a stranger's under its name"),
        (
            es256(&stranger, &json!({"alg": "ES256", "jwk": serde_json::from_str::<Value>(&jwk).expect("JSON")}), &claims()),
            "a key it brings",
        ),
    ] {
        assert!(!signed(&text, &keys), "{why}");
    }
    assert!(signed(&es256(&pair, &json!({"alg": "ES256"}), &claims()), &keys));
    let whole = es256(&pair, &json!({"alg": "ES256"}), &claims());
    let changed =
        whole.replacen(&URL_SAFE_NO_PAD.encode(claims().to_string()), &URL_SAFE_NO_PAD.encode(with(&json!({"jti": "2"})).to_string()), 1);
    assert!(whole != changed && !signed(&changed, &keys), "what was changed afterwards");
}

#[test]
fn it_is_good_for_its_own_client_one_audience_and_its_time() {
    let (pair, _) = p256();
    let good = |claims: &Value| {
        let text = es256(&pair, &json!({"alg": "ES256"}), claims);
        Assertion::read(&text).is_some_and(|assertion| assertion.is_for(CLIENT, &[ISSUER, "https://api.example/oauth2/token"], now()))
    };
    for right in [
        json!({}),
        json!({"aud": "https://api.example/oauth2/token"}),
        json!({"aud": [ISSUER]}),
        json!({"aud": [ISSUER, "https://api.example/oauth2/token"]}),
        json!({"exp": NOW + LONGEST_LIFE}),
        json!({"exp": NOW + 1}),
        json!({"exp": f64::from(1_800_000_000) + 1.5}),
        json!({"iat": null}),
        json!({"iat": NOW - 3600, "nbf": NOW}),
        json!({"more": {"of": "it"}}),
    ] {
        assert!(good(&with(&right)), "{right}");
    }
    for wrong in [
        json!({"iss": "sbx_ci_b"}),
        json!({"sub": "sbx_ci_b"}),
        json!({"iss": "sbx_ci_b", "sub": "sbx_ci_b"}),
        json!({"iss": null}),
        json!({"sub": null}),
        json!({"aud": null}),
        json!({"aud": []}),
        json!({"aud": "https://other.example"}),
        json!({"aud": [ISSUER, "https://other.example"]}),
        json!({"aud": format!("{ISSUER}/")}),
        json!({"exp": null}),
        json!({"exp": NOW}),
        json!({"exp": NOW - 1}),
        json!({"exp": NOW + LONGEST_LIFE + LEEWAY + 1}),
        json!({"exp": "2027-01-15"}),
        json!({"exp": 1e300}),
        json!({"iat": NOW + LEEWAY + 1}),
        json!({"iat": "now"}),
        json!({"nbf": NOW + LEEWAY + 1}),
        json!({"jti": null}),
        json!({"jti": ""}),
        json!({"jti": "x".repeat(LONGEST_ID + 1)}),
        json!({"jti": 7}),
    ] {
        assert!(!good(&with(&wrong)), "{wrong}");
    }
}

#[test]
fn what_says_something_twice_or_is_no_jwt_is_not_read() {
    let (pair, public) = p256();
    let sign = |message: &[u8]| pair.sign(&SystemRandom::new(), message).expect("signs").as_ref().to_vec();
    let twice = format!(r#"{{"sub":"other",{}"#, &claims().to_string()[1..]);
    for text in [
        put_together(r#"{"alg":"ES256"}"#, &twice, sign),
        put_together(r#"{"alg":"none","alg":"ES256"}"#, &claims().to_string(), sign),
        put_together(r#"["ES256"]"#, &claims().to_string(), sign),
        put_together(r#"{"alg":"ES256"}"#, "x", sign),
        "a.b".into(),
        "..".into(),
        String::new(),
        format!("{}=", es256(&pair, &json!({"alg": "ES256"}), &claims())),
        format!("x.{}", es256(&pair, &json!({"alg": "ES256"}), &claims())),
        es256(&pair, &json!({"alg": "ES256", "x": "x".repeat(LONGEST)}), &claims()),
    ] {
        assert!(Assertion::read(&text).is_none() && !signed(&text, std::slice::from_ref(&public)), "{text}");
    }
}

proptest! {
    #[test]
    fn reading_never_panics(text in "[A-Za-z0-9_.=-]{0,200}") {
        let _ = Assertion::read(&text);
    }
}
