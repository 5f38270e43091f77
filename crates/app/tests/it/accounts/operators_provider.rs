//! The operator's provider, with a key of its own and whatever it is told to say.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use app::accounts::{Answer, Asking, Line, Question, SignOn, Terms, Unreachable};
use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{Timestamp, openid, role::Staff, secret::Secret};
use serde_json::{Value, json};
use store::testkit::Hands;

pub const ISSUER: &str = "https://login.operator.example";

/// What happens at the provider. Cloning shares it.
#[derive(Clone)]
pub struct Operators {
    told: Arc<Mutex<Told>>,
    hands: Hands,
}

struct Told {
    key: EcdsaKeyPair,
    key_id: String,
    /// What the next token says besides what it must.
    claims: Value,
    info: Value,
    metadata: Value,
    down: bool,
    /// Of the sign-on under way: its nonce and challenge.
    nonce: String,
    challenge: String,
    asked: HashMap<String, usize>,
}

impl Operators {
    pub fn new(hands: Hands) -> Self {
        let told = Told {
            key: key(),
            key_id: "one".into(),
            claims: ana(),
            info: Value::Null,
            metadata: json!({}),
            down: false,
            nonce: String::new(),
            challenge: String::new(),
            asked: HashMap::new(),
        };
        Self { told: Arc::new(Mutex::new(told)), hands }
    }

    pub fn sign_on(&self, change: impl FnOnce(&mut Terms)) -> SignOn {
        let mut terms = Terms {
            issuer: ISSUER.into(),
            client_id: "postigo".into(),
            client_secret: Secret::new("a secret:of the client".into()),
            scopes: "openid email".into(),
            name: "Casa".into(),
            role_claim: "groups".into(),
            roles: vec![("looks".into(), Staff::Viewer), ("decides".into(), Staff::Support), ("rules".into(), Staff::Administrator)],
            only: false,
            second_factor: true,
        };
        change(&mut terms);
        SignOn::new(terms, Arc::new(self.clone()))
    }

    /// The next token says this too; `null` takes a claim away.
    pub fn says(&self, changes: &Value) {
        let mut told = self.told.lock().expect("told");
        told.claims = ana();
        for (name, value) in changes.as_object().expect("an object") {
            told.claims[name] = value.clone();
        }
    }

    pub fn tells(&self, info: Value) {
        self.told.lock().expect("told").info = info;
    }

    pub fn publishes(&self, metadata: Value) {
        self.told.lock().expect("told").metadata = metadata;
    }

    pub fn is_down(&self, down: bool) {
        self.told.lock().expect("told").down = down;
    }

    /// Signs by another key from now on.
    pub fn changes_key(&self, id: &str) {
        let mut told = self.told.lock().expect("told");
        (told.key, told.key_id) = (key(), id.to_owned());
    }

    /// How often something was asked for.
    pub fn asked(&self, path: &str) -> usize {
        self.told.lock().expect("told").asked.get(path).copied().unwrap_or_default()
    }

    /// Somebody arrives with this URL: what it says.
    pub fn sees(&self, url: &str) -> HashMap<String, String> {
        let (endpoint, query) = url.split_once('?').expect("a query");
        assert_eq!(endpoint, format!("{ISSUER}/auth"));
        let parameters: HashMap<_, _> =
            query.split('&').filter_map(|pair| pair.split_once('=')).map(|(n, v)| (n.to_owned(), v.to_owned())).collect();
        let mut told = self.told.lock().expect("told");
        (told.nonce, told.challenge) = (parameters["nonce"].clone(), parameters["code_challenge"].clone());
        parameters
    }

    /// A token about what just happened, of nobody in particular.
    pub fn token(&self, claims: &Value) -> String {
        self.told.lock().expect("told").sign(claims)
    }

    pub fn now(&self) -> i64 {
        self.hands.clock().now().as_second()
    }

    fn answer(&self, question: &Question<'_>) -> Result<Answer, Unreachable> {
        let now: Timestamp = self.hands.clock().now();
        let mut told = self.told.lock().expect("told");
        let path = question.url.strip_prefix(ISSUER).expect("of the provider");
        *told.asked.entry(path.to_owned()).or_default() += 1;
        if told.down {
            return Err(Unreachable("no".into()));
        }
        let (status, body) = match path {
            "/.well-known/openid-configuration" => (200, told.document()),
            "/keys" => (200, json!({"keys": [told.public()]})),
            "/token" => told.redeem(question, now),
            "/me" if question.authorization == Some("Bearer at") && !told.info.is_null() => (200, told.info.clone()),
            _ => (404, Value::Null),
        };
        Ok(Answer { status, body: body.to_string().into_bytes() })
    }
}

impl Line for Operators {
    fn ask<'l>(&'l self, question: Question<'l>) -> Asking<'l> {
        Box::pin(async move { self.answer(&question) })
    }
}

impl Told {
    fn document(&self) -> Value {
        let mut document = json!({"issuer": ISSUER, "authorization_endpoint": format!("{ISSUER}/auth"), "token_endpoint": format!("{ISSUER}/token"),
            "jwks_uri": format!("{ISSUER}/keys"), "userinfo_endpoint": format!("{ISSUER}/me"), "end_session_endpoint": format!("{ISSUER}/out")});
        for (name, value) in self.metadata.as_object().expect("an object") {
            document[name] = value.clone();
        }
        document
    }

    fn public(&self) -> Value {
        let point = self.key.public_key().as_ref();
        let part = |part: &[u8]| URL_SAFE_NO_PAD.encode(part);
        json!({"kty": "EC", "crv": "P-256", "kid": self.key_id, "x": part(&point[1..33]), "y": part(&point[33..])})
    }

    /// A code is good for whoever knows the verifier and the client's secret.
    fn redeem(&self, question: &Question<'_>, now: Timestamp) -> (u16, Value) {
        let form = question.form.as_deref().unwrap_or_default();
        let field = |name: &str| form.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')).unwrap_or_default();
        // RFC 6749, section 2.3.1: both are encoded before they stand together.
        let basic = format!("Basic {}", base64::engine::general_purpose::STANDARD.encode("postigo:a%20secret%3Aof%20the%20client"));
        if question.authorization != Some(&basic) {
            return (401, json!({"error": "invalid_client"}));
        }
        let back = "https%3A%2F%2Fportal.example%2Fsign-in%2Fstaff%2Fcallback";
        if field("code") != "good" || openid::challenge(field("code_verifier")) != self.challenge || field("redirect_uri") != back {
            return (400, json!({"error": "invalid_grant"}));
        }
        let mut claims = json!({"iss": ISSUER, "aud": "postigo", "iat": now.as_second(), "exp": now.as_second() + 300, "nonce": self.nonce,
            "auth_time": now.as_second()});
        for (name, value) in self.claims.as_object().expect("an object") {
            claims[name] = value.clone();
        }
        (200, json!({"id_token": self.sign(&claims), "access_token": "at", "token_type": "Bearer"}))
    }

    fn sign(&self, claims: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", part(&json!({"alg": "ES256", "kid": self.key_id})), part(claims));
        let signature = self.key.sign(&SystemRandom::new(), message.as_bytes()).expect("signs");
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

fn key() -> EcdsaKeyPair {
    EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("a key")
}

fn ana() -> Value {
    json!({"sub": "u-ana", "email": "ana@operator.example", "email_verified": true, "name": "Ana Pérez", "locale": "es-ES", "groups": ["all", "decides"], "sid": "s1"})
}
