//! A parcel that every sandbox project knows: delivered, read-only, always the same, so that a client can be tried before
//! anything was shipped.

use domain::Environment;
use serde_json::Value;

use crate::{
    Call,
    fedex::{
        place::Place,
        result::{Delivery, Happened, Known, Scan},
    },
};

/// Its tracking number.
const NUMBER: &str = "794644790200";

const ANNOUNCED: &str = "2024-05-14T10:20:00+02:00";
const PICKED_UP: &str = "2024-05-14T17:05:00+02:00";
const DEPARTED: &str = "2024-05-15T02:48:00+02:00";
const ARRIVED: &str = "2024-05-16T06:10:00+02:00";
const OUT: &str = "2024-05-16T08:31:00+02:00";
const DELIVERED: &str = "2024-05-16T11:42:00+02:00";
const PROMISED: &str = "2024-05-16T18:00:00+02:00";

/// Whether a call that names `number` means the sample. In production nobody does.
pub(crate) fn is_meant(call: &Call<'_>, number: &str) -> bool {
    number == NUMBER && call.caller.owner.environment == Environment::Sandbox
}

/// What is told of it.
pub(crate) fn result() -> Option<Value> {
    let madrid = Place::spanish("Madrid", "28001");
    let barcelona = Place::spanish("Barcelona", "08001");
    let on_the_way = |code, description, location_type| Scan {
        code,
        derived_code: "IT",
        derived: "In transit",
        description,
        location_type,
        exception: ("", ""),
        in_possession: true,
    };
    let picked_up = Scan { derived_code: "PU", derived: "Picked up", ..on_the_way("PU", "Picked up", "PICKUP_LOCATION") };
    let delivered = Scan { derived_code: "DL", derived: "Delivered", ..on_the_way("DL", "Delivered", "DELIVERY_LOCATION") };
    let announced = Scan {
        derived_code: "IN",
        derived: "Label created",
        in_possession: false,
        ..on_the_way("OC", "Shipment information sent to FedEx", "CUSTOMER")
    };
    let happened = [
        (DELIVERED, delivered, &barcelona),
        (OUT, on_the_way("OD", "On FedEx vehicle for delivery", "VEHICLE"), &barcelona),
        (ARRIVED, on_the_way("AR", "At local FedEx facility", "DESTINATION_FEDEX_FACILITY"), &barcelona),
        (DEPARTED, on_the_way("DP", "Departed FedEx location", "FEDEX_FACILITY"), &madrid),
        (PICKED_UP, picked_up, &madrid),
        (ANNOUNCED, announced, &madrid),
    ];
    Known {
        number: NUMBER,
        unique: "SAMPLE~794644790200~POSTIGO",
        reference: Some("SAMPLE".into()),
        from: &madrid,
        to: &barcelona,
        service: ("FEDEX_INTERNATIONAL_PRIORITY", "FedEx International Priority"),
        place_in_shipment: (1, 1),
        grams: (1200, 1200),
        sides: Some([300, 200, 100]),
        happened: happened.into_iter().map(|(date, scan, place)| Happened { date: date.into(), scan, place: place.clone() }).collect(),
        // The day of shipping before the hand-over: clients take the first that speaks of the start.
        dates: vec![
            ("ACTUAL_DELIVERY", DELIVERED.into()),
            ("ACTUAL_PICKUP", PICKED_UP.into()),
            ("SHIP", ANNOUNCED.into()),
            ("ACTUAL_TENDER", PICKED_UP.into()),
        ],
        expected: None,
        promised: Some(PROMISED.into()),
        failures: 0,
        delivery: Some(Delivery {
            received_by: Some("M.GARCIA".into()),
            location: ("RECEPTIONIST_OR_FRONT_DESK", "Receptionist/Front Desk"),
        }),
        returned: None,
    }
    .told()
}
