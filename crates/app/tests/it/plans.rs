//! Plans of the house: named by documents, changed with care, kept as files beside the APIs.

use app::{Error, access, catalogue, catalogue::Document, plans};
use domain::Environment::{Production, Sandbox};
use serde_json::json;
use store::access_requests::Status;

use crate::house::{House, actor, change, document, house, plan};

/// The two APIs of the house, of which `labels` offers the plans of the house that are named and `tracking` one of its own called `gold`.
fn documents(named: serde_json::Value) -> Vec<Document> {
    let mut labels = document("labels", "/labels", "LBS");
    change(&mut labels, "/x-postigo/plans", named);
    let mut tracking = document("tracking", "/track/{code}", "TPB");
    change(&mut tracking, "/x-postigo/plans", json!([{"name": "gold"}]));
    vec![labels, tracking]
}

fn list(plans: serde_json::Value) -> Document {
    Document { file: "plans.yaml".into(), content: json!({ "plans": plans }) }
}

/// As documents say it.
fn written(name: &str, requests: u32) -> serde_json::Value {
    serde_json::to_value(plan(name, requests)).expect("JSON")
}

async fn applied(house: &House, documents: Vec<Document>) -> Vec<String> {
    let changes = catalogue::apply(&house.app, &actor(), documents, false).await.expect("applies");
    changes.iter().map(|change| format!("{} {} {}", change.action, change.kind.as_str(), change.name)).collect()
}

store::on_both_engines! {
    async fn a_plan_is_written_once_and_named_by_apis(test: TestDb) {
        let house = house(&test).await;
        let error = catalogue::apply(&house.app, &actor(), documents(json!(["gold"])), false).await.expect_err("unknown").to_string();
        assert!(error.contains("labels.yaml: /x-postigo/plans/0: \"gold\" is not a plan of the house"), "{error}");
        plans::put(&house.app, &actor(), plan("gold", 5), None).await.expect("a plan");
        assert_eq!(applied(&house, documents(json!(["gold"]))).await, ["change api labels", "change api tracking"]);
        let asked = access::request(&house.app, &actor(), house.wish(Sandbox, "labels", None)).await.expect("asks");
        access::request(&house.app, &actor(), house.wish(Sandbox, "tracking", None)).await.expect("asks");
        assert_eq!(asked.request.plan, "gold");
        let found = plans::find(&house.app, &actor(), "gold").await.expect("finds");
        assert_eq!((found.version, found.projects, found.apis.len()), (1, 1, 1), "what an API wrote for itself is not the house's");
        let error = plans::remove(&house.app, &actor(), "gold").await.expect_err("in use").to_string();
        assert!(error.contains("offered by labels"), "{error}");
        applied(&house, documents(json!([{"name": "gold"}]))).await;
        plans::remove(&house.app, &actor(), "gold").await.expect("removes");
        assert!(plans::list(&house.app, &actor()).await.expect("lists").is_empty());
    }

    async fn of_two_who_edit_a_plan_none_overwrites_the_other(test: TestDb) {
        let house = house(&test).await;
        plans::put(&house.app, &actor(), plan("gold", 5), None).await.expect("a plan");
        assert!(matches!(plans::put(&house.app, &actor(), plan("gold", 6), None).await, Err(Error::Taken { .. })));
        plans::put(&house.app, &actor(), plan("gold", 6), Some(1)).await.expect("changes");
        let late = plans::put(&house.app, &actor(), plan("gold", 7), Some(1)).await.expect_err("late");
        assert!(late.to_string().contains("meanwhile"), "{late}");
        assert!(matches!(plans::put(&house.app, &actor(), plan("silver", 7), Some(1)).await, Err(Error::NotFound { .. })));
        let found = plans::find(&house.app, &actor(), "gold").await.expect("finds");
        assert_eq!((found.version, found.plan.rate.map(|rate| rate.requests)), (2, Some(6)));
        assert!(matches!(plans::put(&house.app, &actor(), plan("gold", 0), Some(2)).await, Err(Error::Invalid { field: "rate", .. })));
    }

    async fn plans_and_apis_are_applied_together_in_the_order_they_need(test: TestDb) {
        let house = house(&test).await;
        let mut all = documents(json!(["gold", "silver"]));
        all.push(list(json!([written("gold", 5), written("silver", 3)])));
        assert_eq!(applied(&house, all).await, ["add plan gold", "add plan silver", "change api labels", "change api tracking"]);
        let exported = catalogue::export(&house.app, &actor()).await.expect("exports");
        assert_eq!(exported.iter().map(|document| document.file.as_str()).collect::<Vec<_>>(), ["labels.json", "tracking.json", "plans.yaml"]);
        assert!(applied(&house, exported).await.is_empty());
        // Silver goes together with the offer of it; a plan that changes does not touch the APIs that name it.
        let mut all = documents(json!(["gold"]));
        all.push(list(json!([written("gold", 50)])));
        let changes = catalogue::apply(&house.app, &actor(), all, false).await.expect("applies");
        let summary: Vec<_> = changes.iter().map(|change| format!("{} {} {}", change.action, change.name, change.detail.join(","))).collect();
        assert_eq!(summary, ["change gold ~ 5 requests in 10 s -> 50 requests in 10 s", "remove silver ", "change labels ~ plans: gold"]);
        let json = serde_json::to_value(&changes).expect("JSON");
        assert_eq!((&json[0]["kind"], json[0].get("api"), &json[2]["api"]), (&json!("plan"), None, &json!("labels")));
    }

    async fn of_what_the_files_do_not_speak_nothing_is_changed(test: TestDb) {
        let house = house(&test).await;
        let mut all = documents(json!(["gold"]));
        all.push(list(json!([written("gold", 5), written("spare", 1)])));
        applied(&house, all).await;
        assert!(applied(&house, documents(json!(["gold"]))).await.is_empty(), "no file of plans: they stay");
        assert_eq!(applied(&house, vec![list(json!([written("gold", 5)]))]).await, ["remove plan spare"], "no file of APIs: they stay");
        let error = catalogue::apply(&house.app, &actor(), vec![list(json!([]))], true).await.expect_err("in use").to_string();
        assert!(error.contains("gold cannot be removed: it is offered by labels"), "{error}");
        let mut none = documents(json!(["gold"]));
        none.push(list(json!([])));
        let error = catalogue::apply(&house.app, &actor(), none, false).await.expect_err("in use").to_string();
        assert!(error.contains("labels.yaml: /x-postigo/plans/0"), "{error}");
    }

    async fn a_plan_that_something_retired_names_stays(test: TestDb) {
        let house = house(&test).await;
        let mut all = documents(json!(["gold"]));
        all.push(list(json!([written("gold", 5)])));
        applied(&house, all).await;
        catalogue::retire(&house.app, &actor(), &"labels".into()).await.expect("retires");
        let others = || vec![documents(json!(["gold"])).remove(1), list(json!([]))];
        for dry_run in [true, false] {
            let error = catalogue::apply(&house.app, &actor(), others(), dry_run).await.expect_err("in use").to_string();
            assert!(error.contains("gold cannot be removed: it is offered by labels"), "{error}");
        }
        // A file that says otherwise lets it go.
        let mut all = documents(json!([{"name": "own"}]));
        all.push(list(json!([])));
        assert!(applied(&house, all).await.contains(&"remove plan gold".to_owned()));
    }

    async fn a_change_of_plan_is_a_request_like_any_other(test: TestDb) {
        let house = house(&test).await;
        let mut all = documents(json!(["small", {"plan": "large", "approval": "required"}]));
        all.push(list(json!([written("small", 5), written("large", 50)])));
        applied(&house, all).await;
        let first = access::request(&house.app, &actor(), house.wish(Sandbox, "labels", Some("LBS"))).await.expect("asks").grant.expect("at once");
        let same = access::change_plan(&house.app, &actor(), first.id, "small", "why").await.err().expect("refused");
        assert!(matches!(same, Error::Invalid { field: "plan", .. }), "{same}");
        let asked = access::change_plan(&house.app, &actor(), first.id, "large", "more parcels").await.expect("asks");
        assert_eq!((asked.request.status, asked.grant.is_none()), (Status::Pending, true), "this plan is the operator's to give");
        let became = access::approve(&house.app, &actor(), asked.request.id, None).await.expect("approves").grant.expect("a grant");
        assert_eq!((became.plan.as_str(), became.scopes.to_string()), ("large", "LBS".into()));
        // Who holds it need not ask again for more scopes, and goes back to a smaller one at once.
        let mut wider = house.wish(Sandbox, "labels", Some("LBSW"));
        wider.plan = Some("large".into());
        let wider = access::request(&house.app, &actor(), wider).await.expect("asks").grant.expect("at once");
        let back = access::change_plan(&house.app, &actor(), wider.id, "small", "").await.expect("asks").grant.expect("at once");
        assert_eq!((back.plan.as_str(), back.scopes.to_string()), ("small", "LBS LBSW".into()));
        let ended = access::change_plan(&house.app, &actor(), wider.id, "small", "").await.err().expect("refused");
        assert!(matches!(ended, Error::Refused(_)), "{ended}");
        let live = store::grants::live(house.app.db(), house.project(), Sandbox).await.expect("reads");
        assert_eq!(live.len(), 1, "one live grant for each API");
        assert!(store::grants::live(house.app.db(), house.project(), Production).await.expect("reads").is_empty());
    }
}

#[tokio::test]
async fn documents_of_no_known_kind_are_faults_that_name_their_file() {
    let test = store::testkit::sqlite().await;
    let house = house(&test).await;
    let mut all = documents(json!(["gold"]));
    all.push(Document { file: "other.yaml".into(), content: json!({"rules": []}) });
    all.push(Document { file: "text.yaml".into(), content: json!("words") });
    all.push(list(json!([written("gold", 5), written("gold", 5), {"name": "Bad", "title": {"es": "", "en": "x"}}, 7])));
    let error = catalogue::apply(&house.app, &actor(), all, true).await.expect_err("faults");
    let Error::Faults(faults) = error else { panic!("{error}") };
    for start in [
        "other.yaml: is neither",
        "text.yaml: is neither",
        "plans.yaml: /plans/1/name: gold is also",
        "plans.yaml: /plans/2/name",
        "plans.yaml: /plans/2/title/es",
        "plans.yaml: /plans/3",
    ] {
        assert!(faults.iter().any(|fault| fault.starts_with(start)), "{start}: {faults:?}");
    }
}
