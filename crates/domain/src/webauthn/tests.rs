use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _},
};

use super::*;

const CHALLENGE: &[u8] = b"thirty-two bytes of a challenge!";

fn portal() -> RelyingParty {
    RelyingParty::of("https://portal.example").expect("a host")
}

fn client(r#type: &str, challenge: &[u8], origin: &str, cross: bool) -> Vec<u8> {
    let challenge = URL_SAFE_NO_PAD.encode(challenge);
    format!(r#"{{"type":"{type}","challenge":"{challenge}","origin":"{origin}","crossOrigin":{cross},"new":[1]}}"#).into_bytes()
}

fn head(id: &str, flags: u8, count: u32) -> Vec<u8> {
    [&sha256(id.as_bytes())[..], &[flags], &count.to_be_bytes()].concat()
}

fn key() -> EcdsaKeyPair {
    EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).expect("a key")
}

fn attestation(key: &EcdsaKeyPair, flags: u8) -> Vec<u8> {
    let point = key.public_key().as_ref();
    let cose = [&[0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32][..], &point[1..33], &[0x22, 0x58, 32], &point[33..]].concat();
    let data = [&head("portal.example", flags, 0)[..], &[0; 16], &[0, 4], b"key1", &cose].concat();
    let length = u16::try_from(data.len()).expect("short").to_be_bytes();
    [&[0xa3, 0x63][..], b"fmt", &[0x64], b"none", &[0x67], b"attStmt", &[0xa0, 0x68], b"authData", &[0x59], &length, &data].concat()
}

fn sign(key: &EcdsaKeyPair, data: &[u8], client_data: &[u8]) -> Vec<u8> {
    let signed = [data, &sha256(client_data)].concat();
    key.sign(&SystemRandom::new(), &signed).expect("signs").as_ref().to_vec()
}

#[test]
fn a_passkey_that_was_registered_answers_and_survives_being_written_down() {
    let key = key();
    let made =
        portal().register(CHALLENGE, &client("webauthn.create", CHALLENGE, "https://portal.example", false), &attestation(&key, 0x45));
    let made = made.expect("registers");
    assert_eq!(made.id, URL_SAFE_NO_PAD.encode("key1"));
    let written = serde_json::to_string(&made.credential).expect("writes");
    let credential: Credential = serde_json::from_str(&written).expect("reads");
    let asked = client("webauthn.get", CHALLENGE, "https://portal.example", false);
    let data = head("portal.example", 0x1d, 0);
    assert_eq!(portal().assert(CHALLENGE, &credential, &asked, &data, &sign(&key, &data, &asked)), Ok(credential));
}

#[test]
fn a_passkey_is_refused_for_another_challenge_origin_party_or_without_verifying_the_user() {
    let key = key();
    let create = client("webauthn.create", CHALLENGE, "https://portal.example", false);
    let credential = portal().register(CHALLENGE, &create, &attestation(&key, 0x45)).expect("registers").credential;
    for flags in [0x41, 0x44, 0x05, 0x55] {
        assert_eq!(portal().register(CHALLENGE, &create, &attestation(&key, flags)), Err(Unrecognised), "{flags:x}");
    }
    let good = head("portal.example", 0x05, 0);
    let answers = [
        (client("webauthn.create", CHALLENGE, "https://portal.example", false), good.clone()),
        (client("webauthn.get", b"another", "https://portal.example", false), good.clone()),
        (client("webauthn.get", CHALLENGE, "https://evil.example", false), good.clone()),
        (client("webauthn.get", CHALLENGE, "https://portal.example:444", false), good.clone()),
        (client("webauthn.get", CHALLENGE, "https://portal.example", true), good.clone()),
        (client("webauthn.get", CHALLENGE, "https://portal.example", false), head("evil.example", 0x05, 0)),
        (client("webauthn.get", CHALLENGE, "https://portal.example", false), head("portal.example", 0x01, 0)),
        (client("webauthn.get", CHALLENGE, "https://portal.example", false), good[..36].to_vec()),
    ];
    for (asked, data) in &answers {
        assert_eq!(portal().assert(CHALLENGE, &credential, asked, data, &sign(&key, data, asked)), Err(Unrecognised));
    }
    let asked = client("webauthn.get", CHALLENGE, "https://portal.example", false);
    let mut signature = sign(&key, &good, &asked);
    portal().assert(CHALLENGE, &credential, &asked, &good, &signature).expect("the same, unspoiled");
    *signature.last_mut().expect("a byte") ^= 1;
    assert_eq!(portal().assert(CHALLENGE, &credential, &asked, &good, &signature), Err(Unrecognised));
}

#[test]
fn a_count_that_does_not_go_up_means_that_there_are_two_of_it() {
    let key = key();
    let create = client("webauthn.create", CHALLENGE, "https://portal.example", false);
    let first = portal().register(CHALLENGE, &create, &attestation(&key, 0x45)).expect("registers").credential;
    let asked = client("webauthn.get", CHALLENGE, "https://portal.example", false);
    let answer = |credential: &Credential, count| {
        let data = head("portal.example", 0x05, count);
        portal().assert(CHALLENGE, credential, &asked, &data, &sign(&key, &data, &asked))
    };
    let used = answer(&first, 7).expect("counts");
    for count in [0, 6, 7] {
        assert_eq!(answer(&used, count), Err(Unrecognised), "{count}");
    }
    answer(&used, 8).expect("goes up");
}

#[test]
fn the_relying_party_is_the_host_of_the_portal() {
    for (url, id, origin) in [
        ("https://portal.example", "portal.example", "https://portal.example"),
        ("https://Portal.Example:443/path", "portal.example", "https://portal.example"),
        ("http://localhost:8080", "localhost", "http://localhost:8080"),
    ] {
        assert_eq!(RelyingParty::of(url), Some(RelyingParty { id: id.into(), origin: origin.into() }));
    }
    assert_eq!(RelyingParty::of("https://"), None);
}
