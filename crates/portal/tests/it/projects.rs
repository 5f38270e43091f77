//! A project's pages: who sees what, who may do what, what is shown once.

mod decisions;
pub mod first_call;
mod production;
mod public_keys;
mod rotation;
mod strangers;

use app::{Actor, access, organisations::Founded};
use domain::{
    ApiName, Environment, ProjectId,
    decision::{Caller, Decision, Outcome, Refusal},
    request_id::RequestId,
    role::Role,
};
use store::testkit::{self, TestDb};

use crate::desk::{Browser, Desk};

/// A desk, an organisation with a project, and one of its developers.
async fn at_work(test: &TestDb) -> (Desk, Founded, Browser) {
    let desk = Desk::open(test).await;
    let founded = desk.founded("Librería").await;
    let developer = desk.member(founded.organisation.id, "dani@shop.example", Role::Developer).await;
    (desk, founded, developer)
}

fn path(founded: &Founded, rest: &str) -> String {
    format!("/projects/{}{rest}", founded.first.project.id)
}

/// Gives a project access to an API in the sandbox; the id of the API credential that came with it.
pub async fn granted(desk: &Desk, project: ProjectId, api: &str) -> String {
    let wish = access::Wish {
        project,
        environment: Environment::Sandbox,
        api: ApiName::from(api),
        scopes: None,
        plan: None,
        reason: "to test".into(),
    };
    let outcome = access::request(&desk.app, &Actor::System, wish).await.expect("asks");
    let outcome = match outcome.grant {
        Some(_) => outcome,
        None => access::approve(&desk.app, &Actor::System, outcome.request.id, None).await.expect("approves"),
    };
    outcome.api_credential.map(|issued| issued.record.id.to_string()).unwrap_or_default()
}

/// Keeps a decision on a call of the project's sandbox client; its id. Later calls come later.
pub async fn decided(desk: &Desk, founded: &Founded, path: &str, outcome: Outcome) -> String {
    decided_for(desk, Some(founded), Environment::Sandbox, path, outcome).await
}

/// The same for the project of `founded`, or for nobody.
async fn decided_for(desk: &Desk, founded: Option<&Founded>, environment: Environment, path: &str, outcome: Outcome) -> String {
    desk.hands.advance(1);
    let now = desk.app.now();
    let caller = founded.map(|founded| Caller {
        organisation: founded.organisation.id,
        project: founded.first.project.id,
        client: founded.first.client.client.id.clone(),
        customer_key: None,
    });
    let decision = Decision {
        id: RequestId::new(now, &testkit::entropy(u64::try_from(now.as_second()).expect("after 1970"))),
        at: now,
        environment,
        method: "GET".into(),
        path: path.into(),
        api: Some(ApiName::from("labels")),
        operation: Some("GET /labels".into()),
        caller,
        address: [192, 0, 2, 9].into(),
        micros: 1234,
        outcome,
    };
    let mut tx = desk.app.db().begin().await.expect("begins");
    store::decisions::insert(&mut tx, &decision).await.expect("keeps");
    tx.commit(now).await.expect("commits");
    decision.id.to_string()
}

fn lacks_a_scope() -> Outcome {
    Outcome::Refused(Refusal::ScopeMissing(domain::ScopeSet::parse("LBS").expect("a scope")))
}

#[tokio::test]
async fn an_integrator_finds_everything_on_one_screen() {
    let test = testkit::sqlite().await;
    let (desk, founded, mut developer) = at_work(&test).await;
    let credential = granted(&desk, founded.first.project.id, "labels").await;
    let page = developer.get(&path(&founded, "")).await.page;
    let client = &founded.first.client;
    for part in [
        client.client.id.as_str(),
        &client.secret.record.prefix,
        "the only live one",
        "https://sandbox.example",
        "https://sandbox.example/oauth2/token",
        "LBS",
        &credential,
        "Demanded in the headers",
        "/access/new?api=tracking",
    ] {
        assert!(page.contains(part), "{part} is missing in {page}");
    }
    assert!(!page.contains(client.secret.secret.expose()));
    assert!(page.contains("an active contract") && page.contains("/production\""), "what production takes: {page}");
}

#[tokio::test]
async fn what_a_caller_calls_itself_and_what_people_call_a_project_is_text() {
    const MARKUP: &str = "\"><img src=x onerror=alert(1)>";
    let test = testkit::sqlite().await;
    let (desk, founded, mut developer) = at_work(&test).await;
    let renamed = developer.post(&path(&founded, "/settings"), &[("name", MARKUP)]).await;
    assert_eq!(renamed.status, 303);
    let secret = founded.first.client.secret.record.id;
    let now = store::Moment(desk.app.now());
    let mut tx = desk.app.db().begin().await.expect("begins");
    testkit::note_use(&mut tx, secret, now, Some(MARKUP)).await.expect("notes");
    tx.commit(*now).await.expect("commits");
    let id = decided(&desk, &founded, &format!("/{MARKUP}"), lacks_a_scope()).await;
    for rest in [
        String::new(),
        "/settings".into(),
        "/first-call".into(),
        "/decisions".into(),
        format!("/decisions/{id}"),
        format!("/secrets/{secret}/revoke"),
        format!("/clients/{}/rotate", founded.first.client.client.id),
    ] {
        let answer = developer.get(&path(&founded, &rest)).await;
        assert_eq!(answer.status, 200, "{rest}");
        assert!(answer.page.contains("&#60;img") || answer.page.contains("&lt;img"), "{rest}: {}", answer.page);
        assert!(!answer.page.contains("<img"), "{rest}: {}", answer.page);
    }
}

#[tokio::test]
async fn archiving_asks_for_proof_says_what_stops_and_is_for_admins() {
    let test = testkit::sqlite().await;
    let (desk, founded, mut developer) = at_work(&test).await;
    let mut admin = desk.member(founded.organisation.id, "ana@shop.example", Role::Admin).await;
    let archive = path(&founded, "/archive");
    assert_eq!(developer.get(&archive).await.status, 403);
    assert_eq!(developer.post(&archive, &[]).await.status, 403);
    let page = admin.get(&archive).await.page;
    assert!(page.contains(founded.first.client.client.id.as_str()), "{page}");
    desk.hands.advance(11 * 60);
    assert!(admin.get(&archive).await.location().starts_with("/account/prove?next="));
    assert!(admin.post(&archive, &[]).await.location().starts_with("/account/prove?next="));
    let mut other = desk.member(founded.organisation.id, "eva@shop.example", Role::Admin).await;
    assert_eq!(other.post(&archive, &[]).await.status, 303);
    let page = developer.get(&path(&founded, "")).await.page;
    assert!(page.contains("Archived on") && !page.contains("/rotate"), "{page}");
    let rotate = format!("/clients/{}/rotate", founded.first.client.client.id);
    assert_eq!(developer.get(&path(&founded, &rotate)).await.status, 409, "nothing of it can be changed");
}
