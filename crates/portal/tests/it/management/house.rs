//! What support and administrators do over the wire: queues, notes, agreements of account holders, staff.

use domain::{AccountId, Environment, role::Staff};
use http::StatusCode;
use serde_json::{Value, json};
use store::{Moment, consents::Consent, testkit};

use super::nouns::{Desk, id};

impl Desk {
    /// Somebody of the staff.
    async fn person(&self, number: u128, role: Staff) -> AccountId {
        let account = AccountId::from(uuid::Uuid::from_u128(number));
        testkit::account(self.office.db(), account, &format!("{role}@operator.example"), true, Some(role)).await;
        account
    }

    /// An access request that waits.
    async fn waiting(&self) -> String {
        let (project, environment) = (self.office.project, Environment::Production);
        let wish = app::access::Wish { project, environment, api: "labels".into(), scopes: None, plan: None, reason: "because".into() };
        app::access::request(&self.office.app, &app::Actor::System, wish).await.expect("asks").request.id.to_string()
    }
}

#[tokio::test]
async fn what_waits_is_given_to_somebody_who_decides_and_put_back() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    let (support, viewer) = (desk.person(1, Staff::Support).await, desk.person(2, Staff::Viewer).await);
    let request = desk.waiting().await;
    let queues = desk.items("/queues").await;
    assert_eq!((queues.len(), &queues[0]["queue"], &queues[0]["waiting"]), (3, &json!("access"), &json!(1)));
    let place = format!("/queues/access/waiting/{request}");
    let take = |account: AccountId| json!({"account_id": account});
    let refused = desk.post(&format!("{place}/take"), take(viewer)).await;
    assert_eq!(refused.json()["errors"][0]["pointer"], "/account_id", "who only looks takes care of nothing");
    assert_eq!(desk.post(&format!("{place}/take"), take(support)).await.json()["taker_id"], json!(support));
    assert_eq!(desk.items(&format!("/queues/access/waiting?taken_by={support}")).await[0]["id"], json!(request));
    assert!(desk.items("/queues/access/waiting?taken_by=nobody").await.is_empty());
    assert_eq!(desk.get("/queues/access/waiting?taken_by=me").await.verdict(), "400 bad-parameter");
    assert_eq!(desk.post(&format!("{place}/leave"), Value::Null).await.json()["taker_id"], Value::Null);
    assert_eq!(desk.items("/queues/access/waiting?taken_by=nobody&organisation=oper").await.len(), 1);
    desk.post(&format!("/access-requests/{request}/approve"), Value::Null).await;
    assert_eq!(desk.post(&format!("{place}/take"), take(support)).await.verdict(), "409 rule", "it does not wait any more");
    assert_eq!(desk.get("/queues/nope/waiting").await.verdict(), "404 not-found");

    let seen = desk.get("/queues/contracts").await;
    let longer = desk.put("/queues/contracts/target", "/queues/contracts", json!({"target_hours": 7})).await;
    assert_eq!((&longer.json()["target_hours"], &desk.get("/queues/access").await.json()["target_hours"]), (&json!(7), &json!(24)));
    let put = desk.office.ask("PUT", "/api/v1/queues/contracts/target").bearer(&desk.token).header("if-match", seen.header("etag"));
    assert_eq!(put.json(&json!({"target_hours": 9})).send().await.verdict(), "412 precondition-failed", "somebody was faster");
}

#[tokio::test]
async fn a_request_that_waits_too_long_says_so() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    desk.waiting().await;
    assert_eq!(desk.items("/queues/access/waiting").await[0]["overdue"], false);
    desk.put("/queues/access/target", "/queues/access", json!({"target_hours": 1})).await;
    desk.office.hands.advance(3601);
    let token = desk.office.token("queues:read").await;
    let late = Desk { token, ..desk };
    assert_eq!(late.items("/queues/access/waiting").await[0]["overdue"], true);
    assert_eq!(late.get("/queues/access").await.json()["overdue"], 1);
}

#[tokio::test]
async fn words_for_rejections_and_rules_of_approval_are_kept() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    let words =
        |name: &str| json!({"queue": "access", "name": name, "spanish": "Falta el contrato.", "english": "The contract is missing."});
    let made = desk.post("/reason-templates", words("Contract")).await;
    assert_eq!(made.status, StatusCode::CREATED);
    assert_eq!(desk.post("/reason-templates", words("Contract")).await.verdict(), "409 rule", "the name is taken");
    let path = format!("/reason-templates/{}", id(&made));
    assert_eq!(desk.put(&path, &path, words("No contract")).await.json()["name"], "No contract");
    assert_eq!(
        (desk.items("/reason-templates?queue=access").await.len(), desk.items("/reason-templates?queue=contracts").await.len()),
        (1, 0)
    );
    assert_eq!(desk.delete(&path).await.status, StatusCode::NO_CONTENT);
    assert_eq!(desk.get(&path).await.verdict(), "404 not-found");

    let open = desk.post("/approval-rules", json!({"name": "All"})).await;
    assert_eq!(open.json()["errors"][0]["pointer"], "/environment", "nobody opens production to everybody");
    let none = desk.post("/approval-rules", json!({"name": "Ours", "mail_domains": ["a.example b.example"]})).await;
    assert_eq!(none.json()["errors"][0]["pointer"], "/mail_domains/0");
    let rule = json!({"name": "Ours", "api": "labels", "mail_domains": ["b.example", "a.example"], "customer_types": ["internal"]});
    let made = desk.post("/approval-rules", rule).await;
    let path = format!("/approval-rules/{}", id(&made));
    let seen = desk.get(&path).await.json();
    assert_eq!((&seen["mail_domains"], &seen["environment"]), (&json!(["a.example", "b.example"]), &Value::Null));
    let narrow = desk.put(&path, &path, json!({"name": "Ours", "environment": "sandbox"})).await.json();
    assert_eq!((&narrow["environment"], &narrow["api"], &narrow["customer_types"]), (&json!("sandbox"), &Value::Null, &json!([])));
    assert_eq!(desk.delete(&path).await.status, StatusCode::NO_CONTENT);
    assert!(desk.items("/approval-rules").await.is_empty());
}

#[tokio::test]
async fn a_program_notes_what_staff_should_know_and_removes_its_own_notes_only() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    let of = format!("/organisations/{}/notes", desk.office.organisation);
    let made = desk.post(&of, json!({"text": "They pay late.\nAsk first."})).await;
    assert_eq!(made.json()["author"], format!("client:{}", desk.office.client.0));
    let other = app::organisations::add_note(&desk.office.app, &app::Actor::System, desk.office.organisation, "Call them.").await;
    let other = format!("{of}/{}", other.expect("writes").id);
    assert_eq!(desk.items(&of).await.len(), 2);
    assert_eq!(desk.delete(&other).await.verdict(), "403 not-permitted", "who administers may");
    assert_eq!(desk.delete(&format!("{of}/{}", id(&made))).await.status, StatusCode::NO_CONTENT);
    let reading = Desk { token: desk.office.token("organisations:read").await, ..desk };
    assert_eq!(reading.post(&of, json!({"text": "x"})).await.verdict(), "403 scope-missing");
    assert_eq!(reading.items(&of).await.len(), 1);
}

#[tokio::test]
async fn the_agreements_of_a_project_are_listed_page_by_page() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    let mut tx = desk.office.db().begin().await.expect("begins");
    for (number, environment) in [(1, Environment::Sandbox), (2, Environment::Production), (3, Environment::Production)] {
        let consent = Consent {
            id: uuid::Uuid::from_u128(number).into(),
            project_id: desk.office.project,
            environment,
            account_number: format!("70000000{}", 9 - number),
            client_id: desk.office.client.0.clone(),
            method: "pin".into(),
            agreement: "2026-06".into(),
            address: "192.0.2.1".into(),
            created_at: Moment(desk.office.app.now()),
        };
        store::consents::insert(&mut tx, &consent).await.expect("writes");
    }
    tx.commit(desk.office.app.now()).await.expect("commits");
    let (mut path, mut seen) = (format!("/projects/{}/consents?limit=1", desk.office.project), Vec::new());
    loop {
        let page = desk.get(&path).await.json();
        seen.extend(page["items"].as_array().expect("items").iter().map(|row| row["account_number"].clone()));
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/projects/{}/consents?limit=1&after={next}", desk.office.project);
    }
    assert_eq!(seen, ["700000006", "700000007", "700000008"], "production first, each once");
    assert_eq!(desk.get(&format!("/projects/{}/consents?after=x", desk.office.project)).await.verdict(), "400 bad-parameter");
}

#[tokio::test]
async fn staff_are_invited_change_roles_and_leave_but_never_the_last_administrator() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    let (boss, viewer) = (desk.person(1, Staff::Administrator).await, desk.person(2, Staff::Viewer).await);
    let path = format!("/staff/{viewer}");
    assert_eq!(desk.put(&format!("{path}/role"), &path, json!({"role": "support"})).await.json()["role"], "support");
    let put = desk.office.ask("PUT", &format!("/api/v1{path}/role")).bearer(&desk.token);
    assert_eq!(put.json(&json!({"role": "administrator"})).send().await.verdict(), "428 precondition-required");
    let people = desk.items("/staff").await;
    assert!(people.len() == 2 && people.iter().all(|person| person.get("password").is_none()), "{people:?}");
    assert_eq!(desk.delete(&format!("/staff/{boss}")).await.verdict(), "409 rule", "the last administrator");
    assert_eq!(desk.delete(&path).await.status, StatusCode::NO_CONTENT);
    assert_eq!(desk.get(&path).await.verdict(), "404 not-found", "an account that is not of the staff is nobody here");

    let invited = desk.post("/staff-invitations", json!({"email": "New@Operator.example", "role": "publisher"})).await;
    assert_eq!((invited.status, &invited.json()["email"]), (StatusCode::CREATED, &json!("new@operator.example")));
    assert!(!invited.text.contains("pgs_"), "the link is for who is invited, and for nobody else: {invited:?}");
    assert_eq!(
        desk.post("/staff-invitations", json!({"email": "nobody", "role": "viewer"})).await.json()["errors"][0]["pointer"],
        "/email"
    );
    assert_eq!(desk.items("/staff-invitations").await.len(), 1);
    let path = format!("/staff-invitations/{}", id(&invited));
    assert_eq!(desk.delete(&path).await.status, StatusCode::NO_CONTENT);
    assert_eq!(desk.get(&path).await.verdict(), "404 not-found");
    let reading = Desk { token: desk.office.token("staff:read").await, ..desk };
    let refused = reading.post("/staff-invitations", json!({"email": "x@operator.example", "role": "administrator"})).await;
    assert_eq!(refused.verdict(), "403 scope-missing");
}
