//! Parcels that travel while the clock is moved.

use domain::{
    event_matrix::{Matrix, Row, State},
    journey::{Handover, Journey, Route, Stage},
};
use http::{Method, StatusCode};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use serde_json::{Value, json};

use crate::{
    clock,
    fedex_track::{assert_form, list, track},
    preregister::link_contract,
    support::{Caller, PREREGISTER, SHOP, Sandbox, code, international, national},
};

const SEARCH: &str = "/support/trackpub/api/v2/search";
const SCENARIO: &str = "x-sandbox-scenario";

/// A shipment for each way to hand over, and the route it takes.
fn shipments() -> [(Value, Route); 4] {
    let mut office = national();
    office["addressee"]["chosenOffice"] = json!("4118094");
    let mut locker = national();
    locker["addressee"]["homepaqCode"] = json!("A0000159D");
    [
        (national(), Route { abroad: false, handover: Handover::Address }),
        (office, Route { abroad: false, handover: Handover::Office }),
        (locker, Route { abroad: false, handover: Handover::Locker }),
        (international(), Route { abroad: true, handover: Handover::Address }),
    ]
}

async fn trace(caller: &Caller, code: &str) -> Value {
    let (status, trace) = caller.get(&format!("{SEARCH}/{code}")).await;
    assert_eq!(status, StatusCode::OK);
    trace
}

async fn event_codes(caller: &Caller, code: &str) -> Vec<String> {
    list(&trace(caller, code).await, "/events").iter().map(|event| event["eventCode"].as_str().unwrap().to_owned()).collect()
}

fn script_codes(script: &[Stage]) -> Vec<String> {
    script.iter().map(|stage| Matrix::built_in().step(stage.step).code.clone()).collect()
}

/// Sets the clock of the project to some hours after the parcels' preregistration.
async fn after(caller: &Caller, hours: u32) {
    let start: Timestamp = "2026-06-01T12:00:00Z".parse().unwrap();
    let then = start + SignedDuration::from_hours(hours.into());
    assert_eq!(clock::set(caller, &then.to_string()).await, then.to_string());
}

/// Both carriers say of one parcel at one moment the same, each in its words.
async fn assert_agreement(caller: &Caller, code: &str) -> Row {
    let matrix = Matrix::built_in();
    let trace = trace(caller, code).await;
    let result = track(caller, code).await;
    assert_form(&result);
    let (events, scans) = (list(&trace, "/events"), list(&result, "/scanEvents"));
    assert_eq!(events.len(), scans.len());
    for (event, scan) in events.iter().zip(scans.iter().rev()) {
        let row = matrix.find(event["eventCode"].as_str().unwrap()).unwrap();
        assert_eq!((&scan["eventType"], &scan["derivedStatusCode"]), (&json!(row.scan.code), &json!(row.scan.derived_code)));
        assert_eq!(scan["exceptionDescription"], row.scan.exception);
        let date: Timestamp = scan["date"].as_str().unwrap().parse().unwrap();
        let date = date.to_zoned(TimeZone::get("Europe/Madrid").unwrap());
        let written = format!("{} {}", event["eventDate"].as_str().unwrap(), event["eventHours"].as_str().unwrap());
        assert_eq!(date.strftime("%d/%m/%Y %H:%M:%S").to_string(), written);
    }
    let last = matrix.find(events.last().unwrap()["eventCode"].as_str().unwrap()).unwrap();
    let latest = result["latestStatusDetail"]["derivedCode"].as_str().unwrap();
    assert_eq!(last.state == State::Delivered, latest == "DL");
    assert_eq!(last.state == State::Returned, latest == "RS");

    let dates: Vec<_> = list(&result, "/dateAndTimes").iter().map(|date| date["type"].as_str().unwrap()).collect();
    let delivered = last.state == State::Delivered;
    assert_eq!((trace["deliveryDate"].is_string(), dates.contains(&"ACTUAL_DELIVERY")), (delivered, delivered));
    assert_eq!(result["deliveryDetails"].get("actualDeliveryAddress").is_some(), delivered);
    assert!(!(last.is_final && dates.contains(&"ESTIMATED_DELIVERY")), "{dates:?}");
    assert_eq!(result["estimatedDeliveryTimeWindow"]["window"].get("ends").is_some(), dates.contains(&"ESTIMATED_DELIVERY"));
    assert_eq!(dates.contains(&"ACTUAL_PICKUP"), result["shipmentDetails"]["possessionStatus"] == true);
    let incidence = events.iter().any(|event| matrix.find(event["eventCode"].as_str().unwrap()).unwrap().incidence);
    assert_eq!(trace["has_incidence"], incidence);

    let (_, shop) = caller.get(&format!("{SHOP}/track/search-continuous-trace/{code}")).await;
    assert_eq!((&shop[0]["events"], &shop[0]["deliveryDate"]), (&trace["events"], &trace["deliveryDate"]));
    last.clone()
}

store::on_both_engines! {
    async fn every_journey_goes_its_way_and_both_carriers_agree_at_every_step(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let mut project = 0;
        for (shipment, route) in shipments() {
            for journey in Journey::ALL {
                project += 1;
                let caller = sandbox.project(project);
                let code = code(&caller.with(SCENARIO, &journey.header_value()).ship(shipment.clone()).await);
                let script = journey.script(route);
                let codes = script_codes(&script);
                for (at, stage) in script.iter().enumerate() {
                    after(&caller, stage.hours).await;
                    assert_eq!(event_codes(&caller, &code).await, codes[..=at], "{journey} {route:?}");
                    let last = assert_agreement(&caller, &code).await;
                    assert_eq!(last.is_final, at + 1 == script.len());
                }
                // Nothing follows the end.
                after(&caller, 24 * 365).await;
                assert_eq!(event_codes(&caller, &code).await, codes);
            }
        }
    }

    async fn a_journey_is_asked_for_by_a_reference_as_well(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let mut project = 0;
        for journey in Journey::ALL {
            for place in ["/shipmentReference1", "/shipmentReference3", "/packages/0/clientReference"] {
                project += 1;
                let caller = sandbox.project(project);
                let mut shipment = national();
                for name in ["shipmentReference1", "shipmentReference3"] {
                    shipment[name] = json!("PEDIDO-1");
                }
                *shipment.pointer_mut(place).unwrap() = json!(journey.fixed_value());
                let code = code(&caller.ship(shipment).await);
                after(&caller, 24 * 365).await;
                let route = Route { abroad: false, handover: Handover::Address };
                assert_eq!(event_codes(&caller, &code).await, script_codes(&journey.script(route)), "{journey} {place}");
            }
        }
    }

    async fn without_a_wish_the_product_decides(test: TestDb) {
        let sandbox = Sandbox::new(test);
        for (number, (shipment, route)) in (1..).zip(shipments()) {
            let caller = sandbox.project(number);
            let code = code(&caller.ship(shipment).await);
            after(&caller, 24 * 365).await;
            assert_eq!(event_codes(&caller, &code).await, script_codes(&Journey::usual(route).script(route)));
        }
    }

    async fn a_journey_that_does_not_exist_is_refused_with_those_that_do(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let mut fixed = national();
        fixed["shipmentReference2"] = json!("SBX-JOURNEY-TO-THE-MOON");
        for (caller, shipment) in [(sandbox.caller().with(SCENARIO, "journey-to-the-moon"), national()), (sandbox.caller(), fixed)] {
            let (status, answer) = caller.post(&format!("{PREREGISTER}/delivery"), json!({"shipments": [shipment]})).await;
            assert_eq!(status, StatusCode::BAD_REQUEST);
            let text = answer["moreInformation"]["description"].as_str().unwrap();
            assert!(Journey::ALL.iter().all(|journey| text.contains(journey.as_str())), "{text}");
        }
        // Nothing of it was kept: the first parcel is still the first.
        assert!(sandbox.caller().parcel().await.starts_with("PQXXX1000000001"));
    }

    async fn a_parcel_that_came_back_is_in_the_phase_of_deliveries_and_was_not_delivered(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        let code = code(&caller.with(SCENARIO, "journey-returned").ship(national()).await);
        clock::set(&caller, "+30d").await;
        let trace = trace(&caller, &code).await;
        let last = list(&trace, "/events").last().unwrap();
        assert_eq!((&last["phase"], &last["phaseDes"], &last["eventCode"]), (&json!("4"), &json!("ENTREGADO"), &json!("I020000V")));
        assert_eq!((&trace["deliveryDate"], &trace["has_incidence"]), (&Value::Null, &json!(true)));
        let result = track(&caller, &code).await;
        assert_eq!(result["latestStatusDetail"]["code"], "RS");
        assert_eq!(result["deliveryDetails"]["deliveryAttempts"], "2");
        assert!(result["returnDetail"]["reasonDetail"][0]["description"].is_string());
        assert_eq!(result["latestStatusDetail"]["scanLocation"]["city"], "MADRID");
    }

    async fn an_estimate_follows_what_happens(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller().with(SCENARIO, "journey-failed-then-delivered");
        let code = code(&caller.ship(national()).await);
        let caller = sandbox.caller();
        let estimate = async |hours| {
            after(&caller, hours).await;
            let result = track(&caller, &code).await;
            result["estimatedDeliveryTimeWindow"]["window"]["ends"].as_str().map(str::to_owned)
        };
        assert_eq!(estimate(0).await.as_deref(), Some("2026-06-03T18:00:00+02:00"));
        assert_eq!(estimate(47).await.as_deref(), Some("2026-06-04T18:00:00+02:00"));
        assert_eq!(estimate(70).await, None);
        let result = track(&caller, &code).await;
        assert_eq!(result["standardTransitTimeWindow"]["window"]["ends"], "2026-06-03T18:00:00+02:00");
        assert_eq!((&result["deliveryDetails"]["receivedByName"], &result["deliveryDetails"]["deliveryAttempts"]), (&json!("B.PEÑA"), &json!("1")));
        // Late and not found: nobody dares to say when.
        let lost = crate::support::code(&sandbox.project(2).with(SCENARIO, "journey-lost").ship(national()).await);
        clock::set(&sandbox.project(2), "+4d").await;
        assert_eq!(track(&sandbox.project(2), &lost).await["estimatedDeliveryTimeWindow"]["window"], json!({}));
    }

    async fn a_parcel_on_its_way_cannot_be_called_off_any_more(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        let [annulled, admitted] = [caller.parcel().await, caller.parcel().await];
        after(&caller, 3).await;
        let (_, answer) = caller.post(&format!("{PREREGISTER}/delivery/annulment"), json!({"packageCode": annulled})).await;
        assert_eq!(answer["errors"], json!([]));
        after(&caller, 4).await;
        let body = json!({"errorCodeLanguage": "eng", "packageCode": admitted});
        let (status, answer) = caller.post(&format!("{PREREGISTER}/delivery/annulment"), body).await;
        assert_eq!((status, &answer["errors"][0]["errorCode"]), (StatusCode::OK, &json!(9050)), "{answer}");
        let (_, answer) = caller.call(Method::PUT, "/ship/v1/shipments/cancel", json!({"trackingNumber": admitted})).await;
        assert_eq!(answer["output"]["cancelledShipment"], false);
        clock::set(&caller, "+30d").await;
        assert_eq!(event_codes(&caller, &annulled).await, ["A090000V", "A040000R"]);
        assert_eq!(event_codes(&caller, &admitted).await.last().map(String::as_str), Some("I010000V"));
        assert_agreement(&caller, &annulled).await;
    }

    async fn production_hears_no_wishes_and_its_parcels_travel_all_the_same(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.production();
        link_contract(&sandbox, &caller, ["54000000", "80000000", "XXX1"]).await;
        let mut shipment = national();
        shipment["shipmentReference2"] = json!("SBX-JOURNEY-RETURNED");
        let wishing = caller.with(SCENARIO, "journey-lost").with("x-sandbox-clock", "-30d");
        let code = code(&wishing.ship(shipment).await);
        sandbox.hands.advance(46 * 3600);
        assert_eq!(assert_agreement(&caller, &code).await.code, "I010000V");
    }

    async fn several_codes_are_answered_in_their_order(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        let [first, second] = [caller.parcel().await, caller.parcel().await];
        let mut elsewhere = national();
        elsewhere["addressee"]["cp"] = json!("08001");
        let foreign = code(&sandbox.project(2).ship(elsewhere).await);
        for comma in [",", "%2C", "%2c"] {
            let (status, traces) = caller.get(&format!("{SEARCH}/{second}{comma}{foreign}{comma}{first}?languageCode=EN")).await;
            assert_eq!(status, StatusCode::OK);
            let codes: Vec<_> = traces.as_array().unwrap().iter().map(|trace| trace["code"].as_str().unwrap()).collect();
            assert_eq!(codes, [second.as_str(), &foreign, &first]);
            assert_eq!((&traces[0]["error"], &traces[1]["error"][0]["codError"]), (&json!([]), &json!("3")));
            assert_eq!(traces[2]["events"][0]["summaryText"], "Preregistered");
        }
        for one in [format!("{first},"), format!(",{first}"), format!("{first}%2C")] {
            assert_eq!(trace(&caller, &one).await["code"], first);
        }
        let (status, refusal) = caller.get(&format!("{SEARCH}/{}", vec![first.as_str(); 101].join(","))).await;
        assert_eq!((status, refusal["body"].is_string()), (StatusCode::BAD_REQUEST, true));
        let (status, traces) = caller.get(&format!("{SEARCH}/{}", vec!["X"; 100].join(","))).await;
        assert_eq!((status, traces.as_array().map(Vec::len)), (StatusCode::OK, Some(100)));
    }
}

/// The same calls on a fresh database, and every byte that was answered.
async fn transcript(test: store::testkit::TestDb) -> Vec<(StatusCode, Vec<u8>)> {
    let sandbox = Sandbox::new(test);
    let caller = sandbox.caller();
    let mut codes = Vec::new();
    for journey in Journey::ALL {
        for shipment in [national(), international()] {
            codes.push(code(&caller.with(SCENARIO, &journey.header_value()).ship(shipment).await));
        }
    }
    let mut answers = Vec::new();
    for clock in ["+1h", "+2d", "P3D", "2026-12-24T18:00:00Z"] {
        clock::set(&caller, clock).await;
        for code in &codes {
            let body = json!({"trackingInfo": [{"trackingNumberInfo": {"trackingNumber": code}}]}).to_string();
            for response in [
                caller.send(Method::GET, &format!("{SEARCH}/{code}?languageCode=EN"), "").await,
                caller.send(Method::GET, &format!("{SHOP}/track/search-continuous-trace/{code}"), "").await,
                caller.send(Method::POST, "/track/v1/trackingnumbers", body).await,
            ] {
                answers.push((response.status(), response.body().to_vec()));
            }
        }
    }
    answers
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_calls_are_answered_with_the_same_bytes_on_both_databases() {
    let one = transcript(store::testkit::sqlite().await).await;
    assert_eq!(one, transcript(store::testkit::sqlite().await).await);
    assert_eq!(one, transcript(store::testkit::postgres().await).await);
    assert!(one.iter().all(|(status, _)| *status == StatusCode::OK));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_matrix_of_ones_own_is_told_in_its_own_words() {
    let text = include_str!("../../../domain/data/event-matrix.csv").replace("A090000V", "A990000V");
    let matrix = Matrix::read(&text).unwrap();
    let test = store::testkit::sqlite().await;
    let before = Sandbox::new(test);
    let code = before.caller().parcel().await;
    let paloma = carrier::Paloma::new(
        before.test.db.clone(),
        before.hands.clock(),
        store::testkit::entropy(1),
        "".into(),
        std::sync::Arc::new(matrix),
    );
    let caller = Caller { paloma, ..before.caller() };
    // What was preregistered under another matrix is told as well.
    assert_eq!(trace(&caller, &code).await["events"][0]["eventCode"], "A990000V");
}
