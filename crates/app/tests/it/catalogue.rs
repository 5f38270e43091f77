use app::{Error, access, catalogue};
use domain::Environment::Sandbox;
use serde_json::json;

use crate::house::{actor, change, document, house};

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
