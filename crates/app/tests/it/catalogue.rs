use std::time::Duration;

use app::{
    Error, access,
    catalogue::{self, Document},
    plans,
};
use domain::Environment::Sandbox;
use serde_json::json;
use store::testkit::TestDb;
use tokio::time::Instant;

use crate::house::{actor, change, document, house, plan};

store::on_both_engines! {
    async fn what_is_exported_applies_without_a_change(test: TestDb) {
        let house = house(&test).await;
        let documents = catalogue::export(&house.app, &actor()).await.expect("exports");
        assert_eq!(catalogue::apply(&house.app, &actor(), documents, false).await.expect("applies"), []);
    }

    async fn a_dry_run_says_what_would_change_and_changes_nothing(test: TestDb) {
        let house = house(&test).await;
        let mut labels = document("labels", "/labels", "LBS");
        change(&mut labels, "/paths/~1labels/get/security", json!([{"oauth": ["OTHER"]}]));
        let documents = vec![document("requests", "/requests", "RCG"), labels];
        let changes = catalogue::apply(&house.app, &actor(), documents, true).await.expect("compares");
        let summary: Vec<_> = changes.iter().map(|change| format!("{} {} {}", change.action, change.name, change.detail.join(","))).collect();
        assert_eq!(summary, ["add requests + GET /requests,+ POST /requests", "change labels ~ GET /labels: other scopes", "remove tracking "]);
        assert_eq!(catalogue::export(&house.app, &actor()).await.expect("exports").len(), 2);
    }

    async fn faults_of_every_file_are_named_and_nothing_is_changed(test: TestDb) {
        let house = house(&test).await;
        let mut faulty = document("labels", "/labels", "LBS");
        change(&mut faulty, "/paths/~1labels/get/security", json!([]));
        let twin = document("twin", "/track/{other}", "TWN");
        let twice = document("tracking", "/track/{code}", "TPB");
        let error = catalogue::apply(&house.app, &actor(), vec![faulty, twice, twin], false).await.expect_err("refused");
        let Error::Faults(faults) = &error else { panic!("{error}") };
        assert!(faults.iter().any(|fault| fault.starts_with("labels.yaml: /paths/~1labels/get/security")), "{faults:?}");
        assert!(faults.iter().any(|fault| fault == "twin.yaml: /track/{other} is also a path of tracking.yaml; an API has its paths for itself"), "{faults:?}");
        assert_eq!(catalogue::export(&house.app, &actor()).await.expect("exports").len(), 2);
    }

    async fn an_api_that_projects_asked_for_is_not_removed(test: TestDb) {
        let house = house(&test).await;
        access::request(&house.app, &actor(), house.wish(Sandbox, "labels", None)).await.expect("asks");
        let error = catalogue::apply(&house.app, &actor(), vec![document("tracking", "/track/{code}", "TPB")], false).await.expect_err("refused");
        assert!(error.to_string().contains("labels cannot be removed"), "{error}");
        assert_eq!(catalogue::export(&house.app, &actor()).await.expect("exports").len(), 2);
    }
}

/// So many APIs of eight operations each, of which every second offers a plan of the house, and that plan.
fn many(number: usize) -> Vec<Document> {
    let api = |i: usize| {
        let paths: serde_json::Map<_, _> = (0..8)
            .map(|n| {
                let operation = json!({
                    "operationId": format!("operation{n}"), "summary": "Something with parcels", "security": [{"oauth": [format!("S{i}")]}],
                    "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Parcel"}}}},
                    "responses": {"200": {"description": "Done"}, "default": {"description": "A refusal"}},
                });
                (format!("/api-{i}/v1/things-{n}/{{code}}"), json!({ "post": operation }))
            })
            .collect();
        let members: serde_json::Map<_, _> = (0..30)
            .map(|n| (format!("member{n}"), json!({"type": "string", "description": "What it is, in a sentence.", "maxLength": 40})))
            .collect();
        let plan = if i.is_multiple_of(2) { json!("gold") } else { json!({"name": "own", "quota": {"requests": 1000}}) };
        let content = json!({
            "openapi": "3.1.0", "info": {"title": format!("API {i}"), "version": "1"}, "paths": paths,
            "components": {"securitySchemes": {"oauth": {"type": "oauth2"}}, "schemas": {"Parcel": {"type": "object", "properties": members}}},
            "x-postigo": {"name": format!("api-{i}"), "upstreams": {"sandbox": ["service:paloma"]}, "plans": [plan], "validate_requests": true}
        });
        Document { file: format!("api-{i}.yaml"), content }
    };
    let plans = Document { file: "plans.yaml".into(), content: json!({"plans": [plan("gold", 5)]}) };
    (0..number).map(api).chain([plans]).collect()
}

/// Published, exported, found unchanged, and one of them changed; how long each took.
async fn kept_as_files(test: &TestDb, number: usize) -> Vec<(&'static str, Duration)> {
    let house = house(test).await;
    let mut steps = Vec::new();
    let mut started = Instant::now();
    let mut step = |name| {
        steps.push((name, started.elapsed()));
        started = Instant::now();
    };
    // The two APIs of the house go: nobody asked for them.
    let changes = catalogue::apply(&house.app, &actor(), many(number), false).await.expect("applies");
    assert_eq!(changes.len(), number + 3);
    step("publish all");
    let exported = catalogue::export(&house.app, &actor()).await.expect("exports");
    assert_eq!(exported.len(), number + 1);
    step("export");
    assert_eq!(catalogue::apply(&house.app, &actor(), exported, false).await.expect("applies"), []);
    step("apply, no change");
    let mut one = many(number);
    change(&mut one[7], "/info/title", json!("Another title"));
    assert_eq!(catalogue::apply(&house.app, &actor(), one, false).await.expect("applies").len(), 1);
    step("apply, one change");
    assert_eq!(plans::find(&house.app, &actor(), "gold").await.expect("finds").apis.len(), number.div_ceil(2));
    step("who offers a plan");
    steps
}

store::on_both_engines! {
    async fn a_large_catalogue_is_kept_as_files(test: TestDb) {
        kept_as_files(&test, 60).await;
    }
}

#[tokio::test]
async fn a_catalogue_of_a_thousand_apis_is_kept_as_files_in_seconds() {
    let steps = kept_as_files(&store::testkit::sqlite().await, 1000).await;
    eprintln!("{steps:?}");
    // Generous, for machines that do other things meanwhile; what grows with the square takes minutes.
    assert!(steps.iter().all(|(_, took)| *took < Duration::from_secs(30)), "{steps:?}");
}
