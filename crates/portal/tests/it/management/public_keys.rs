//! How clients that sign are looked after over the wire, and customer keys that are bound to what they sign with.

use domain::{ChildKey, Environment};
use http::StatusCode;
use serde_json::{Value, json};
use store::{Moment, consents::Consent, testkit};

use super::nouns::{Desk, id};

/// What [`jwk`] is called by.
pub const THUMBPRINT: &str = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k";

/// RFC 8037, appendix A.2.
pub fn jwk() -> Value {
    json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})
}

/// RFC 7515, appendix A.3.
fn another() -> Value {
    json!({
        "kty": "EC", "crv": "P-256",
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    })
}

impl Desk {
    /// The path of the client that the office's project has there.
    async fn client(&self, environment: Environment) -> String {
        let clients = self.items(&format!("/projects/{}/clients", self.office.project)).await;
        let client = clients.iter().find(|client| client["environment"] == environment.as_str()).expect("a client");
        format!("/clients/{}", client["id"].as_str().expect("an id"))
    }

    /// Issues a customer key; its path.
    async fn customer_key(&self, environment: Environment, account: &str) -> String {
        let of = format!("/projects/{}/customer-keys", self.office.project);
        let made = self.post(&of, json!({"environment": environment, "account_number": account})).await;
        assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
        let path = format!("/customer-keys/{}", id(&made));
        assert_eq!(self.get(&path).await.header("etag"), made.header("etag"));
        path
    }
}

#[tokio::test]
async fn a_public_key_is_added_known_by_its_thumbprint_and_removed_for_good() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    let of = format!("{}/public-keys", desk.client(Environment::Sandbox).await);
    let path = format!("{of}/{THUMBPRINT}");
    let mut named = jwk();
    named["kid"] = "mine".into();
    let made = desk.post(&of, json!({"jwk": named})).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    assert!(made.header("location").ends_with(&path), "{made:?}");
    assert_eq!((&made.json()["thumbprint"], &made.json()["jwk"]), (&json!(THUMBPRINT), &jwk()), "the key and nothing else");
    let seen = desk.get(&path).await;
    assert_eq!((seen.json(), seen.header("etag")), (made.json(), made.header("etag")));
    assert_eq!(desk.post(&of, json!({"jwk": jwk()})).await.verdict(), "409 rule", "the client has it");

    desk.post(&of, json!({"jwk": another()})).await;
    let first = desk.get(&format!("{of}?limit=1")).await.json();
    let rest = desk.items(&format!("{of}?after={}", first["next"].as_str().expect("more"))).await;
    let mut listed = [&first["items"][0]["thumbprint"], &rest[0]["thumbprint"]].map(|name| name.as_str().expect("a name").to_owned());
    listed.sort_unstable();
    assert!(rest.len() == 1 && listed[0] != listed[1] && listed.iter().any(|name| name == THUMBPRINT), "{listed:?}");

    let removed = desk.post(&format!("{path}/remove"), Value::Null).await;
    assert!(removed.status == StatusCode::OK && removed.json()["revoked_at"].is_string(), "{removed:?}");
    assert_eq!(desk.post(&format!("{path}/remove"), Value::Null).await.verdict(), "404 not-found", "the client has it no more");
    assert_eq!(desk.post(&of, json!({"jwk": jwk()})).await.verdict(), "409 rule", "what was removed does not come back");
    assert_eq!(desk.items(&of).await.len(), 2, "it is still told that there was one");
}

#[tokio::test]
async fn what_is_no_public_key_is_refused_by_its_place_and_a_private_half_is_not_said_again() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    let of = format!("{}/public-keys", desk.client(Environment::Sandbox).await);
    let mut private = jwk();
    private["d"] = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A".into();
    for wrong in [private, json!({"kty": "RSA", "n": "AQAB", "e": "AQAB"}), json!({}), json!({"kty": "OKP", "crv": "Ed25519", "x": "AA"})] {
        let refused = desk.post(&of, json!({"jwk": wrong})).await;
        assert_eq!((refused.verdict().as_str(), &refused.json()["errors"][0]["pointer"]), ("400 body-unfit", &json!("/jwk")), "{wrong}");
        assert!(!refused.text.contains("nWGxne"), "{refused:?}");
    }
    assert_eq!(desk.post(&of, json!({"jwk": jwk().to_string()})).await.verdict(), "400 body-unfit", "an object, not its text");
    assert!(desk.items(&of).await.is_empty());
}

#[tokio::test]
async fn a_program_gives_no_key_to_a_project_that_may_call_this_api_and_sees_each_under_its_own_client() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    let (sandbox, production) = (desk.client(Environment::Sandbox).await, desk.client(Environment::Production).await);
    let refused = desk.post(&format!("{production}/public-keys"), json!({"jwk": jwk()})).await;
    assert_eq!(refused.verdict(), "409 rule", "with it, it would be another program");
    assert_eq!(desk.post(&format!("{sandbox}/public-keys"), json!({"jwk": jwk()})).await.status, StatusCode::CREATED);
    assert_eq!(desk.get(&format!("{production}/public-keys/{THUMBPRINT}")).await.verdict(), "404 not-found");
    let elsewhere = desk.post(&format!("{production}/public-keys/{THUMBPRINT}/remove"), Value::Null).await;
    assert_eq!(elsewhere.verdict(), "404 not-found");
    assert_eq!(desk.get(&format!("{sandbox}/public-keys/{THUMBPRINT}")).await.json()["revoked_at"], Value::Null);
}

#[tokio::test]
async fn a_customer_key_is_bound_to_a_key_its_project_has_as_it_was_seen_and_freed() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    let path = desk.customer_key(Environment::Sandbox, "740561073").await;
    let (binding, to) = (format!("{path}/binding"), json!({"thumbprint": THUMBPRINT}));
    let unknown = desk.put(&binding, &path, to.clone()).await;
    assert_eq!((unknown.verdict().as_str(), &unknown.json()["errors"][0]["pointer"]), ("400 body-unfit", &json!("/thumbprint")));
    desk.post(&format!("{}/public-keys", desk.client(Environment::Sandbox).await), json!({"jwk": jwk()})).await;

    let ask = |method: &str| desk.office.ask(method, &format!("/api/v1{binding}")).bearer(&desk.token);
    let before = desk.get(&path).await;
    assert_eq!(ask("PUT").json(&to).send().await.verdict(), "428 precondition-required");
    let bound = desk.put(&binding, &path, to.clone()).await;
    assert_eq!((bound.status, &bound.json()["bound_to"]), (StatusCode::OK, &json!(THUMBPRINT)), "{bound:?}");
    let stale = ask("DELETE").header("if-match", before.header("etag")).send().await;
    assert_eq!(stale.verdict(), "412 precondition-failed", "it was not bound then");
    let listed = desk.items(&format!("/projects/{}/customer-keys", desk.office.project)).await;
    assert_eq!(listed[0]["bound_to"], THUMBPRINT);
    assert_eq!(ask("DELETE").header("if-match", bound.header("etag")).send().await.status, StatusCode::NO_CONTENT);
    assert_eq!(desk.get(&path).await.json()["bound_to"], Value::Null);

    desk.put(&format!("{path}/status"), &path, json!({"status": "revoked"})).await;
    assert_eq!(desk.put(&binding, &path, to).await.verdict(), "409 rule", "revoked is for good");
}

#[tokio::test]
async fn a_customer_key_says_what_it_stands_on_and_who_stopped_it() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    // The client number of the office's own contract: it holds this account.
    let path = desk.customer_key(Environment::Production, "80000000").await;
    let alone = desk.get(&path).await;
    assert_eq!((&alone.json()["consent"], &alone.json()["stopped"]), (&Value::Null, &Value::Null));
    let key = ChildKey::from(alone.json()["id"].as_str().expect("an id"));
    let consent = Consent {
        id: uuid::Uuid::from_u128(1).into(),
        project_id: desk.office.project,
        environment: Environment::Production,
        account_number: "80000000".into(),
        client_id: desk.office.client.0.clone(),
        method: "pin".into(),
        agreement: "2026-06".into(),
        address: "192.0.2.1".into(),
        created_at: Moment(desk.office.app.now()),
    };
    let mut tx = desk.office.db().begin().await.expect("begins");
    store::consents::insert(&mut tx, &consent).await.expect("writes");
    store::consents::bears(&mut tx, consent.id, &key).await.expect("writes");
    tx.commit(desk.office.app.now()).await.expect("commits");
    let agreed = desk.get(&path).await.json();
    assert_eq!((&agreed["consent"]["id"], &agreed["consent"]["method"]), (&json!(consent.id), &json!("pin")));
    assert_eq!((&agreed["consent"]["agreement"], &agreed["consent"]["renewals"]), (&json!("2026-06"), &json!([])));
    let by = store::consents::Renewing {
        organisation: desk.office.organisation,
        version: "2027-01",
        account: uuid::Uuid::from_u128(2).into(),
        address: "192.0.2.9",
    };
    let mut tx = desk.office.db().begin().await.expect("begins");
    assert_eq!(store::consents::renew(&mut tx, &by, Moment(desk.office.app.now())).await.expect("writes"), 1);
    tx.commit(desk.office.app.now()).await.expect("commits");
    let again = desk.get(&path).await.json();
    assert_eq!(
        (&again["consent"]["renewals"][0]["version"], &again["consent"]["renewals"][0]["address"]),
        (&json!("2027-01"), &json!("192.0.2.9"))
    );

    let organisation = desk.office.organisation;
    let of = format!("/organisations/{organisation}/acting");
    let seen = desk.items(&format!("{of}?account_number=80000000&status=active")).await;
    assert_eq!((seen.len(), &seen[0]["id"], &seen[0]["agreement"]), (1, &json!(key), &json!("2027-01")));
    assert!(seen[0].get("project_id").is_none(), "as the holder sees it: {seen:?}");
    let reason = json!({"reason": "we ship ourselves now"});
    let foreign = desk.customer_key(Environment::Production, "123456789").await;
    let theirs = foreign.rsplit('/').next().expect("its id");
    assert_eq!(desk.post(&format!("{of}/{theirs}/stop"), reason.clone()).await.status, StatusCode::NOT_FOUND, "not for its account");
    assert_eq!(desk.post(&format!("{of}/{key}/stop"), reason.clone()).await.json()["status"], "revoked");
    assert_eq!(desk.post(&format!("{of}/{key}/stop"), reason.clone()).await.verdict(), "409 rule", "it is stopped already");
    desk.customer_key(Environment::Production, "80000000").await;
    assert_eq!(desk.post(&format!("{of}/{key}/stop-all"), reason).await.json(), json!({"stopped": 1}));
    let stopped = desk.get(&path).await;
    let seen = stopped.json();
    assert_eq!((&seen["status"], &seen["stopped"]["reason"]), (&json!("revoked"), &json!("we ship ourselves now")));
    assert_eq!((&seen["stopped"]["organisation_id"], &seen["stopped"]["organisation"]), (&json!(organisation), &json!("Operadora")));
    assert_ne!(stopped.header("etag"), alone.header("etag"));
    let listed = desk.items(&format!("/projects/{}/customer-keys", desk.office.project)).await;
    assert!(listed[0].get("consent").is_none(), "a list is of the keys alone: {listed:?}");
}
