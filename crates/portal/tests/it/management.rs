//! The management API: who is let in, its manners, and its nouns one by one.

mod house;
mod manners;
mod nouns;
mod office;
mod parity;
mod public_keys;
mod publishing;

use http::StatusCode;
use portal::management::table::{OPERATIONS, Operation, Verb};
use serde_json::{Value, json};
use store::testkit;

use office::{Ask, Office};

const NOWHERE: &str = "0198f000-0000-7000-8000-000000000000";

/// A body that fits, for each operation that takes one.
fn body_of(operation: &Operation) -> Option<Value> {
    Some(match operation.id {
        "createOrganisation" => json!({"name": "Nueva", "first_project": "Web"}),
        "renameOrganisation" | "createProject" | "renameProject" => json!({"name": "Otra"}),
        "setOrganisationStatus" | "setClientStatus" | "setCustomerKeyStatus" => json!({"status": "suspended"}),
        "setCustomerType" => json!({"customer_type": "customer"}),
        "createContract" => json!({"number": "54000001", "client_number": "80000001", "labeller": "XXX2"}),
        "setContractStatus" => json!({"status": "active"}),
        "rejectAccessRequest" | "rejectCustomerType" | "rejectContract" => json!({"reason": "no"}),
        "createClient" | "createApiCredential" | "rotateSigningKeys" => json!({"environment": "sandbox"}),
        "addPublicKey" => json!({"jwk": public_keys::jwk()}),
        "bindCustomerKey" => json!({"thumbprint": public_keys::THUMBPRINT}),
        "setCustomerKeyLimits" => json!({"own": null}),
        "setProjectKeyLimits" => json!({"rate": null, "quota": null}),
        "rotateCustomerKey" => json!({"overlap": "24h"}),
        "retireSecret" => json!({"in_seconds": 60}),
        "createCustomerKey" => json!({"environment": "sandbox", "account_number": "740561073"}),
        "putApi" => office::api("nope", "/nope", "NOPE").content,
        "revokeToken" => json!({"jti": NOWHERE}),
        "createApiDraft" => office::api("nope", "/nope", "NOPE").content,
        "deprecateApi" => json!({"sunset": "2100-01-01T00:00:00Z"}),
        "createAccessRequest" => json!({"environment": "sandbox", "api": "labels", "reason": "For the shop."}),
        "setClientRules" => json!({"token_lifetime": 600}),
        "tryUpstream" => json!({"environment": "sandbox", "path": "/"}),
        "redraftApiVersion" => json!({"number": 1}),
        "publishApiDraft" => json!({"over": 0, "created_at": "2026-01-01T00:00:00Z"}),
        "setApiRules" => json!({"hidden": true}),
        "putPlan" => json!({"title": {"es": "Oro", "en": "Gold"}}),
        "createAnnouncement" | "changeAnnouncement" => publishing::announcement(),
        "publishAnnouncement" | "publishPolicies" => json!({"revision": 1}),
        "updateAnnouncement" => json!({"revision": 1, "stage": "monitoring", "spanish": "Va mejor.", "english": "It is better."}),
        "putPolicies" => json!({"spanish": "Texto.", "english": "Text."}),
        "setQueueTarget" => json!({"target_hours": 12}),
        "takeWaiting" => json!({"account_id": NOWHERE}),
        "createReasonTemplate" | "changeReasonTemplate" => {
            json!({"queue": "access", "name": "Contrato", "spanish": "Falta.", "english": "It is missing."})
        }
        "createApprovalRule" | "changeApprovalRule" => json!({"name": "Ours", "environment": "sandbox"}),
        "createNote" => json!({"text": "They pay late."}),
        "setStaffRole" => json!({"role": "viewer"}),
        "inviteStaff" => json!({"email": "new@operator.example", "role": "viewer"}),
        _ => return None,
    })
}

fn path_of(operation: &Operation) -> String {
    let filled: Vec<_> = operation
        .path
        .split('/')
        .map(|segment| match segment {
            "{client}" | "{key}" | "{credential}" => "p_ci_nobodyknowsthisone",
            "{name}" => "nope",
            "{version}" => "2099-01",
            segment if segment.starts_with('{') => NOWHERE,
            segment => segment,
        })
        .collect();
    format!("/api/v1{}", filled.join("/"))
}

fn asked<'o>(office: &'o Office, operation: &Operation) -> Ask<'o> {
    let ask = office.ask(operation.verb.as_str(), &path_of(operation));
    let ask = if operation.verb.is_conditional() { ask.header("if-match", "*") } else { ask };
    match body_of(operation) {
        Some(body) => ask.json(&body),
        None => ask,
    }
}

/// Every operation as nobody, with a token of the other environment, with one that lacks its scope, and with an id that is nobody's.
#[tokio::test]
async fn no_operation_opens_to_who_may_not() {
    let test = testkit::sqlite().await;
    let office = Office::open(&test).await;
    let (all, sandbox) = (office.token("").await, office.sandbox_token().await);
    let (reading, auditing) = (office.token("organisations:read").await, office.token("audit:read").await);
    let mut wrong = Vec::new();
    for operation in OPERATIONS {
        let mut expect = |what: &str, answer: office::Answer, expected: &str, challenge: &str| {
            let found = answer.verdict();
            if found != expected || !answer.header("www-authenticate").contains(challenge) {
                wrong.push(format!("{} {what}: expected {expected}, found {found}: {}", operation.id, answer.header("www-authenticate")));
            }
            assert!(!answer.header("x-request-id").is_empty());
        };
        expect("by nobody", asked(&office, operation).send().await, "401 no-token", "Bearer realm=");
        let foreign = asked(&office, operation).bearer(&sandbox).send().await;
        expect("from the sandbox", foreign, "401 token-foreign", "error=\"invalid_token\"");
        let other = if operation.scope == "audit:read" { &reading } else { &auditing };
        let scope = format!("scope=\"{}\"", operation.scope);
        expect("without its scope", asked(&office, operation).bearer(other).send().await, "403 scope-missing", &scope);
        let expected = match operation.id {
            // What is not there cannot be as If-Match says.
            "putApi" | "putPlan" | "putPolicies" => "412 precondition-failed",
            _ if operation.path.contains('{') => "404 not-found",
            _ => continue,
        };
        expect("of nothing", asked(&office, operation).bearer(&all).send().await, expected, "");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn a_scope_opens_its_own_operations_and_a_revoked_grant_closes_them_at_once() {
    let test = testkit::sqlite().await;
    let office = Office::open(&test).await;
    let reading = office.token("organisations:read").await;
    let path = format!("/api/v1/organisations/{}", office.organisation);
    assert_eq!(office.ask("GET", &path).bearer(&reading).send().await.status, StatusCode::OK);
    let rename = office.ask("PATCH", &path).bearer(&reading).header("if-match", "*").json(&json!({"name": "X"})).send().await;
    assert_eq!(rename.verdict(), "403 scope-missing");
    let labels = office.token("LBS").await;
    assert_eq!(office.ask("GET", &path).bearer(&labels).send().await.verdict(), "403 scope-missing", "another API's token");

    let grants = store::grants::live(office.db(), office.project, domain::Environment::Production).await.expect("reads");
    let grant = grants.iter().find(|grant| grant.api.as_str() == "management").expect("granted").id;
    app::access::revoke_grant(&office.app, &app::Actor::System, grant, None).await.expect("revokes");
    office.directory.catch_up().await.expect("catches up");
    assert_eq!(office.ask("GET", &path).bearer(&reading).send().await.verdict(), "403 grant-revoked");
}

#[tokio::test]
async fn what_is_done_stands_in_the_audit_log_under_the_client_and_limits_are_told() {
    let test = testkit::sqlite().await;
    let office = Office::open(&test).await;
    let token = office.token("").await;
    let made =
        office.ask("POST", "/api/v1/organisations").bearer(&token).json(&json!({"name": "Nueva", "first_project": "Web"})).send().await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    assert!(made.header("ratelimit-policy").contains("\"rate\";q=1000;w=10") && made.header("ratelimit").contains("r=999"), "{made:?}");
    let actor = format!("client:{}", office.client.0);
    let audit = office.ask("GET", &format!("/api/v1/audit?actor={actor}")).bearer(&token).send().await.json();
    let entries = audit["items"].as_array().expect("entries");
    assert_eq!((entries.len(), &entries[0]["action"]), (1, &json!("organisation.create")));
}

#[tokio::test]
async fn without_production_the_api_says_what_it_lacks_and_its_document_is_there_for_everybody() {
    let test = testkit::sqlite().await;
    let desk = crate::desk::Desk::open(&test).await;
    let mut browser = desk.browser();
    let answer = browser.get("/api/v1/organisations").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(!answer.headers.contains_key("set-cookie"), "no page, no cookie");
    let document = browser.get("/api/v1/openapi.json").await;
    assert_eq!(document.status, StatusCode::OK);
    let document: Value = serde_json::from_str(&document.page).expect("JSON");
    assert_eq!(document["openapi"], "3.1.0");
    let described: usize = document["paths"]
        .as_object()
        .expect("paths")
        .values()
        .map(|item| item.as_object().expect("operations").keys().filter(|key| *key != "parameters").count())
        .sum();
    assert_eq!(described, OPERATIONS.len());
}

#[tokio::test]
async fn the_catalogue_for_people_does_not_show_it() {
    let test = testkit::sqlite().await;
    let office = Office::open(&test).await;
    for path in ["/apis/management", "/apis/management/openapi.json"] {
        let answer = office.portal.handle(http::Request::get(path).body(web::Body::Empty).expect("a request"), office::ADDRESS).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
    }
    assert!(OPERATIONS.iter().all(|operation| operation.verb != Verb::Get || operation.scope.ends_with(":read")));
}
