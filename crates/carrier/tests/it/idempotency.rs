//! `Idempotency-Key`.

use http::{Method, StatusCode};
use serde_json::json;

use crate::support::{PREREGISTER, SHOP, Sandbox, national};

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
        assert!(sandbox.caller().parcel().await.starts_with("PQXXX1000000002"));
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
