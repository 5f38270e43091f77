//! What FedEx' clients take for granted in an answer of Track.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Caller, Sandbox, code, international, national};

const SAMPLE: &str = "794644790200";

/// FedEx' words for where a scan happened, as far as a parcel here can get.
const PLACES: [&str; 10] = [
    "CUSTOMER",
    "PICKUP_LOCATION",
    "ORIGIN_FEDEX_FACILITY",
    "FEDEX_FACILITY",
    "SORT_FACILITY",
    "DESTINATION_FEDEX_FACILITY",
    "VEHICLE",
    "DELIVERY_LOCATION",
    "FEDEX_OFFICE_LOCATION",
    "PORT_OF_ENTRY",
];

/// Members that clients read as a date, a number or a word of a list: `""` is none of these.
const NEVER_EMPTY: [&str; 14] = [
    "date",
    "dateTime",
    "begins",
    "ends",
    "type",
    "code",
    "derivedCode",
    "eventType",
    "derivedStatusCode",
    "locationType",
    "carrierCode",
    "countryCode",
    "unit",
    "units",
];

/// The only result for a number.
pub async fn track(caller: &Caller, number: &str) -> Value {
    let body = json!({"includeDetailedScans": true, "trackingInfo": [{"trackingNumberInfo": {"trackingNumber": number}}]});
    let (status, answer) = caller.post("/track/v1/trackingnumbers", body).await;
    assert_eq!(status, StatusCode::OK);
    let complete = answer["output"]["completeTrackResults"].as_array().unwrap();
    assert_eq!((complete.len(), &complete[0]["trackingNumber"]), (1, &json!(number)));
    let results = complete[0]["trackResults"].as_array().unwrap();
    assert_eq!(results.len(), 1);
    assert_eq!(results[0]["trackingNumberInfo"]["trackingNumber"], number);
    results[0].clone()
}

async fn cancel(caller: &Caller, number: &str) -> (StatusCode, Value) {
    caller.call(Method::PUT, "/ship/v1/shipments/cancel", json!({"accountNumber": {"value": "1"}, "trackingNumber": number})).await
}

/// `2024-05-16T11:42:00+02:00` and nothing else.
fn is_moment(text: &str) -> bool {
    text.len() == 25
        && text.bytes().zip(b"0000-00-00T00:00:00+00:00").all(|(byte, form)| match form {
            b'0' => byte.is_ascii_digit(),
            b'+' => byte == b'+' || byte == b'-',
            form => byte == *form,
        })
}

/// Looks at every member, however deep.
fn walk(value: &Value, look: &mut impl FnMut(&str, &Value)) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| walk(item, look)),
        Value::Object(members) => {
            for (name, member) in members {
                look(name, member);
                walk(member, look);
            }
        }
        _ => {}
    }
}

pub fn list<'v>(value: &'v Value, pointer: &str) -> &'v [Value] {
    value.pointer(pointer).and_then(Value::as_array).unwrap_or_else(|| panic!("no list {pointer} in {value:#}"))
}

fn assert_weights(weights: &[Value]) {
    let units: Vec<_> = weights.iter().map(|weight| weight["unit"].as_str().unwrap()).collect();
    assert_eq!(units, ["LB", "KG"]);
    let [pounds, kilograms] = [0, 1].map(|at: usize| weights[at]["value"].as_str().unwrap().parse::<f64>().unwrap());
    assert!((pounds / kilograms - 2.2046).abs() < 0.02, "{pounds} lb are not {kilograms} kg");
}

/// Everything that holds for every parcel that is known.
pub fn assert_form(result: &Value) {
    walk(result, &mut |name, member| {
        assert!(member != "" || !NEVER_EMPTY.contains(&name), "{name} is empty in {result:#}");
        assert!(!member.is_null() && name != "alerts" && name != "error", "{name} in {result:#}");
        if matches!(name, "date" | "dateTime" | "begins" | "ends") {
            assert!(is_moment(member.as_str().unwrap()), "{name}: {member}");
        }
        if let Some(country) = member.get("countryCode") {
            assert!(country.as_str().is_some_and(|code| code.len() == 2), "{name}: {member}");
            assert!(member["countryName"].as_str().is_some_and(|name| name.len() > 2), "{name}: {member}");
            assert_eq!(member["residential"], false);
        }
    });
    for identifier in list(result, "/additionalTrackingInfo/packageIdentifiers") {
        assert!(identifier["type"].is_string() && identifier.get("value").is_none());
        assert!(!list(identifier, "/values").is_empty() && list(identifier, "/values").iter().all(Value::is_string));
    }
    let scans = list(result, "/scanEvents");
    assert!(scans.windows(2).all(|pair| pair[0]["date"].as_str() >= pair[1]["date"].as_str()), "{scans:#?}");
    for scan in scans {
        assert!(PLACES.contains(&scan["locationType"].as_str().unwrap()), "{scan}");
        assert!(scan["eventType"].is_string() && scan["eventDescription"].is_string() && scan["scanLocation"].is_object());
    }
    let latest = &result["latestStatusDetail"];
    assert_eq!((&latest["code"], &latest["derivedCode"]), (&scans[0]["eventType"], &scans[0]["derivedStatusCode"]));

    assert_weights(list(result, "/shipmentDetails/weight"));
    assert_weights(list(result, "/packageDetails/weightAndDimensions/weight"));
    for dimensions in list(result, "/packageDetails/weightAndDimensions/dimensions") {
        assert!(["length", "width", "height"].iter().all(|side| dimensions[side].is_u64()), "{dimensions}");
    }
    let kinds: Vec<_> = list(result, "/dateAndTimes").iter().map(|one| one["type"].as_str().unwrap()).collect();
    let place = |kind| kinds.iter().position(|one| *one == kind);
    assert!(place("SHIP").is_some());
    assert!(place("ACTUAL_TENDER").is_none_or(|tender| place("SHIP").unwrap() < tender), "{kinds:?}");
    for pointer in ["/originLocation", "/destinationLocation"] {
        assert!(result.pointer(&format!("{pointer}/locationContactAndAddress/address/countryCode")).is_some(), "{pointer}");
    }
    assert!(result["lastUpdatedDestinationAddress"]["countryCode"].is_string());
    assert!(result["deliveryDetails"]["deliveryAttempts"].is_string());
    assert!(result["serviceDetail"]["description"].is_string() && result["serviceDetail"]["type"].is_string());
    assert!(result["standardTransitTimeWindow"]["window"].is_object());
}

store::on_both_engines! {
    async fn a_new_parcel_is_told_in_fedexs_form_and_words(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        let mut sized = national();
        sized["packages"][0]["packageLength"] = json!("300");
        sized["packages"][0]["packageWidth"] = json!(200);
        sized["packages"][0]["packageHeight"] = json!("95");
        let result = track(&caller, &code(&caller.ship(sized).await)).await;
        assert_form(&result);
        let latest = &result["latestStatusDetail"];
        assert_eq!((&latest["code"], &latest["derivedCode"]), (&json!("OC"), &json!("IN")));
        assert_eq!(latest["statusByLocale"], "Label created");
        assert_eq!(latest["description"], "Shipment information sent to FedEx");
        assert_eq!(result["scanEvents"][0]["eventDescription"], "Shipment information sent to FedEx");
        assert_eq!(result["scanEvents"][0]["date"], "2026-06-01T14:00:00+02:00");
        assert_eq!(result["additionalTrackingInfo"]["packageIdentifiers"], json!([{"type": "CUSTOMER_REFERENCE", "values": ["PEDIDO-1/1"]}]));
        let from = &result["originLocation"]["locationContactAndAddress"]["address"];
        assert_eq!(from, &json!({"city": "MADRID", "stateOrProvinceCode": "MD", "countryCode": "ES", "countryName": "Spain", "residential": false}));
        assert_eq!(result["lastUpdatedDestinationAddress"]["stateOrProvinceCode"], "AN");
        assert_eq!(result["packageDetails"]["weightAndDimensions"]["dimensions"], json!([
            {"length": 12, "width": 8, "height": 4, "units": "IN"}, {"length": 30, "width": 20, "height": 10, "units": "CM"},
        ]));
        assert_eq!(result["standardTransitTimeWindow"]["window"]["ends"], "2026-06-03T18:00:00+02:00");

        let abroad = track(&caller, &code(&caller.ship(international()).await)).await;
        assert_form(&abroad);
        let to = &abroad["lastUpdatedDestinationAddress"];
        assert_eq!((&to["countryCode"], &to["countryName"]), (&json!("DE"), &json!("Germany")));
        assert!(to.get("stateOrProvinceCode").is_none());
    }

    async fn each_parcel_of_a_shipment_has_its_own_weight_beside_the_whole(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        let mut two = national();
        two["packagesNumber"] = json!("2");
        two["packages"] = json!([{"packageWeightGrams": "500"}, {"packageWeightGrams": "700"}]);
        let result = track(&caller, &code(&caller.ship(two).await)).await;
        assert_form(&result);
        assert_eq!(result["packageDetails"]["weightAndDimensions"]["weight"][1]["value"], "0.5");
        assert_eq!(result["shipmentDetails"]["weight"][1]["value"], "1.2");
        assert_eq!((&result["packageDetails"]["sequenceNumber"], &result["packageDetails"]["count"]), (&json!("1"), &json!("2")));
    }

    async fn a_cancelled_parcel_keeps_the_form_and_expects_nothing(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        let parcel = caller.parcel().await;
        sandbox.hands.advance(61);
        let (status, answer) = cancel(&caller, &parcel).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(answer, json!({
            "transactionId": "0198b0e0-0000-7000-8000-000000000001",
            "output": {"cancelledShipment": true, "cancelledHistory": true, "successMessage": "Success"},
        }));
        let result = track(&caller, &parcel).await;
        assert_form(&result);
        assert_eq!(result["latestStatusDetail"]["code"], "CA");
        assert_eq!(list(&result, "/scanEvents").len(), 2);
        assert!(list(&result, "/dateAndTimes").iter().all(|one| one["type"] != "ESTIMATED_DELIVERY"));
        assert_eq!(result["estimatedDeliveryTimeWindow"]["window"], json!({}));
    }

    async fn the_sample_parcel_was_delivered(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let result = track(&sandbox.caller(), SAMPLE).await;
        assert_form(&result);
        let latest = &result["latestStatusDetail"];
        assert_eq!((&latest["code"], &latest["derivedCode"], &latest["statusByLocale"]), (&json!("DL"), &json!("DL"), &json!("Delivered")));
        assert!(list(&result, "/scanEvents").len() > 1);
        let first = list(&result, "/scanEvents").last().unwrap();
        assert_eq!((&first["eventType"], &first["derivedStatus"]), (&json!("OC"), &json!("Label created")));
        assert!(list(&result, "/dateAndTimes").iter().any(|one| one["type"] == "ACTUAL_DELIVERY"));
        assert!(result["deliveryDetails"]["receivedByName"].is_string());
    }

    async fn an_unknown_number_has_an_error_and_nothing_that_a_parcel_has(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let unknown = |number| json!({
            "trackingNumberInfo": {"trackingNumber": number},
            "error": {
                "code": "TRACKING.TRACKINGNUMBER.NOTFOUND",
                "message": "Tracking number cannot be found. Please correct the tracking number and try again.",
            },
        });
        assert_eq!(track(&sandbox.caller(), "000000000000").await, unknown("000000000000"));
        // The sample is a thing of the sandbox.
        assert_eq!(track(&sandbox.production(), SAMPLE).await, unknown(SAMPLE));
        let (status, answer) = cancel(&sandbox.production(), SAMPLE).await;
        assert_eq!((status, &answer["errors"][0]["code"]), (StatusCode::NOT_FOUND, &json!("NOT.FOUND.ERROR")));
    }
}
