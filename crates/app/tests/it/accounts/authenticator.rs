//! An authenticator that does what browsers and telephones do (Web Authentication Level 3, section 6.3), with one ES256 key.

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::digest::sha256;
use serde_json::{Value, json};

const ORIGIN: &str = "https://portal.example";

pub struct Authenticator {
    key: EcdsaKeyPair,
    id: Vec<u8>,
    user: Option<String>,
    /// Whether it asks its user for a PIN.
    pub verifies: bool,
}

impl Authenticator {
    pub fn new(id: &str) -> Self {
        let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).expect("a key");
        Self { key, id: id.into(), user: None, verifies: true }
    }

    /// `navigator.credentials.create`.
    pub fn create(&mut self, options: &Value) -> Value {
        self.user = options["user"]["id"].as_str().map(str::to_owned);
        let point = self.key.public_key().as_ref();
        let cose = [&[0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32][..], &point[1..33], &[0x22, 0x58, 32], &point[33..]].concat();
        let length = u16::try_from(self.id.len()).expect("short").to_be_bytes();
        let data = [&self.head(&options["rp"]["id"], 0x40)[..], &[0; 16], &length, &self.id, &cose].concat();
        let length = u16::try_from(data.len()).expect("short").to_be_bytes();
        let attestation =
            [&[0xa3, 0x63][..], b"fmt", &[0x64], b"none", &[0x67], b"attStmt", &[0xa0, 0x68], b"authData", &[0x59], &length, &data]
                .concat();
        let client = client("webauthn.create", &options["challenge"]);
        json!({"id": encode(&self.id), "rawId": encode(&self.id), "type": "public-key",
            "response": {"clientDataJSON": encode(client.as_bytes()), "attestationObject": encode(&attestation), "transports": ["internal"]}})
    }

    /// `navigator.credentials.get`.
    pub fn get(&self, options: &Value) -> Value {
        let client = client("webauthn.get", &options["challenge"]);
        let data = self.head(&options["rpId"], 0);
        let signed = [&data[..], &sha256(client.as_bytes())].concat();
        let signature = self.key.sign(&SystemRandom::new(), &signed).expect("signs");
        json!({"id": encode(&self.id), "rawId": encode(&self.id), "type": "public-key",
            "response": {"clientDataJSON": encode(client.as_bytes()), "authenticatorData": encode(&data),
                "signature": encode(signature.as_ref()), "userHandle": self.user}})
    }

    fn head(&self, party: &Value, also: u8) -> Vec<u8> {
        let flags = 0x01 | if self.verifies { 0x04 } else { 0 } | also;
        [&sha256(party.as_str().expect("a host").as_bytes())[..], &[flags], &[0; 4]].concat()
    }
}

fn client(kind: &str, challenge: &Value) -> String {
    json!({"type": kind, "challenge": challenge, "origin": ORIGIN, "crossOrigin": false}).to_string()
}

fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
