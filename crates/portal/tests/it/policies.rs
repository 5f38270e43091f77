//! The usage policies: versions in the console, the one in force for everybody, and what projects are told of the next.

use app::{
    Actor, App,
    policies::{self, Draft},
};
use domain::{
    Environment::Production,
    role::{Role, Staff},
};
use http::StatusCode;
use jiff::SignedDuration;
use store::testkit;

use crate::desk::Desk;

const MARKUP: &str = "<img src=x onerror=alert(1)>";

/// A draft, for tests of all routes.
pub async fn written(app: &App, version: &str) {
    let draft = Draft {
        version: version.into(),
        spanish: "Unas normas nuevas.\n\n## En producción {#production}\n\n1. Una.".into(),
        english: format!("New rules. {MARKUP}\n\n## In production {{#production}}\n\n1. One."),
        changed_spanish: "Casi todo.".into(),
        changed_english: "Nearly everything.".into(),
    };
    policies::put_draft(app, &Actor::System, &draft, None).await.expect("writes");
}

#[tokio::test]
async fn a_publisher_writes_a_version_from_the_one_in_force_and_publishes_it() {
    let test = testkit::sqlite().await;
    let desk = Desk::open_to_staff(&test).await;
    let mut publisher = desk.signed_in("pia@operator.example", Some(Staff::Publisher)).await;
    assert!(publisher.get("/console/policies/new").await.page.contains("{#production}"), "it begins with what is in force");
    let text = [("version", "2027-01"), ("spanish", "Unas normas."), ("english", "Some rules."), ("changed_english", "Nearly everything.")];
    let made = publisher.post("/console/policies/new", &text).await;
    assert_eq!(made.location(), "/console/policies/2027-01?done=draft-saved", "{}", made.page);
    let again = publisher.post("/console/policies/new", &text).await;
    assert_eq!(again.status, StatusCode::CONFLICT, "a name that is taken is not written over");
    assert_eq!(desk.browser().get("/policies?version=2027-01").await.status, StatusCode::NOT_FOUND, "a draft is for staff");
    let changed = [("revision", "1"), ("spanish", "Otras normas."), ("english", "Other rules."), ("changed_english", "Nearly everything.")];
    assert_eq!(publisher.post("/console/policies/2027-01", &changed).await.status, StatusCode::SEE_OTHER);
    let late = publisher.post("/console/policies/2027-01", &[("revision", "1"), ("spanish", "Mías."), ("english", "Mine.")]).await;
    assert!(late.status == StatusCode::CONFLICT && late.page.contains("Mine.") && late.page.contains("Other rules."), "{}", late.page);

    let past = publisher.post("/console/policies/2027-01/publish", &[("revision", "2"), ("in_force_at", "2020-01-01T00:00")]).await;
    assert!(past.status == StatusCode::UNPROCESSABLE_ENTITY && past.page.contains("href=\"#in_force_at\""), "{}", past.page);
    let done = publisher.post("/console/policies/2027-01/publish", &[("revision", "2"), ("in_force_at", "2026-12-01T00:00")]).await;
    assert!(done.location().ends_with("done=policies-published"), "{}", done.page);
    let mut reader = desk.browser();
    let page = reader.get("/policies").await.page;
    assert!(page.contains(policies::FIRST) && page.contains("/policies?version=2027-01"), "{page}");
    let next = reader.get("/policies?version=2027-01").await.page;
    assert!(next.contains("Nearly everything.") && next.contains("not in force yet"), "{next}");
    desk.hands.advance(365 * 86_400);
    assert!(reader.get("/policies").await.page.contains("Other rules."));
    assert!(reader.get(&format!("/policies?version={}", policies::FIRST)).await.page.contains("not in force any more"));
}

#[tokio::test]
async fn staff_without_the_duty_read_and_write_nothing() {
    let test = testkit::sqlite().await;
    let desk = Desk::open_to_staff(&test).await;
    written(&desk.app, "2027-01").await;
    let mut support = desk.signed_in("sol@operator.example", Some(Staff::Support)).await;
    let page = support.get("/console/policies/2027-01").await.page;
    assert!(page.contains("New rules.") && !page.contains("/publish\"") && !page.contains(MARKUP), "{page}");
    for verb in ["", "/publish", "/discard"] {
        let refused =
            support.post(&format!("/console/policies/2027-01{verb}"), &[("revision", "1"), ("in_force_at", "2027-01-01T00:00")]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{verb}");
    }
}

#[tokio::test]
async fn a_project_that_accepted_an_older_version_is_told_on_its_pages_and_may_accept_the_next() {
    let test = testkit::sqlite().await;
    let desk = Desk::open(&test).await;
    let founded = desk.founded("Librería").await;
    let mut admin = desk.member(founded.organisation.id, "ada@shop.example", Role::Admin).await;
    let base = format!("/projects/{}", founded.first.project.id);
    let accepted = |version| [("environment", "production"), ("version", version)];
    admin.post(&format!("{base}/policies"), &accepted(policies::FIRST)).await;
    written(&desk.app, "2027-01").await;
    let from = desk.app.now() + SignedDuration::from_hours(1);
    policies::publish(&desk.app, &Actor::System, "2027-01", 1, Some(from)).await.expect("publishes");
    for path in [base.clone(), format!("{base}/access"), format!("{base}/settings")] {
        let page = admin.get(&path).await.page;
        assert!(page.contains("The usage policies change on") && page.contains("production#policies"), "{page}");
    }
    let page = admin.get(&format!("{base}/production")).await.page;
    assert!(page.contains("value=\"2027-01\"") && page.contains(policies::FIRST), "{page}");
    let done = admin.post(&format!("{base}/policies"), &accepted("2027-01")).await;
    assert!(done.location().ends_with("done=policies-accepted"), "{}", done.page);
    assert!(!admin.get(&base).await.page.contains("The usage policies change on"));
    desk.hands.advance(3600);
    let page = admin.get(&format!("{base}/production")).await.page;
    assert!(page.contains("New rules.") && !page.contains(MARKUP) && !page.contains("I have read"), "{page}");
}

#[tokio::test]
async fn who_accepted_what_is_a_page_and_a_file_that_no_spreadsheet_runs() {
    let test = testkit::sqlite().await;
    let desk = Desk::open_to_staff(&test).await;
    let founded = desk.founded("=HYPERLINK(\"x\")").await;
    let admin = desk.member(founded.organisation.id, "ada@shop.example", Role::Admin).await;
    let by = Actor::Account(admin.account.expect("signed in"));
    policies::accept(&desk.app, &by, founded.first.project.id, Production, policies::FIRST, "192.0.2.9").await.expect("accepts");
    let mut viewer = desk.signed_in("vera@operator.example", Some(Staff::Viewer)).await;
    let page = viewer.get("/console/policies/acceptances").await.page;
    assert!(page.contains("192.0.2.9") && page.contains("ada@shop.example"), "{page}");
    assert!(!viewer.get("/console/policies/acceptances?organisation=nobody").await.page.contains("192.0.2.9"));
    let file = viewer.get(&format!("/console/policies/acceptances.csv?version={}", policies::FIRST)).await;
    assert!(file.headers["content-disposition"].to_str().expect("text").contains("policy-acceptances.csv"));
    assert!(file.page.lines().count() == 2 && file.page.contains("\"'=HYPERLINK(\"\"x\"\")\""), "{}", file.page);
    assert_eq!(viewer.get("/console/policies/acceptances?after=nonsense").await.status, StatusCode::NOT_FOUND);
}
