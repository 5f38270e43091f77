//! Plans of the house in the console, and a project that changes its plan.

use app::{
    Actor, access, catalogue,
    catalogue::Document,
    plans::{self, PlanInUse},
};
use domain::{
    Environment::{Production, Sandbox},
    plan::{HousePlan, Rate, Title},
    role::{Role, Staff},
};
use http::StatusCode;
use store::testkit::{self, TestDb};

use crate::desk::{Browser, Desk};

/// A plan of the house with so many requests in ten seconds.
pub async fn made(desk: &Desk, name: &str, requests: u32) {
    let plan = HousePlan {
        name: name.into(),
        title: Title { es: format!("Plan {name}"), en: format!("{name} plan") },
        rate: Some(Rate { requests, window_seconds: 10 }),
        quota: None,
    };
    plans::put(&desk.app, &Actor::System, plan, None).await.expect("a plan");
}

/// The desk, where labels offers two plans of the house, the larger of which the operator gives.
async fn desk() -> (TestDb, Desk) {
    let test = testkit::sqlite().await;
    let desk = Desk::open_to_staff(&test).await;
    made(&desk, "small", 5).await;
    made(&desk, "large", 50).await;
    let mut documents = catalogue::export(&desk.app, &Actor::System).await.expect("exports");
    documents.retain(|document| document.file != "plans.yaml");
    let labels: &mut Document = documents.iter_mut().find(|document| document.file == "labels.json").expect("there");
    labels.content["x-postigo"]["plans"] = serde_json::json!(["small", {"plan": "large", "approval": "required"}]);
    catalogue::apply(&desk.app, &Actor::System, documents, false).await.expect("applies");
    desk.directory.catch_up().await.expect("hears");
    (test, desk)
}

async fn publisher(desk: &Desk) -> Browser {
    desk.signed_in("pau@carrier.example", Some(Staff::Publisher)).await
}

async fn found(desk: &Desk, name: &str) -> PlanInUse {
    plans::find(&desk.app, &Actor::System, name).await.expect("finds")
}

#[tokio::test]
async fn a_publisher_makes_a_plan_and_others_see_it_without_its_buttons() {
    let (_test, desk) = desk().await;
    let mut pau = publisher(&desk).await;
    assert_eq!(pau.get("/console/plans/new").await.status, StatusCode::OK);
    let fields =
        [("name", "gold"), ("title_es", "Oro"), ("title_en", "Gold"), ("rate_requests", "100"), ("rate_window", "10"), ("quota", "")];
    let answer = pau.post("/console/plans/new", &fields).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/console/plans/gold?done=plan-saved"));
    let again = pau.post("/console/plans/new", &fields).await;
    assert!(
        again.status == StatusCode::UNPROCESSABLE_ENTITY && again.page.contains("There is a plan of that name already"),
        "{}",
        again.page
    );
    let wrong = [("name", "Gold"), ("title_es", "Oro"), ("title_en", "Gold"), ("rate_requests", "many"), ("quota", "1")];
    let wrong = pau.post("/console/plans/new", &wrong).await;
    assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.page.contains("value=\"many\""), "{}", wrong.page);

    let mut vera = desk.signed_in("vera@carrier.example", Some(Staff::Viewer)).await;
    let list = vera.get("/console/plans").await.page;
    assert!(list.contains("Gold") && list.contains("100 requests every 10 s") && !list.contains("/console/plans/new"), "{list}");
    let shown = vera.get("/console/plans/gold").await.page;
    assert!(!shown.contains("<button class=\"button\">") && !shown.contains("/remove") && shown.contains("role publisher"), "{shown}");
    assert_eq!(vera.post("/console/plans/gold", &fields).await.status, StatusCode::FORBIDDEN);
    assert_eq!(vera.post("/console/plans/gold/remove", &[]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(found(&desk, "gold").await.version, 1);
}

#[tokio::test]
async fn what_a_change_means_for_projects_is_said_before_it_is_saved() {
    let (_test, desk) = desk().await;
    let founded = desk.founded("Librería").await;
    let wish = access::Wish {
        project: founded.first.project.id,
        environment: Sandbox,
        api: "labels".into(),
        scopes: None,
        plan: None,
        reason: String::new(),
    };
    access::request(&desk.app, &Actor::System, wish).await.expect("asks").grant.expect("at once");
    let mut pau = publisher(&desk).await;
    let list = pau.get("/console/plans").await.page;
    assert!(list.contains("/apis/labels") && list.contains("data-name=\"Projects\">1<"), "{list}");
    let mut fields =
        vec![("version", "1"), ("title_es", "Chico"), ("title_en", "Small"), ("rate_requests", "7"), ("rate_window", "10"), ("quota", "")];
    let asked = pau.post("/console/plans/small", &fields).await;
    assert_eq!(asked.status, StatusCode::OK);
    assert!(asked.page.contains("Nothing has been saved yet") && asked.page.contains("7 requests every 10 s"), "{}", asked.page);
    assert_eq!(found(&desk, "small").await.version, 1);
    let shown =
        asked.page.split("name=\"shown\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("there").replace("&#34;", "\"");
    let shown = shown.replace("&#38;", "&");
    fields.push(("shown", &shown));
    // What was shown is what is saved, and nothing else.
    fields[3].1 = "8";
    assert_eq!(pau.post("/console/plans/small", &fields).await.status, StatusCode::OK);
    fields[3].1 = "7";
    let saved = pau.post("/console/plans/small", &fields).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
    // Somebody who still has the page of before overwrites nothing.
    let late = pau
        .post(
            "/console/plans/small",
            &[("version", "1"), ("title_es", "Otro"), ("title_en", "Other"), ("rate_requests", "7"), ("rate_window", "10")],
        )
        .await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(
        late.page.contains("meanwhile") && late.page.contains("value=\"Other\"") && late.page.contains("name=\"version\" value=\"2\""),
        "{}",
        late.page
    );
    assert_eq!(found(&desk, "small").await.plan.title.en, "Small");
}

#[tokio::test]
async fn a_plan_that_an_api_offers_stays_and_one_that_none_does_is_removed_on_a_page_of_its_own() {
    let (_test, desk) = desk().await;
    made(&desk, "spare", 1).await;
    let mut pau = publisher(&desk).await;
    let ask = pau.get("/console/plans/large/remove").await.page;
    assert!(ask.contains("It cannot be removed yet") && ask.contains("/apis/labels") && !ask.contains("button danger"), "{ask}");
    assert_eq!(pau.post("/console/plans/large/remove", &[]).await.status, StatusCode::CONFLICT);
    assert!(pau.get("/console/plans/spare/remove").await.page.contains("nothing stops working"));
    let gone = pau.post("/console/plans/spare/remove", &[]).await;
    assert_eq!((gone.status, gone.location()), (StatusCode::SEE_OTHER, "/console/plans?done=plan-removed"));
    assert_eq!(pau.get("/console/plans/spare").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_project_asks_for_another_plan_and_the_operator_reads_from_which_to_which() {
    let (_test, desk) = desk().await;
    let founded = desk.founded("Librería").await;
    let project = founded.first.project.id;
    let wish = access::Wish { project, environment: Sandbox, api: "labels".into(), scopes: None, plan: None, reason: String::new() };
    let grant = access::request(&desk.app, &Actor::System, wish).await.expect("asks").grant.expect("at once");
    let mut dora = desk.member(founded.organisation.id, "dora@shop.example", Role::Developer).await;
    let mut vera = desk.member(founded.organisation.id, "vera@shop.example", Role::Viewer).await;
    let path = format!("/projects/{project}/access/grants/{}/plan", grant.id);
    assert!(dora.get(&format!("/projects/{project}/access")).await.page.contains(&path));
    assert!(!vera.get(&format!("/projects/{project}/access")).await.page.contains(&path));
    let form = dora.get(&path).await.page;
    assert!(
        form.contains("large plan (large): 50 requests every 10 s. The operator decides") && !form.contains("value=\"small\""),
        "{form}"
    );
    let fields = [("plan", "large"), ("reason", "")];
    assert_eq!(vera.post(&path, &fields).await.status, StatusCode::FORBIDDEN);
    let why = dora.post(&path, &fields).await;
    assert!(
        why.status == StatusCode::UNPROCESSABLE_ENTITY && why.page.contains("say what you want it for")
            || why.page.contains("Say what you want it for"),
        "{}",
        why.page
    );
    assert_eq!(dora.post(&path, &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let asked = dora.post(&path, &[("plan", "large"), ("reason", "Christmas")]).await;
    assert!(asked.status == StatusCode::SEE_OTHER && asked.location().ends_with("done=access-asked"), "{}", asked.location());

    let id = asked.location().split(['/', '?']).nth(4).expect("an id").to_owned();
    let mut sara = desk.signed_in("sara@carrier.example", Some(Staff::Support)).await;
    let shown = sara.get(&format!("/console/access/{id}")).await.page;
    assert!(
        shown.contains("changes from <code>small</code> (5 requests every 10 s) to <code>large</code> (50 requests every 10 s)"),
        "{shown}"
    );
    assert_eq!(sara.post(&format!("/console/access/{id}/approve"), &[]).await.status, StatusCode::SEE_OTHER);
    let live = store::grants::live(desk.app.db(), project, Sandbox).await.expect("reads");
    assert_eq!((live.len(), live[0].plan.as_str()), (1, "large"));
    assert!(store::grants::live(desk.app.db(), project, Production).await.expect("reads").is_empty());

    let back = dora.post(&format!("/projects/{project}/access/grants/{}/plan", live[0].id), &[("plan", "small")]).await;
    assert!(back.location().ends_with("done=plan-changed"), "{} {}", back.status, back.location());
    let ended = dora.get(&path).await;
    assert_eq!((ended.status, ended.location()), (StatusCode::SEE_OTHER, format!("/projects/{project}/access").as_str()));
}
