//! Collection requests.

use http::{Method, StatusCode};
use serde_json::{Value, json};

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
            ("address", Value::Null),
            ("postalCode", json!("")),
            ("timeSlot", json!("5")),
            ("type", json!("X")),
            ("codAnnex", json!("001")),
            ("estimatedShipments", json!("many")),
        ] {
            let mut one = collection();
            one[member] = value;
            let (status, answer) = sandbox.caller().post(REQUESTS, json!([collection(), one])).await;
            assert_eq!(status, StatusCode::BAD_REQUEST);
            let text = answer["moreInformation"]["description"].as_str().unwrap();
            assert!(text.starts_with("[1]") && text.contains(member), "{text}");
        }
        let (_, list) = sandbox.caller().get(REQUESTS).await;
        assert_eq!(list, json!([]));
    }

    async fn another_projects_collection_does_not_exist(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let (_, made) = sandbox.project(1).post(REQUESTS, json!([collection()])).await;
        let code = made[0]["codRequest"].as_str().unwrap();
        let stranger = sandbox.project(2);
        assert_eq!(stranger.get(&format!("{REQUESTS}/{code}")).await.0, StatusCode::NOT_FOUND);
        for path in [format!("{REQUESTS}/cancelRequest/{code}"), format!("{SHOP}/requests/cancel/{code}")] {
            assert_eq!(stranger.call(Method::PATCH, &path, json!({})).await.0, StatusCode::NOT_FOUND);
        }
        assert_eq!(stranger.get(REQUESTS).await.1, json!([]));
    }
}
