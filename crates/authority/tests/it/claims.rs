//! What stands in a token, read by another program's library (trust J01-J10, T06, T34; RFC 9068).

use std::collections::HashSet;

use domain::Environment;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, jwk::JwkSet};
use serde_json::{Value, json};

use crate::{
    ask::{access_token, get, token, token_of},
    house::{House, PRODUCTION, SANDBOX},
};

async fn jwks(house: &House, production: bool) -> JwkSet {
    let ask = get("/.well-known/jwks.json");
    let answer = if production { ask.production() } else { ask }.send(house).await;
    serde_json::from_str(&answer.body).expect("a JWK set")
}

/// As a resource server that knows nothing of us but our metadata.
fn verify(token: &str, keys: &JwkSet, issuer: &str) -> Result<jsonwebtoken::TokenData<Value>, String> {
    let header = jsonwebtoken::decode_header(token).map_err(|error| error.to_string())?;
    let jwk = keys.find(header.kid.as_deref().unwrap_or_default()).ok_or("no such key")?;
    let mut validation = Validation::new(Algorithm::ES256);
    validation.set_audience(&[issuer]);
    validation.set_issuer(&[issuer]);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    // The clock of these tests is not the machine's.
    validation.validate_exp = false;
    jsonwebtoken::decode(token, &DecodingKey::from_jwk(jwk).map_err(|error| error.to_string())?, &validation)
        .map_err(|error| error.to_string())
}

store::on_both_engines! {
    async fn a_token_is_what_rfc_9068_says_and_verifies_offline(test: TestDb) {
        let house = House::open(test).await;
        let shop = house.shop().await;
        let answer = token_of(&house, &shop, &[("scope", "LBS AP3")]).await;
        assert_eq!(
            answer.as_object().expect("an object").keys().collect::<Vec<_>>(),
            ["access_token", "token_type", "expires_in", "scope"]
        );
        let token = answer["access_token"].as_str().expect("a token");
        let read = verify(token, &jwks(&house, false).await, SANDBOX).expect("verifies");
        assert_eq!((read.header.typ.as_deref(), read.header.alg), (Some("at+jwt"), Algorithm::ES256));
        let now = house.now().as_second();
        let claims = read.claims;
        assert_eq!(
            claims,
            json!({
                "iss": SANDBOX, "aud": SANDBOX, "sub": shop.id, "client_id": shop.id, "exp": now + 3600, "iat": now, "jti": claims["jti"],
                "scope": "AP3 LBS", "org": shop.organisation, "env": "sandbox", "secret_id": shop.secret_id,
            })
        );
        assert_eq!(answer["scope"], claims["scope"]);
        assert!(token.len() < 4096, "{}", token.len());
    }

    async fn a_token_of_one_environment_is_nothing_in_the_other(test: TestDb) {
        let house = House::open(test).await;
        let shop = house.shop().await;
        let sandbox = access_token(&house, &shop).await;
        let live = house.member_in(Environment::Production, domain::CustomerType::Customer, &[("preregister", "AP3")]).await;
        let answer = token("/oauth2/token", &[]).basic(live.id.as_str(), &live.secret).production().send(&house).await;
        let production = answer.json()["access_token"].as_str().expect("a token").to_owned();
        let (here, there) = (jwks(&house, false).await, jwks(&house, true).await);
        assert!(verify(&sandbox, &here, SANDBOX).is_ok() && verify(&production, &there, PRODUCTION).is_ok());
        assert!(verify(&sandbox, &there, PRODUCTION).is_err() && verify(&production, &here, SANDBOX).is_err());
        let kids = |set: &JwkSet| set.keys.iter().filter_map(|key| key.common.key_id.clone()).collect::<HashSet<_>>();
        assert!(kids(&here).is_disjoint(&kids(&there)));
    }

    async fn no_two_tokens_are_alike(test: TestDb) {
        let house = House::open(test).await;
        let shop = house.shop().await;
        let keys = jwks(&house, false).await;
        let (mut tokens, mut ids) = (HashSet::new(), HashSet::new());
        for _ in 0..50 {
            let token = access_token(&house, &shop).await;
            let id = verify(&token, &keys, SANDBOX).expect("verifies").claims["jti"].as_str().expect("an id").to_owned();
            assert!(id.len() >= 16);
            ids.insert(id);
            tokens.insert(token);
        }
        assert_eq!((tokens.len(), ids.len()), (50, 50));
    }

    async fn tokens_verify_across_a_rotation_of_the_signing_key(test: TestDb) {
        let house = House::open(test).await;
        let shop = house.shop().await;
        let kid = |token: &str| jsonwebtoken::decode_header(token).expect("a header").kid.expect("a kid");
        let before = access_token(&house, &shop).await;
        app::signing_keys::rotate(&house.app, &app::Actor::System, Environment::Sandbox).await.expect("rotates");
        house.directory.catch_up().await.expect("hears");
        // The next key is published at once, and used only once every cache must have it.
        let announced = jwks(&house, false).await;
        assert_eq!(announced.keys.len(), 2);
        house.hands.advance(599);
        assert_eq!(kid(&access_token(&house, &shop).await), kid(&before));
        house.hands.advance(1);
        let after = access_token(&house, &shop).await;
        assert_ne!(kid(&after), kid(&before));
        assert!(verify(&before, &announced, SANDBOX).is_ok() && verify(&after, &announced, SANDBOX).is_ok());
        // The old one stays until the last token it can have signed is dead: 24 hours and a minute after it signed last.
        house.hands.advance(86_400 + 60);
        assert_eq!(jwks(&house, false).await.keys.len(), 2);
        house.hands.advance(10);
        assert_eq!(jwks(&house, false).await.keys.len(), 1);
    }
}
