//! How staff work the queues: who takes care of what, targets, words to begin with, and rules that need nobody.

use app::{Actor, access, reason_templates};
use domain::{
    Environment::Production,
    queue::Queue,
    role::{Role, Staff},
};
use http::StatusCode;
use store::{
    access_requests::Status,
    testkit::{self, TestDb},
};

use crate::desk::{Browser, Desk};

const MARKUP: &str = "<img src=x onerror=alert(1)> {{7*7}}";

async fn desk() -> (TestDb, Desk, Browser, Browser) {
    let test = testkit::sqlite().await;
    let desk = Desk::open_to_staff(&test).await;
    let sara = desk.signed_in("sara@carrier.example", Some(Staff::Support)).await;
    let adam = desk.signed_in("adam@carrier.example", Some(Staff::Administrator)).await;
    (test, desk, sara, adam)
}

/// A request of a new organisation that waits.
async fn waiting(desk: &Desk, name: &str) -> String {
    let project = desk.founded(name).await.first.project.id;
    let wish =
        access::Wish { project, environment: Production, api: "labels".into(), scopes: None, plan: None, reason: "from January on".into() };
    access::request(&desk.app, &Actor::System, wish).await.expect("asks").request.id.to_string()
}

#[tokio::test]
async fn who_takes_care_of_a_request_is_seen_by_the_others_and_the_list_finds_ones_own() {
    let (_test, desk, mut sara, mut adam) = desk().await;
    let (first, _second) = (waiting(&desk, "Librería").await, waiting(&desk, "Papelería").await);
    let page = format!("/console/access/{first}");
    assert!(adam.get(&page).await.page.contains("Nobody takes care of it yet"));
    let answer = sara.post(&format!("{page}/take?api=labels"), &[]).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, format!("{page}?api=labels").as_str()));
    assert!(sara.get(&page).await.page.contains("You take care of it"));
    let seen = adam.get(&page).await.page;
    assert!(seen.contains("Taken care of by sara@carrier.example") && seen.contains(&format!("{page}/take")), "{seen}");
    let rows = |page: &str| page.matches("id=\"r-").count();
    assert_eq!(rows(&sara.get("/console/access?taken=mine").await.page), 1);
    assert_eq!(rows(&adam.get("/console/access?taken=mine").await.page), 0);
    assert_eq!(rows(&adam.get("/console/access?taken=nobody").await.page), 1);
    assert!(adam.get("/console/access").await.page.contains("taken by sara@carrier.example"));
    sara.post(&format!("{page}/leave"), &[]).await;
    assert_eq!(rows(&adam.get("/console/access?taken=nobody").await.page), 2);
    // Who is late is shown how it was decided, and nothing breaks.
    adam.post(&format!("{page}/approve"), &[]).await;
    assert_eq!(sara.post(&format!("{page}/take"), &[]).await.location(), page);
    assert!(sara.get(&page).await.page.contains("decided by adam@carrier.example"));
}

#[tokio::test]
async fn what_waits_beyond_its_target_is_marked_wherever_it_is_listed() {
    let (_test, desk, mut sara, mut adam) = desk().await;
    let request = waiting(&desk, "Librería").await;
    let pages = ["/console".to_owned(), "/console/access".to_owned(), format!("/console/access/{request}")];
    for page in &pages {
        assert!(!sara.get(page).await.page.contains("overdue"), "{page}");
    }
    let refused = sara.post("/console/queues", &[("access", "1"), ("contracts", "48"), ("customer_types", "72")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    for bad in ["0", "-3", "soon", "1000000"] {
        let refused = adam.post("/console/queues", &[("access", bad), ("contracts", "48"), ("customer_types", "72")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
        assert!(refused.page.contains(&format!("value=\"{bad}\"")), "what was typed is kept: {}", refused.page);
    }
    let refused = adam.post("/console/queues", &[("access", "0"), ("contracts", "48"), ("customer_types", "no")]).await.page;
    assert_eq!(refused.matches("class=\"wrong\"").count(), 2, "each wrong one says so: {refused}");
    let saved = adam.post("/console/queues", &[("access", "1"), ("contracts", "48"), ("customer_types", "72")]).await;
    assert_eq!(saved.location(), "/console/queues?done=saved");
    desk.hands.advance(3601);
    for page in &pages {
        assert!(sara.get(page).await.page.contains("overdue"), "{page}");
    }
}

#[tokio::test]
async fn a_rejection_begins_with_the_words_of_a_template_in_either_language() {
    let (_test, desk, mut sara, _adam) = desk().await;
    let request = waiting(&desk, "Librería").await;
    let fields = [("queue", "access"), ("name", MARKUP), ("spanish", "Falta el contrato."), ("english", "The contract is missing.")];
    assert_eq!(sara.post("/console/queues/templates/new", &fields).await.location(), "/console/queues?done=saved");
    let again = sara.post("/console/queues/templates/new", &fields).await;
    assert!(again.status == StatusCode::UNPROCESSABLE_ENTITY && again.page.contains("Falta el contrato."), "{}", again.page);
    let template = reason_templates::list(&desk.app, &Actor::System, Some(Queue::Access)).await.expect("lists")[0].id;
    let page = sara.get(&format!("/console/access/{request}?api=labels")).await.page;
    let link = format!("/console/access/{request}?api=labels&#38;template={template}&#38;words=en#reject");
    assert!(page.contains(&link) && !page.contains("<img src=x"), "{page}");
    let begun = sara.get(&format!("/console/access/{request}?template={template}&words=en")).await.page;
    assert!(begun.contains(">The contract is missing.</textarea>"), "{begun}");
    let begun = sara.get(&format!("/console/access/{request}?template={template}&words=es")).await.page;
    assert!(begun.contains(">Falta el contrato.</textarea>"), "{begun}");
    assert_eq!(sara.post(&format!("/console/queues/templates/{template}/remove"), &[]).await.location(), "/console/queues?done=removed");
    let gone = sara.get(&format!("/console/access/{request}?template={template}")).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_rule_written_in_the_console_grants_what_it_says_and_nothing_in_general() {
    let (_test, desk, mut sara, mut adam) = desk().await;
    let fields = [("name", "Own people"), ("environment", "production"), ("api", "labels")];
    assert_eq!(sara.post("/console/queues/rules/new", &fields).await.status, StatusCode::FORBIDDEN);
    let refused = adam.post("/console/queues/rules/new", &fields).await;
    assert!(
        refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.page.contains("approve anybody in production"),
        "{}",
        refused.page
    );
    // A word that nobody knows is not read as "in both" or "for all".
    for (field, word) in [("environment", "moon"), ("customer_types", "customers")] {
        let words = [("name", "Moon"), ("mail_domains", "shop.example"), (field, word)];
        let refused = adam.post("/console/queues/rules/new", &words).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        assert!(refused.page.contains("from the list"), "{}", refused.page);
    }
    assert!(app::approval_rules::list(&desk.app, &Actor::System).await.expect("lists").is_empty());
    let mut fields = fields.to_vec();
    fields.extend([("mail_domains", "shop.example"), ("customer_types", "customer"), ("customer_types", "internal")]);
    assert_eq!(adam.post("/console/queues/rules/new", &fields).await.location(), "/console/queues?done=saved");
    let list = sara.get("/console/queues").await.page;
    assert!(list.contains("customer or internal") && list.contains("verified mail at shop.example"), "{list}");
    let rule = app::approval_rules::list(&desk.app, &Actor::System).await.expect("lists")[0].id;
    let form = adam.get(&format!("/console/queues/rules/{rule}")).await.page;
    assert!(form.contains("value=\"internal\" checked") && form.contains(">shop.example</textarea>"), "{form}");

    let founded = desk.founded("Librería").await;
    let mut dora = desk.member(founded.organisation.id, "dora@shop.example", Role::Developer).await;
    let path = format!("/projects/{}/access/new?api=labels", founded.first.project.id);
    let wish = [("api", "labels"), ("environment", "production"), ("scopes", "LBS"), ("plan", "standard"), ("reason", "soon")];
    let answer = dora.post(&path, &wish).await;
    assert_eq!(answer.status, StatusCode::OK, "the API credential that comes with it is shown, once: {}", answer.page);
    let requests = store::access_requests::of_project(desk.app.db(), founded.first.project.id).await.expect("reads");
    let granted = requests.iter().find(|request| request.environment == Production).expect("asked");
    assert_eq!(granted.status, Status::Approved);
    assert_eq!(adam.post(&format!("/console/queues/rules/{rule}/remove"), &[]).await.location(), "/console/queues?done=removed");
    assert_eq!(adam.get(&format!("/console/queues/rules/{rule}")).await.status, StatusCode::NOT_FOUND);
}
