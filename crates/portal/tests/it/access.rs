//! What members ask for, what they see of it, and how they take it back.

use app::{Actor, access, organisations::Founded};
use domain::{
    Environment::{self, Production, Sandbox},
    ProjectId, ScopeSet,
    role::Role,
};
use http::StatusCode;
use store::testkit::{self, TestDb};

use crate::desk::{Browser, Desk};

const MARKUP: &str = "\"><img src=x onerror=alert(1)>{{7*7}}";

async fn desk() -> (TestDb, Desk, Founded) {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    let founded = desk.founded("Librería").await;
    (test, desk, founded)
}

fn wish(project: ProjectId, environment: Environment, api: &str) -> access::Wish {
    access::Wish { project, environment, api: api.into(), scopes: None, plan: None, reason: "for the shop".into() }
}

async fn asked(desk: &Desk, project: ProjectId, environment: Environment, api: &str) -> access::Outcome {
    access::request(&desk.app, &Actor::System, wish(project, environment, api)).await.expect("asks")
}

async fn granted(desk: &Desk, project: ProjectId, environment: Environment) -> String {
    let grants = store::grants::live(desk.app.db(), project, environment).await.expect("reads");
    grants.iter().flat_map(|grant| grant.scopes.iter().cloned()).collect::<ScopeSet>().to_string()
}

/// Sends the form. The sandbox is granted at once: the desk's documents say nothing else.
async fn ask(browser: &mut Browser, project: ProjectId, api: &str, fields: &[(&str, &str)]) -> crate::desk::Answer {
    browser.post(&format!("/projects/{project}/access/new?api={api}"), fields).await
}

#[tokio::test]
async fn the_sandbox_is_granted_at_once_and_the_api_credential_is_shown_in_one_answer() {
    let (_test, desk, founded) = desk().await;
    let project = founded.first.project.id;
    let mut dora = desk.member(founded.organisation.id, "dora@shop.example", Role::Developer).await;
    let choose = dora.get(&format!("/projects/{project}/access/new?environment=sandbox")).await;
    assert!(choose.page.contains("api=labels&#38;environment=sandbox") || choose.page.contains("api=labels&amp;environment=sandbox"));
    let form = dora.get(&format!("/projects/{project}/access/new?api=labels")).await;
    assert_eq!(form.status, StatusCode::OK);
    assert!(form.page.contains("Sandbox: granted at once") && form.page.contains("Production: the operator decides"));
    let fields = [("environment", "sandbox"), ("scopes", "LBS"), ("plan", "starter"), ("reason", "")];
    let answer = ask(&mut dora, project, "labels", &fields).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.headers["cache-control"], "no-store");
    let credentials = store::api_credentials::of_project(desk.app.db(), project).await.expect("reads");
    let prefix = credentials[0].prefix.clone();
    assert!(answer.page.contains("client_secret") && answer.page.contains(&prefix) && answer.page.contains("will not be shown again"));
    assert_eq!(granted(&desk, project, Sandbox).await, "LBS");
    // The pages that show the same request afterwards do not have it.
    let id = store::access_requests::of_project(desk.app.db(), project).await.expect("reads")[0].id;
    for path in [format!("/projects/{project}/access/{id}"), format!("/projects/{project}/access")] {
        let again = dora.get(&path).await;
        assert_eq!(again.status, StatusCode::OK, "{path}");
        assert!(!again.page.contains("client_secret") && !again.page.contains(&prefix), "{path}");
        assert!(again.page.contains("approved") && again.page.contains("LBS"), "{path}");
    }
    // More of the same API is asked for under the plan that is held.
    let more = dora.get(&format!("/projects/{project}/access/new?api=labels")).await.page;
    assert!(more.contains("value=\"starter\" checked") && !more.contains("value=\"standard\" checked"), "{more}");
    // The second API needs no second pair.
    let next = ask(&mut dora, project, "tracking", &[("environment", "sandbox"), ("scopes", "TPB"), ("plan", "standard")]).await;
    assert_eq!(next.status, StatusCode::SEE_OTHER);
    assert!(next.location().ends_with("?done=access-granted"), "{}", next.location());
}

#[tokio::test]
async fn production_takes_a_reason_and_then_says_who_decides_and_since_when_it_waits() {
    let (_test, desk, founded) = desk().await;
    let project = founded.first.project.id;
    let mut dora = desk.member(founded.organisation.id, "dora@shop.example", Role::Developer).await;
    let fields = [("environment", "production"), ("scopes", "LBS"), ("plan", "starter"), ("reason", "  ")];
    let refused = ask(&mut dora, project, "labels", &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.page.contains("href=\"#reason\"") && refused.page.contains("value=\"production\" checked"), "{}", refused.page);
    assert!(refused.page.contains("value=\"starter\" checked"));
    let fields = [("environment", "production"), ("scopes", "LBS"), ("plan", "starter"), ("reason", MARKUP)];
    let answer = ask(&mut dora, project, "labels", &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    desk.hands.advance(3 * 3600);
    let mut page = dora.get(answer.location()).await.page;
    assert!(page.contains("It has waited for 3 hours") && page.contains("The operator decides"), "{page}");
    assert!(!page.contains("<img") && page.contains("{{7*7}}"), "a reason is text");
    page = dora.get(&format!("/projects/{project}/access?lang=es")).await.page;
    assert!(page.contains("pendiente") && page.contains("espera desde hace 3 horas") && !page.contains("<img"));
    assert_eq!(granted(&desk, project, Production).await, "");
}

#[tokio::test]
async fn what_the_api_does_not_have_is_refused_beside_its_field() {
    let (_test, desk, founded) = desk().await;
    let project = founded.first.project.id;
    let mut dora = desk.member(founded.organisation.id, "dora@shop.example", Role::Developer).await;
    dora.language = "es";
    for (fields, field, said) in [
        (vec![("environment", "sandbox"), ("scopes", "TPB")], "scopes", "La API labels ofrece: LBS"),
        (vec![("environment", "sandbox")], "scopes", "Elige al menos un permiso"),
        (vec![("environment", "sandbox"), ("scopes", "LBS"), ("plan", "gold")], "plan", "La API labels ofrece: standard, starter"),
        (vec![("environment", "moon"), ("scopes", "LBS")], "environment", "Elige un entorno"),
    ] {
        let answer = ask(&mut dora, project, "labels", &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}");
        assert!(answer.page.contains(&format!("href=\"#{field}\">{said}")), "{fields:?} {}", answer.page);
    }
    let absent = ask(&mut dora, project, "nothing", &[("environment", "sandbox"), ("scopes", "LBS")]).await;
    assert_eq!(absent.status, StatusCode::NOT_FOUND);
    assert_eq!(granted(&desk, project, Sandbox).await, "");
}

#[tokio::test]
async fn a_viewer_looks_at_access_and_changes_nothing_of_it() {
    let (_test, desk, founded) = desk().await;
    let project = founded.first.project.id;
    let outcome = asked(&desk, project, Sandbox, "labels").await;
    let (request, grant) = (outcome.request.id, outcome.grant.expect("granted").id);
    let mut vera = desk.member(founded.organisation.id, "vera@shop.example", Role::Viewer).await;
    let list = vera.get(&format!("/projects/{project}/access")).await;
    assert_eq!(list.status, StatusCode::OK);
    assert!(list.page.contains("LBS") && !list.page.contains("/access/new") && !list.page.contains("/revoke"), "{}", list.page);
    let shown = vera.get(&format!("/projects/{project}/access/{request}")).await;
    assert!(shown.status == StatusCode::OK && !shown.page.contains("api-credentials/new"));
    let revoke = format!("/projects/{project}/access/grants/{grant}/revoke");
    for path in [format!("/projects/{project}/access/new?api=labels"), revoke.clone()] {
        let answer = vera.get(&path).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
        assert!(answer.page.contains("This takes the role developer"), "{}", answer.page);
    }
    for reason in [String::new(), "largo ".repeat(400)] {
        assert_eq!(vera.post(&revoke, &[("reason", &reason)]).await.status, StatusCode::FORBIDDEN, "{} letters", reason.len());
    }
    let fields = [("environment", "sandbox"), ("scopes", "TPB")];
    assert_eq!(ask(&mut vera, project, "tracking", &fields).await.status, StatusCode::FORBIDDEN);
    vera.language = "es";
    let refused = vera.post(&revoke, &[]).await;
    assert!(refused.page.contains("Hace falta el papel de desarrollo"), "{}", refused.page);
    assert_eq!(granted(&desk, project, Sandbox).await, "LBS");
}

#[tokio::test]
async fn taking_access_back_says_what_stops_first_and_who_is_late_is_told_so() {
    let (_test, desk, founded) = desk().await;
    let project = founded.first.project.id;
    let grant = asked(&desk, project, Sandbox, "labels").await.grant.expect("granted").id;
    let mut dora = desk.member(founded.organisation.id, "dora@shop.example", Role::Developer).await;
    let path = format!("/projects/{project}/access/grants/{grant}/revoke");
    let page = dora.get(&path).await.page;
    assert!(page.contains("This stops within a second") && page.contains("LBS") && page.contains("customer keys"), "{page}");
    let shared = store::grants::of_project(desk.app.db(), project).await.expect("reads");
    assert!(shared.len() == 1 && page.contains("The scopes <code>LBS</code> vanish"), "nothing else brings it");
    let long = "x".repeat(2001);
    assert_eq!(dora.post(&path, &[("reason", &long)]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(granted(&desk, project, Sandbox).await, "LBS");
    let done = dora.post(&path, &[("reason", "moving on")]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    assert_eq!(granted(&desk, project, Sandbox).await, "");
    let list = dora.get(done.location()).await.page;
    assert!(list.contains("Access revoked") && list.contains("moving on"));
    assert_eq!(dora.get(&path).await.status, StatusCode::SEE_OTHER, "there is nothing to ask any more");
    let late = dora.post(&path, &[]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.page.contains("has ended"), "{}", late.page);
}

#[tokio::test]
async fn requests_and_grants_of_another_project_are_not_there_under_ones_own() {
    let (_test, desk, founded) = desk().await;
    let mine = founded.first.project.id;
    let elsewhere = desk.founded("Elsewhere").await;
    let theirs = elsewhere.first.project.id;
    let outcome = asked(&desk, theirs, Sandbox, "labels").await;
    let (request, grant) = (outcome.request.id, outcome.grant.expect("granted").id);
    let mut olga = desk.member(founded.organisation.id, "olga@shop.example", Role::Owner).await;
    let nobodys = "00000000-0000-4000-8000-000000000001";
    for project in [mine.to_string(), theirs.to_string(), nobodys.to_owned(), "x".to_owned()] {
        let mut paths = vec![format!("/projects/{project}/access/{request}"), format!("/projects/{project}/access/grants/{grant}/revoke")];
        if project != mine.to_string() {
            paths.extend([format!("/projects/{project}/access"), format!("/projects/{project}/access/new?api=labels")]);
        }
        for path in paths {
            let answer = olga.get(&path).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
            assert!(!answer.page.contains("Elsewhere"), "{path}");
            if path.ends_with("/revoke") || path.contains("/new") {
                let fields = [("environment", "sandbox"), ("scopes", "LBS"), ("reason", "x")];
                assert_eq!(olga.post(&path, &fields).await.status, StatusCode::NOT_FOUND, "{path}");
            }
        }
    }
    assert_eq!(granted(&desk, theirs, Sandbox).await, "LBS");
    let mut nobody = desk.browser();
    let answer = nobody.get(&format!("/projects/{mine}/access")).await;
    assert_eq!(
        (answer.status, answer.location()),
        (StatusCode::SEE_OTHER, format!("/sign-in?next=%2Fprojects%2F{mine}%2Faccess").as_str())
    );
}

#[tokio::test]
async fn a_project_that_asked_for_a_lot_has_a_light_page_and_those_that_wait_come_first() {
    let (_test, desk, founded) = desk().await;
    let project = founded.first.project.id;
    let long = access::Wish { reason: "mucho ".repeat(330), ..wish(project, Production, "labels") };
    access::request(&desk.app, &Actor::System, long.clone()).await.expect("asks");
    for _ in 0..60 {
        desk.hands.advance(60);
        let asked = access::request(&desk.app, &Actor::System, long.clone()).await.expect("asks");
        access::reject(&desk.app, &Actor::Operator("ana".into()), asked.request.id, &"no ".repeat(600)).await.expect("rejects");
    }
    let mut dora = desk.member(founded.organisation.id, "dora@shop.example", Role::Developer).await;
    let page = dora.get(&format!("/projects/{project}/access")).await.page;
    assert!(page.len() < 100_000, "{}", page.len());
    assert!(page.find("The operator decides").expect("waits") < page.find("rejected").expect("decided"));
    let last = dora.get(&format!("/projects/{project}/access?page=3")).await.page;
    assert!(last.contains("page=2#requests") && !last.contains("page=4"), "{last}");
    for odd in ["0", "-1", "NaN", "99999999999999999999"] {
        assert_eq!(dora.get(&format!("/projects/{project}/access?page={odd}")).await.status, StatusCode::OK, "{odd}");
    }
}

#[tokio::test]
async fn what_ended_with_its_project_says_so_in_the_readers_language() {
    let (_test, desk, founded) = desk().await;
    let project = founded.first.project.id;
    asked(&desk, project, Production, "labels").await;
    let mut olga = desk.member(founded.organisation.id, "olga@shop.example", Role::Owner).await;
    app::projects::archive(&desk.app, &Actor::Account(olga.account.expect("signed in")), project).await.expect("archives");
    olga.language = "es";
    let page = olga.get(&format!("/projects/{project}/access")).await.page;
    assert!(page.contains("El proyecto se archivó") && !page.contains("the project was archived"), "{page}");
}

#[tokio::test]
async fn a_project_whose_only_client_was_revoked_hears_that_it_gets_no_tokens() {
    let (_test, desk, founded) = desk().await;
    let project = founded.first.project.id;
    let request = asked(&desk, project, Sandbox, "labels").await.request.id;
    let mut dora = desk.member(founded.organisation.id, "dora@shop.example", Role::Developer).await;
    let path = format!("/projects/{project}/access/{request}");
    let before = dora.get(&path).await.page;
    app::clients::set_status(&desk.app, &Actor::System, &founded.first.client.client.id, domain::contract::Standing::Revoked)
        .await
        .expect("revokes");
    let page = dora.get(&path).await.page;
    assert!(!before.contains("no OAuth client") && page.contains("no OAuth client"), "{page}");
}
