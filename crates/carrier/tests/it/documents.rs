//! The OpenAPI documents say what the carrier does: every operation is served, and its answers fit their schemas.

use carrier::openapi::DOCUMENTS;
use domain::journey::Journey;
use http::{Method, Request, StatusCode};
use jsonschema::{Draft, Validator};
use serde_json::{Value, json};

use crate::{
    refusals::ROUTES,
    support::{Caller, SHOP, Sandbox},
};

/// The codes the documents' examples speak of.
const PARCEL: &str = "PKXXX10000000010108013P";
const SHIPMENT: &str = "PKXXX1000000001G";
const COLLECTION: &str = "SR1503202600001EG";
/// The one whose changes can be accepted.
const CHANGED: &str = "SR1503202600002EM";
const WEBHOOK: &str = "0198b0e0-0000-7000-8000-000000000001";

/// One operation of a document.
struct Operation<'d> {
    document: &'d Value,
    /// `POST /track/v1/trackingnumbers`, as messages name it.
    name: String,
    method: Method,
    path: &'d str,
    described: &'d Value,
}

fn documents() -> Vec<Value> {
    DOCUMENTS.iter().map(|(file, text)| serde_saphyr::from_str(text).unwrap_or_else(|error| panic!("{file}: {error}"))).collect()
}

fn operations(document: &Value) -> Vec<Operation<'_>> {
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (verb, described) in item.as_object().unwrap() {
            let method: Method = verb.to_uppercase().parse().unwrap();
            found.push(Operation { document, name: format!("{method} {path}"), method, path, described });
        }
    }
    found
}

impl<'d> Operation<'d> {
    /// What a value stands for: itself, or what it refers to.
    fn resolved(&self, value: &'d Value) -> &'d Value {
        match value["$ref"].as_str() {
            Some(reference) => self.document.pointer(reference.trim_start_matches('#')).unwrap_or_else(|| panic!("no {reference}")),
            None => value,
        }
    }

    /// The status of the answer that is hoped for: the first success that is listed.
    fn success(&self) -> &'d str {
        self.described["responses"].as_object().unwrap().keys().find(|status| status.starts_with('2')).unwrap()
    }

    fn answer(&self, status: &str) -> &'d Value {
        &self.resolved(&self.described["responses"][status])["content"]["application/json"]
    }

    fn validator(&self, media: &Value) -> Validator {
        let mut root = media["schema"].clone();
        root["components"] = self.document["components"].clone();
        jsonschema::options().with_draft(Draft::Draft202012).build(&root).unwrap_or_else(|error| panic!("{}: {error}", self.name))
    }

    fn assert_fits(&self, media: &Value, value: &Value) {
        let wrong: Vec<_> = self.validator(media).iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(wrong.is_empty(), "{}: {wrong:#?} in {value:#}", self.name);
    }

    /// The bodies that the document shows; one that is empty when the operation has none.
    fn bodies(&self) -> Vec<Value> {
        let shown = examples(&self.described["requestBody"]["content"]["application/json"]);
        if shown.is_empty() { vec![Value::Null] } else { shown }
    }

    /// The path with the example of each parameter that must be there.
    fn example_path(&self) -> String {
        let (mut path, mut query) = (self.path.to_owned(), String::new());
        for parameter in self.described["parameters"].as_array().into_iter().flatten().map(|one| self.resolved(one)) {
            let name = parameter["name"].as_str().unwrap();
            let example = parameter["example"].as_str().unwrap_or_default();
            match parameter["in"].as_str() {
                Some("path") => path = path.replace(&format!("{{{name}}}"), example),
                Some("query") if parameter["required"] == true => query = format!("?{name}={example}"),
                _ => {}
            }
        }
        path + &query
    }
}

/// Every example of a request body or an answer.
fn examples(media: &Value) -> Vec<Value> {
    let named = media["examples"].as_object().into_iter().flat_map(|examples| examples.values().map(|example| example["value"].clone()));
    media.get("example").cloned().into_iter().chain(named).collect()
}

/// Makes a parcel, two collections and a webhook, and puts their codes in the place of the examples'.
async fn made_true(caller: &Caller, text: &str) -> String {
    let shipment = caller.ship(crate::support::national()).await;
    let mut changed = crate::requests::collection();
    changed["observations"] = json!("SBX-REQUEST-VIABLE_CON_CAMBIOS");
    let (_, collections) = caller.post(&format!("{SHOP}/requests"), json!([crate::requests::collection(), changed])).await;
    let parcel = crate::support::code(&shipment);
    // A project may have five webhooks: the one made before goes.
    let webhooks = "/support/trackpub/api/v2/webhooks";
    for webhook in caller.get(webhooks).await.1.as_array().unwrap() {
        caller.send(Method::DELETE, &format!("{webhooks}/{}", webhook["id"].as_str().unwrap()), "").await;
    }
    let (_, webhook) = caller.post(webhooks, json!({"url": "https://example.com/made/true"})).await;
    text.replace(PARCEL, &parcel)
        .replace(SHIPMENT, shipment["shipmentCode"].as_str().unwrap())
        .replace(COLLECTION, collections[0]["codRequest"].as_str().unwrap())
        .replace(CHANGED, collections[1]["codRequest"].as_str().unwrap())
        .replace(WEBHOOK, webhook["id"].as_str().unwrap())
}

#[test]
fn every_route_is_documented_and_nothing_else_is() {
    let documents = documents();
    let mut documented: Vec<String> = documents.iter().flat_map(operations).map(|operation| operation.name).collect();
    let mut routed: Vec<String> = ROUTES.iter().map(|(method, path)| format!("{method} {path}")).collect();
    for route in &mut routed {
        let (stem, argument) = route.rsplit_once('/').unwrap();
        let is_argument = argument.starts_with("SR") || argument.starts_with("PQ");
        if is_argument && let Some(name) = documented.iter().find(|name| name.starts_with(&format!("{stem}/{{"))) {
            route.clone_from(name);
        }
    }
    documented.sort();
    routed.sort();
    assert_eq!(documented, routed);
}

#[test]
fn the_catalogue_takes_every_document() {
    for document in &documents() {
        let api = domain::openapi::read(document, &domain::plan::Plans::default()).unwrap_or_else(|faults| panic!("{faults:?}"));
        assert_eq!(api.operations.len(), operations(document).len());
    }
}

#[test]
fn every_example_fits_its_schema() {
    for document in &documents() {
        for operation in operations(document) {
            let request = &operation.described["requestBody"]["content"]["application/json"];
            examples(request).iter().for_each(|example| operation.assert_fits(request, example));
            for status in operation.described["responses"].as_object().unwrap().keys() {
                let media = operation.answer(status);
                examples(media).iter().for_each(|example| operation.assert_fits(media, example));
            }
        }
    }
}

store::on_both_engines! {
    async fn every_example_request_succeeds_as_documented(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        for document in &documents() {
            for operation in operations(document) {
                for body in operation.bodies() {
                    let call = made_true(&caller, &format!("{}\n{body}", operation.example_path())).await;
                    let (path, body) = call.split_once('\n').unwrap();
                    let response = caller.send(operation.method.clone(), path, body.to_owned()).await;
                    let (status, answer) = (response.status(), response.body());
                    assert_eq!(status.as_str(), operation.success(), "{}: {answer:?}", operation.name);
                    if status == StatusCode::NO_CONTENT {
                        assert!(answer.is_empty() && !response.headers().contains_key("content-type"), "{}: {answer:?}", operation.name);
                    } else {
                        assert_eq!(response.headers()["content-type"], "application/json");
                        operation.assert_fits(operation.answer(status.as_str()), &serde_json::from_slice(answer).unwrap());
                    }
                }
            }
        }
    }

    async fn refusals_look_as_documented(test: TestDb) {
        let sandbox = Sandbox::new(test);
        for document in &documents() {
            for operation in operations(document) {
                let path = operation.example_path();
                let nobody = Request::builder().method(operation.method.clone()).uri(&path).body("{}".into()).unwrap();
                let mut refused = vec![sandbox.paloma.handle(nobody).await];
                if operation.described.get("requestBody").is_some() {
                    refused.push(sandbox.caller().send(operation.method.clone(), &path, "{").await);
                }
                if operation.described["responses"].get("404").is_some() {
                    let body = operation.bodies().remove(0).to_string().replace("794644790200", "794644790201");
                    let unknown = sandbox.caller().send(operation.method.clone(), &path, body).await;
                    assert_eq!(unknown.status(), StatusCode::NOT_FOUND, "{}", operation.name);
                    refused.push(unknown);
                }
                for response in refused {
                    let status = response.status();
                    assert!(status.is_client_error(), "{} {status}", operation.name);
                    operation.assert_fits(operation.answer(status.as_str()), &serde_json::from_slice(response.body()).unwrap());
                }
            }
        }
    }

    async fn faults_on_demand_look_as_documented(test: TestDb) {
        let sandbox = Sandbox::new(test);
        for document in &documents() {
            for operation in operations(document) {
                let body = operation.bodies().remove(0).to_string();
                for fault in ["expired-token", "revoked-access", "throttled", "server-error", "unavailable", "error-inside"] {
                    let asking = sandbox.caller().with("x-sandbox-scenario", fault);
                    let response = asking.send(operation.method.clone(), &operation.example_path(), body.clone()).await;
                    let described = &operation.described["responses"];
                    let status = Some(response.status().as_str().to_owned()).filter(|status| described.get(status).is_some());
                    let media = operation.answer(status.as_deref().unwrap_or("default"));
                    operation.assert_fits(media, &serde_json::from_slice(response.body()).unwrap());
                }
            }
        }
    }

    async fn results_that_are_no_success_look_as_documented_too(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        let mut wrong = crate::support::national();
        wrong["product"] = json!("NONE");
        let annulled = caller.parcel().await;
        for _ in 0..2 {
            caller.call(Method::PUT, "/ship/v1/shipments/cancel", json!({"trackingNumber": annulled})).await;
        }
        let print = json!({"application": "PRS", "print": {"shipments": [annulled]}});
        let (_, read) = caller.post(&format!("{}/delivery/package", crate::support::PREREGISTER), json!({"shipments": [annulled]})).await;
        let calls = [
            ("/delivery", json!({"shipments": [wrong]})),
            ("/delivery/validate", json!({"shipments": [wrong]})),
            ("/delivery/annulment", json!({"packageCode": annulled})),
            ("/annulment/expedition", json!({"shipment": read["shipments"][0]["shipmentCode"]})),
            ("/delivery/cn", json!({"shipments": [wrong]})),
            ("/generate/shipmentcode", json!({"product": "NONE"})),
            ("/labels/print", print.clone()),
            ("/print/labels", print.clone()),
            ("/documents/print", print.clone()),
            ("/print/documents", print),
            ("/trackingnumbers", json!({"trackingInfo": [
                {"trackingNumberInfo": {"trackingNumber": annulled}}, {"trackingNumberInfo": {"trackingNumber": "000000000000"}},
            ]})),
            ("/shipments/cancel", json!({"trackingNumber": annulled})),
        ];
        for document in &documents() {
            for operation in operations(document) {
                for (_, body) in calls.iter().filter(|(end, _)| operation.path.ends_with(end)) {
                    let (status, answer) = caller.call(operation.method.clone(), operation.path, body.clone()).await;
                    assert_eq!(status, StatusCode::OK, "{}: {answer}", operation.name);
                    operation.assert_fits(operation.answer("200"), &answer);
                }
            }
        }
        for path in ["/support/trackpub/api/v2/search/{code}", "/support/trackpub/api/v2/expedition/{code}"] {
            let documents = documents();
            let operation = documents.iter().flat_map(operations).find(|operation| operation.path == path).unwrap();
            for code in ["NOBODYS", annulled.as_str()] {
                let (_, answer) = caller.get(&path.replace("{code}", code)).await;
                operation.assert_fits(operation.answer("200"), &answer);
            }
        }
    }
}

store::on_both_engines! {
    async fn every_journey_is_told_as_documented(test: TestDb) {
        let sandbox = Sandbox::new(test);
        let caller = sandbox.caller();
        let mut codes = Vec::new();
        for journey in Journey::ALL {
            for shipment in [crate::support::national(), crate::support::international()] {
                let made = caller.with("x-sandbox-scenario", &journey.header_value()).ship(shipment).await;
                codes.push((crate::support::code(&made), made["shipmentCode"].as_str().unwrap().to_owned()));
            }
        }
        let documents = documents();
        let all: Vec<&str> = codes.iter().map(|(parcel, _)| parcel.as_str()).collect();
        let at = |path: &str| documents.iter().flat_map(operations).find(|operation| operation.path.starts_with(path)).unwrap();
        let [search, expedition] = ["search", "expedition"].map(|verb| at(&format!("/support/trackpub/api/v2/{verb}/{{")));
        let (trace, track) = (at(&format!("{SHOP}/track/")), at("/track/v1/trackingnumbers"));
        for clock in ["+5h", "+25h", "+18h", "+3h", "+12h", "+10h", "+12h", "+3d", "+18d", "+30d"] {
            crate::clock::set(&caller, clock).await;
            let mut told = vec![(&search, caller.get(&search.path.replace("{code}", &all.join(","))).await.1)];
            for (parcel, shipment) in &codes {
                told.push((&search, caller.get(&search.path.replace("{code}", parcel)).await.1));
                told.push((&expedition, caller.get(&expedition.path.replace("{code}", shipment)).await.1));
                told.push((&trace, caller.get(&trace.path.replace("{code}", parcel)).await.1));
                let body = json!({"trackingInfo": [{"trackingNumberInfo": {"trackingNumber": parcel}}]});
                told.push((&track, caller.post(track.path, body).await.1));
            }
            for (operation, answer) in told {
                operation.assert_fits(operation.answer("200"), &answer);
            }
        }
    }
}
