//! Customs forms and papers, and the order in which things are printed.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::Environment;
use http::StatusCode;
use serde_json::{Value, json};
use store::shipments::{self, Owner};

use crate::support::{Caller, PREREGISTER, SHOP, Sandbox, code, international, national};

const PRINT: &str = "/support/labels/api/v1/labels/print";
pub const DOCUMENTS: &str = "/support/labels/api/v1/documents/print";

fn body(kind: i64, codes: &[&str], more: Value) -> Value {
    let mut print = json!({"shipments": codes});
    print.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({"application": "PRS", "documentationType": kind, "print": print})
}

fn pages(answer: &Value) -> usize {
    let pdf = STANDARD.decode(answer["pdf"].as_str().unwrap_or_else(|| panic!("{answer}"))).unwrap();
    String::from_utf8_lossy(&pdf).matches("/Type /Page\n").count()
}

async fn nothing(caller: &Caller, path: &str, body: Value) -> String {
    let (status, answer) = caller.post(path, body).await;
    assert_eq!((status, &answer["pdf"]), (StatusCode::OK, &Value::Null), "{answer}");
    answer["error"].as_str().unwrap().to_owned()
}

/// A parcel abroad with these contents, as a shop might have declared it before today's rules.
async fn declared(sandbox: &Sandbox, contents: Value) -> String {
    let caller = sandbox.caller();
    let made = caller.ship(international()).await;
    let mut shipment = international();
    shipment["packages"][0]["packageContents"] = contents;
    let owner = Owner { environment: Environment::Sandbox, project: caller.project.into() };
    let mut tx = sandbox.test.db.begin().await.unwrap();
    shipments::rewrite(&mut tx, owner, made["shipmentCode"].as_str().unwrap(), &shipment.to_string()).await.unwrap();
    tx.commit("2026-06-01T12:00:00Z".parse().unwrap()).await.unwrap();
    code(&made)
}

store::on_both_engines! {
    async fn what_declared_its_contents_has_a_form_and_the_rest_has_none(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        let plain = caller.parcel().await;
        let declared = code(&caller.ship(international()).await);
        let count = async |kind, codes: &[&str]| pages(&caller.post(PRINT, body(kind, codes, json!({}))).await.1);
        assert_eq!(count(1, &[&plain, &declared]).await, 2);
        assert_eq!(count(0, &[&plain, &declared]).await, 3);
        assert_eq!(count(2, &[&declared]).await, 1);
        assert!(nothing(&caller, PRINT, body(2, &[&declared, &plain], json!({}))).await.contains(&plain));
    }

    async fn customs_papers_are_pdf_only(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        let declared = code(&caller.ship(international()).await);
        for (format, member) in [(1, "xml"), (3, "zpl")] {
            let format = json!({"labelFormat": format});
            assert!(nothing(&caller, PRINT, body(2, &[&declared], format.clone())).await.contains("PDF"));
            assert!(nothing(&caller, DOCUMENTS, body(5, &[&declared], format.clone())).await.contains("PDF"));
            // With everything asked for, there is at least the label.
            let (_, answer) = caller.post(PRINT, body(0, &[&declared], format)).await;
            assert!(answer[member].is_string() && answer["error"].is_null(), "{answer}");
        }
    }

    async fn a_form_lists_every_article_and_stops_at_a_thousand(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        let article = international()["packages"][0]["packageContents"]["customsData"][0].clone();
        let with = |articles: usize| json!({"shipmentType": "2", "customsData": vec![article.clone(); articles]});
        for (articles, sheets) in [(5, 1), (6, 1), (7, 2), (25, 2), (26, 3)] {
            let parcel = declared(&sandbox, with(articles)).await;
            let (_, answer) = caller.post(PRINT, body(2, &[&parcel], json!({}))).await;
            assert_eq!(pages(&answer), sheets, "{articles}");
        }
        let parcel = declared(&sandbox, with(1001)).await;
        assert!(nothing(&caller, PRINT, body(2, &[&parcel], json!({}))).await.contains("1000"));
        let (_, label) = caller.post(PRINT, body(1, &[&parcel], json!({}))).await;
        assert_eq!(pages(&label), 1);
    }

    async fn a_form_is_drawn_whatever_the_articles_leave_out(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        for contents in [
            json!({"customsData": [{}]}),
            json!({"shipmentType": "9", "customsData": [{"netValue": "gratis", "netWeight": "-5", "quantity": {}}]}),
            json!({"shipmentType": {}, "customsData": [{"description": "ñ".repeat(100_000), "netValue": "9".repeat(300)}, {"description": "📦"}]}),
        ] {
            let parcel = declared(&sandbox, contents).await;
            for (path, kind) in [(PRINT, 2), (DOCUMENTS, 5), (DOCUMENTS, 6)] {
                assert_eq!(pages(&caller.post(path, body(kind, &[&parcel], json!({}))).await.1), 1);
            }
        }
    }

    async fn papers_are_drawn_for_each_shipment_on_both_paths(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        let mut shipment = national();
        shipment["packagesNumber"] = json!("12");
        shipment["packages"] = json!(vec![json!({"packageWeightGrams": 100}); 12]);
        let made = caller.ship(shipment).await;
        let parcels: Vec<&str> = made["packages"].as_array().unwrap().iter().map(|one| one["packageCode"].as_str().unwrap()).collect();
        let other = code(&caller.ship(international()).await);
        for path in [DOCUMENTS.to_owned(), format!("{SHOP}/labels/print/documents")] {
            let (_, first) = caller.post(&path, body(5, &[parcels[0], &other, parcels[1]], json!({}))).await;
            assert_eq!(pages(&first), 2);
            sandbox.hands.advance(86_400);
            assert_eq!(first, caller.post(&path, body(5, &[parcels[0], &other, parcels[1]], json!({}))).await.1);
            assert_ne!(first, caller.post(&path, body(6, &[parcels[0], &other, parcels[1]], json!({}))).await.1);
            assert_eq!(pages(&caller.post(&path, body(6, &parcels, json!({}))).await.1), 2);
        }
    }

    async fn papers_of_what_cannot_be_printed_are_refused_as_labels_are(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        let parcel = caller.parcel().await;
        let foreign = code(&sandbox.project(2).ship(international()).await);
        assert_eq!(caller.post(DOCUMENTS, body(5, &[&parcel, &foreign], json!({}))).await.0, StatusCode::NOT_FOUND);
        for wrong in [
            body(1, &[&parcel], json!({})),
            body(7, &[&parcel], json!({})),
            body(5, &[], json!({})),
            body(5, &[&parcel], json!({"labelFormat": 4})),
            json!({"application": "PRS", "documentationType": 5}),
            json!({"documentationType": 5, "print": {"shipments": [parcel]}}),
        ] {
            assert_eq!(caller.post(DOCUMENTS, wrong.clone()).await.0, StatusCode::BAD_REQUEST, "{wrong}");
        }
        caller.post(&format!("{PREREGISTER}/delivery/annulment"), json!({"packageCode": parcel})).await;
        assert!(nothing(&caller, DOCUMENTS, body(5, &[&parcel], json!({}))).await.contains("anulado"));
    }

    async fn labels_come_in_the_order_asked_for(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        let mut codes = Vec::new();
        for (product, reference, postcode) in [("PAFXB", "B", "41001"), ("PAAZE", "C", "08001"), ("PADXA", "A", "28001"), ("PAAZE", "C", "08001")] {
            let mut shipment = national();
            shipment["product"] = json!(product);
            shipment["addressee"]["cp"] = json!(postcode);
            shipment["addressee"]["province"] = Value::Null;
            shipment["packages"][0]["clientReference"] = json!(reference);
            codes.push(code(&caller.ship(shipment).await));
        }
        let named = [&codes[3], &codes[0], &codes[1], &codes[2]].map(String::as_str);
        // Premium codes begin with PK, standard ones with PQ, today's with PT.
        for (order, expected) in [
            (json!(1), [3, 0, 1, 2]),
            (Value::Null, [3, 0, 1, 2]),
            (json!("2"), [0, 1, 3, 2]),
            (json!(3), [2, 0, 3, 1]),
            (json!(4), [3, 1, 2, 0]),
            (json!(5), [3, 1, 2, 0]),
        ] {
            let (_, answer) = caller.post(PRINT, body(1, &named, json!({"labelFormat": 1, "labelOrderType": order}))).await;
            let xml = String::from_utf8(STANDARD.decode(answer["xml"].as_str().unwrap()).unwrap()).unwrap();
            let mut at: Vec<(usize, usize)> = codes.iter().enumerate().map(|(which, code)| (xml.find(code.as_str()).unwrap(), which)).collect();
            at.sort_unstable();
            assert_eq!(at.into_iter().map(|(_, which)| which).collect::<Vec<_>>(), expected, "{order}");
        }
        for wrong in [json!(6), json!("code"), json!([])] {
            let (status, _) = caller.post(PRINT, body(1, &named, json!({"labelOrderType": wrong}))).await;
            assert_eq!(status, StatusCode::BAD_REQUEST, "{wrong}");
        }
    }
}
