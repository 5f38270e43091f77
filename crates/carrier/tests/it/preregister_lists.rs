//! Partial success, look-ups, the back office, codes handed out before, whole expeditions annulled.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    preregister::{link_contract, suspend_contract},
    support::{Caller, PREREGISTER, SHOP, Sandbox, code, express, international, national},
};

async fn found(caller: &Caller, query: &str) -> (StatusCode, Value) {
    caller.get(&format!("{PREREGISTER}/delivery/package/reference?{query}")).await
}

async fn back_office(caller: &Caller, path: &str) -> (StatusCode, Value) {
    caller.get(&format!("{PREREGISTER}/delivery/package/backoffice/{path}")).await
}

/// A shipment of two parcels.
fn two_parcels() -> Value {
    let mut two = national();
    two["packagesNumber"] = json!("2");
    two["packages"] =
        json!([{"packageWeightGrams": "500", "clientReference": "A/1"}, {"packageWeightGrams": "700", "clientReference2": "A/2"}]);
    two
}

store::on_both_engines! {
    async fn good_shipments_are_taken_and_bad_ones_told_of_beside_them(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        let path = format!("{PREREGISTER}/delivery/cn");
        let mut bad = express();
        bad["addressee"]["country"] = json!("DE");
        let (status, answer) = caller.post(&path, json!({"errorCodeLanguage": "eng", "shipments": [express(), bad, national()]})).await;
        assert_eq!((status, &answer["result"], &answer["totalShipments"]), (StatusCode::CREATED, &json!("2"), &json!(3)));
        assert_eq!(code(&answer["shipments"][0]), "EE000000014ES");
        for (at, number) in [(1, 1113), (2, 9031)] {
            let refused = &answer["shipments"][at];
            assert_eq!((&refused["error"][0]["errorCode"], &refused["packages"]), (&json!(number), &json!([])), "{answer}");
            assert!(refused.get("shipmentCode").is_none());
        }
        let (status, answer) = caller.post(&path, json!({"shipments": [express(), express()]})).await;
        assert_eq!((status, &answer["result"]), (StatusCode::CREATED, &json!("1")));
        let (status, answer) = caller.post(&path, json!({"shipments": [bad]})).await;
        assert_eq!((status, &answer["result"], &answer["totalShipments"]), (StatusCode::OK, &json!("0"), &json!(1)));
        assert_eq!(back_office(&caller, "total").await.1["shipments"], 3);
    }

    async fn an_expedition_is_found_by_its_code_and_only_by_its_owner(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        let made = caller.ship(two_parcels()).await;
        let expedition = made["shipmentCode"].as_str().unwrap();
        let path = format!("{PREREGISTER}/delivery/package/expedition/");
        let (status, answer) = caller.get(&format!("{path}{expedition}")).await;
        assert_eq!(status, StatusCode::OK);
        let codes: Vec<&Value> = made["packages"].as_array().unwrap().iter().map(|package| &package["packageCode"]).collect();
        assert_eq!(answer["packageCodes"], json!(codes));
        assert_eq!(answer["shipments"][0]["addressee"], national()["addressee"]);
        assert_eq!(answer["shipments"][0]["packages"][1]["state"], "PRERREGISTRADO");
        let foreign = sandbox.project(2).get(&format!("{path}{expedition}")).await;
        assert_eq!(foreign.0, StatusCode::NOT_FOUND);
        for unknown in ["PQXXX1000000009X", "x", "%00", &code(&made)] {
            assert_eq!(caller.get(&format!("{path}{unknown}")).await, foreign);
        }
        // The other back end says the same.
        let read = json!({"shipments": [code(&made)]});
        let (_, package) = caller.post(&format!("{PREREGISTER}/delivery/package"), read.clone()).await;
        assert_eq!(caller.post(&format!("{PREREGISTER}/delivery/package/iris"), read).await, (StatusCode::OK, package));
    }

    async fn shipments_are_found_by_what_their_owner_calls_them(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        let first = caller.ship(two_parcels()).await;
        sandbox.hands.advance(1);
        let mut odd = national();
        odd["shipmentReference2"] = json!("Pedido nº 7/ñ + 1%");
        odd["packages"][0]["clientReference"] = json!(4711);
        let second = caller.ship(odd).await;
        sandbox.project(2).ship(national()).await;

        let shipments = |answer: &Value| -> Vec<Value> {
            answer["shipments"].as_array().unwrap().iter().map(|shipment| shipment["shipmentCode"].clone()).collect()
        };
        let both = [second["shipmentCode"].clone(), first["shipmentCode"].clone()];
        for (query, expected) in [
            ("reference=PEDIDO-1", &both[..]),
            ("shipmentReference=PEDIDO%2D1", &both),
            ("x=y&clientReference=PEDIDO-1", &both),
            ("reference=PEDIDO-1&contractNumber=54000000&clientNumber=80000000", &both),
            ("reference=PEDIDO-1&contractNumber=1", &[]),
            ("reference=A/1", &both[1..]),
            ("reference=A%2f2", &both[1..]),
            ("reference=4711", &both[..1]),
            ("reference=Pedido+n%C2%BA%207/%c3%b1+%2B+1%25", &both[..1]),
            ("reference=pedido-1", &[]),
            ("reference=%00", &[]),
            ("reference=PEDIDO-1%00", &[]),
            (&format!("reference={}", "9".repeat(5000)), &[]),
        ] {
            let (status, answer) = found(&caller, query).await;
            assert_eq!((status, shipments(&answer)), (StatusCode::OK, expected.to_vec()), "{query}");
        }
        assert_eq!(found(&caller, "reference=4711").await.1["packageCodes"], json!([code(&second)]));
        for query in ["", "reference=", "reference=%20&x", "reference=%ff"] {
            assert_eq!(found(&caller, query).await.0, StatusCode::BAD_REQUEST, "{query}");
        }
    }

    async fn a_mended_declaration_is_found_by_its_new_reference_only(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        let code = caller.parcel().await;
        let change = json!({"packageCode": code, "shipmentReference1": "PEDIDO-2", "packages": [{"clientReference": "\u{0}"}]});
        let (_, answer) = caller.call(Method::PUT, &format!("{PREREGISTER}/delivery/package"), change).await;
        assert_eq!(answer["result"], "1");
        for (reference, count) in [("PEDIDO-2", 1), ("PEDIDO-1", 0), ("PEDIDO-1/1", 0)] {
            let (_, answer) = found(&caller, &format!("reference={reference}")).await;
            assert_eq!(answer["shipments"].as_array().map(Vec::len), Some(count), "{reference}");
        }
        // A change that is refused changes no reference either.
        let refused = json!({"packageCode": code, "shipmentReference1": "PEDIDO-3", "product": "PAFXB"});
        caller.call(Method::PUT, &format!("{PREREGISTER}/delivery/package"), refused).await;
        assert_eq!(found(&caller, "reference=PEDIDO-3").await.1["shipments"], json!([]));
    }

    async fn no_reference_is_too_strange_to_be_kept(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        let mut shipment = national();
        shipment["shipmentReference1"] = json!("same");
        shipment["shipmentReference2"] = json!("same");
        shipment["shipmentReference3"] = json!("\u{0}");
        shipment["packages"][0]["clientReference"] = json!("9".repeat(5000));
        shipment["packages"][0]["clientReference2"] = json!("'; \\ \" \u{202e}📦 {}");
        let made = caller.ship(shipment).await;
        for query in ["reference=same", "reference=%27%3B%20%5C%20%22%20%E2%80%AE%F0%9F%93%A6%20%7B%7D"] {
            assert_eq!(found(&caller, query).await.1["packageCodes"], json!([code(&made)]), "{query}");
        }
    }

    async fn an_expedition_is_annulled_as_a_whole_and_says_what_was_so_before(test: TestDb) {
        let sandbox = Sandbox::new(test);
        for path in [PREREGISTER.to_owned(), format!("{SHOP}/preregister")] {
            let caller = sandbox.caller().with("content-type", "text/plain");
            let made = caller.ship(two_parcels()).await;
            let expedition = json!({"errorCodeLanguage": "spa", "shipment": made["shipmentCode"]});
            caller.post(&format!("{path}/delivery/annulment"), json!({"packageCode": code(&made)})).await;
            let path = format!("{path}/delivery/annulment/expedition");
            assert_eq!(sandbox.project(2).post(&path, expedition.clone()).await.0, StatusCode::NOT_FOUND);
            let (status, answer) = caller.post(&path, expedition.clone()).await;
            assert_eq!((status, &answer["message"]), (StatusCode::OK, &json!("Preregistro Anulado con éxito")));
            assert_eq!(answer["errors"].as_array().map(Vec::len), Some(1));
            assert_eq!((&answer["errors"][0]["errorCode"], &answer["errors"][0]["packageCode"]), (&json!(9010), &json!(code(&made))));
            let (_, again) = caller.post(&path, expedition).await;
            assert_ne!(again["message"], answer["message"]);
            assert_eq!(again["errors"].as_array().map(Vec::len), Some(2));
            let (_, read) = caller.post(&format!("{PREREGISTER}/delivery/package"), json!({"shipments": [code(&made)]})).await;
            assert_eq!(read["shipments"][0]["packages"][1]["state"], "ANULADO");
            assert_eq!(caller.post(&path, json!({})).await.0, StatusCode::BAD_REQUEST);
        }
    }

    async fn a_code_handed_out_before_is_the_shipments_once_it_is_declared(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        let path = format!("{PREREGISTER}/generate/shipmentcode");
        let ask = json!({"product": "PAAZE", "contractNumber": "54000000", "clientNumber": "80000000", "labellerCode": "XXX1"});
        let (status, answer) = caller.post(&path, ask.clone()).await;
        assert_eq!((status, &answer["result"], &answer["entryDate"]), (StatusCode::OK, &json!("1"), &json!("01/06/2026")));
        assert_eq!((&answer["shipmentCode"], &answer["error"]), (&json!("PQXXX1000000001X"), &json!([])));

        let mut many = ask.clone();
        many["number"] = json!("3");
        many["packagesNumber"] = json!(2);
        many["cp"] = json!("41001");
        let (_, reserved) = caller.post(&path, many).await;
        assert_eq!(reserved["shipments"].as_array().map(Vec::len), Some(3));
        // Nobody else gets them.
        assert!(caller.parcel().await.starts_with("PQXXX1000000005"));
        let mut shipment = two_parcels();
        shipment["shipmentCode"] = reserved["shipments"][1]["shipmentCode"].clone();
        let made = caller.ship(shipment.clone()).await;
        assert_eq!(made["shipmentCode"], shipment["shipmentCode"]);
        assert_eq!(made["packages"], reserved["shipments"][1]["packages"]);
        // Used, never handed out, another product's: a new code.
        for named in [shipment["shipmentCode"].clone(), json!("PQXXX1000000099T"), json!("PKXXX1000000001G"), json!("x")] {
            shipment["shipmentCode"] = named.clone();
            let made = caller.ship(shipment.clone()).await;
            assert_ne!(made["shipmentCode"], named);
        }
        let mut abroad = international();
        let (_, answer) = caller.post(&path, json!({"product": "POAZE", "contractNumber": "54000000", "clientNumber": "80000000",
            "labellerCode": "XXX1", "cp": "10117"})).await;
        abroad["shipmentCode"] = answer["shipmentCode"].clone();
        assert_eq!(caller.ship(abroad).await["shipmentCode"], answer["shipmentCode"]);

        for (member, value, number) in [
            ("product", json!("NOPE"), 9004), ("contractNumber", json!("54009999"), 5003), ("number", json!(101), 9002),
            ("number", json!(0), 9002), ("packagesNumber", json!("100"), 9002), ("labellerCode", Value::Null, 9001),
            ("cp", json!("1234567890123"), 9005),
        ] {
            let mut wrong = ask.clone();
            wrong[member] = value;
            let (status, answer) = caller.post(&path, wrong).await;
            assert_eq!((status, &answer["result"], &answer["shipments"]), (StatusCode::OK, &json!("0"), &json!([])));
            assert_eq!(answer["error"][0]["errorCode"], number, "{member}");
        }
    }

    async fn sixteen_shipments_that_name_one_reserved_code_never_share_it(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let ask = json!({"product": "PAAZE", "contractNumber": "54000000", "clientNumber": "80000000", "labellerCode": "XXX1"});
        let (_, reserved) = sandbox.caller().post(&format!("{PREREGISTER}/generate/shipmentcode"), ask).await;
        let mut shipment = national();
        shipment["shipmentCode"] = reserved["shipmentCode"].clone();
        let mut calls = tokio::task::JoinSet::new();
        for _ in 0..16 {
            let (caller, body) = (sandbox.caller(), json!({"shipments": [shipment]}));
            calls.spawn(async move { caller.post(&format!("{PREREGISTER}/delivery"), body).await });
        }
        let answers = calls.join_all().await;
        let winners = answers.iter().filter(|(_, answer)| answer["shipments"][0]["shipmentCode"] == reserved["shipmentCode"]).count();
        assert_eq!(winners, 1);
        assert!(answers.iter().all(|(status, _)| [StatusCode::CREATED, StatusCode::CONFLICT].contains(status)), "{answers:?}");
    }

    async fn the_back_office_sees_what_was_done_what_waits_and_what_could_not_be_handed_in(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        // Shortly before midnight and shortly after: two days, and nothing has been handed in yet.
        sandbox.hands.advance(9 * 3600);
        let made = caller.ship(two_parcels()).await;
        caller.post(&format!("{PREREGISTER}/delivery/annulment"), json!({"packageCode": code(&made)})).await;
        sandbox.hands.advance(2 * 3600);
        link_contract(&sandbox, &caller, ["54111111", "81111111", "ABC9"]).await;
        let mut own = national();
        own["contractNumber"] = json!("54111111");
        own["clientNumber"] = json!("81111111");
        own["labellerCode"] = json!("ABC9");
        let own = caller.ship(own).await;
        let gone = caller.parcel().await;
        caller.post(&format!("{PREREGISTER}/delivery/annulment"), json!({"packageCode": gone})).await;
        sandbox.project(2).parcel().await;

        let (status, answer) = back_office(&caller, "total").await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!((&answer["shipments"], &answer["packages"], &answer["annulled"]), (&json!(3), &json!(4), &json!(2)));
        for (query, count) in [
            ("dateFrom=2026-06-01&dateTo=01%2F06%2F2026", 1), ("dateFrom=2026-06-02", 2), ("dateTo=2026-05-31", 0), ("dateFrom=", 3),
        ] {
            assert_eq!(back_office(&caller, &format!("total?{query}")).await.1["shipments"], count, "{query}");
        }
        let waiting = async |query: &str| -> Vec<Value> {
            let (status, answer) = back_office(&caller, &format!("waiting-admission{query}")).await;
            assert_eq!(status, StatusCode::OK);
            answer["results"].as_array().unwrap().iter().map(|result| result["shipmentCode"].clone()).collect()
        };
        let both = [own["shipmentCode"].clone(), made["shipmentCode"].clone()];
        assert_eq!(waiting("").await, both);
        assert_eq!(waiting("?size=1").await, both[..1]);
        assert_eq!(waiting("?size=1&page=1").await, both[1..]);
        assert_eq!(waiting("?dateTo=2026-06-01").await, both[1..]);

        assert_eq!(back_office(&caller, "error").await.1["results"], json!([]));
        suspend_contract(&sandbox).await;
        let (_, answer) = back_office(&caller, "error?errorCodeLanguage=eng").await;
        assert_eq!(answer["results"].as_array().map(Vec::len), Some(1));
        assert_eq!(answer["results"][0]["shipmentCode"], own["shipmentCode"]);
        assert_eq!(answer["results"][0]["error"][0]["errorCode"], 5003);

        for named in [code(&made), made["shipmentCode"].as_str().unwrap().to_owned()] {
            let (_, answer) = back_office(&caller, &format!("shipment/{named}")).await;
            let operations: Vec<&Value> = answer["results"].as_array().unwrap().iter().map(|result| &result["operation"]).collect();
            assert_eq!(operations, ["ALTA", "ANULACION"]);
            let declared: Value = serde_json::from_str(answer["results"][0]["request"].as_str().unwrap()).unwrap();
            assert_eq!(declared, two_parcels());
        }
        for unknown in ["shipment/PQ1", "shipment/%00", &format!("shipment/{}", "A".repeat(3000))] {
            assert_eq!(back_office(&caller, unknown).await.0, StatusCode::NOT_FOUND);
        }
        assert_eq!(back_office(&sandbox.project(3), &format!("shipment/{}", code(&made))).await.0, StatusCode::NOT_FOUND);
        for wrong in ["total?dateFrom=yesterday", "error?dateTo=2026-13-01", "waiting-admission?size=101", "error?page=-1", "total?dateTo=9999-12-31"] {
            assert_eq!(back_office(&caller, wrong).await.0, StatusCode::BAD_REQUEST, "{wrong}");
        }
    }
}
