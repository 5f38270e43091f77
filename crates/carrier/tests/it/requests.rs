//! Collection requests.

use domain::Environment;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use store::shipments::{self, Owner};

use crate::support::{SHOP, Sandbox};

const REQUESTS: &str = "/logistics/requests/api/v1/requests";

/// A collection that lacks nothing, the day after the tests' clock.
pub fn collection() -> Value {
    json!({
        "codContract": "54000000", "codSpecificContract": "80000000", "codAnnex": "091", "type": "E", "modalityType": "S",
        "requestDate": "2026-06-02", "timeSlot": "1", "estimatedShipments": 1, "estimatedVolume": 10,
        "address": "Calle de Alcalá, 12", "locality": "Madrid", "province": "28", "postalCode": "28001",
        "contactName": "Íñigo", "originSystem": "WOO", "printLabel": false, "shipments": [],
    })
}

store::on_both_engines! {
    async fn a_collection_is_asked_for_read_and_cancelled_once(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        let (status, made) = caller.post(REQUESTS, json!([collection(), collection()])).await;
        assert_eq!(status, StatusCode::CREATED);
        assert_eq!(made[0]["codRequest"], "SR0106202600001EW");
        assert_eq!(made[1]["codRequest"].as_str().map(str::len), Some(17));
        assert_eq!((&made[0]["state"], &made[0]["requestDate"]), (&json!("INICIAL"), &json!("2026-06-02")));

        let code = made[0]["codRequest"].as_str().unwrap();
        let (status, read) = caller.get(&format!("{REQUESTS}/{code}")).await;
        assert_eq!((status, &read), (StatusCode::OK, &made[0]));

        let cancel = format!("{REQUESTS}/cancelRequest/{code}");
        let body = json!({"modificationUserCode": "ANY", "rol": "NOBODY"});
        let (status, cancelled) = caller.call(Method::PATCH, &cancel, body.clone()).await;
        assert_eq!((status, &cancelled["state"]), (StatusCode::OK, &json!("CANCELADA")));
        assert_eq!(cancelled["codRequest"], code);
        let (status, answer) = caller.call(Method::PATCH, &cancel, body).await;
        assert_eq!((status, &answer["code"]), (StatusCode::CONFLICT, &json!("409")));
        let (_, read) = caller.get(&format!("{REQUESTS}/{code}")).await;
        assert_eq!(read["state"], "CANCELADA");

        let codes = |list: &Value| list.as_array().unwrap().iter().map(|one| one["codRequest"].clone()).collect::<Vec<_>>();
        let (_, open) = caller.get(&format!("{REQUESTS}?state=INICIAL")).await;
        assert_eq!(codes(&open), [made[1]["codRequest"].clone()]);
        let (_, all) = caller.get(&format!("{REQUESTS}?page=0&size=1")).await;
        assert_eq!(codes(&all), [made[1]["codRequest"].clone()]);
        let (_, none) = caller.get(&format!("{REQUESTS}?state=%00")).await;
        assert_eq!(none, json!([]));
    }

    async fn numbers_start_anew_each_day(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        caller.post(REQUESTS, json!([collection()])).await;
        sandbox.hands.advance(86_400);
        let (_, made) = caller.post(REQUESTS, json!([collection()])).await;
        assert!(made[0]["codRequest"].as_str().unwrap().starts_with("SR0206202600001E"));
    }

    async fn any_day_from_today_on_will_do_and_yesterday_will_not(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        for (day, expected) in [
            ("2026-06-01", StatusCode::CREATED),
            ("01/06/2026", StatusCode::CREATED),
            ("2031-12-24", StatusCode::CREATED),
            ("2026-06-06T09:00:00", StatusCode::CREATED),
            ("2026-05-31", StatusCode::BAD_REQUEST),
            ("31/05/2026", StatusCode::BAD_REQUEST),
            ("tomorrow", StatusCode::BAD_REQUEST),
            ("", StatusCode::BAD_REQUEST),
        ] {
            let mut one = collection();
            one["requestDate"] = json!(day);
            let (status, answer) = caller.post(REQUESTS, json!([one])).await;
            assert_eq!(status, expected, "{day}: {answer}");
        }
    }

    async fn what_is_missing_or_wrong_is_named(test: TestDb) {
        let sandbox = Sandbox::new(test);
        for (member, value) in [
            ("requestDate", json!("2026-05-31")),
            ("address", Value::Null),
            ("address", json!("a".repeat(201))),
            ("locality", json!(" ")),
            ("postalCode", json!("")),
            ("postalCode", json!("AD500")),
            ("postalCode", json!("53001")),
            ("province", json!("41")),
            ("timeSlot", json!("5")),
            ("type", json!("X")),
            ("modalityType", json!("X")),
            ("codAnnex", json!("001")),
            ("codContract", json!("54000001")),
            ("codSpecificContract", json!("80000001")),
            ("estimatedShipments", json!("many")),
            ("estimatedVolume", json!(9)),
            ("estimatedVolume", json!("81")),
            ("contactPhone", json!("call me")),
            ("email", json!("nobody")),
            ("shipments", json!("PQ1")),
            ("shipments", json!(["PQ1"])),
            ("observations", json!("SBX-REQUEST-NOWHERE")),
        ] {
            let mut one = collection();
            one[member] = value.clone();
            let (status, answer) = sandbox.caller().post(REQUESTS, json!([collection(), one])).await;
            assert_eq!(status, StatusCode::BAD_REQUEST, "{member} {value}");
            let text = answer["moreInformation"]["description"].as_str().unwrap();
            assert!(text.starts_with(&format!("[1] {member}: ")) && !text.contains(';'), "{value}: {text}");
        }
        let (_, list) = sandbox.caller().get(REQUESTS).await;
        assert_eq!(list, json!([]));
    }

    async fn everything_wrong_is_named_at_once(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let wrong = json!({"requestDate": "never", "timeSlot": 9, "postalCode": "1", "estimatedVolume": 1000});
        let (_, answer) = sandbox.caller().post(REQUESTS, json!([wrong, 7])).await;
        let text = answer["moreInformation"]["description"].as_str().unwrap();
        for told in ["[0] requestDate", "[0] timeSlot", "[0] postalCode", "[0] estimatedVolume", "[0] address", "[0] locality", "[1] "] {
            assert!(text.contains(told), "{told}: {text}");
        }
        let (_, answer) = sandbox.caller().post(REQUESTS, json!(vec![json!({}); 50])).await;
        let text = answer["moreInformation"]["description"].as_str().unwrap();
        assert!(text.ends_with("150 more") && text.len() < 4000, "{text}");
    }

    async fn what_programs_leave_out_or_write_their_own_way_is_taken(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let least = json!({"requestDate": "2026-06-02", "address": "Calle Mayor 1", "locality": "Madrid", "postalCode": 28013});
        let mut empty = collection();
        for (member, value) in empty.as_object_mut().unwrap() {
            if !["requestDate", "address", "locality", "postalCode"].contains(&member.as_str()) {
                *value = json!("");
            }
        }
        let mut own = collection();
        own["province"] = json!("Madrid");
        own["codSpecificContract"] = json!("9980000000");
        own["contactPhone"] = json!("+34 910 00 00 00");
        own["estimatedVolume"] = json!("80");
        let (status, made) = sandbox.caller().post(REQUESTS, json!([least, empty, own])).await;
        assert_eq!((status, made.as_array().map(Vec::len)), (StatusCode::CREATED, Some(3)), "{made}");
    }

    async fn a_contract_in_production_is_one_of_the_organisation(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let (status, answer) = sandbox.production().post(REQUESTS, json!([collection()])).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        assert!(answer["moreInformation"]["description"].as_str().unwrap().contains("codContract"), "{answer}");
    }

    async fn sixteen_retries_at_once_ask_for_one_collection(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let body = json!([collection()]).to_string();
        let mut calls = tokio::task::JoinSet::new();
        for _ in 0..16 {
            let (caller, body) = (sandbox.caller().with("idempotency-key", "pickup-1"), body.clone());
            calls.spawn(async move {
                let response = caller.send(Method::POST, REQUESTS, body).await;
                (response.status(), response.into_body())
            });
        }
        let answers = calls.join_all().await;
        assert_eq!(answers[0].0, StatusCode::CREATED);
        assert!(answers.iter().all(|answer| *answer == answers[0]));
        let (_, list) = sandbox.caller().get(REQUESTS).await;
        assert_eq!(list.as_array().map(Vec::len), Some(1));
    }

    async fn a_day_has_ninety_nine_thousand_nine_hundred_and_ninety_nine_numbers(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        let owner = Owner { environment: Environment::Sandbox, project: caller.project.to_string().parse().unwrap() };
        let mut tx = sandbox.test.db.begin().await.unwrap();
        shipments::take_numbers(&mut tx, owner, "request 01062026", 99_998).await.unwrap();
        tx.commit(sandbox.hands.clock().now()).await.unwrap();
        let (status, _) = caller.post(REQUESTS, json!([collection(), collection()])).await;
        assert_eq!(status, StatusCode::CONFLICT, "a call that needs one more than there is gets none");
        let (status, made) = caller.post(REQUESTS, json!([collection()])).await;
        assert_eq!(status, StatusCode::CREATED);
        assert!(made[0]["codRequest"].as_str().unwrap().starts_with("SR0106202699999E"), "{made}");
        assert_eq!(caller.post(REQUESTS, json!([collection()])).await.0, StatusCode::CONFLICT);
        sandbox.hands.advance(86_400);
        assert_eq!(caller.post(REQUESTS, json!([collection()])).await.0, StatusCode::CREATED);
    }

    async fn a_collection_is_found_by_the_parcels_it_names(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        let parcel = caller.parcel().await;
        let mut one = collection();
        one["shipments"] = json!([
            {"codShipmentCorreos": parcel, "shipmentType": "Paqueteria"}, {"codShipmentCorreos": parcel}, {"codShipmentCorreos": ""},
            {"codShipmentCorreos": "ñ"}, {},
        ]);
        let (_, first) = caller.post(REQUESTS, json!([one])).await;
        sandbox.hands.advance(1);
        let (_, second) = caller.post(REQUESTS, json!([collection(), one])).await;
        let (status, found) = caller.get(&format!("{REQUESTS}/shipment/{parcel}")).await;
        assert_eq!((status, found), (StatusCode::OK, json!([second[1], first[0]])));
        for (caller, code) in [(sandbox.project(2), parcel.as_str()), (caller.clone(), "PQ1"), (caller.clone(), "%00")] {
            let (status, found) = caller.get(&format!("{REQUESTS}/shipment/{code}")).await;
            assert_eq!((status, found), (StatusCode::OK, json!([])), "{code}");
        }
        one["shipments"] = json!(vec![json!({}); 501]);
        assert_eq!(caller.post(REQUESTS, json!([one, one])).await.0, StatusCode::BAD_REQUEST);
    }

    async fn collections_are_listed_by_the_day_asked_for(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        for day in ["2026-06-02", "2026/06/03", "04-06-2026"] {
            let mut one = collection();
            one["requestDate"] = json!(day);
            caller.post(REQUESTS, json!([one])).await;
        }
        for (query, expected) in [
            ("requestDateFrom=2026-06-03", vec!["04-06-2026", "2026/06/03"]),
            ("requestDateTo=02-06-2026", vec!["2026-06-02"]),
            ("requestDateFrom=2026-06-03&requestDateTo=2026-06-03&state=INICIAL", vec!["2026/06/03"]),
            ("requestDateFrom=&requestDateTo=&state=", vec!["04-06-2026", "2026/06/03", "2026-06-02"]),
            ("requestDateFrom=2026-06-05", vec![]),
            ("state=EN_RUTA", vec![]),
            ("size=1&page=1", vec!["2026/06/03"]),
        ] {
            let (status, list) = caller.get(&format!("{REQUESTS}?{query}")).await;
            let days: Vec<_> = list.as_array().unwrap().iter().map(|one| one["requestDate"].clone()).collect();
            assert_eq!((status, days), (StatusCode::OK, expected.into_iter().map(Value::from).collect()), "{query}");
        }
        for wrong in ["requestDateFrom=soon", "requestDateTo=2026-02-30", "page=-1", "size=0", "size=101"] {
            assert_eq!(caller.get(&format!("{REQUESTS}?{wrong}")).await.0, StatusCode::BAD_REQUEST, "{wrong}");
        }
    }

    async fn another_projects_collection_does_not_exist(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let (_, made) = sandbox.project(1).post(REQUESTS, json!([collection()])).await;
        let code = made[0]["codRequest"].as_str().unwrap();
        let stranger = sandbox.project(2);
        assert_eq!(stranger.get(&format!("{REQUESTS}/{code}")).await.0, StatusCode::NOT_FOUND);
        for path in [
            format!("{REQUESTS}/cancelRequest/{code}"),
            format!("{REQUESTS}/acceptChanges/{code}"),
            format!("{SHOP}/requests/cancel/{code}"),
        ] {
            assert_eq!(stranger.call(Method::PATCH, &path, json!({})).await.0, StatusCode::NOT_FOUND);
        }
        assert_eq!(stranger.get(REQUESTS).await.1, json!([]));
    }
}
