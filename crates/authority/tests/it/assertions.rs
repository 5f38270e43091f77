//! Clients that prove themselves with a signed assertion (RFC 7523), and customer keys that are bound to its key.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    ClientId, CustomerType, Environment, SecretId, Timestamp,
    client_method::ClientMethod,
    contract::Standing,
    public_key::PublicKey,
    secret::HashKey,
    signing_key::{self, SigningKey},
};
use serde_json::{Value, json};
use store::public_keys::PublicKeyRow;

use crate::{
    ask::{Answer, TOKEN_ROUTES, post, token},
    house::{House, Key, Member, PRODUCTION, SANDBOX},
};

const TYPE: (&str, &str) = ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");

/// A pair of keys, whose public half a client has.
pub struct Pair {
    key: SigningKey,
    client: ClientId,
    id: SecretId,
    thumbprint: String,
}

/// The parameters of a request that an assertion proves.
pub fn asserted(assertion: &str) -> [(&str, &str); 2] {
    [("client_assertion", assertion), TYPE]
}

impl Pair {
    /// A new one, registered for the client.
    pub async fn of(house: &House, client: &ClientId) -> Self {
        let key = SigningKey::read("k".into(), Environment::Sandbox, Timestamp::UNIX_EPOCH, None, &signing_key::draw()).expect("a key");
        let public = PublicKey::read(&key.public_jwk().to_string()).expect("a public key");
        let row = PublicKeyRow {
            id: SecretId(house.entropy.uuid(house.now().0)),
            client_id: client.clone(),
            thumbprint: public.thumbprint().to_owned(),
            jwk: public.jwk(),
            created_at: house.now(),
            retires_at: None,
            revoked_at: None,
            last_used_at: None,
            last_used_address: None,
            last_used_agent: None,
        };
        let mut tx = house.db.begin().await.expect("begins");
        store::public_keys::insert(&mut tx, &row).await.expect("adds");
        house.commit(tx).await;
        Self { key, client: client.clone(), id: row.id, thumbprint: row.thumbprint }
    }

    pub fn claims(&self, house: &House, jti: &str) -> Value {
        let now = house.now().as_second();
        json!({"iss": self.client, "sub": self.client, "aud": SANDBOX, "iat": now, "exp": now + 60, "jti": jti})
    }

    pub fn says(&self, claims: &Value) -> String {
        self.says_under(&json!({"alg": "ES256", "kid": self.thumbprint}), claims)
    }

    fn says_under(&self, header: &Value, claims: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", part(header), part(claims));
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(self.key.sign(message.as_bytes())))
    }

    async fn remove(&self, house: &House) {
        let mut tx = house.db.begin().await.expect("begins");
        assert!(store::public_keys::remove(&mut tx, &self.client, &self.thumbprint, house.now()).await.expect("removes"));
        house.commit(tx).await;
    }
}

async fn bind(house: &House, key: &Key, to: Option<&Pair>) {
    let mut tx = house.db.begin().await.expect("begins");
    assert!(store::customer_keys::bind(&mut tx, &key.id, to.map(|pair| pair.thumbprint.as_str())).await.expect("binds"));
    house.commit(tx).await;
}

async fn ask(house: &House, assertion: &str) -> Answer {
    token("/oauth2/token", &asserted(assertion)).send(house).await
}

/// A token for a customer by each grant that a platform has for it, proved by `proof`.
async fn acts(house: &House, key: &Key, proof: impl AsyncFn() -> Vec<(String, String)>) -> Vec<Answer> {
    let subject = format!("{}.{}", key.id, key.secret);
    let mut answers = Vec::new();
    for customer in [
        vec![("grant_type", "csp_credentials"), ("child_key", key.id.as_str()), ("child_secret", &key.secret)],
        vec![
            ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
            ("subject_token", &subject),
            ("subject_token_type", "urn:postigo:token-type:customer-key"),
        ],
    ] {
        let proof = proof().await;
        let all: Vec<_> = customer.into_iter().chain(proof.iter().map(|(name, value)| (name.as_str(), value.as_str()))).collect();
        answers.push(post("/oauth2/token").form(&all).send(house).await);
    }
    answers
}

fn owned(parameters: &[(&str, &str)]) -> Vec<(String, String)> {
    parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn by_secret(member: &Member) -> Vec<(String, String)> {
    owned(&[("client_id", member.id.as_str()), ("client_secret", &member.secret)])
}

fn fresh(house: &House, pair: &Pair) -> Vec<(String, String)> {
    let jti = house.entropy.uuid(house.now().0).to_string();
    owned(&asserted(&pair.says(&pair.claims(house, &jti))))
}

fn claims(answer: &Answer) -> Value {
    let token = answer.json()["access_token"].as_str().expect("a token").to_owned();
    let payload = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).expect("a payload")).expect("base64");
    serde_json::from_slice(&payload).expect("JSON")
}

store::on_both_engines! {
    async fn an_assertion_stands_in_for_the_secret_on_every_route_and_its_key_names_the_token(test: TestDb) {
        let house = House::open(test).await;
        let shop = house.shop().await;
        let pair = Pair::of(&house, &shop.id).await;
        for (n, (_, path)) in TOKEN_ROUTES.into_iter().enumerate() {
            for (audience, with_id) in [(SANDBOX.to_owned(), true), (format!("{SANDBOX}/oauth2/token"), false)] {
                let mut said = pair.claims(&house, &format!("{n}{with_id}"));
                said["aud"] = audience.into();
                let assertion = pair.says(&said);
                let mut all = asserted(&assertion).to_vec();
                if with_id {
                    all.push(("client_id", shop.id.as_str()));
                }
                let answer = token(path, &all).send(&house).await;
                assert_eq!(answer.status, 200, "{path}: {}", answer.body);
                assert_eq!((&claims(&answer)["secret_id"], &claims(&answer)["sub"]), (&json!(pair.id), &json!(shop.id)));
            }
        }
    }

    async fn an_assertion_is_good_once_also_when_it_comes_many_times_at_once(test: TestDb) {
        let house = std::sync::Arc::new(House::open(test).await);
        let shop = house.shop().await;
        let pair = Pair::of(&house, &shop.id).await;
        let assertion = pair.says(&pair.claims(&house, "once"));
        let asking: Vec<_> = (0..8)
            .map(|_| {
                let (house, assertion) = (std::sync::Arc::clone(&house), assertion.clone());
                tokio::spawn(async move { ask(&house, &assertion).await.status })
            })
            .collect();
        let mut statuses = Vec::new();
        for task in asking {
            statuses.push(task.await.expect("joins"));
        }
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 401, 401, 401, 401, 401, 401, 401]);
        let again = pair.says(&json!({"iat": 1, "iss": shop.id, "sub": shop.id, "aud": SANDBOX, "exp": house.now().as_second() + 9, "jti": "once"}));
        assert_eq!(ask(&house, &again).await.status, 401, "another assertion with the same id");
        let elsewhere = post("/oauth2/introspect").form(&[&asserted(&assertion)[..], &[("token", "x")]].concat()).send(&house).await;
        assert_eq!(elsewhere.status, 401, "nor at another endpoint");
        let other = house.shop().await;
        let others = Pair::of(&house, &other.id).await;
        assert_eq!(ask(&house, &others.says(&others.claims(&house, "once"))).await.status, 200, "another client has ids of its own");
    }

    async fn no_wrong_assertion_can_be_told_from_an_unknown_client(test: TestDb) {
        let house = House::open(test).await;
        let (shop, other, stopped) = (house.shop().await, house.shop().await, house.shop().await);
        let (pair, others) = (Pair::of(&house, &shop.id).await, Pair::of(&house, &other.id).await);
        let halted = Pair::of(&house, &stopped.id).await;
        house.set_client(&stopped.id, Standing::Suspended).await;
        let removed = Pair::of(&house, &shop.id).await;
        removed.remove(&house).await;
        let now = house.now().as_second();
        let with = |name: &str, value: Value| {
            let mut claims = pair.claims(&house, &format!("{name}{value}"));
            claims[name] = value;
            pair.says(&claims)
        };
        let whole = pair.claims(&house, "x");
        // The public key as the secret of a keyed hash.
        let public = PublicKey::read(&pair.key.public_jwk().to_string()).expect("a key").jwk();
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let hashed = format!("{}.{}", part(&json!({"alg": "HS256"})), part(&whole));
        let hash = HashKey::new(&domain::digest::sha256(public.as_bytes())).hash(&hashed);
        let hashed = format!("{hashed}.{}", URL_SAFE_NO_PAD.encode(hash.as_bytes()));
        let unknown = Pair { client: "sbx_ci_nobody".into(), ..Pair::of(&house, &shop.id).await };
        let expected = ask(&house, &unknown.says(&unknown.claims(&house, "x"))).await.comparable();
        assert_eq!(expected.0, 401);
        for (assertion, why) in [
            (with("aud", json!(PRODUCTION)), "for another server"),
            (with("aud", json!(format!("{SANDBOX}/oauth/token"))), "for another address"),
            (with("aud", json!([SANDBOX, "https://other.example"])), "for others too"),
            (with("exp", json!(now)), "over"),
            (with("exp", json!(now + 306)), "good for too long"),
            (with("iat", json!(now + 60)), "from the future"),
            (with("jti", json!("")), "without an id"),
            (with("iss", json!(other.id)), "in another's name"),
            (with("sub", json!(other.id)), "for another client"),
            (others.says(&whole), "with another client's key"),
            (removed.says(&whole), "with a key that was removed"),
            (halted.says(&halted.claims(&house, "x")), "of a client that may not act"),
            (pair.says_under(&json!({"alg": "none"}), &whole), "none"),
            (pair.says_under(&json!({"alg": "EdDSA"}), &whole), "another algorithm"),
            (pair.says_under(&json!({"alg": "HS256"}), &whole), "an algorithm that it is not signed by"),
            (format!("{}.{}.", part(&json!({"alg": "none"})), part(&whole)), "without a signature"),
            (hashed, "a keyed hash"),
            ("x".into(), "nothing"),
        ] {
            assert_eq!(ask(&house, &assertion).await.comparable(), expected, "{why}");
        }
        let not_mine = pair.says(&pair.claims(&house, "y"));
        let answer = token("/oauth2/token", &[&asserted(&not_mine)[..], &[("client_id", other.id.as_str())]].concat()).send(&house).await;
        assert_eq!(answer.comparable(), expected, "another client_id beside it");
        assert_eq!(ask(&house, &pair.says(&whole)).await.status, 200, "nothing of all that used it up");
    }

    async fn a_client_proves_itself_in_one_way(test: TestDb) {
        let house = House::open(test).await;
        let shop = house.shop().await;
        let pair = Pair::of(&house, &shop.id).await;
        let assertion = pair.says(&pair.claims(&house, "1"));
        let (id, secret) = (("client_id", shop.id.as_str()), ("client_secret", shop.secret.as_str()));
        for (_, path) in TOKEN_ROUTES {
            let both = token(path, &[&asserted(&assertion)[..], &[id, secret]].concat()).send(&house).await;
            let basic = token(path, &asserted(&assertion)).basic(shop.id.as_str(), &shop.secret).send(&house).await;
            let untyped = token(path, &[id, ("client_assertion", &assertion)]).send(&house).await;
            let alone = token(path, &[id, TYPE]).send(&house).await;
            for (answer, what) in [(both, "both"), (basic, "basic"), (untyped, "untyped"), (alone, "alone")] {
                assert_eq!(answer.status, 400, "{path} {what}: {}", answer.body);
            }
        }
        let saml = ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:saml2-bearer");
        assert_eq!(token("/oauth2/token", &[saml, ("client_assertion", &assertion)]).send(&house).await.error(), "invalid_client");
        assert_eq!(ask(&house, &assertion).await.status, 200, "none of them used it up");
    }

    async fn a_removed_public_key_takes_its_tokens_along_and_no_others(test: TestDb) {
        let house = House::open(test).await;
        let shop = house.shop().await;
        let (pair, other) = (Pair::of(&house, &shop.id).await, Pair::of(&house, &shop.id).await);
        let mut tokens = Vec::new();
        for pair in [&pair, &other] {
            let answer = ask(&house, &pair.says(&pair.claims(&house, &pair.thumbprint))).await;
            tokens.push(answer.json()["access_token"].as_str().expect("a token").to_owned());
        }
        pair.remove(&house).await;
        for (token, active) in tokens.iter().zip([false, true]) {
            let read = post("/oauth2/introspect").form(&[("token", token)]).basic(shop.id.as_str(), &shop.secret).send(&house).await;
            assert_eq!(read.json()["active"], active);
        }
        assert_eq!(ask(&house, &pair.says(&pair.claims(&house, "2"))).await.status, 401);
    }

    async fn a_bound_customer_key_takes_the_very_key_it_is_bound_to(test: TestDb) {
        let house = House::open(test).await;
        let (platform, key) = house.platform().await;
        let (pair, other) = (Pair::of(&house, &platform.id).await, Pair::of(&house, &platform.id).await);
        let statuses = |answers: Vec<Answer>| answers.into_iter().map(|answer| answer.status).collect::<Vec<_>>();
        let secret = async || by_secret(&platform);
        assert_eq!(statuses(acts(&house, &key, secret).await), [200, 200], "before it is bound");
        bind(&house, &key, Some(&pair)).await;
        let wrong = Key { id: key.id.clone(), secret: "wrong".into() };
        let expected = acts(&house, &wrong, secret).await[0].comparable();
        for answer in acts(&house, &key, secret).await {
            assert_eq!(answer.comparable(), expected, "both secrets are worth nothing, and it looks like a wrong one");
        }
        for answer in acts(&house, &key, async || fresh(&house, &other)).await {
            assert_eq!(answer.comparable(), expected, "nor is another key of the client");
        }
        for answer in acts(&house, &key, async || fresh(&house, &pair)).await {
            assert_eq!(answer.status, 200, "{}", answer.body);
            assert_eq!((&claims(&answer)["secret_id"], &claims(&answer)["act"]), (&json!(pair.id), &json!({"sub": platform.id})));
        }
        let itself = token("/oauth2/token", &[("client_id", platform.id.as_str()), ("client_secret", &platform.secret)]).send(&house).await;
        assert_eq!(itself.status, 200, "the client itself still has its secret");
        pair.remove(&house).await;
        assert_eq!(statuses(acts(&house, &key, async || fresh(&house, &pair)).await), [401, 401]);
        assert_eq!(statuses(acts(&house, &key, secret).await), [401, 401], "without the public key nobody can use it");
        bind(&house, &key, Some(&other)).await;
        assert_eq!(statuses(acts(&house, &key, async || fresh(&house, &other)).await), [200, 200], "until it is bound anew");
        bind(&house, &key, None).await;
        assert_eq!(statuses(acts(&house, &key, secret).await), [200, 200]);
    }

    async fn binding_a_customer_key_ends_the_tokens_that_were_got_without_the_public_key(test: TestDb) {
        let house = House::open(test).await;
        let (platform, key) = house.platform().await;
        let pair = Pair::of(&house, &platform.id).await;
        let before = acts(&house, &key, async || by_secret(&platform)).await;
        bind(&house, &key, Some(&pair)).await;
        let after = acts(&house, &key, async || fresh(&house, &pair)).await;
        for (answers, active) in [(&before, false), (&after, true)] {
            let token = answers[0].json()["access_token"].as_str().expect("a token").to_owned();
            let read = post("/oauth2/introspect").form(&[("token", &token)]).basic(platform.id.as_str(), &platform.secret).send(&house).await;
            assert_eq!(read.json()["active"], active);
        }
    }

    async fn a_client_whose_secrets_are_all_over_goes_on_with_its_public_key(test: TestDb) {
        let house = House::open(test).await;
        let shop = house.member(CustomerType::Customer, &[("preregister", "AP3")]).await;
        let pair = Pair::of(&house, &shop.id).await;
        house.revoke_secret(shop.secret_id).await;
        assert_eq!(token("/oauth2/token", &[]).basic(shop.id.as_str(), &shop.secret).send(&house).await.status, 401);
        assert_eq!(ask(&house, &pair.says(&pair.claims(&house, "1"))).await.status, 200);
        let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(10);
        let (used, methods) = loop {
            let rows = store::public_keys::of_client(&house.db, &shop.id).await.expect("reads");
            let methods = store::client_methods::of_client(&house.db, &shop.id).await.expect("reads");
            if (rows[0].last_used_at.is_some() && !methods.is_empty()) || tokio::time::Instant::now() > deadline {
                break (rows[0].last_used_at, methods);
            }
            tokio::task::yield_now().await;
        };
        assert_eq!(used, Some(house.now()), "and its use is noted");
        assert_eq!(methods.iter().map(|used| used.method).collect::<Vec<_>>(), [ClientMethod::PrivateKeyJwt]);
    }
}
