//! The FedEx-shaped paths.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{PREREGISTER, Sandbox, code, international, national};

const TRACK: &str = "/track/v1/trackingnumbers";
const CANCEL: &str = "/ship/v1/shipments/cancel";

fn tracking(numbers: &[&str]) -> Value {
    let info: Vec<_> = numbers.iter().map(|number| json!({"trackingNumberInfo": {"trackingNumber": number}})).collect();
    json!({"includeDetailedScans": "true", "trackingInfo": info, "somethingNew": {}})
}

fn cancelling(number: &str) -> Value {
    json!({"accountNumber": {"value": "740561073"}, "emailShipment": "false", "deletionControl": "DELETE_ALL_PACKAGES",
        "trackingNumber": number})
}

store::on_both_engines! {
    async fn a_parcel_just_preregistered_has_a_status_and_one_scan(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller().with("x-customer-transaction-id", "order 7");
        for shipment in [national(), international()] {
            let code = code(&caller.ship(shipment).await);
            let (status, answer) = caller.post(TRACK, tracking(&[&code])).await;
            assert_eq!(status, StatusCode::OK);
            assert_eq!(answer["transactionId"], "0198b0e0-0000-7000-8000-000000000001");
            assert_eq!(answer["customerTransactionId"], "order 7");
            let complete = &answer["output"]["completeTrackResults"][0];
            assert_eq!(complete["trackingNumber"], json!(code));
            let result = &complete["trackResults"][0];
            assert_eq!(result["trackingNumberInfo"]["trackingNumber"], json!(code));
            assert_eq!(result["latestStatusDetail"]["code"], "OC");
            assert_eq!(result["scanEvents"].as_array().map(Vec::len), Some(1));
            assert_eq!(result["scanEvents"][0]["date"], "2026-06-01T14:00:00+02:00");
            assert!(result.get("error").is_none());
        }
    }

    async fn the_sample_parcel_is_delivered_in_every_project_and_stays_so(test: TestDb) {
        let sandbox = Sandbox::new(test);
        for project in [1, 2] {
            let caller = sandbox.project(project);
            let (status, answer) = caller.call(Method::PUT, CANCEL, cancelling("794644790200")).await;
            assert_eq!((status, &answer["output"]["cancelledShipment"]), (StatusCode::OK, &json!(true)));
            let (_, answer) = caller.post(TRACK, tracking(&["794644790200"])).await;
            let result = &answer["output"]["completeTrackResults"][0]["trackResults"][0];
            assert_eq!((&result["latestStatusDetail"]["code"], &result["latestStatusDetail"]["derivedCode"]), (&json!("DL"), &json!("DL")));
            assert_eq!(result["scanEvents"].as_array().map(Vec::len), Some(6));
            for moment in result["dateAndTimes"].as_array().unwrap() {
                let moment = moment["dateTime"].as_str().unwrap();
                assert!(moment.len() == 25 && moment.ends_with("+02:00"), "{moment}");
            }
        }
    }

    async fn what_is_cancelled_here_is_annulled_there(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        let mut two = national();
        two["packagesNumber"] = json!("2");
        two["packages"] = json!([{"packageWeightGrams": "500"}, {"packageWeightGrams": "700"}]);
        let made = caller.ship(two).await;
        let [first, second] = [0, 1].map(|at: usize| made["packages"][at]["packageCode"].as_str().unwrap().to_owned());

        let one = json!({"accountNumber": {"value": "1"}, "trackingNumber": first, "deletionControl": "DELETE_ONE_PACKAGE"});
        let (status, answer) = caller.call(Method::PUT, CANCEL, one).await;
        assert_eq!((status, &answer["output"]["cancelledShipment"]), (StatusCode::OK, &json!(true)));
        let (_, trace) = caller.get(&format!("/support/trackpub/api/v2/search/{first}")).await;
        assert_eq!(trace["events"][1]["eventCode"], "A040000R");
        let (_, trace) = caller.get(&format!("/support/trackpub/api/v2/search/{second}")).await;
        assert_eq!(trace["events"].as_array().map(Vec::len), Some(1));

        let (_, answer) = caller.call(Method::PUT, CANCEL, cancelling(&first)).await;
        assert_eq!(answer["output"]["cancelledShipment"], true);
        let (_, answer) = caller.post(TRACK, tracking(&[&second])).await;
        let result = &answer["output"]["completeTrackResults"][0]["trackResults"][0];
        assert_eq!((&result["latestStatusDetail"]["code"], &result["scanEvents"][0]["eventType"]), (&json!("CA"), &json!("CA")));
        let (status, answer) = caller.call(Method::PUT, CANCEL, cancelling(&second)).await;
        assert_eq!((status, &answer["output"]["cancelledShipment"]), (StatusCode::OK, &json!(false)));
        // The other way round: what was annulled there is cancelled here.
        let code = caller.parcel().await;
        caller.post(&format!("{PREREGISTER}/delivery/annulment"), json!({"packageCode": code})).await;
        let (_, answer) = caller.post(TRACK, tracking(&[&code])).await;
        assert_eq!(answer["output"]["completeTrackResults"][0]["trackResults"][0]["latestStatusDetail"]["code"], "CA");
    }

    async fn unknown_and_foreign_numbers_are_errors_of_their_own_result(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let foreign = sandbox.project(2).parcel().await;
        let mine = sandbox.project(1).parcel().await;
        // Both projects count from one: only the postcode in it would tell their parcels apart.
        let mut elsewhere = national();
        elsewhere["addressee"]["cp"] = json!("08001");
        elsewhere["addressee"]["province"] = json!("08");
        let theirs = code(&sandbox.project(2).ship(elsewhere).await);
        assert_eq!(foreign, mine);
        let caller = sandbox.project(1);
        let (status, answer) = caller.post(TRACK, tracking(&[&mine, &theirs, "123456789012", "\u{0}"])).await;
        assert_eq!(status, StatusCode::OK);
        let results = answer["output"]["completeTrackResults"].as_array().unwrap();
        assert_eq!(results.len(), 4);
        assert!(results[0]["trackResults"][0].get("error").is_none());
        for unknown in &results[1..] {
            let result = &unknown["trackResults"][0];
            assert_eq!(result["error"]["code"], "TRACKING.TRACKINGNUMBER.NOTFOUND");
            assert!(result.get("scanEvents").is_none());
        }
        for number in [theirs.as_str(), "123456789012"] {
            let (status, answer) = caller.call(Method::PUT, CANCEL, cancelling(number)).await;
            assert_eq!((status, &answer["errors"][0]["code"]), (StatusCode::NOT_FOUND, &json!("NOT.FOUND.ERROR")));
            assert!(answer.get("transactionId").is_some() && answer.get("customerTransactionId").is_none());
        }
    }

    async fn a_request_without_numbers_or_with_too_many_is_refused(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let many = vec!["1"; 31];
        for (body, code) in [
            (json!({}), "TRACKING.TRACKINGNUMBER.EMPTY"),
            (json!({"trackingInfo": []}), "TRACKING.TRACKINGNUMBER.EMPTY"),
            (json!({"trackingInfo": [{}]}), "TRACKING.TRACKINGNUMBER.EMPTY"),
            (tracking(&[""]), "TRACKING.TRACKINGNUMBER.EMPTY"),
            (tracking(&many), "TRACKING.TRACKINGNUMBERS.MAXLIMIT"),
            (json!([]), "BAD.REQUEST.ERROR"),
        ] {
            let (status, answer) = sandbox.caller().post(TRACK, body).await;
            assert_eq!((status, &answer["errors"][0]["code"]), (StatusCode::BAD_REQUEST, &json!(code)));
        }
        let (status, _) = sandbox.caller().post(TRACK, tracking(&many[..30])).await;
        assert_eq!(status, StatusCode::OK);
    }
}
