//! What integrators send.

use serde_json::{Value, json};

/// Preregister's path.
pub const DELIVERY: &str = "/admissions/preregister/api/v1/delivery";
/// Where labels are printed.
pub const PRINT: &str = "/support/labels/api/v1/labels/print";
/// Where collections are asked for.
pub const REQUESTS: &str = "/logistics/requests/api/v1/requests";
/// Where a parcel is tracked, before its code.
pub const SEARCH: &str = "/support/trackpub/api/v2/search";
/// The paths of the e-commerce plug-in.
pub const SHOP: &str = "/logistics/tradeinout/api/v1";
/// Where a parcel is tracked in FedEx' shape.
pub const TRACK: &str = "/track/v1/trackingnumbers";
/// Where a shipment is cancelled in FedEx' shape.
pub const CANCEL: &str = "/ship/v1/shipments/cancel";
/// The shipment that every sandbox project knows as delivered.
pub const DELIVERED: &str = "794644790200";

/// A parcel from Madrid to Barcelona.
#[must_use]
pub fn delivery() -> Value {
    json!({"errorCodeLanguage": "eng", "shipments": [{
        "product": "PAAZE", "deliveryMethod": "DOUAOF", "admissionMethod": "1",
        "contractNumber": "54000000", "clientNumber": "80000000", "labellerCode": "XXX1",
        "packagesNumber": "1", "totalWeight": "1200", "shipmentReference1": "PEDIDO-1",
        "sender": {"name": "Íñigo", "lastName1": "Muñoz", "address": "Calle de Alcalá 1", "locality": "Madrid", "province": "28",
            "cp": "28014", "country": "ESP", "contactPhone": "910000000", "email": "tienda@example.com"},
        "addressee": {"name": "Lucía", "lastName1": "Fernández", "address": "Carrer de Mallorca 401", "locality": "Barcelona",
            "province": "08", "cp": "08013", "country": "ESP", "smsNumber": "600000000", "email": "lucia@example.com"},
        "packages": [{"packageId": "1", "packageWeightGrams": "1200", "packageHeight": "100", "packageWidth": "200", "packageLength": "300"}]
    }]})
}

/// A label in a format: 1 XML, 2 PDF, 3 ZPL.
#[must_use]
pub fn label(parcel: &str, format: u8) -> Value {
    json!({"application": "PRS", "documentationType": 1, "print": {"shipments": [parcel], "labelFormat": format, "labelPrintMode": 2,
        "labelOrderType": 1, "labelPrintInitialPosition": 1}})
}

/// A collection, far enough in the future.
#[must_use]
pub fn collection() -> Value {
    json!([{
        "codContract": "54000000", "codSpecificContract": "80000000", "codAnnex": "091", "type": "E", "modalityType": "S",
        "requestDate": "2099-06-02", "timeSlot": "1", "estimatedShipments": 1, "estimatedVolume": 10, "address": "Calle de Alcalá, 12",
        "locality": "Madrid", "province": "28", "postalCode": "28001", "contactName": "Íñigo", "originSystem": "WOO",
        "printLabel": false, "shipments": [],
    }])
}

/// A question in FedEx' shape.
#[must_use]
pub fn tracked(number: &str) -> Value {
    json!({"includeDetailedScans": true, "trackingInfo": [{"trackingNumberInfo": {"trackingNumber": number}}]})
}
