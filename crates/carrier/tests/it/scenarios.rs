//! Faults on demand.

use std::time::Duration;

use carrier::Wire;
use domain::scenario::{ALL, Fault};
use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Caller, PREREGISTER, SHOP, Sandbox, code, national};

const HEADER: &str = "x-sandbox-scenario";
const SEARCH: &str = "/support/trackpub/api/v2/search";
const TRACK: &str = "/track/v1/trackingnumbers";
const CANCEL: &str = "/ship/v1/shipments/cancel";
const PRINT: &str = "/support/labels/api/v1/labels/print";

fn delivery() -> String {
    format!("{PREREGISTER}/delivery")
}

fn shipments(reference: &str) -> Value {
    let mut shipment = national();
    shipment["shipmentReference1"] = json!(reference);
    json!({ "shipments": [shipment] })
}

fn tracked(number: &str) -> Value {
    json!({ "trackingInfo": [{ "trackingNumberInfo": { "trackingNumber": number } }] })
}

fn printed(parcel: &str, format: u8) -> Value {
    json!({ "application": "PRS", "print": { "shipments": [parcel], "labelFormat": format } })
}

fn header<'r>(response: &'r http::Response<bytes::Bytes>, name: &str) -> &'r str {
    response.headers()[name].to_str().unwrap()
}

/// Whether the project has made nothing yet: the next parcel is its first.
async fn is_untouched(caller: &Caller) -> bool {
    caller.parcel().await.starts_with("PQXXX1000000001")
}

store::on_both_engines! {
    async fn every_fault_answers_as_listed_says_so_and_changes_nothing(test: TestDb) {
        let sandbox = Sandbox::new(test);
        for scenario in ALL.iter().filter(|one| !matches!(one.fault, Fault::Slow | Fault::AnnulmentFailsTwice | Fault::LabelNotReady)) {
            let by_header = sandbox.caller().with(HEADER, scenario.header).send(Method::POST, &delivery(), shipments("A").to_string()).await;
            let by_value = sandbox.caller().send(Method::POST, &delivery(), shipments(scenario.fixed).to_string()).await;
            for response in [by_header, by_value] {
                assert_eq!(response.status().as_u16(), scenario.statuses[0], "{}", scenario.header);
                assert_eq!(response.headers()[HEADER], scenario.header);
                let body: Value = serde_json::from_slice(response.body()).unwrap();
                if !response.status().is_success() {
                    assert_eq!(body["code"], scenario.statuses[0].to_string(), "{body}");
                }
            }
        }
        assert!(is_untouched(&sandbox.caller()).await);
    }

    async fn a_fixed_value_counts_wherever_it_stands_alone(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        let mut deep = national();
        deep["packages"][0]["clientReference"] = json!("SBX-SERVER-ERROR");
        for (method, path, body) in [
            (Method::POST, delivery(), json!({ "shipments": [national(), deep] })),
            (Method::POST, format!("{PREREGISTER}/delivery/package"), json!({ "shipments": ["SBX-SERVER-ERROR"] })),
            (Method::POST, PRINT.to_owned(), printed("SBX-SERVER-ERROR", 2)),
            (Method::GET, format!("{SEARCH}/SBX-SERVER-ERROR"), json!(null)),
            (Method::GET, format!("{SHOP}/terminals/homepaqs?postalCode=SBX-SERVER-ERROR"), json!(null)),
            (Method::POST, format!("{SHOP}/requests"), json!([{ "originSystem": "SBX-SERVER-ERROR" }])),
            (Method::POST, TRACK.to_owned(), tracked("SBX-SERVER-ERROR")),
            (Method::PUT, CANCEL.to_owned(), json!({ "trackingNumber": "SBX-SERVER-ERROR" })),
        ] {
            let response = caller.send(method, &path, body.to_string()).await;
            assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR, "{path}");
            assert_eq!(response.headers()[HEADER], "server-error", "{path}");
        }
        let (status, _) = caller.post(&delivery(), shipments("ver SBX-SERVER-ERROR")).await;
        assert_eq!(status, StatusCode::CREATED, "a value that only contains one is a value");
    }

    async fn refusals_have_the_gateways_words_and_headers_in_the_dialect_of_the_path(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let ask = async |word: &str, method: Method, path: &str| sandbox.caller().with(HEADER, word).send(method, path, "{}").await;
        let body = |response: &http::Response<bytes::Bytes>| serde_json::from_slice::<Value>(response.body()).unwrap();

        let expired = ask("expired-token", Method::POST, &delivery()).await;
        assert!(expired.headers()["www-authenticate"].to_str().unwrap().starts_with("Bearer error=\"invalid_token\""));
        let told = body(&expired);
        assert_eq!((&told["message"], &told["moreInformation"]["link"]), (&json!("Unauthorized"), &json!("https://portal.example/errors/token-expired")));
        let expired = body(&ask("expired-token", Method::POST, TRACK).await);
        assert_eq!(expired["errors"][0]["message"], "Access token expired. Please modify your request and try again.");
        let expired = body(&ask("expired-token", Method::GET, &format!("{SEARCH}/X")).await);
        assert!(expired["body"].as_str().unwrap().contains("expired"), "{expired}");

        let revoked = ask("revoked-access", Method::POST, &format!("{SHOP}/labels/print/labels")).await;
        assert!(revoked.headers()["www-authenticate"].to_str().unwrap().contains("error=\"insufficient_scope\""));
        assert!(body(&revoked)["moreInformation"]["description"].as_str().unwrap().contains("LBS"));
        assert_eq!(body(&ask("revoked-access", Method::PUT, CANCEL).await)["errors"][0]["code"], "FORBIDDEN.ERROR");

        let throttled = ask("throttled", Method::POST, TRACK).await;
        assert_eq!(body(&throttled)["errors"][0]["code"], "TOO.MANY.REQUESTS.ERROR");
        assert_eq!((header(&throttled, "retry-after"), header(&throttled, "ratelimit")), ("7", "\"rate\";r=0;t=7"));
        assert!(throttled.headers().contains_key("ratelimit-policy"));
        let bare = ask("throttled-bare", Method::POST, TRACK).await;
        assert_eq!((bare.status(), bare.body()), (throttled.status(), throttled.body()));
        assert!(["retry-after", "ratelimit", "ratelimit-policy"].iter().all(|name| !bare.headers().contains_key(*name)));
        let unavailable = ask("unavailable", Method::POST, TRACK).await;
        assert_eq!((header(&unavailable, "retry-after"), &body(&unavailable)["errors"][0]["code"]), ("5", &json!("SERVICE.UNAVAILABLE.ERROR")));
    }

    async fn the_error_stands_inside_as_each_api_has_it(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller().with(HEADER, "error-inside");
        for path in [delivery(), format!("{PREREGISTER}/delivery/validate"), format!("{SHOP}/preregister/delivery")] {
            let (_, told) = caller.post(&path, json!({ "shipments": [{}, {}] })).await;
            assert_eq!((&told["result"], told["shipments"].as_array().map(Vec::len)), (&json!("0"), Some(2)));
            assert_eq!((&told["shipments"][1]["validationErrorCount"], &told["shipments"][1]["error"][0]["errorCode"]), (&json!(1), &json!(5003)));
        }
        let (_, told) = caller.post(&format!("{PREREGISTER}/delivery/annulment"), json!({ "packageCode": "X" })).await;
        assert!(told["message"].is_string() && told["errors"][0]["errorCode"].is_number(), "{told}");
        for (format, member) in [(1, "xml"), (2, "pdf"), (3, "zpl")] {
            let (_, told) = caller.post(PRINT, printed("X", format)).await;
            assert!(told["pdf"].is_null() && told.get(member).is_some_and(Value::is_null) && told["error"].is_string(), "{told}");
        }
        let (_, told) = caller.get(&format!("{SEARCH}/X")).await;
        assert_eq!((&told["code"], &told["error"][0]["codError"]), (&json!("X"), &json!("3")));
        let (_, told) = caller.get(&format!("{SHOP}/track/search-continuous-trace/X")).await;
        assert_eq!((&told[0]["code"], &told[0]["error"]["codError"]), (&json!("X"), &json!("3")));
        let (_, told) = caller.post(TRACK, tracked("X")).await;
        assert_eq!(told["output"]["completeTrackResults"][0]["trackResults"][0]["error"]["code"], "TRACKING.TRACKINGNUMBER.NOTFOUND");
        let (_, told) = caller.call(Method::PUT, CANCEL, json!({ "trackingNumber": "X" })).await;
        assert_eq!(told["output"]["cancelledShipment"], false);
        let (status, told) = caller.get("/logistics/requests/api/v1/requests").await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        assert!(told["moreInformation"]["description"].as_str().unwrap().contains("never answers 200"), "{told}");
    }

    async fn a_slow_answer_is_the_true_one_and_a_cut_one_none(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let send = async |word: &str| sandbox.caller().with(HEADER, word).send(Method::POST, &delivery(), shipments("A").to_string()).await;
        let slow = send("slow-3").await;
        assert_eq!((slow.status(), header(&slow, HEADER)), (StatusCode::CREATED, "slow-3"));
        assert_eq!(slow.extensions().get(), Some(&Wire { after: Duration::from_secs(3), cut_at: None }));
        assert_eq!(send("slow").await.extensions().get::<Wire>().map(|wire| wire.after), Some(Duration::from_secs(10)));
        let missing = sandbox.caller().with(HEADER, "slow").send(Method::POST, PRINT, "{}").await;
        assert!(missing.status() == StatusCode::BAD_REQUEST && missing.extensions().get::<Wire>().is_some(), "refusals are late too");

        let cut = send("cut").await;
        let wire: Wire = *cut.extensions().get().unwrap();
        assert!(wire.after.is_zero() && wire.cut_at.is_some_and(|at| at > 0 && at < cut.body().len()), "{wire:?}");
        assert!(sandbox.caller().parcel().await.starts_with("PQXXX1000000003"), "the slow ones were taken and the cut one was not");
    }

    async fn an_annulment_fails_twice_for_each_parcel_and_then_works(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let path = format!("{PREREGISTER}/delivery/annulment");
        let asking = sandbox.caller().with(HEADER, "annulment-fails-twice");
        let mut remembered = national();
        remembered["shipmentReference2"] = json!("SBX-ANNULMENT-FAILS-TWICE");
        let remembered = code(&sandbox.caller().ship(remembered).await);
        for (caller, parcel) in [(&asking, sandbox.caller().parcel().await), (&sandbox.caller(), remembered)] {
            let annul = async || caller.send(Method::POST, &path, json!({ "packageCode": parcel }).to_string()).await;
            let first = annul().await;
            assert_eq!((first.status(), header(&first, HEADER)), (StatusCode::INTERNAL_SERVER_ERROR, "annulment-fails-twice"));
            let second: Value = serde_json::from_slice(annul().await.body()).unwrap();
            assert_eq!(second["errors"][0]["errorCode"], 9900, "{second}");
            let (_, trace) = sandbox.caller().get(&format!("{SEARCH}/{parcel}")).await;
            assert_eq!(trace["events"].as_array().map(Vec::len), Some(1), "it is still alive");
            let third = annul().await;
            assert!(!third.headers().contains_key(HEADER));
            assert_eq!(serde_json::from_slice::<Value>(third.body()).unwrap()["errors"], json!([]));
        }
        let parcel = sandbox.caller().parcel().await;
        let mut cancelled = Vec::new();
        for _ in 0..3 {
            let (status, told) = asking.call(Method::PUT, CANCEL, json!({ "trackingNumber": parcel })).await;
            cancelled.push((status.as_u16(), told["output"]["cancelledShipment"].clone()));
        }
        assert_eq!(cancelled, [(500, json!(null)), (200, json!(false)), (200, json!(true))]);
        let (status, _) = asking.post(&path, json!({ "packageCode": "PQXXX10000999990108013A" })).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "a parcel that is not there is not there");
    }

    async fn a_label_is_not_ready_twice_and_then_it_is(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let asking = sandbox.caller().with(HEADER, "label-not-ready");
        let (status, made) = asking.post(&delivery(), shipments("SBX-LABEL-NOT-READY")).await;
        assert_eq!(status, StatusCode::CREATED, "where nothing is printed the word says nothing");
        for (caller, parcel) in [(&sandbox.caller(), code(&made["shipments"][0])), (&asking, sandbox.caller().parcel().await)] {
            for attempt in 1..=4 {
                let response = caller.send(Method::POST, PRINT, printed(&parcel, 2).to_string()).await;
                let told: Value = serde_json::from_slice(response.body()).unwrap();
                let ready = attempt > 2;
                assert_eq!((response.status(), told["pdf"].is_string(), told["error"].is_null()), (StatusCode::OK, ready, ready), "{attempt}");
                assert_eq!(response.headers().contains_key(HEADER), !ready);
            }
        }
    }

    async fn an_unknown_word_is_told_the_words_and_others_words_are_left_alone(test: TestDb) {
        let sandbox = Sandbox::new(test);
        for (caller, reference) in [(sandbox.caller().with(HEADER, "trottled"), "A"), (sandbox.caller(), "SBX-TROTTLED")] {
            let (status, told) = caller.post(&delivery(), shipments(reference)).await;
            assert_eq!(status, StatusCode::BAD_REQUEST);
            let told = told["moreInformation"]["description"].as_str().unwrap();
            assert!(ALL.iter().all(|one| told.contains(one.header)), "{told}");
        }
        for (caller, reference) in [
            (sandbox.caller().with(HEADER, "journey-lost"), "A"),
            (sandbox.caller().with(HEADER, ""), "SBX-JOURNEY-LOST"),
            (sandbox.caller(), "SBX-REQUEST-NO_VIABLE"),
            (sandbox.caller(), "SBX-1001"),
        ] {
            let (status, _) = caller.post(&delivery(), shipments(reference)).await;
            assert_eq!(status, StatusCode::CREATED, "{reference}");
        }
    }

    async fn production_knows_no_faults(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.production().with(HEADER, "server-error");
        let (status, told) = caller.get(&format!("{SEARCH}/SBX-CUT")).await;
        assert_eq!((status, &told["error"][0]["codError"]), (StatusCode::OK, &json!("3")));
    }
}
