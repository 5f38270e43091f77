//! The catalogue in the console: a document comes in, is compared, published, deprecated, retired; and what everybody sees of it.

use app::{Actor, catalogue};
use domain::role::{Role, Staff};
use http::{Method, StatusCode};
use serde_json::json;
use store::testkit::{self, TestDb};

use crate::desk::{Answer, Browser, Desk};

const MARKUP: &str = "<img src=x onerror=alert(1)>";

async fn desk() -> (TestDb, Desk, Browser) {
    let test = testkit::sqlite().await;
    let desk = Desk::open_to_staff(&test).await;
    let publisher = desk.signed_in("publisher@carrier.example", Some(Staff::Publisher)).await;
    (test, desk, publisher)
}

/// Labels with another scope, as YAML.
fn labels(scope: &str, title: &str) -> String {
    format!(
        "openapi: 3.1.0\ninfo:\n  title: '{title}'\n  version: '2'\npaths:\n  /labels:\n    get:\n      security: [{{oauth: [{scope}]}}]\ncomponents:\n  securitySchemes: {{oauth: {{type: oauth2}}}}\nx-postigo:\n  name: labels\n  upstreams: {{sandbox: ['service:paloma'], production: ['service:paloma']}}\n  api_credential: required\n"
    )
}

async fn pasted(browser: &mut Browser, path: &str, text: &str) -> Answer {
    browser.post(path, &[("text", text)]).await
}

/// Where the draft of a text is.
async fn drafted(browser: &mut Browser, text: &str) -> String {
    let answer = pasted(browser, "/console/apis/labels/new", text).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.page);
    answer.location().split('?').next().expect("a path").to_owned()
}

/// When the draft on this page was written, as its form says.
async fn written(browser: &mut Browser, draft: &str) -> String {
    let page = browser.get(draft).await.page;
    page.split("name=\"written\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("the form says").to_owned()
}

impl Desk {
    /// The hot path hears of what was published.
    async fn heard(&self) {
        self.directory.catch_up().await.expect("catches up");
    }
}

#[tokio::test]
async fn every_fault_stands_with_its_line_and_nothing_typed_is_lost() {
    let (_test, _desk, mut publisher) = desk().await;
    let text = labels("LBS", MARKUP).replace("[{oauth: [LBS]}]", "[]").replace("name: labels", "name: Labels");
    let answer = pasted(&mut publisher, "/console/apis/new", &text).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for shown in [">8:7<", ">12:3<", "/paths/~1labels/get/security", "/x-postigo/name", "security: []"] {
        assert!(answer.page.contains(shown), "{shown} is missing from {}", answer.page);
    }
    // Markup is text, in the faults and in what was typed.
    assert!(!answer.page.contains("<img") && answer.page.contains("onerror=alert(1)"), "{}", answer.page);
    publisher.language = "es";
    let answer = pasted(&mut publisher, "/console/apis/new", "nada").await;
    assert!(answer.page.contains("aquí no hay ningún documento OpenAPI"), "{}", answer.page);
}

#[tokio::test]
async fn an_ordinary_document_is_published_with_a_name_and_an_origin_from_the_form() {
    let (_test, _desk, mut publisher) = desk().await;
    let whole = labels("RET", "Returns").replace("/labels", "/returns");
    let ordinary = whole.split("x-postigo").next().expect("the rest").to_owned();
    let nameless = pasted(&mut publisher, "/console/apis/new", &ordinary).await;
    assert!(nameless.status == StatusCode::UNPROCESSABLE_ENTITY && nameless.page.contains("/x-postigo"), "{}", nameless.page);
    let mut form = vec![("text", ordinary.as_str()), ("name", "Returns"), ("sandbox", "https://test.example"), ("production", "")];
    let wrong = publisher.post("/console/apis/new", &form).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    for kept in ["/x-postigo/name", "value=\"Returns\"", "value=\"https://test.example\""] {
        assert!(wrong.page.contains(kept), "{kept} is missing from {}", wrong.page);
    }
    form[1].1 = "returns";
    let kept = publisher.post("/console/apis/new", &form).await;
    assert_eq!(kept.location(), "/console/apis/returns/drafts/1?done=drafted");
    let page = publisher.get("/console/apis/returns/new").await.page;
    assert!(!page.contains("name=\"sandbox\"") && page.contains("keeps that of the version before"), "{page}");
    let again = pasted(&mut publisher, "/console/apis/returns/new", &ordinary.replace("Returns", "Parcels back")).await;
    assert_eq!(again.location(), "/console/apis/returns/drafts/2?done=drafted");
}

#[tokio::test]
async fn a_file_is_taken_as_a_browser_sends_it_and_a_long_one_is_told_so() {
    let (_test, desk, mut publisher) = desk().await;
    let token = desk.app.form_token(&publisher.cookies["postigo-session"]);
    let body = |file: &str| {
        format!(
            "--b0\r\ncontent-disposition: form-data; name=\"form_token\"\r\n\r\n{token}\r\n--b0\r\ncontent-disposition: form-data; name=\"file\"; filename=\"x.yaml\"\r\ncontent-type: text/yaml\r\n\r\n{file}\r\n--b0\r\ncontent-disposition: form-data; name=\"text\"\r\n\r\n\r\n--b0--\r\n"
        )
    };
    let headers = [("content-type", "multipart/form-data; boundary=b0"), ("sec-fetch-site", "same-origin")];
    let mut send = async |path: &str, body: String| publisher.ask(Method::POST, path, &headers, body).await;
    let answer = send("/console/apis/labels/new", body(&labels("LBS", "Labels"))).await;
    assert!(answer.location().starts_with("/console/apis/labels/drafts/2?"), "{} {}", answer.status, answer.page);
    let long = format!("# {}\n{}", "x".repeat(2 * 1024 * 1024), labels("LBS", "Labels"));
    let answer = send("/console/apis/labels/new", body(&long)).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.page.contains("longer than 2 MiB"));
    // Other forms stay as short as they were.
    let answer = send("/console/apis/labels/rules", body(&long)).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn what_breaks_is_told_with_whom_it_reaches_and_published_only_when_meant() {
    let (_test, desk, mut publisher) = desk().await;
    let founded = desk.founded("Librería").await;
    crate::projects::granted(&desk, founded.first.project.id, "labels").await;
    let draft = drafted(&mut publisher, &labels("NEW", "Labels")).await;
    let page = publisher.get(&draft).await.page;
    for shown in ["Breaks calls", "scopes: LBS → NEW", "Librería", "name=\"over\" value=\"1\""] {
        assert!(page.contains(shown), "{shown} is missing from {page}");
    }
    let (publish, at) = (format!("{draft}/publish"), written(&mut publisher, &draft).await);
    let fields = [("over", "1"), ("written", &at), ("note", "Another scope."), ("breaks", "")];
    let answer = publisher.post(&publish, &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.page.contains("Another scope."), "what was typed stays");
    let answer = publisher.post(&publish, &[("over", "1"), ("written", "1"), ("breaks", "yes")]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.page.contains("not the draft that you looked at"), "{}", answer.page);
    let answer = publisher.post(&publish, &[("over", "1"), ("written", &at), ("note", "Another scope."), ("breaks", "yes")]).await;
    assert_eq!(answer.location(), "/console/apis/labels?done=published");
    desk.heard().await;
    let mut anybody = desk.browser();
    assert!(anybody.get("/apis/labels").await.page.contains("<code>NEW</code>"));
    let changes = anybody.get("/apis/labels/changes").await.page;
    assert!(changes.contains("Another scope.") && changes.contains("scopes: LBS → NEW"), "{changes}");
    // Two who looked at the same: the second looks again.
    let late = drafted(&mut publisher, &labels("LATE", "Labels")).await;
    let at = written(&mut publisher, &late).await;
    let answer = publisher.post(&format!("{late}/publish"), &[("over", "1"), ("written", &at), ("breaks", "yes")]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.page.contains("ersion 2 was published meanwhile"), "{}", answer.page);
}

#[tokio::test]
async fn a_draft_is_seen_by_staff_alone_and_its_preview_is_the_reference_page() {
    let (_test, desk, mut publisher) = desk().await;
    let draft = drafted(&mut publisher, &labels("LBS", "Etiquetas nuevas")).await;
    let preview = publisher.get(&format!("{draft}/preview")).await;
    assert!(preview.page.contains("Etiquetas nuevas") && preview.page.contains("Nobody else sees it yet"), "{}", preview.page);
    let operation = preview.page.split(&format!("{draft}/preview/")).nth(1).and_then(|rest| rest.split('"').next()).expect("an operation");
    assert_eq!(publisher.get(&format!("{draft}/preview/{operation}")).await.status, StatusCode::OK);
    let mut anybody = desk.browser();
    assert!(!anybody.get("/apis/labels").await.page.contains("Etiquetas nuevas"));
    assert_eq!(anybody.get("/apis/unknown/changes").await.status, StatusCode::NOT_FOUND);
    // Who only looks sees it, without buttons that would be refused.
    let mut viewer = desk.signed_in("viewer@carrier.example", Some(Staff::Viewer)).await;
    let page = viewer.get(&draft).await.page;
    assert!(!page.contains("/publish\"") && !page.contains("/discard\""), "{page}");
    assert!(!viewer.get("/console/apis").await.page.contains("/console/apis/new"));
    assert_eq!(viewer.post(&format!("{draft}/publish"), &[("over", "1")]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(publisher.post(&format!("{draft}/discard"), &[]).await.location(), "/console/apis?done=discarded");
    assert_eq!(publisher.get(&draft).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_is_deprecated_says_so_and_what_is_retired_is_gone_with_its_date() {
    let (_test, desk, mut publisher) = desk().await;
    let wrong = publisher.post("/console/apis/labels/deprecate", &[("sunset", "soon")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let past = publisher.post("/console/apis/labels/deprecate", &[("sunset", "2001-01-01")]).await;
    assert!(past.page.contains("hoose a day that is to come"), "{}", past.page);
    let answer = publisher.post("/console/apis/labels/deprecate", &[("sunset", "2099-12-31")]).await;
    assert_eq!(answer.location(), "/console/apis/labels?done=deprecated");
    desk.heard().await;
    let mut anybody = desk.browser();
    assert!(anybody.get("/apis/labels").await.page.contains("This API is deprecated"));
    assert!(anybody.get("/apis").await.page.contains("deprecated"));
    // It is not offered any more.
    let founded = desk.founded("Librería").await;
    let mut owner = desk.member(founded.organisation.id, "owner@shop.example", Role::Owner).await;
    let access = format!("/projects/{}/access/new", founded.first.project.id);
    let offered = owner.get(&access).await.page;
    assert!(offered.contains("api=tracking") && !offered.contains("api=labels"), "{offered}");
    let refused = owner.post(&format!("{access}?api=labels"), &[("environment", "sandbox"), ("scopes", "LBS")]).await;
    assert!(refused.page.contains("takes no new requests"), "{}", refused.page);

    assert_eq!(publisher.post("/console/apis/labels/retire", &[("name", "label")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(publisher.post("/console/apis/labels/retire", &[("name", "labels")]).await.location(), "/console/apis/labels?done=retired");
    desk.heard().await;
    for path in ["/apis/labels", "/apis/labels/openapi.json", "/apis/labels/x"] {
        let answer = anybody.get(path).await;
        assert_eq!(answer.status, StatusCode::GONE, "{path}");
        assert!(answer.page.contains("was retired") && answer.page.contains("<time "), "{}", answer.page);
    }
    assert_eq!(anybody.get("/apis/labels/changes").await.status, StatusCode::OK);
    // An older version, published again, brings it back.
    let again = publisher.post("/console/apis/labels/drafts/1/again", &[]).await.location().to_owned();
    let draft = again.split('?').next().expect("a path");
    let at = written(&mut publisher, draft).await;
    publisher.post(&format!("{draft}/publish"), &[("over", "1"), ("written", &at)]).await;
    desk.heard().await;
    assert_eq!(anybody.get("/apis/labels").await.status, StatusCode::OK);
}

#[tokio::test]
async fn rules_are_edited_without_the_document_and_hide_it_from_those_it_is_not_for() {
    let (_test, desk, mut publisher) = desk().await;
    let page = publisher.get("/console/apis/labels/rules").await.page;
    assert!(page.contains("value=\"api_credential\" checked"), "{page}");
    let rules = [
        ("from", "1"),
        ("open_to", "internal"),
        ("sandbox", "internal"),
        ("hidden", "yes"),
        ("dialect", "problem"),
        ("calls", "api_credential"),
    ];
    let answer = publisher.post("/console/apis/labels/rules", &rules).await;
    assert_eq!(answer.location(), "/console/apis/labels/drafts/2?done=drafted", "{}", answer.page);
    let nobody = publisher.post("/console/apis/labels/rules", &[("from", "1"), ("dialect", "problem")]).await;
    assert!(nobody.page.contains("Choose at least one type"), "{}", nobody.page);
    let at = written(&mut publisher, "/console/apis/labels/drafts/2").await;
    publisher.post("/console/apis/labels/drafts/2/publish", &[("over", "1"), ("written", &at)]).await;
    desk.heard().await;
    assert!(!desk.browser().get("/apis").await.page.contains("/apis/labels"));
    assert!(publisher.get("/apis").await.page.contains("/apis/labels"));
    let founded = desk.founded("Librería").await;
    let mut owner = desk.member(founded.organisation.id, "owner@shop.example", Role::Owner).await;
    let new = owner.get(&format!("/organisations/{}/projects/new", founded.organisation.id)).await.page;
    assert!(new.contains("tracking") && !new.contains("value=\"labels\""), "{new}");
    let refused = owner
        .post(&format!("/projects/{}/access/new?api=labels", founded.first.project.id), &[("environment", "sandbox"), ("scopes", "LBS")])
        .await;
    assert!(refused.page.contains("not open to organisations of your type"), "{}", refused.page);
}

#[tokio::test]
async fn a_new_api_is_listed_as_a_draft_until_it_is_published() {
    let (_test, desk, mut publisher) = desk().await;
    let text = labels("RET", "Returns").replace("name: labels", "name: returns").replace("/labels", "/returns");
    let answer = pasted(&mut publisher, "/console/apis/new", &text).await;
    assert!(answer.location().starts_with("/console/apis/returns/drafts/1"), "{}", answer.page);
    let list = publisher.get("/console/apis").await.page;
    assert!(list.contains("not published") && list.contains("/console/apis/returns/drafts/1"), "{list}");
    assert_eq!(publisher.get("/console/apis/returns").await.status, StatusCode::OK);
    assert_eq!(desk.browser().get("/apis/returns").await.status, StatusCode::NOT_FOUND);
    let at = written(&mut publisher, "/console/apis/returns/drafts/1").await;
    // Somebody else takes its path meanwhile.
    let rival = catalogue::Document {
        file: "rival".into(),
        content: json!({
        "openapi": "3.1.0", "info": {"title": "Rival"}, "paths": {"/returns": {"get": {"security": [{"oauth": ["X"]}]}}},
        "components": {"securitySchemes": {"oauth": {"type": "oauth2"}}}, "x-postigo": {"name": "rival", "upstreams": {}}}),
    };
    let mut documents = catalogue::export(&desk.app, &Actor::System).await.expect("exports");
    documents.push(rival);
    catalogue::apply(&desk.app, &Actor::System, documents, false).await.expect("applies");
    let page = publisher.get("/console/apis/returns/drafts/1").await.page;
    assert!(page.contains("is a path of rival too"), "{page}");
    let answer = publisher.post("/console/apis/returns/drafts/1/publish", &[("over", "0"), ("written", &at)]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT, "{}", answer.page);
    assert!(answer.page.contains("is a path of rival too"), "{}", answer.page);
}

#[tokio::test]
async fn whom_a_page_does_not_name_stands_in_a_file_that_no_spreadsheet_runs_and_staff_alone_get() {
    let (_test, desk, mut publisher) = desk().await;
    let founded = desk.founded("=HYPERLINK(\"x\")").await;
    let organisation = founded.organisation.id;
    // One more than a page names.
    let mut projects = vec![founded.first.project.id];
    for number in 1..=50 {
        let made = app::projects::create(&desk.app, &Actor::System, organisation, &format!("Shop {number}")).await.expect("creates");
        projects.push(made.project.id);
    }
    for project in &projects {
        crate::projects::granted(&desk, *project, "labels").await;
    }
    let (path, draft) = ("/console/apis/labels/holders.csv", drafted(&mut publisher, &labels("NEW", "Labels")).await);
    for listed in ["/console/apis/labels/deprecate", "/console/apis/labels/retire", draft.as_str()] {
        let page = publisher.get(listed).await.page;
        assert!(page.contains("And others: 1<") && page.contains(&format!("href=\"{path}\"")), "{listed}: {page}");
    }
    let mut viewer = desk.signed_in("viewer@carrier.example", Some(Staff::Viewer)).await;
    let file = viewer.get(path).await;
    assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8");
    assert!(file.headers["content-disposition"].to_str().expect("text").contains("labels-holders.csv"));
    assert_eq!(file.page.lines().count(), 1 + projects.len(), "{}", file.page);
    assert_eq!(file.page.matches(",\"'=HYPERLINK(\"\"x\"\")\",").count(), projects.len(), "{}", file.page);
    assert!(projects.iter().all(|project| file.page.matches(&format!("\"{project}\"")).count() == 1), "{}", file.page);
    assert_eq!(viewer.get("/console/apis/unknown/holders.csv").await.status, StatusCode::NOT_FOUND);
    let mut member = desk.member(organisation, "owner@shop.example", Role::Owner).await;
    let mut stranger = desk.signed_in("eve@other.example", None).await;
    for browser in [&mut member, &mut stranger] {
        assert_eq!(browser.get(path).await.status, StatusCode::NOT_FOUND);
    }
}
