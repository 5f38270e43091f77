use aws_lc_rs::{
    hmac,
    rand::SystemRandom,
    rsa::{KeyPair as RsaKeyPair, KeySize},
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA256},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::*;

const ISSUER: &str = "https://login.operator.example";
const NOW: i64 = 1_800_000_000;

fn expected() -> Expected<'static> {
    Expected { issuer: ISSUER, client_id: "postigo", now: Timestamp::from_second(NOW).expect("a moment") }
}

fn claims() -> Value {
    json!({"iss": ISSUER, "aud": "postigo", "sub": "u1", "iat": NOW - 1, "exp": NOW + 300, "nonce": "n"})
}

fn with(changes: &Value) -> Value {
    let mut claims = claims();
    for (name, value) in changes.as_object().expect("an object") {
        claims[name] = value.clone();
    }
    claims
}

/// A key of the provider, and what it publishes of it.
struct Signer(EcdsaKeyPair);

impl Signer {
    fn new() -> Self {
        Self(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("a key"))
    }

    fn keys(&self) -> Keys {
        Keys::read(&serde_json::to_vec(&json!({"keys": [self.public("a")]})).expect("JSON")).expect("keys")
    }

    fn public(&self, id: &str) -> Value {
        let point = self.0.public_key().as_ref();
        json!({"kty": "EC", "crv": "P-256", "use": "sig", "kid": id, "x": URL_SAFE_NO_PAD.encode(&point[1..33]), "y": URL_SAFE_NO_PAD.encode(&point[33..])})
    }

    fn token(&self, header: &Value, claims: &Value) -> String {
        put_together(header, claims, |message| self.0.sign(&SystemRandom::new(), message).expect("signs").as_ref().to_vec())
    }

    fn says(&self, claims: &Value) -> String {
        self.token(&json!({"alg": "ES256", "kid": "a"}), claims)
    }
}

fn put_together(header: &Value, claims: &Value, sign: impl FnOnce(&[u8]) -> Vec<u8>) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", part(header), part(claims));
    let signature = URL_SAFE_NO_PAD.encode(sign(message.as_bytes()));
    format!("{message}.{signature}")
}

#[test]
fn what_a_token_says_is_refused_unless_all_of_it_is_in_order() {
    let signer = Signer::new();
    let judged =
        |changes: Value| verify(&signer.says(&with(&changes)), &signer.keys(), &expected(), "n").map(|claims| claims.subject().to_owned());
    for good in [
        json!({}),
        json!({"aud": ["postigo"]}),
        json!({"aud": ["postigo", "other"], "azp": "postigo"}),
        json!({"exp": NOW - LEEWAY_SECONDS + 1}),
        json!({"iat": NOW + LEEWAY_SECONDS}),
        json!({"exp": (NOW + 10) as f64 + 0.5}),
    ] {
        assert_eq!(judged(good.clone()).as_deref(), Ok("u1"), "{good}");
    }
    for (bad, why) in [
        (json!({"iss": "https://evil.example"}), Unfit::Issuer),
        (json!({"iss": null}), Unfit::Issuer),
        (json!({"aud": "other"}), Unfit::Audience),
        (json!({"aud": []}), Unfit::Audience),
        (json!({"aud": ["postigo", "other"]}), Unfit::Audience),
        (json!({"azp": "other"}), Unfit::Audience),
        (json!({"nonce": "m"}), Unfit::Nonce),
        (json!({"nonce": null}), Unfit::Nonce),
        (json!({"exp": NOW - LEEWAY_SECONDS}), Unfit::Expired),
        (json!({"exp": null}), Unfit::Malformed),
        (json!({"iat": null}), Unfit::Malformed),
        (json!({"iat": NOW + LEEWAY_SECONDS + 1}), Unfit::Early),
        (json!({"nbf": NOW + LEEWAY_SECONDS + 1}), Unfit::Early),
        (json!({"sub": ""}), Unfit::Malformed),
        (json!({"sub": "x".repeat(256)}), Unfit::Malformed),
    ] {
        assert_eq!(judged(bad.clone()), Err(why), "{bad}");
    }
}

#[test]
fn neither_the_token_nor_the_clients_secret_chooses_how_a_signature_is_checked() {
    let (signer, other) = (Signer::new(), Signer::new());
    let keys = signer.keys();
    let judged = |token: &str| verify(token, &keys, &expected(), "n").map(drop);
    let none = put_together(&json!({"alg": "none"}), &claims(), |_| Vec::new());
    assert_eq!(judged(&none), Err(Unfit::Algorithm));
    let secret = hmac::Key::new(hmac::HMAC_SHA256, b"client-secret");
    let hs256 = put_together(&json!({"alg": "HS256", "kid": "a"}), &claims(), |message| hmac::sign(&secret, message).as_ref().to_vec());
    assert_eq!(judged(&hs256), Err(Unfit::Algorithm));
    assert_eq!(judged(&other.says(&claims())), Err(Unfit::Signature));
    assert_eq!(judged(&signer.token(&json!({"alg": "RS256", "kid": "a"}), &claims())), Err(Unfit::UnknownKey), "a key of another kind");
    assert_eq!(judged(&signer.token(&json!({"alg": "ES256", "kid": "b"}), &claims())), Err(Unfit::UnknownKey));
    assert_eq!(judged(&signer.token(&json!({"alg": "ES256", "kid": "a", "crit": ["x"], "x": 1}), &claims())), Err(Unfit::Malformed));
    assert_eq!(judged(&signer.token(&json!({"alg": "ES256", "kid": "a", "typ": "at+jwt"}), &claims())), Err(Unfit::Malformed));
    assert_eq!(
        judged(&signer.token(&json!({"alg": "ES256", "jwk": other.public("a")}), &claims())),
        Ok(()),
        "its own key is not looked at"
    );
    for rubbish in ["", "..", "a.b.c", "a.b", &"x".repeat(70_000), &format!("{}=", signer.says(&claims()))] {
        assert_eq!(judged(rubbish), Err(Unfit::Malformed));
    }
}

#[test]
fn a_token_that_names_no_key_is_believed_only_where_there_is_one() {
    let (one, two) = (Signer::new(), Signer::new());
    let token = one.token(&json!({"alg": "ES256"}), &claims());
    assert!(verify(&token, &one.keys(), &expected(), "n").is_ok());
    let both = serde_json::to_vec(&json!({"keys": [one.public("a"), two.public("b")]})).expect("JSON");
    assert_eq!(verify(&token, &Keys::read(&both).expect("keys"), &expected(), "n").map(drop), Err(Unfit::UnknownKey));
    let mut for_wrapping = one.public("a");
    for_wrapping["use"] = "enc".into();
    let keys = serde_json::to_vec(&json!({"keys": [for_wrapping]})).expect("JSON");
    assert_eq!(verify(&token, &Keys::read(&keys).expect("keys"), &expected(), "n").map(drop), Err(Unfit::UnknownKey), "for encryption");
}

#[test]
fn rs256_is_read_as_most_providers_sign() {
    let pair = RsaKeyPair::generate(KeySize::Rsa2048).expect("a key");
    // RSAPublicKey (RFC 8017, appendix A.1.1): two numbers of known length.
    let der = pair.public_key().as_ref();
    let (n, e) = (&der[9..265], &der[267..]);
    let keys =
        json!({"keys": [{"kty": "RSA", "kid": "r", "alg": "RS256", "n": URL_SAFE_NO_PAD.encode(n), "e": URL_SAFE_NO_PAD.encode(e)}]});
    let keys = Keys::read(&serde_json::to_vec(&keys).expect("JSON")).expect("keys");
    let sign = |message: &[u8]| {
        let mut signature = vec![0; pair.public_modulus_len()];
        pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature).expect("signs");
        signature
    };
    let token = put_together(&json!({"alg": "RS256", "kid": "r"}), &claims(), sign);
    assert!(verify(&token, &keys, &expected(), "n").is_ok());
    let other_algorithm = put_together(&json!({"alg": "PS256", "kid": "r"}), &claims(), sign);
    assert_eq!(verify(&other_algorithm, &keys, &expected(), "n").map(drop), Err(Unfit::UnknownKey), "the key says what it is for");
}

#[test]
fn a_logout_token_is_no_id_token_nor_the_other_way_round() {
    let signer = Signer::new();
    let event = json!({LOGOUT_EVENT: {}});
    let mut logout = with(&json!({"events": event, "sid": "s1"}));
    logout.as_object_mut().expect("an object").remove("nonce");
    let judged =
        |claims: &Value| verify_logout(&signer.says(claims), &signer.keys(), &expected()).map(|claims| claims.session().to_owned());
    assert_eq!(judged(&logout).as_deref(), Ok("s1"));
    assert_eq!(judged(&claims()), Err(Unfit::Malformed), "an ID token");
    assert_eq!(judged(&with(&json!({"events": event, "sid": "s1"}))), Err(Unfit::Malformed), "one with a nonce");
    assert_eq!(verify(&signer.says(&logout), &signer.keys(), &expected(), "n").map(drop), Err(Unfit::Nonce));
    logout["exp"] = (NOW - LEEWAY_SECONDS).into();
    assert_eq!(judged(&logout), Err(Unfit::Expired));
    logout["exp"] = (NOW + 86_400).into();
    logout["iat"] = (NOW - 600).into();
    assert!(judged(&logout).is_ok());
    logout["iat"] = (NOW - 600 - LEEWAY_SECONDS).into();
    assert_eq!(judged(&logout), Err(Unfit::Expired), "whatever it says of its end");
}

#[test]
fn what_is_told_about_somebody_else_is_not_taken_over() {
    let signer = Signer::new();
    let token = |changes: Value| verify(&signer.says(&with(&changes)), &signer.keys(), &expected(), "n").expect("in order");
    let bare = token(json!({}));
    let info = |value: Value, about: &Claims| read_user_info(value.to_string().as_bytes(), about);
    let told = info(json!({"sub": "u1", "email": "ana@operator.example", "email_verified": true, "groups": ["a"], "iss": "x"}), &bare)
        .expect("hers");
    assert_eq!((told.verified_email(), told.values("groups")), (Some("ana@operator.example"), vec!["a"]));
    assert_eq!(info(json!({"sub": "u2", "email": "eva@operator.example"}), &bare).map(drop), Err(Unfit::Subject));
    assert_eq!(info(json!({"email": "eva@operator.example"}), &bare).map(drop), Err(Unfit::Subject));
    let named = token(json!({"email": "ana@operator.example"}));
    let told = info(json!({"sub": "u1", "email": "eva@operator.example", "email_verified": true}), &named).expect("hers");
    assert_eq!(told.verified_email(), None, "another address was verified");
}

#[test]
fn roles_are_found_by_name_and_by_path_and_factors_by_what_is_said() {
    let signer = Signer::new();
    let token = |changes: Value| verify(&signer.says(&with(&changes)), &signer.keys(), &expected(), "n").expect("in order");
    let claims = token(json!({"https://x.example/roles": ["a", 1, "b"], "realm_access": {"roles": ["c"]}, "group": "d"}));
    assert_eq!(claims.values("https://x.example/roles"), ["a", "b"]);
    assert_eq!(claims.values("realm_access.roles"), ["c"]);
    assert_eq!(claims.values("group"), ["d"]);
    assert!(claims.values("realm_access.none").is_empty() && claims.values("sub.roles").is_empty());
    assert!(!claims.has_both_factors());
    assert!(token(json!({"amr": ["pwd", "mfa"]})).has_both_factors());
    assert!(token(json!({"acr": "phr"})).has_both_factors());
    assert!(!token(json!({"acr": "0", "amr": ["pwd"]})).has_both_factors());
}

#[test]
fn metadata_speak_for_their_issuer_and_lead_nowhere_in_clear() {
    let document = |changes: Value| {
        let mut all = json!({"issuer": ISSUER, "authorization_endpoint": "https://a.example/auth?x=1", "token_endpoint": "https://a.example/token",
            "jwks_uri": "https://a.example/keys"});
        for (name, value) in changes.as_object().expect("an object") {
            all[name] = value.clone();
        }
        Provider::read(ISSUER, all.to_string().as_bytes())
    };
    let provider = document(json!({})).expect("a provider");
    assert_eq!(provider.authorization_url(&[("a", "b c&d")]), "https://a.example/auth?x=1&a=b%20c%26d");
    assert!(!provider.names_itself && !provider.secret_in_form && provider.leaving_url("postigo", "https://p.example/").is_none());
    assert!(document(json!({"token_endpoint_auth_methods_supported": ["client_secret_post"]})).expect("a provider").secret_in_form);
    for bad in [
        json!({"issuer": "https://evil.example"}),
        json!({"issuer": format!("{ISSUER}/")}),
        json!({"token_endpoint": null}),
        json!({"token_endpoint": "http://a.example/token"}),
        json!({"jwks_uri": "https://user@a.example/keys"}),
        json!({"end_session_endpoint": "javascript:alert(1)"}),
        json!({"code_challenge_methods_supported": ["plain"]}),
    ] {
        assert!(document(bad.clone()).is_err(), "{bad}");
    }
    assert_eq!(Provider::read(ISSUER, b"[]").map(drop), Err(NotAProvider::Malformed));
    assert!(
        is_safe("http://[::1]:9000/x")
            && is_safe("http://localhost/")
            && !is_safe("http://localhost.evil.example/")
            && !is_safe("https:///x")
    );
    // RFC 7636, appendix B.
    assert_eq!(challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}
