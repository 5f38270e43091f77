//! Whatever staff do at the console, a program does by the management API.

use http::StatusCode;
use portal::{
    management::table::OPERATIONS,
    routes::{ROUTES, Verb},
};
use serde_json::{Value, json};
use store::testkit;

use super::nouns::{Desk, id};

/// Each form of the console, below `/console`, with the operations that do the same.
const FORMS: &[(&str, &[&str])] = &[
    ("/access/{request}/approve", &["approveAccessRequest"]),
    ("/access/{request}/reject", &["rejectAccessRequest"]),
    ("/access/{request}/take", &["takeWaiting"]),
    ("/access/{request}/leave", &["leaveWaiting"]),
    ("/contracts/{contract}/activate", &["setContractStatus"]),
    ("/contracts/{contract}/reject", &["rejectContract"]),
    ("/contracts/{contract}/suspend", &["setContractStatus"]),
    ("/contracts/{contract}/end", &["setContractStatus"]),
    ("/contracts/{contract}/take", &["takeWaiting"]),
    ("/contracts/{contract}/leave", &["leaveWaiting"]),
    ("/organisations/{organisation}/suspend", &["getStake", "setOrganisationStatus"]),
    ("/organisations/{organisation}/resume", &["setOrganisationStatus"]),
    ("/organisations/{organisation}/customer-type", &["setCustomerType"]),
    ("/organisations/{organisation}/contracts", &["createContract"]),
    ("/organisations/{organisation}/notes", &["createNote"]),
    ("/organisations/{organisation}/notes/{note}/remove", &["deleteNote"]),
    // A program sees no pages: what stands on the customer's, it reads.
    ("/organisations/{organisation}/look", &["getOrganisation", "listMembers", "listProjects", "listClients", "listGrants"]),
    ("/organisations/{organisation}/look/end", &[]),
    ("/projects/{project}/customer-keys/new", &["createCustomerKey"]),
    ("/projects/{project}/customer-keys/limits", &["setProjectKeyLimits"]),
    ("/projects/{project}/customer-keys/{child}/limits", &["setCustomerKeyLimits"]),
    ("/projects/{project}/customer-keys/{child}/suspend", &["setCustomerKeyStatus"]),
    ("/projects/{project}/customer-keys/{child}/resume", &["setCustomerKeyStatus"]),
    ("/projects/{project}/customer-keys/{child}/revoke", &["setCustomerKeyStatus"]),
    ("/customer-types/{request}/approve", &["approveCustomerType"]),
    ("/customer-types/{request}/reject", &["rejectCustomerType"]),
    ("/customer-types/{request}/take", &["takeWaiting"]),
    ("/customer-types/{request}/leave", &["leaveWaiting"]),
    ("/audit/verify", &["verifyAudit"]),
    ("/audit/export", &["listAudit"]),
    ("/keys/{environment}/rotate", &["rotateSigningKeys"]),
    ("/keys/{key}/retire", &["retireSigningKey"]),
    ("/announcements/new", &["createAnnouncement"]),
    ("/announcements/{announcement}", &["changeAnnouncement"]),
    ("/announcements/{announcement}/publish", &["countAnnouncementRecipients", "publishAnnouncement"]),
    ("/announcements/{announcement}/update", &["updateAnnouncement"]),
    ("/announcements/{announcement}/end", &["endAnnouncement"]),
    ("/announcements/{announcement}/discard", &["discardAnnouncement"]),
    ("/policies/new", &["putPolicies"]),
    ("/policies/{version}", &["putPolicies"]),
    ("/policies/{version}/publish", &["countPoliciesRecipients", "publishPolicies"]),
    ("/policies/{version}/discard", &["discardPolicies"]),
    ("/apis/new", &["createApiDraft"]),
    ("/apis/{api}/new", &["createApiDraft"]),
    ("/apis/{api}/drafts/{number}/publish", &["compareApiVersion", "publishApiDraft"]),
    ("/apis/{api}/drafts/{number}/discard", &["discardApiDraft"]),
    ("/apis/{api}/drafts/{number}/again", &["redraftApiVersion"]),
    ("/apis/{api}/upstreams", &["tryUpstream"]),
    ("/apis/{api}/rules", &["setApiRules"]),
    ("/apis/{api}/deprecate", &["deprecateApi"]),
    ("/apis/{api}/keep", &["restoreApi"]),
    ("/apis/{api}/retire", &["listApiHolders", "retireApi"]),
    ("/queues", &["setQueueTarget"]),
    ("/queues/rules/new", &["createApprovalRule"]),
    ("/queues/rules/{rule}", &["changeApprovalRule"]),
    ("/queues/rules/{rule}/remove", &["deleteApprovalRule"]),
    ("/queues/templates/new", &["createReasonTemplate"]),
    ("/queues/templates/{template}", &["changeReasonTemplate"]),
    ("/queues/templates/{template}/remove", &["deleteReasonTemplate"]),
    ("/plans/new", &["putPlan"]),
    ("/plans/{plan}", &["putPlan"]),
    ("/plans/{plan}/remove", &["deletePlan"]),
    ("/staff/invite", &["inviteStaff"]),
    ("/staff/invitations/{invitation}/withdraw", &["withdrawStaffInvitation"]),
    ("/staff/{account}", &["setStaffRole"]),
    ("/staff/{account}/remove", &["removeStaffMember"]),
];

#[test]
fn every_form_of_the_console_has_its_operations() {
    let posted = ROUTES.iter().filter(|route| route.verb == Verb::Post).filter_map(|route| route.path.strip_prefix("/console"));
    let posted: Vec<_> = posted.collect();
    let without: Vec<_> = posted.iter().filter(|path| !FORMS.iter().any(|(form, _)| form == *path)).collect();
    assert!(without.is_empty(), "no operation does what these forms do: {without:?}");
    let gone: Vec<_> = FORMS.iter().filter(|(form, _)| !posted.contains(form)).collect();
    assert!(gone.is_empty(), "the console has no such form: {gone:?}");
    let named = FORMS.iter().flat_map(|(_, operations)| operations.iter());
    let missing: Vec<_> = named.filter(|id| !OPERATIONS.iter().any(|operation| operation.id == **id)).collect();
    assert!(missing.is_empty(), "the management API has no such operation: {missing:?}");
}

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
