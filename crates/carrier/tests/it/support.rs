//! A carrier with a database of its own, and somebody who calls it.

use bytes::Bytes;
use carrier::Paloma;
use domain::event_matrix::Matrix;
use http::{Method, Request, Response, StatusCode};
use serde_json::{Value, json};
use store::testkit::{Hands, TestDb, entropy};
use uuid::Uuid;

pub const PREREGISTER: &str = "/admissions/preregister/api/v1";
/// Where the links of refusals lead.
pub const PORTAL: &str = "https://portal.example";
pub const SHOP: &str = "/logistics/tradeinout/api/v1";

/// A carrier on a fresh database, whose clock stands at 1 June 2026, 14:00 in Madrid.
pub struct Sandbox {
    pub paloma: Paloma,
    pub test: TestDb,
    pub hands: Hands,
}

impl Sandbox {
    pub fn new(test: TestDb) -> Self {
        let hands = Hands::new();
        Self { paloma: Paloma::new(test.db.clone(), hands.clock(), entropy(1), PORTAL.into(), Matrix::built_in()), test, hands }
    }

    /// The project most tests call as.
    pub fn caller(&self) -> Caller {
        self.project(1)
    }

    /// A caller of the other environment.
    pub fn production(&self) -> Caller {
        Caller { environment: "production", ..self.caller() }
    }

    pub fn project(&self, number: u128) -> Caller {
        Caller {
            paloma: self.paloma.clone(),
            project: Uuid::from_u128(number),
            environment: "sandbox",
            organisation: Uuid::from_u128(1000 + number),
            headers: Vec::new(),
        }
    }
}

/// A project that calls.
#[derive(Clone)]
pub struct Caller {
    pub paloma: Paloma,
    pub project: Uuid,
    pub environment: &'static str,
    pub organisation: Uuid,
    pub headers: Vec<(&'static str, String)>,
}

impl Caller {
    pub fn with(&self, name: &'static str, value: &str) -> Self {
        let mut with = self.clone();
        with.headers.push((name, value.to_owned()));
        with
    }

    pub async fn send(&self, method: Method, path: &str, body: impl Into<Bytes>) -> Response<Bytes> {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("X-Postigo-Project", self.project.to_string())
            .header("X-Postigo-Environment", self.environment)
            .header("X-Postigo-Organisation", self.organisation.to_string())
            .header("X-Request-Id", "0198b0e0-0000-7000-8000-000000000001");
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        self.paloma.handle(request.body(body.into()).unwrap()).await
    }

    pub async fn call(&self, method: Method, path: &str, body: Value) -> (StatusCode, Value) {
        let response = self.send(method, path, body.to_string()).await;
        assert_eq!(response.headers()["content-type"], "application/json");
        (response.status(), serde_json::from_slice(response.body()).unwrap())
    }

    pub async fn post(&self, path: &str, body: Value) -> (StatusCode, Value) {
        self.call(Method::POST, path, body).await
    }

    pub async fn get(&self, path: &str) -> (StatusCode, Value) {
        let response = self.send(Method::GET, path, "").await;
        (response.status(), serde_json::from_slice(response.body()).unwrap())
    }

    /// Preregisters one shipment and answers its part of the answer.
    pub async fn ship(&self, shipment: Value) -> Value {
        let (status, answer) = self.post(&format!("{PREREGISTER}/delivery"), json!({"shipments": [shipment]})).await;
        assert_eq!((status, &answer["result"]), (StatusCode::CREATED, &json!("1")), "{answer}");
        answer["shipments"][0].clone()
    }

    /// Preregisters one parcel to Sevilla and answers its code.
    pub async fn parcel(&self) -> String {
        code(&self.ship(national()).await)
    }
}

/// The code of the first parcel of a shipment in an answer.
pub fn code(shipment: &Value) -> String {
    shipment["packages"][0]["packageCode"].as_str().unwrap().to_owned()
}

/// A shipment within Spain that lacks nothing.
pub fn national() -> Value {
    json!({
        "product": "PAAZE",
        "deliveryMethod": "DOUAOF",
        "admissionMethod": "1",
        "contractNumber": "54000000",
        "clientNumber": "80000000",
        "labellerCode": "XXX1",
        "packagesNumber": "1",
        "totalWeight": "1250",
        "shipmentReference1": "PEDIDO-1",
        "sender": {
            "name": "Íñigo", "lastName1": "Muñoz", "address": "Calle de Alcalá, 12", "locality": "Madrid", "province": "28",
            "cp": "28001", "country": "ESP", "contactPhone": "910000000", "email": "tienda@example.com",
        },
        "addressee": {
            "name": "Begoña", "lastName1": "Peña", "address": "Avenida de la Constitución, 1", "locality": "Sevilla",
            "province": "41", "cp": "41001", "country": "ESP", "smsNumber": "600000000", "email": "b@example.com",
        },
        "packages": [{ "packageId": "1", "packageWeightGrams": "1250", "clientReference": "PEDIDO-1/1" }],
        "additionalValues": [],
    })
}

/// A shipment abroad that lacks nothing.
pub fn international() -> Value {
    let mut shipment = national();
    shipment["product"] = json!("POAZE");
    shipment["addressee"] = json!({
        "name": "Łucja", "lastName1": "Müller", "address": "Unter den Linden 5", "locality": "Berlin", "zip": "10117",
        "country": "DEU", "contactPhone": "+49301234567",
    });
    shipment["packages"][0]["packageContents"] = json!({
        "shipmentType": "2",
        "customsData": [{
            "quantity": "1", "description": "Libro", "netWeight": "1000", "netValue": "2.24", "tariffNumber": "490199",
            "countryOrigin": "ESP",
        }],
    });
    shipment
}
