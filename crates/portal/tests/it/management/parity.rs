//! What staff do and read at the console, done and read by the management API.

use http::StatusCode;
use serde_json::{Value, json};
use store::testkit;

use super::nouns::{Desk, id};

#[tokio::test]
async fn a_project_is_given_all_it_needs_for_a_first_call() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    let made = desk.post(&format!("/organisations/{}/projects", desk.office.organisation), json!({"name": "Almacén"})).await;
    let (path, client) = (format!("/projects/{}", id(&made)), made.json()["client"]["id"].as_str().expect("a client").to_owned());

    let wish = |scopes: Value| json!({"environment": "sandbox", "api": "labels", "scopes": scopes, "reason": "For the shop."});
    let asked = desk.post(&format!("{path}/access-requests"), wish(json!(["LBS"]))).await;
    assert_eq!((asked.status, &asked.json()["status"]), (StatusCode::CREATED, &json!("approved")), "the sandbox needs nobody: {asked:?}");
    assert_eq!(desk.items(&format!("{path}/grants")).await[0]["scopes"], json!(["LBS"]));
    let refused = desk.post(&format!("{path}/access-requests"), wish(json!(["L\"S"]))).await;
    assert_eq!((refused.status, &refused.json()["errors"][0]["pointer"]), (StatusCode::BAD_REQUEST, &json!("/scopes/0")));
    let unknown = desk.post(&format!("{path}/access-requests"), wish(json!(["OTHER"]))).await;
    assert!(unknown.status.is_client_error(), "{unknown:?}");

    let credentials = format!("{path}/api-credentials");
    let issued = desk.post(&credentials, json!({"environment": "sandbox"})).await;
    assert!(issued.json()["secret"].as_str().is_some_and(|secret| secret.len() > 20), "{issued:?}");
    let credential = format!("/api-credentials/{}", id(&issued));
    let listed = desk.items(&credentials).await;
    assert!(listed.len() == 1 && listed[0].get("secret").is_none(), "shown once: {listed:?}");
    assert_eq!(desk.get(&credential).await.json(), listed[0]);
    assert!(desk.post(&format!("{credential}/revoke"), Value::Null).await.json()["revoked_at"].is_string());
    assert_eq!(desk.post(&format!("{credential}/revoke"), Value::Null).await.verdict(), "404 not-found", "it has ended");

    let path = format!("/clients/{client}");
    let tag = desk.get(&path).await.header("etag").to_owned();
    let patch = async |tag: &str, body: Value| {
        desk.office.ask("PATCH", &format!("/api/v1{path}")).bearer(&desk.token).header("if-match", tag).json(&body).send().await
    };
    let narrowed = patch(&tag, json!({"grant_types": ["client_credentials"]})).await;
    assert_eq!((&narrowed.json()["grant_types"], &narrowed.json()["token_lifetime"]), (&json!(["client_credentials"]), &json!(3600)));
    assert_eq!(patch(&tag, json!({"token_lifetime": 600})).await.verdict(), "412 precondition-failed", "it changed meanwhile");
    let shortened = patch(narrowed.header("etag"), json!({"token_lifetime": 600})).await.json();
    assert_eq!(
        (&shortened["grant_types"], &shortened["token_lifetime"]),
        (&json!(["client_credentials"]), &json!(600)),
        "what is left out stays"
    );
    let freed = patch("*", json!({"grant_types": null})).await.json();
    assert_eq!((&freed["grant_types"], &freed["token_lifetime"]), (&Value::Null, &json!(600)));
    assert_eq!(patch("*", json!({"token_lifetime": 5})).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_audit_log_is_filtered_as_at_the_console() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    let actions = async |query: &str| -> Vec<String> {
        desk.items(&format!("/audit?{query}")).await.iter().map(|entry| entry["action"].as_str().unwrap_or_default().to_owned()).collect()
    };
    let founded = actions("action=organisation.create").await;
    assert_eq!(founded, ["organisation.create"]);
    assert!(actions("action=client").await.iter().all(|action| action.starts_with("client.")), "a noun alone means all of its verbs");
    assert!(!actions("since=1970-01-01").await.is_empty());
    assert!(actions("since=2199-01-01T00:00:00Z").await.is_empty() && actions("until=1960-01-01").await.is_empty());
    for (query, name) in [("since=yesterday", "since"), ("until=2026-13-01", "until"), ("action=%20a.b.c", "action")] {
        let refused = desk.get(&format!("/audit?{query}")).await;
        assert_eq!((refused.status, &refused.json()["errors"][0]["parameter"]), (StatusCode::BAD_REQUEST, &json!(name)), "{refused:?}");
    }
}

#[tokio::test]
async fn how_many_a_mail_will_reach_and_how_old_the_master_key_is_are_told() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    let draft = desk.post("/announcements", super::publishing::announcement()).await;
    let reached = desk.get(&format!("/announcements/{}/recipients", id(&draft))).await.json();
    assert!(reached["people"].is_i64(), "{reached}");
    let policies = desk.items("/policies").await;
    let version = policies[0]["version"].as_str().expect("a version");
    assert_eq!(desk.get(&format!("/policies/{version}/recipients")).await.json(), json!({"people": 0}), "nobody accepted any");
    assert!(desk.get("/master-key").await.json()["since"].is_string());
}

#[tokio::test]
async fn what_stands_on_the_page_of_an_organisation_is_told() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    let path = format!("/organisations/{}", desk.office.organisation);
    let standing = desk.get(&format!("{path}/status")).await.json();
    assert_eq!((&standing["status"], &standing["reason"], &standing["at"]), (&json!("active"), &Value::Null, &Value::Null));
    let made = desk.post("/organisations", json!({"name": "Nueva", "first_project": "Web"})).await;
    let path = format!("/organisations/{}", id(&made));
    desk.put(&format!("{path}/status"), &path, json!({"status": "suspended", "reason": "No paga."})).await;
    let standing = desk.get(&format!("{path}/status")).await.json();
    assert_eq!((&standing["status"], &standing["reason"]), (&json!("suspended"), &json!("No paga.")));
    assert!(standing["at"].is_string() && standing["by"].as_str().is_some_and(|by| by.starts_with("client:")), "{standing}");
    let resumed = desk.put(&format!("{path}/status"), &format!("{path}/status"), json!({"status": "active"})).await;
    assert_eq!(resumed.json()["status"], "active", "its tag is the organisation's: {resumed:?}");

    let contract = json!({"number": "54000077", "client_number": "80000077", "labeller": "ABC1"});
    desk.post(&format!("{path}/contracts"), contract).await;
    assert_eq!(desk.items(&format!("{path}/contracts")).await[0]["status"], "pending");
    assert!(desk.items(&format!("{path}/customer-type-requests")).await.is_empty());
    let project = format!("/projects/{}", desk.office.project);
    let asked = desk.items(&format!("{project}/access-requests")).await;
    assert!(asked.len() == 3 && asked.iter().all(|request| request["status"] == "approved"), "the decided ones too: {asked:?}");
    assert!(desk.items("/policy-acceptances").await.is_empty());
    assert_eq!(desk.items("/signing-keys").await[0]["state"], "signing");
    let apis = desk.items("/apis").await;
    let labels = apis.iter().find(|api| api["name"] == "labels").expect("listed");
    assert_eq!((&labels["status"], &labels["number"], &labels["hidden"]), (&json!("published"), &json!(1), &json!(false)));
}

#[tokio::test]
async fn a_number_without_a_fraction_is_a_number_however_it_is_written() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    let clients = desk.items(&format!("/projects/{}/clients", desk.office.project)).await;
    let secrets = desk.items(&format!("/clients/{}/secrets", clients[0]["id"].as_str().expect("an id"))).await;
    let secret = secrets[0]["id"].as_str().expect("an id");
    let retired = desk.post(&format!("/secrets/{secret}/retire"), json!({"in_seconds": 3600.0})).await.json();
    let retires: jiff::Timestamp = retired["retires_at"].as_str().expect("a moment").parse().expect("a moment");
    assert!(retires > desk.office.hands.clock().now(), "not at once: {retired}");
}
