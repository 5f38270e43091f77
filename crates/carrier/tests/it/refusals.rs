//! Whatever is sent, the answer is JSON in the path's own shape and never a fault of ours.

use http::{Method, Request, StatusCode};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{PORTAL, PREREGISTER, SHOP, Sandbox, national};

pub const ROUTES: [(Method, &str); 23] = [
    (Method::POST, "/admissions/preregister/api/v1/delivery"),
    (Method::POST, "/admissions/preregister/api/v1/delivery/validate"),
    (Method::POST, "/admissions/preregister/api/v1/delivery/package"),
    (Method::PUT, "/admissions/preregister/api/v1/delivery/package"),
    (Method::POST, "/admissions/preregister/api/v1/delivery/annulment"),
    (Method::POST, "/support/labels/api/v1/labels/print"),
    (Method::POST, "/logistics/requests/api/v1/requests"),
    (Method::GET, "/logistics/requests/api/v1/requests"),
    (Method::GET, "/logistics/requests/api/v1/requests/SR0106202600001EX"),
    (Method::PATCH, "/logistics/requests/api/v1/requests/cancelRequest/SR0106202600001EX"),
    (Method::GET, "/support/trackpub/api/v2/search/PQ1"),
    (Method::GET, "/support/trackpub/api/v2/expedition/PQ1"),
    (Method::POST, "/logistics/tradeinout/api/v1/preregister/delivery"),
    (Method::POST, "/logistics/tradeinout/api/v1/preregister/delivery/annulment"),
    (Method::POST, "/logistics/tradeinout/api/v1/labels/print/labels"),
    (Method::POST, "/logistics/tradeinout/api/v1/labels/print/documents"),
    (Method::POST, "/logistics/tradeinout/api/v1/requests"),
    (Method::GET, "/logistics/tradeinout/api/v1/requests/SR0106202600001EX"),
    (Method::PATCH, "/logistics/tradeinout/api/v1/requests/cancel/SR0106202600001EX"),
    (Method::GET, "/logistics/tradeinout/api/v1/track/search-continuous-trace/PQ1"),
    (Method::GET, "/logistics/tradeinout/api/v1/terminals/homepaqs"),
    (Method::POST, "/track/v1/trackingnumbers"),
    (Method::PUT, "/ship/v1/shipments/cancel"),
];

/// A refusal has the shape its path's clients read.
fn assert_shape(path: &str, status: StatusCode, body: &Value) {
    if path.starts_with("/support/trackpub/") {
        assert!(body["title"].is_string() && body["body"].is_string(), "{path}: {body}");
    } else if path.starts_with("/track/") || path.starts_with("/ship/") {
        assert!(body["transactionId"].is_string() && body["errors"][0]["code"].is_string(), "{path}: {body}");
        // Clients in the wild crash on a top-level `error`.
        assert!(body.get("error").is_none());
    } else {
        assert_eq!(body["code"], json!(status.as_str()), "{path}: {body}");
        assert!(body["message"].is_string() && body["moreInformation"]["description"].is_string(), "{path}: {body}");
        assert_eq!(body["moreInformation"]["link"], json!(format!("{PORTAL}/errors/{}", status.as_str())));
    }
}

store::on_both_engines! {
    async fn links_lead_to_the_portal_wherever_it_is(test: TestDb) {
        for (portal, link) in [
            ("", "/errors/401"),
            ("http://127.0.0.1:8080/", "http://127.0.0.1:8080/errors/401"),
            ("https://example.com/portal", "https://example.com/portal/errors/401"),
        ] {
            let hands = store::testkit::Hands::new();
            let matrix = domain::event_matrix::Matrix::built_in();
            let paloma = carrier::Paloma::new(test.db.clone(), hands.clock(), store::testkit::entropy(1), portal.into(), matrix);
            let request = Request::builder().method(Method::GET).uri(format!("{SHOP}/requests/X")).body("".into()).unwrap();
            let answer: Value = serde_json::from_slice(paloma.handle(request).await.body()).unwrap();
            assert_eq!(answer["moreInformation"]["link"], link);
        }
    }

    async fn a_call_for_nobody_is_unauthorised(test: TestDb) {
        let sandbox = Sandbox::new(test);
        for (method, path) in ROUTES {
            for headers in [
                vec![],
                vec![("x-postigo-project", "0198b0e0-0000-7000-8000-000000000001")],
                vec![("x-postigo-environment", "sandbox")],
                vec![("x-postigo-project", "me"), ("x-postigo-environment", "sandbox")],
                vec![("x-postigo-project", "0198b0e0-0000-7000-8000-000000000001"), ("x-postigo-environment", "moon")],
            ] {
                let mut request = Request::builder().method(method.clone()).uri(path);
                for (name, value) in headers {
                    request = request.header(name, value);
                }
                let response = sandbox.paloma.handle(request.body("{}".into()).unwrap()).await;
                assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
                assert_shape(path, response.status(), &serde_json::from_slice(response.body()).unwrap());
            }
        }
    }

    async fn a_wrong_method_and_a_wrong_path_are_told_in_the_paths_shape(test: TestDb) {
        let sandbox = Sandbox::new(test);
        for (_, path) in ROUTES {
            let response = sandbox.caller().send(Method::DELETE, path, "").await;
            assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
            assert!(!response.headers()["allow"].is_empty());
            assert_shape(path, response.status(), &serde_json::from_slice(response.body()).unwrap());
            for wrong in [format!("{path}/x/y"), path.to_uppercase()] {
                let response = sandbox.caller().send(Method::POST, &wrong, "{}").await;
                assert_eq!(response.status(), StatusCode::NOT_FOUND, "{wrong}");
                assert_shape(&wrong, response.status(), &serde_json::from_slice(response.body()).unwrap());
            }
        }
    }

    async fn a_body_that_is_not_json_is_malformed(test: TestDb) {
        let sandbox = Sandbox::new(test);
        for (method, path) in ROUTES.into_iter().filter(|(method, _)| *method != Method::GET) {
            for body in ["{", "\u{feff}{}", "nonsense", "{\"a\":1}}", &"[".repeat(200_000), &"{\"a\":".repeat(200_000), "\"\\ud800\""] {
                let response = sandbox.caller().send(method.clone(), path, body.to_owned()).await;
                assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{path}");
                assert_shape(path, response.status(), &serde_json::from_slice(response.body()).unwrap());
            }
        }
    }

    async fn no_member_of_the_wrong_kind_makes_a_fault(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        let code = caller.parcel().await;
        let strange = [
            Value::Null, json!(true), json!(-1), json!(1e308), json!(u64::MAX), json!(""), json!("\u{0}"), json!("ñ\u{202e}📦"),
            json!([]), json!([[]]), json!({}), json!("9".repeat(5000)),
        ];
        let good = [
            (Method::POST, format!("{PREREGISTER}/delivery"), json!({"errorCodeLanguage": "spa", "shipments": [national()]})),
            (Method::PUT, format!("{PREREGISTER}/delivery/package"), json!({"shipments": [{"packageCode": code, "packages": [{"packageWeightGrams": "1"}], "sender": {"name": "x"}}]})),
            (Method::POST, format!("{PREREGISTER}/delivery/package"), json!({"orderType": "1", "shipments": [code]})),
            (Method::POST, format!("{SHOP}/labels/print/labels"), json!({"application": "PRS", "documentationType": 1, "print": {"shipments": [code], "labelFormat": 2, "labelPrintMode": 1, "labelPrintInitialPosition": 1}})),
            (Method::POST, format!("{SHOP}/requests"), json!([crate::requests::collection()])),
            (Method::POST, "/track/v1/trackingnumbers".into(), json!({"trackingInfo": [{"trackingNumberInfo": {"trackingNumber": code}}]})),
            (Method::PUT, "/ship/v1/shipments/cancel".into(), json!({"trackingNumber": "794644790200", "deletionControl": "X"})),
        ];
        for (method, path, body) in good {
            for pointer in pointers(&body) {
                for value in &strange {
                    let mut changed = body.clone();
                    *changed.pointer_mut(&pointer).unwrap() = value.clone();
                    let response = caller.send(method.clone(), &path, changed.to_string()).await;
                    assert!(response.status().as_u16() < 500, "{method} {path} {pointer} = {value}: {}", response.status());
                    serde_json::from_slice::<Value>(response.body()).unwrap();
                }
            }
        }
        // Whatever was taken above can be printed and read.
        let print = json!({"application": "x", "print": {"shipments": [code]}});
        for format in 1..=3 {
            let mut print = print.clone();
            print["print"]["labelFormat"] = json!(format);
            let (status, _) = caller.post("/support/labels/api/v1/labels/print", print).await;
            assert_eq!(status, StatusCode::OK);
        }
    }
}

/// The pointer of every value in a document.
fn pointers(value: &Value) -> Vec<String> {
    let mut found = vec![String::new()];
    let children: Vec<(String, &Value)> = match value {
        Value::Array(items) => items.iter().enumerate().map(|(at, item)| (at.to_string(), item)).collect(),
        Value::Object(members) => members.iter().map(|(name, member)| (name.clone(), member)).collect(),
        _ => Vec::new(),
    };
    for (name, child) in children {
        found.extend(pointers(child).into_iter().map(|rest| format!("/{name}{rest}")));
    }
    found
}

#[test]
fn random_bodies_and_paths_are_never_a_fault_of_ours() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let sandbox = runtime.block_on(async { Sandbox::new(store::testkit::sqlite().await) });
    let caller = sandbox.caller();
    proptest!(ProptestConfig::with_cases(300), |(at in 0usize..ROUTES.len(), tail in "[a-zA-Z0-9%?&=/.-]{0,20}", body in "\\PC{0,60}")| {
        let (method, path) = &ROUTES[at];
        let response = runtime.block_on(caller.send(method.clone(), &format!("{path}{tail}"), body));
        prop_assert!(response.status().as_u16() < 500);
        prop_assert!(serde_json::from_slice::<Value>(response.body()).is_ok());
    });
}
