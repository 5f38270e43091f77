//! What the whole is for: parcels, labels, tracking and collections, through both layers of the gateway.

use std::process::Command;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::Method;
use postigo_e2e::{
    call::post,
    credentials::{Project, text},
    demo::Demo,
    program::run,
    shipment::{CANCEL, DELIVERED, DELIVERY, PRINT, REQUESTS, SEARCH, SHOP, TRACK, collection, delivery, label, tracked},
};
use serde_json::{Value, json};

/// A parcel as FedEx' clients see it.
async fn fedex(project: &Project, token: &str, number: &str) -> Value {
    let answer = post(format!("{}{TRACK}", project.base)).bearer(token).json(&tracked(number)).send().await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()["output"]["completeTrackResults"][0]["trackResults"][0].clone()
}

#[tokio::test]
async fn a_parcel_is_preregistered_labelled_tracked_in_both_shapes_and_annulled() {
    let demo = Demo::start().await;
    let shop = demo.shop();
    let token = shop.token("").await;

    let made = shop.api(Method::POST, DELIVERY, &token).json(&delivery()).send().await;
    assert_eq!(made.status, 201, "{made:?}");
    let made = made.json();
    assert_eq!((&made["result"], &made["shipments"][0]["validationErrorCount"]), (&json!("1"), &json!(0)));
    let parcel = text(&made, "/shipments/0/packages/0/packageCode");
    assert_eq!((parcel.len(), text(&made, "/shipments/0/shipmentCode").len()), (23, 16));

    let read =
        shop.api(Method::POST, &format!("{DELIVERY}/package"), &token).json(&json!({"orderType": "1", "shipments": [parcel]})).send().await;
    assert_eq!(read.json()["shipments"][0]["addressee"], delivery()["shipments"][0]["addressee"], "{read:?}");

    let pdf = shop.api(Method::POST, PRINT, &token).json(&label(&parcel, 2)).send().await;
    assert_eq!(pdf.status, 200, "{pdf:?}");
    let pdf = STANDARD.decode(text(&pdf.json(), "/pdf")).expect("base64");
    scans(&demo, &pdf, &parcel);
    let zpl = shop.api(Method::POST, PRINT, &token).json(&label(&parcel, 3)).send().await;
    let zpl = String::from_utf8(STANDARD.decode(text(&zpl.json(), "/zpl")).expect("base64")).expect("text");
    assert!(zpl.starts_with("^XA") && zpl.contains(&parcel) && zpl.contains("Lucía"), "{zpl}");

    let trace = shop.api(Method::GET, &format!("{SEARCH}/{parcel}?languageCode=EN"), &token).send().await.json();
    assert_eq!((&trace["code"], &trace["error"]), (&json!(parcel), &json!([])));
    assert_eq!((trace["events"].as_array().map(Vec::len), &trace["events"][0]["eventCode"]), (Some(1), &json!("A090000V")), "{trace:#}");
    let seen = fedex(&shop, &token, &parcel).await;
    assert_eq!((&seen["latestStatusDetail"]["code"], seen["scanEvents"].as_array().map(Vec::len)), (&json!("OC"), Some(1)), "{seen:#}");

    let annul = json!({"errorCodeLanguage": "spa", "packageCode": parcel});
    let annulled = shop.api(Method::POST, &format!("{DELIVERY}/annulment"), &token).json(&annul).send().await;
    assert_eq!(annulled.json(), json!({"message": "Preregistro Anulado con éxito", "errors": []}));
    let again = shop.api(Method::POST, &format!("{DELIVERY}/annulment"), &token).json(&annul).send().await.json();
    assert_ne!(again["errors"], json!([]), "only once: {again:#}");
    let trace = shop.api(Method::GET, &format!("{SEARCH}/{parcel}"), &token).send().await.json();
    assert_eq!(trace["events"][1]["eventCode"], "A040000R", "{trace:#}");
    assert_eq!(fedex(&shop, &token, &parcel).await["latestStatusDetail"]["code"], "CA");
    let unprinted = shop.api(Method::POST, PRINT, &token).json(&label(&parcel, 2)).send().await.json();
    assert_eq!(unprinted["pdf"], Value::Null, "{unprinted:#}");
}

/// Draws the label as a printer would and reads its barcode as a scanner would.
fn scans(demo: &Demo, pdf: &[u8], parcel: &str) {
    let (file, picture) = (demo.folder().join("label.pdf"), demo.folder().join("label"));
    std::fs::write(&file, pdf).expect("writes");
    let drawn = run(Command::new("pdftoppm").args(["-png", "-r", "203", "-singlefile"]).arg(&file).arg(&picture));
    assert_eq!(drawn.code, 0, "{drawn:?}");
    let scanned = run(Command::new("zbarimg").args(["--quiet", "--raw"]).arg(picture.with_extension("png")));
    assert!(scanned.stdout.lines().any(|line| line == parcel), "{parcel} scans: {scanned:?}");
}

#[tokio::test]
async fn a_shipment_cancelled_in_fedex_shape_is_annulled_in_correos_shape() {
    let demo = Demo::start().await;
    let shop = demo.shop();
    let token = shop.token("").await;
    let parcel = shop.parcel(&token).await;
    for number in [parcel.as_str(), DELIVERED] {
        let body = json!({"accountNumber": {"value": "740561073"}, "trackingNumber": number});
        let answer = postigo_e2e::call::call(Method::PUT, format!("{}{CANCEL}", shop.base)).bearer(&token).json(&body).send().await;
        assert_eq!((answer.status, &answer.json()["output"]["cancelledShipment"]), (200, &json!(true)), "{answer:?}");
    }
    let trace = shop.api(Method::GET, &format!("{SEARCH}/{parcel}"), &token).send().await.json();
    assert_eq!(trace["events"][1]["eventCode"], "A040000R", "{trace:#}");
    let delivered = fedex(&shop, &token, DELIVERED).await;
    assert_eq!(delivered["latestStatusDetail"]["derivedCode"], "DL", "the sample cannot be changed: {delivered:#}");
}

#[tokio::test]
async fn the_delivered_sample_is_there_in_every_sandbox_project() {
    let demo = Demo::start().await;
    for project in [demo.shop(), demo.platform(), demo.parent()] {
        let seen = fedex(&project, &project.token("CXS").await, DELIVERED).await;
        assert_eq!(seen["latestStatusDetail"]["code"], "DL", "{seen:#}");
        assert!(seen["scanEvents"].as_array().is_some_and(|events| events.len() > 1), "{seen:#}");
        assert!(seen["dateAndTimes"].as_array().is_some_and(|moments| !moments.is_empty()), "{seen:#}");
    }
}

#[tokio::test]
async fn a_parcel_abroad_gets_a_postal_number_and_wants_customs_data() {
    let demo = Demo::start().await;
    let shop = demo.shop();
    let token = shop.token("AP3").await;
    let mut abroad = delivery();
    abroad["shipments"][0]["product"] = json!("POAZE");
    abroad["shipments"][0]["addressee"] = json!({"name": "Erika", "lastName1": "Müller", "address": "Unter den Linden 5", "locality": "Berlin", "zip": "10117", "country": "DEU", "contactPhone": "+49301234567"});
    let refused = shop.api(Method::POST, DELIVERY, &token).json(&abroad).send().await;
    assert!(refused.status < 300, "a validation error is no HTTP error: {refused:?}");
    assert_eq!(
        (&refused.json()["result"], &refused.json()["shipments"][0]["error"][0]["errorCode"]),
        (&json!("0"), &json!(6069)),
        "{refused:?}"
    );
    abroad["shipments"][0]["packages"][0]["packageContents"] = json!({"shipmentType": "2", "customsData": [{"quantity": "1", "description": "Libro", "netWeight": "1000", "netValue": "12.50", "tariffNumber": "490199", "countryOrigin": "ESP"}]});
    let made = shop.api(Method::POST, DELIVERY, &token).json(&abroad).send().await.json();
    let code = text(&made, "/shipments/0/packages/0/packageCode");
    assert!(code.len() == 13 && code.ends_with("ES"), "{code}");
}

#[tokio::test]
async fn the_same_order_sent_twice_with_one_key_is_one_parcel() {
    let demo = Demo::start().await;
    let shop = demo.shop();
    let token = shop.token("AP3").await;
    let send =
        async |key: &str| shop.api(Method::POST, DELIVERY, &token).header("idempotency-key", key).json(&delivery()).send().await.json();
    let (first, again, other) = (send("order-7").await, send("order-7").await, send("order-8").await);
    assert_eq!(first, again);
    assert_ne!(first["shipments"][0]["packages"], other["shipments"][0]["packages"]);
}

#[tokio::test]
async fn a_collection_is_asked_for_read_and_cancelled() {
    let demo = Demo::start().await;
    let shop = demo.shop();
    let token = shop.token("RCG").await;
    let made = shop.api(Method::POST, REQUESTS, &token).json(&collection()).send().await;
    assert_eq!(made.status, 201, "{made:?}");
    let made = made.json();
    let code = text(&made, "/0/codRequest");
    assert_eq!((code.len(), &code[..2]), (17, "SR"));
    let read = shop.api(Method::GET, &format!("{REQUESTS}/{code}"), &token).send().await;
    assert_eq!((read.status, &read.json()), (200, &made[0]));
    let cancel = format!("{REQUESTS}/cancelRequest/{code}");
    let cancelled = shop.api(Method::PATCH, &cancel, &token).json(&json!({"rol": "X", "modificationUserCode": "Y"})).send().await;
    assert_eq!((cancelled.status, &cancelled.json()["state"]), (200, &json!("CANCELADA")));
    let again = shop.api(Method::PATCH, &cancel, &token).json(&json!({})).send().await;
    assert_eq!((again.status, &again.json()["code"]), (409, &json!("409")));
}

#[tokio::test]
async fn the_plug_ins_day_goes_through_with_plain_text_for_json() {
    let demo = Demo::start().await;
    let shop = demo.shop();
    let token = shop.token("AP3 LBS RCG TPB").await;
    // It says plain text, sends JSON, and sends a body with GET too.
    let send = async |method: Method, path: &str, body: Value| {
        let answer = shop
            .api(method, &format!("{SHOP}{path}"), &token)
            .body("text/plain", body.to_string())
            .header("user-agent", "Mozilla/5.0")
            .send()
            .await;
        (answer.status, answer.json())
    };
    let (status, made) = send(Method::POST, "/preregister/delivery", delivery()).await;
    assert_eq!((status, &made["result"]), (201, &json!("1")), "{made:#}");
    let parcel = text(&made, "/shipments/0/packages/0/packageCode");
    let (_, printed) = send(Method::POST, "/labels/print/labels", label(&parcel, 2)).await;
    assert!(STANDARD.decode(text(&printed, "/pdf")).is_ok_and(|pdf| pdf.starts_with(b"%PDF-")));
    let (status, trace) = send(Method::GET, &format!("/track/search-continuous-trace/{parcel}"), json!([])).await;
    assert_eq!((status, &trace[0]["events"][0]["eventCode"]), (200, &json!("A090000V")), "{trace:#}");
    let (status, made) = send(Method::POST, "/requests", collection()).await;
    assert_eq!(status, 201, "{made:#}");
    let request = text(&made, "/0/codRequest");
    let (status, read) = send(Method::GET, &format!("/requests/{request}"), json!([])).await;
    assert_eq!((status, &read["codRequest"]), (200, &json!(request)));
    let (status, cancelled) = send(Method::PATCH, &format!("/requests/cancel/{request}"), json!({"id": request})).await;
    assert_eq!((status, &cancelled["state"]), (200, &json!("CANCELADA")));
    let (status, lockers) = send(Method::GET, "/terminals/homepaqs?postalCode=08013", json!([])).await;
    assert!(status == 200 && lockers.as_array().is_some_and(|list| !list.is_empty()), "{lockers:#}");
    let (status, annulled) = send(Method::POST, "/preregister/delivery/annulment", json!({"packageCode": parcel})).await;
    assert_eq!((status, &annulled["errors"]), (200, &json!([])));
}

#[tokio::test]
async fn two_projects_never_see_each_others_parcels() {
    let demo = Demo::start().await;
    let (shop, platform, operator) = (demo.shop(), demo.platform(), demo.operator());
    // The second one is of the same organisation: a project is the wall, not its owner.
    let sibling = operator.reads(&["project", "create", "Otra tienda", "--organisation", &shop.organisation]);
    let mut sibling = Project {
        id: text(&sibling, "/project_id"),
        client_id: text(&sibling, "/client_id"),
        client_secret: text(&sibling, "/client_secret"),
        ..shop.clone()
    };
    for api in ["preregister", "labels", "tracking", "requests", "fedex-track", "fedex-ship"] {
        let answer = operator.reads(&["access", "create", "--project", &sibling.id, "--environment", "sandbox", "--api", api]);
        if answer.get("api_client_secret").is_some() {
            sibling.api_credential = (text(&answer, "/api_client_id"), text(&answer, "/api_client_secret"));
        }
    }
    let owned = shop.token("").await;
    let (parcel, request) = {
        let made = shop.api(Method::POST, REQUESTS, &owned).json(&collection()).send().await.json();
        (shop.parcel(&owned).await, text(&made, "/0/codRequest"))
    };
    for stranger in [&platform, &sibling] {
        let token = stranger.token("").await;
        let nothing = async |call: postigo_e2e::call::Call| {
            let answer = call.send().await;
            assert_eq!((answer.status, &answer.json()["code"]), (404, &json!("404")), "{answer:?}");
        };
        nothing(stranger.api(Method::POST, PRINT, &token).json(&label(&parcel, 2))).await;
        nothing(stranger.api(Method::POST, &format!("{DELIVERY}/package"), &token).json(&json!({"shipments": [parcel]}))).await;
        nothing(stranger.api(Method::POST, &format!("{DELIVERY}/annulment"), &token).json(&json!({"packageCode": parcel}))).await;
        nothing(stranger.api(Method::GET, &format!("{REQUESTS}/{request}"), &token)).await;
        nothing(stranger.api(Method::PATCH, &format!("{REQUESTS}/cancelRequest/{request}"), &token).json(&json!({}))).await;
        // Tracking tells of a code that nobody knows inside a 200; a stranger's parcel is told of in the same words.
        let unknown = "PQXXX10000099990108013A";
        let trace =
            async |code: &str| stranger.api(Method::GET, &format!("{SEARCH}/{code}"), &token).send().await.text().replace(code, "CODE");
        assert_eq!(trace(&parcel).await, trace(unknown).await);
        let seen = async |code: &str| fedex(stranger, &token, code).await.to_string().replace(code, "CODE");
        assert_eq!(seen(&parcel).await, seen(unknown).await);
        assert!(seen(&parcel).await.contains("TRACKING.TRACKINGNUMBER.NOTFOUND"));
    }
    let trace = shop.api(Method::GET, &format!("{SEARCH}/{parcel}"), &owned).send().await.json();
    assert_eq!(trace["events"].as_array().map(Vec::len), Some(1), "nobody annulled it: {trace:#}");
}
