//! Tracking.

use http::StatusCode;
use serde_json::json;

use crate::support::{PREREGISTER, Sandbox, code, international, national};

const TRACK: &str = "/support/trackpub/api/v2";

store::on_both_engines! {
    async fn a_parcel_is_traced_from_its_preregistration_to_its_annulment(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        let code = caller.parcel().await;
        let (status, trace) = caller.get(&format!("{TRACK}/search/{code}?languageCode=ES")).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!((&trace["code"], &trace["codProduct"], &trace["error"]), (&json!(code), &json!("PAAZE"), &json!([])));
        assert_eq!(trace["has_incidence"], false);
        let first = &trace["events"][0];
        assert_eq!(first["eventCode"], "A090000V");
        assert_eq!((&first["phaseDes"], &first["color"]), (&json!("PRERREGISTRADO"), &json!("V")));
        assert_eq!((&first["eventDate"], &first["eventHours"]), (&json!("01/06/2026"), &json!("14:00:00")));

        sandbox.hands.advance(61);
        caller.post(&format!("{PREREGISTER}/delivery/annulment"), json!({"packageCode": code})).await;
        let (_, trace) = caller.get(&format!("{TRACK}/search/{code}?languageCode=EN")).await;
        let events = trace["events"].as_array().unwrap();
        assert_eq!(events.len(), 2);
        assert_eq!((&events[1]["eventCode"], &events[1]["color"]), (&json!("A040000R"), &json!("R")));
        assert_eq!((&events[1]["summaryText"], &events[1]["eventHours"]), (&json!("Annulled"), &json!("14:01:01")));
    }

    async fn an_unknown_code_and_a_foreign_one_are_told_the_same_way(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let foreign = sandbox.project(2).parcel().await;
        for code in [foreign.as_str(), "PQXXX10000099990141001A", "x", "%00", "%F0%9F%93%A6", "'--", &"A".repeat(3000)] {
            let (status, trace) = sandbox.project(1).get(&format!("{TRACK}/search/{code}")).await;
            assert_eq!(status, StatusCode::OK);
            assert_eq!(trace["error"], json!([{"codError": "3", "desError": "Sin Trazabilidad en Minerva"}]));
            assert_eq!(trace["events"], json!([]));
            let (status, trace) = sandbox.project(1).get(&format!("{TRACK}/expedition/{code}")).await;
            assert_eq!((status, &trace["error"][0]["codError"]), (StatusCode::OK, &json!("3")));
        }
    }

    async fn an_expedition_tells_of_all_its_parcels(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        let mut two = national();
        two["packagesNumber"] = json!("2");
        two["packages"] = json!([{"packageWeightGrams": "500"}, {"packageWeightGrams": "700"}]);
        let made = caller.ship(two).await;
        let (_, trace) = caller.get(&format!("{TRACK}/expedition/{}", made["shipmentCode"].as_str().unwrap())).await;
        let codes: Vec<_> = made["packages"].as_array().unwrap().iter().map(|package| package["packageCode"].clone()).collect();
        assert_eq!(trace["associatedShipments"], json!(codes));
        assert_eq!(trace["events"].as_array().map(Vec::len), Some(2));
        let (_, trace) = caller.get(&format!("{TRACK}/search/{}", codes[0].as_str().unwrap())).await;
        assert_eq!(trace["associatedShipments"], json!([codes[1]]));
    }

    async fn a_parcel_abroad_is_traced_by_its_s10_number(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        let code = code(&caller.ship(international()).await);
        let (_, trace) = caller.get(&format!("{TRACK}/search/{code}")).await;
        assert_eq!((&trace["code"], &trace["codProduct"]), (&json!(code), &json!("POAZE")));
    }
}
