//! Upstreams, tried at the console: of what is live, and of a draft before it is.

use std::sync::Arc;

use domain::role::Staff;
use http::StatusCode;
use portal::upstreams::{Line, Tried, Trying, Upstreams};
use serde_json::{Value, json};
use store::testkit;

use crate::desk::{Browser, Desk};

/// Answers for every origin but one.
pub struct Answering;

impl Upstreams for Answering {
    fn get<'s>(&'s self, origin: &'s str, _: &'s str) -> Trying<'s> {
        let tried = if origin == "https://down.example" { Tried::Unreachable } else { Tried::Answered(204, 7) };
        Box::pin(async move { tried })
    }
}

/// Labels with other origins in the sandbox.
fn labels(origins: &[&str]) -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {"title": "labels", "version": "2"},
        "paths": {"/labels": {"get": {"security": [{"oauth": ["LBS"]}]}}},
        "components": {"securitySchemes": {"oauth": {"type": "oauth2"}}},
        "x-postigo": {"name": "labels", "upstreams": {"sandbox": origins, "production": ["service:paloma"]}}
    })
}

/// Where the draft of a document is.
async fn drafted(publisher: &mut Browser, document: &Value) -> String {
    let text = document.to_string();
    let answer = publisher.post("/console/apis/labels/new", &[("text", text.as_str())]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.page);
    answer.location().split('?').next().expect("a path").to_owned()
}

#[tokio::test]
async fn the_origin_of_a_draft_is_tried_before_it_is_live_by_those_who_publish() {
    let test = testkit::sqlite().await;
    let desk = Desk::open_to_staff_with(&test, |settings| settings.upstreams = Line::to(Arc::new(Answering))).await;
    let mut publisher = desk.signed_in("publisher@carrier.example", Some(Staff::Publisher)).await;
    let draft = drafted(&mut publisher, &labels(&["https://next.example", "https://down.example", "service:paloma"])).await;
    let there = format!("{draft}/upstreams");
    let form = format!("action=\"{there}#upstreams\"");
    let page = publisher.get(&draft).await.page;
    assert_eq!(page.matches(form.as_str()).count(), 2, "what is inside the program is not tried: {page}");
    assert!(page.contains("Where requests go") && page.contains("service:paloma"), "{page}");

    let health = [("place", "sandbox-0"), ("path", "/health?deep=1")];
    let tried = publisher.post(&there, &health).await;
    assert_eq!(tried.status, StatusCode::OK, "{}", tried.page);
    for shown in ["GET https://next.example/health?deep=1", "204 · 7 ms", "value=\"/health?deep=1\"", "/publish\""] {
        assert!(tried.page.contains(shown), "{shown} is missing from {}", tried.page);
    }
    publisher.language = "es";
    let down = publisher.post(&there, &[("place", "sandbox-1"), ("path", "/")]).await;
    assert!(down.page.contains("GET https://down.example/") && down.page.contains("no hay conexión"), "{}", down.page);
    let wrong = publisher.post(&there, &[("place", "sandbox-0"), ("path", "health")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.page.contains("Escribe una ruta que empiece por /") && wrong.page.contains("value=\"health\""), "{}", wrong.page);
    for (path, place, why) in [
        (there.as_str(), "sandbox-2", "it is inside the program"),
        (there.as_str(), "sandbox-3", "the document names three"),
        ("/console/apis/labels/drafts/9/upstreams", "sandbox-0", "there is no such draft"),
        ("/console/apis/labels/upstreams", "sandbox-0", "what is live has no such origin yet"),
    ] {
        assert_eq!(publisher.post(path, &[("place", place), ("path", "/")]).await.status, StatusCode::NOT_FOUND, "{why}");
    }

    // Who only looks sees where requests would go, without a form that would be refused.
    let mut viewer = desk.signed_in("viewer@carrier.example", Some(Staff::Viewer)).await;
    let page = viewer.get(&draft).await.page;
    assert!(page.contains("https://next.example") && !page.contains(&form), "{page}");
    assert_eq!(viewer.post(&there, &health).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn where_no_origin_can_be_tried_a_draft_has_no_form_for_it() {
    let test = testkit::sqlite().await;
    let desk = Desk::open_to_staff(&test).await;
    let mut publisher = desk.signed_in("publisher@carrier.example", Some(Staff::Publisher)).await;
    let draft = drafted(&mut publisher, &labels(&["https://next.example"])).await;
    let page = publisher.get(&draft).await.page;
    assert!(page.contains("https://next.example") && !page.contains("#upstreams\""), "{page}");
    let answer = publisher.post(&format!("{draft}/upstreams"), &[("place", "sandbox-0"), ("path", "/")]).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}
