//! `Idempotency-Key`.

use http::{Method, StatusCode};
use serde_json::json;

use crate::support::{Caller, PREREGISTER, SHOP, Sandbox, express, national};

/// How many shipments the caller has.
async fn total(caller: &Caller) -> u64 {
    caller.get(&format!("{PREREGISTER}/delivery/package/backoffice/total")).await.1["shipments"].as_u64().unwrap()
}

fn owner(project: u128) -> store::shipments::Owner {
    store::shipments::Owner { environment: domain::Environment::Sandbox, project: uuid::Uuid::from_u128(project).into() }
}

store::on_both_engines! {
    async fn a_retry_gets_the_same_answer_and_makes_nothing(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller().with("idempotency-key", "order-1");
        let path = format!("{PREREGISTER}/delivery");
        let body = json!({"shipments": [national()]}).to_string();
        let first = caller.send(Method::POST, &path, body.clone()).await;
        assert_eq!(first.status(), StatusCode::CREATED);
        sandbox.hands.advance(3600);
        let second = caller.send(Method::POST, &path, body).await;
        assert_eq!((first.status(), first.body()), (second.status(), second.body()));
        assert!(sandbox.caller().parcel().await.starts_with("PQXXX1000000002"));
    }

    async fn sixteen_retries_at_once_make_one_shipment(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let body = json!({"shipments": [national()]}).to_string();
        let mut calls = tokio::task::JoinSet::new();
        for _ in 0..16 {
            let (caller, body) = (sandbox.caller().with("idempotency-key", "order-1"), body.clone());
            calls.spawn(async move {
                let response = caller.send(Method::POST, &format!("{PREREGISTER}/delivery"), body).await;
                (response.status(), response.into_body())
            });
        }
        let answers = calls.join_all().await;
        assert_eq!(answers[0].0, StatusCode::CREATED);
        assert!(answers.iter().all(|answer| *answer == answers[0]));
        assert_eq!(total(&sandbox.caller()).await, 1);
        assert!(sandbox.caller().parcel().await.starts_with("PQXXX1000000002"));
    }

    async fn sixteen_retries_at_once_of_a_partial_success_make_its_good_shipment_once(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let body = json!({"shipments": [express(), national()]}).to_string();
        let mut calls = tokio::task::JoinSet::new();
        for _ in 0..16 {
            let (caller, body) = (sandbox.caller().with("idempotency-key", "order-1"), body.clone());
            calls.spawn(async move {
                let response = caller.send(Method::POST, &format!("{PREREGISTER}/delivery/cn"), body).await;
                (response.status(), response.into_body())
            });
        }
        let answers = calls.join_all().await;
        assert_eq!(answers[0].0, StatusCode::CREATED);
        assert!(answers.iter().all(|answer| *answer == answers[0]));
        assert_eq!(total(&sandbox.caller()).await, 1);
    }

    async fn an_answer_is_kept_for_a_day_and_then_its_key_is_free(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller().with("idempotency-key", "order-1");
        let path = format!("{PREREGISTER}/delivery");
        let (_, first) = caller.post(&path, json!({"shipments": [national()]})).await;
        sandbox.hands.advance(24 * 3600);
        assert_eq!(caller.post(&path, json!({"shipments": [national()]})).await.1, first);
        sandbox.hands.advance(1);
        // Free for the same request and for another one, and for one of sixteen that come at once.
        let mut other = national();
        other["shipmentNotes"] = json!("Frágil");
        let body = json!({"shipments": [other]}).to_string();
        let mut calls = tokio::task::JoinSet::new();
        for _ in 0..16 {
            let (caller, path, body) = (caller.clone(), path.clone(), body.clone());
            calls.spawn(async move { caller.send(Method::POST, &path, body).await.into_body() });
        }
        let answers = calls.join_all().await;
        assert!(answers.iter().all(|answer| *answer == answers[0]));
        assert_eq!(total(&sandbox.caller()).await, 2);
    }

    async fn old_answers_are_taken_away_a_few_at_a_time_and_young_ones_never(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let path = format!("{PREREGISTER}/delivery");
        let order = async |project: u128, key: &str| {
            let caller = sandbox.project(project).with("idempotency-key", key);
            caller.post(&path, json!({"shipments": [national()]})).await.1
        };
        for number in 0..10 {
            order(2, &format!("old-{number}")).await;
        }
        sandbox.hands.advance(23 * 3600);
        let young = order(2, "young").await;
        sandbox.hands.advance(2 * 3600);
        let long_ago = domain::Timestamp::MIN;
        let kept = async || {
            let mut kept = 0;
            for number in 0..10 {
                let (db, owner) = (&sandbox.test.db, owner(2));
                let found = store::idempotency_keys::find(db, owner, &format!("old-{number}"), long_ago).await.unwrap();
                kept += usize::from(found.is_some());
            }
            kept
        };
        assert_eq!(kept().await, 10);
        // Somebody else's call tidies up, as far as one call does.
        order(1, "one").await;
        assert_eq!(kept().await, 2);
        order(1, "two").await;
        assert_eq!(kept().await, 0);
        assert_eq!(order(2, "young").await, young);
    }

    async fn a_key_used_for_something_else_is_a_conflict(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller().with("idempotency-key", "order-1");
        let path = format!("{PREREGISTER}/delivery");
        caller.post(&path, json!({"shipments": [national()]})).await;
        let mut other = national();
        other["shipmentNotes"] = json!("Frágil");
        let (status, answer) = caller.post(&path, json!({"shipments": [other]})).await;
        assert_eq!((status, &answer["code"]), (StatusCode::CONFLICT, &json!("409")));
        // Even when the other request would be refused anyway, and on another path.
        let (status, _) = caller.post(&path, json!({"shipments": [{}]})).await;
        assert_eq!(status, StatusCode::CONFLICT);
        let (status, _) = caller.post(&format!("{SHOP}/preregister/delivery"), json!({"shipments": [national()]})).await;
        assert_eq!(status, StatusCode::CONFLICT);
    }

    async fn keys_belong_to_their_project_and_refusals_leave_them_free(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let path = format!("{PREREGISTER}/delivery");
        let caller = sandbox.caller().with("idempotency-key", "order-1");
        let (_, refused) = caller.post(&path, json!({"shipments": [{}]})).await;
        assert_eq!(refused["result"], "0");
        let (status, _) = caller.post(&path, json!({"shipments": [national()]})).await;
        assert_eq!(status, StatusCode::CREATED);
        let mut other = national();
        other["shipmentNotes"] = json!("Frágil");
        let stranger = sandbox.project(2).with("idempotency-key", "order-1");
        let (status, _) = stranger.post(&path, json!({"shipments": [other]})).await;
        assert_eq!(status, StatusCode::CREATED);
    }

    async fn a_key_that_is_none_is_refused(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let path = format!("{PREREGISTER}/delivery");
        for key in ["", " ", &"k".repeat(256), "clé"] {
            let caller = sandbox.caller().with("idempotency-key", key);
            let (status, _) = caller.post(&path, json!({"shipments": [national()]})).await;
            assert_eq!(status, StatusCode::BAD_REQUEST, "{key:?}");
        }
    }

    async fn a_collection_is_asked_for_once(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller().with("idempotency-key", "pickup-1");
        let path = "/logistics/requests/api/v1/requests";
        let body = json!([crate::requests::collection()]);
        let first = caller.post(path, body.clone()).await;
        assert_eq!(first, caller.post(path, body).await);
        let (_, list) = sandbox.caller().get(path).await;
        assert_eq!(list.as_array().map(Vec::len), Some(1));
    }
}
