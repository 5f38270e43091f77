//! A refused token request is kept for the people of the client it names, and for nobody else's.

use std::time::Duration;

use authority::{Authority, Settings};
use directory::Ledger;
use domain::{Environment, ProjectId};
use serde_json::Value;

use crate::{
    ask::{post, token},
    house::{House, PORTAL, SANDBOX},
};

async fn kept(house: &House, project: ProjectId) -> Vec<Value> {
    let kept = store::decisions::of_project(&house.db, project, 20).await.expect("reads");
    kept.iter().map(|kept| serde_json::from_str(&kept.detail).expect("JSON")).collect()
}

store::on_both_engines! {
    async fn a_customer_key_that_got_a_token_is_noted_with_its_moment_and_no_other_is(test: TestDb) {
        let mut house = House::open(test).await;
        let ((platform, key), (_, unused)) = (house.platform().await, house.parent().await);
        let (ledger, writer) = Ledger::open(house.db.clone(), house.hands.clock(), Duration::from_secs(3600));
        let settings = Settings { environment: Environment::Sandbox, issuer: SANDBOX.into(), portal: PORTAL.into() };
        house.sandbox = Authority::new(house.directory.clone(), ledger, house.app.clone(), house.entropy.clone(), settings);
        let asks = [("grant_type", "csp_credentials"), ("client_id", platform.id.as_str()), ("client_secret", platform.secret.as_str())];
        let wrong = [&asks[..], &[("child_key", key.id.as_str()), ("child_secret", "wrong")]].concat();
        let right = [&asks[..], &[("child_key", key.id.as_str()), ("child_secret", key.secret.as_str())]].concat();
        assert_eq!(post("/oauth2/token").form(&wrong).send(&house).await.status, 401);
        house.hands.advance(1);
        let at = house.now();
        for _ in 0..3 {
            assert_eq!(post("/oauth2/token").form(&right).send(&house).await.status, 200);
        }
        house.sandbox = house.production.clone();
        writer.await.expect("writes");
        let used = async |id| store::acting::find(&house.db, id).await.expect("reads").expect("is there").last_used_at;
        assert_eq!((used(&key.id).await, used(&unused.id).await), (Some(at), None));
    }

    async fn a_refused_token_request_is_found_by_those_whose_client_it_names(test: TestDb) {
        let mut house = House::open(test).await;
        let (shop, other) = (house.shop().await, house.shop().await);
        let (ledger, writer) = Ledger::open(house.db.clone(), house.hands.clock(), Duration::from_secs(3600));
        let settings = Settings { environment: Environment::Sandbox, issuer: SANDBOX.into(), portal: PORTAL.into() };
        house.sandbox = Authority::new(house.directory.clone(), ledger, house.app.clone(), house.entropy.clone(), settings);

        let (id, secret) = (("client_id", shop.id.as_str()), ("client_secret", shop.secret.as_str()));
        assert_eq!(token("/oauth2/token", &[id, secret]).send(&house).await.status, 200);
        house.hands.advance(1);
        for _ in 0..3 {
            assert_eq!(token("/Api/authorize/token", &[id, ("client_secret", "wrong")]).send(&house).await.status, 401);
        }
        assert_eq!(token("/oauth2/token", &[id, secret, ("scope", "NONE")]).send(&house).await.status, 400);
        assert_eq!(token("/oauth2/token", &[id]).send(&house).await.status, 401, "no secret: of the same kind as a wrong one");
        assert_eq!(post("/oauth2/token").form(&[("grant_type", "password"), id, secret]).send(&house).await.status, 400);
        assert_eq!(post("/oauth2/token").form(&[("grant_type", "csp_credentials"), id, secret]).send(&house).await.status, 400);
        house.hands.advance(1);
        let mended = house.now();
        assert_eq!(token("/oauth2/token", &[id, secret]).send(&house).await.status, 200);
        assert_eq!(token("/oauth2/token", &[("client_id", "sbx_ci_nobody"), ("client_secret", "x")]).send(&house).await.status, 401);

        // Once nobody can add to the ledger, all of it is written.
        house.sandbox = house.production.clone();
        writer.await.expect("writes");
        let secrets = store::clients::secrets(&house.db, &shop.id).await.expect("reads");
        assert_eq!(secrets[0].last_used_at, Some(mended), "a use right after a refusal is noted, though one was a moment before");
        let kept_of_shop = kept(&house, shop.project).await;
        let mut found: Vec<_> = kept_of_shop
            .iter()
            .map(|report| {
                let refused = report["checks"].as_array().expect("checks").iter().find(|check| check["verdict"] == "refused");
                (refused.expect("one").clone()["check"].as_str().expect("a word").to_owned(), report["code"].as_str().expect("a code").to_owned())
            })
            .collect();
        found.sort();
        let expected = [("client", "invalid-client"), ("granted_scope", "invalid-scope"), ("request", "unsupported-grant-type")];
        let named = |words: &(&str, &str)| (words.0.to_owned(), words.1.to_owned());
        assert!(expected.iter().map(named).all(|words| found.contains(&words)), "{found:?}");
        assert_eq!(found.iter().filter(|(check, _)| check == "client").count(), 1, "one of a kind at a time: {found:?}");
        let wrong = kept_of_shop.iter().find(|report| report["code"] == "invalid-client").expect("kept");
        assert_eq!((&wrong["layer"], &wrong["request"]["path"]), (&"token".into(), &"/Api/Authorize/Token".into()));
        assert!(!wrong.to_string().contains("wrong"), "what was sent is not kept: {wrong}");
        assert!(kept(&house, other.project).await.is_empty());
    }
}
