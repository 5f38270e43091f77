//! The e-commerce plug-in's paths.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{SHOP, Sandbox, national};

store::on_both_engines! {
    async fn a_shops_day_goes_through(test: TestDb) {
        let sandbox = Sandbox::new(test);
        // Its bodies are JSON under the name of plain text, and its GETs carry one too.
        let shop = sandbox.caller().with("content-type", "text/plain");
        let (status, made) = shop.post(&format!("{SHOP}/preregister/delivery"), json!({"shipments": [national()]})).await;
        assert_eq!((status, &made["shipments"][0]["validationErrorCount"]), (StatusCode::CREATED, &json!(0)));
        let code = made["shipments"][0]["packages"][0]["packageCode"].as_str().unwrap();

        let print = json!({"application": "PRS", "documentationType": 1, "print": {"labelOrderType": 2, "labelFormat": 2,
            "labelPrintMode": 2, "labelPrintInitialPosition": 1, "shipments": [code]}});
        let (_, label) = shop.post(&format!("{SHOP}/labels/print/labels"), print).await;
        assert!(label.get("code").is_none() && !label["pdf"].as_str().unwrap().is_empty());

        let trace = shop.send(Method::GET, &format!("{SHOP}/track/search-continuous-trace/{code}"), "[]").await;
        let trace: Value = serde_json::from_slice(trace.body()).unwrap();
        assert_eq!(trace[0]["error"]["codError"], "0");
        assert_eq!(trace[0]["events"][0]["eventCode"], "A090000V");

        let (status, pickup) = shop.post(&format!("{SHOP}/requests"), json!([crate::requests::collection()])).await;
        assert_eq!(status, StatusCode::CREATED);
        let request = pickup[0]["codRequest"].as_str().unwrap();
        let (_, read) = shop.get(&format!("{SHOP}/requests/{request}")).await;
        assert_eq!(read["codRequest"], request);
        let (status, cancelled) = shop.call(Method::PATCH, &format!("{SHOP}/requests/cancel/{request}"), json!({"id": request})).await;
        assert_eq!((status, &cancelled["state"]), (StatusCode::OK, &json!("CANCELADA")));

        let body = json!({"errorCodeLanguage": "spa", "packageCode": code});
        let (_, annulled) = shop.post(&format!("{SHOP}/preregister/delivery/annulment"), body).await;
        assert_eq!(annulled["errors"], json!([]));
        let (_, trace) = shop.get(&format!("{SHOP}/track/search-continuous-trace/{code}")).await;
        assert_eq!(trace[0]["events"][1]["eventCode"], "A040000R");
    }

    async fn an_unknown_code_is_told_inside_an_array(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let (status, trace) = sandbox.caller().get(&format!("{SHOP}/track/search-continuous-trace/PQ1")).await;
        assert_eq!((status, &trace[0]["error"]["codError"]), (StatusCode::OK, &json!("3")));
    }

    async fn lockers_near_a_postcode_are_always_the_same(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let path = format!("{SHOP}/terminals/homepaqs?postalCode=41001&visible=S&terminalStates=ACTIVO");
        let (status, lockers) = sandbox.caller().get(&path).await;
        assert_eq!((status, lockers.as_array().map(Vec::len)), (StatusCode::OK, Some(3)));
        assert_eq!(lockers, sandbox.project(2).get(&path).await.1);
        // What a locker is called can be shipped to.
        let mut shipment = national();
        shipment["addressee"]["homepaqCode"] = lockers[0]["codHomepaq"].clone();
        sandbox.caller().ship(shipment).await;
        for wrong in ["", "?postalCode=", "?postalCode=4100", "?postalCode=%C3%B1abc"] {
            let (status, _) = sandbox.caller().get(&format!("{SHOP}/terminals/homepaqs{wrong}")).await;
            assert_eq!(status, StatusCode::BAD_REQUEST, "{wrong}");
        }
    }
}
