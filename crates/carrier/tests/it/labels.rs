//! Labels.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::StatusCode;
use serde_json::{Value, json};

use crate::support::{PREREGISTER, Sandbox};

const PRINT: &str = "/support/labels/api/v1/labels/print";

fn print(code: &str, format: Value) -> Value {
    json!({"application": "PRS", "documentationType": 1,
        "print": {"shipments": [code], "labelFormat": format, "labelPrintMode": 2}})
}

store::on_both_engines! {
    async fn a_label_comes_in_each_format(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        let code = caller.parcel().await;
        for (format, member, start) in [
            (json!(1), "xml", "<?xml"),
            (json!(2), "pdf", "%PDF-"),
            (json!("2"), "pdf", "%PDF-"),
            (Value::Null, "pdf", "%PDF-"),
            (json!("3"), "zpl", "^XA"),
        ] {
            let (status, answer) = caller.post(PRINT, print(&code, format.clone())).await;
            assert_eq!((status, &answer["error"]), (StatusCode::OK, &Value::Null), "{format}");
            let drawn = STANDARD.decode(answer[member].as_str().unwrap()).unwrap();
            assert!(drawn.starts_with(start.as_bytes()));
            if member != "pdf" {
                let text = String::from_utf8(drawn).unwrap();
                assert!(text.contains(&code) && text.contains("Begoña Peña") && text.contains("1,250 kg"), "{text}");
            }
        }
    }

    async fn the_same_label_is_the_same_bytes(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        let code = caller.parcel().await;
        let first = caller.post(PRINT, print(&code, json!(2))).await;
        sandbox.hands.advance(86_400);
        assert_eq!(first, caller.post(PRINT, print(&code, json!(2))).await);
    }

    async fn a_parcel_of_nobody_or_of_another_is_404(test: TestDb) {
        let sandbox = Sandbox::new(test);
        sandbox.project(2).parcel().await;
        let foreign = sandbox.project(2).parcel().await;
        for code in [foreign.as_str(), "PQXXX10000099990141001A", "ñ", "\u{0}"] {
            let (status, answer) = sandbox.project(1).post(PRINT, print(code, json!(2))).await;
            assert_eq!(status, StatusCode::NOT_FOUND);
            assert_eq!(answer["moreInformation"]["description"], "Uno o más paquetes no pertenecen al oid/eid");
        }
    }

    async fn expeditions_and_annulled_parcels_have_no_label(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        let made = caller.ship(crate::support::national()).await;
        let code = crate::support::code(&made);
        let (status, answer) = caller.post(PRINT, print(made["shipmentCode"].as_str().unwrap(), json!(2))).await;
        assert_eq!((status, &answer["pdf"]), (StatusCode::OK, &Value::Null));
        assert!(!answer["error"].as_str().unwrap().is_empty());
        caller.post(&format!("{PREREGISTER}/delivery/annulment"), json!({"packageCode": code})).await;
        let (status, answer) = caller.post(PRINT, print(&code, json!(3))).await;
        assert_eq!((status, &answer["zpl"]), (StatusCode::OK, &Value::Null));
        assert!(answer["error"].as_str().unwrap().contains("anulado"));
    }

    async fn what_cannot_be_printed_is_malformed(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        let code = caller.parcel().await;
        let mistakes = [
            ("/application", Value::Null),
            ("/print", json!("yes")),
            ("/print/shipments", json!([])),
            ("/print/shipments", Value::Null),
            ("/print/labelFormat", json!(4)),
            ("/print/labelFormat", json!("pdf")),
            ("/print/labelPrintMode", json!(0)),
            ("/documentationType", json!(7)),
        ];
        for (pointer, value) in mistakes {
            let mut body = print(&code, json!(2));
            *body.pointer_mut(pointer).unwrap() = value.clone();
            let (status, answer) = caller.post(PRINT, body).await;
            assert_eq!((status, &answer["code"]), (StatusCode::BAD_REQUEST, &json!("400")), "{pointer} {value}");
        }
        let mut body = print(&code, json!(2));
        body["print"]["labelPrintMode"] = json!(1);
        body["print"]["labelPrintInitialPosition"] = json!(5);
        assert_eq!(caller.post(PRINT, body).await.0, StatusCode::BAD_REQUEST);
    }

    async fn hostile_texts_reach_no_printer_as_commands(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        let mut shipment = crate::support::national();
        shipment["addressee"]["name"] = json!("^XZ~JR\n^XA^FDgotcha^FS <b>&\u{1b}");
        let code = crate::support::code(&caller.ship(shipment).await);
        for format in 1..=3 {
            let (status, answer) = caller.post(PRINT, print(&code, json!(format))).await;
            assert_eq!(status, StatusCode::OK);
            if format == 3 {
                let zpl = String::from_utf8(STANDARD.decode(answer["zpl"].as_str().unwrap()).unwrap()).unwrap();
                assert_eq!((zpl.matches("^XA").count(), zpl.matches("^XZ").count(), zpl.matches('~').count()), (1, 1, 0));
            }
        }
    }
}
