//! The result of one number in an answer of Track, as FedEx' clients read it: every date with its offset, every list in
//! FedEx' order, and no member with `""` where a date or a word of a list is expected.

use serde_json::{Map, Value, json};

use crate::{events::Scan, fedex::place::Place};

/// A day on which something happened or is expected, by FedEx' word for it.
pub(crate) type Date = (&'static str, String);

/// Something that happened to the parcel.
#[derive(Debug)]
pub(crate) struct Happened<'a> {
    pub(crate) date: String,
    pub(crate) scan: Scan,
    pub(crate) place: &'a Place,
}

/// Who took the parcel, and where.
#[derive(Debug)]
pub(crate) struct Delivery {
    pub(crate) received_by: &'static str,
    /// A word of FedEx' list and the same in words.
    pub(crate) location: (&'static str, &'static str),
}

/// What is known of a parcel.
#[derive(Debug)]
pub(crate) struct Known<'a> {
    pub(crate) number: &'a str,
    /// What tells it from another parcel of the same number.
    pub(crate) unique: &'a str,
    pub(crate) reference: Option<String>,
    pub(crate) from: &'a Place,
    pub(crate) to: &'a Place,
    /// The product's code, and its name.
    pub(crate) service: (&'a str, &'a str),
    /// Which parcel of its shipment it is, and of how many.
    pub(crate) place_in_shipment: (i64, usize),
    /// Its weight, and that of the whole shipment.
    pub(crate) grams: (i64, i64),
    /// Length, width and height in millimetres.
    pub(crate) sides: Option<[i64; 3]>,
    /// The newest first, and at least one.
    pub(crate) happened: Vec<Happened<'a>>,
    pub(crate) dates: Vec<Date>,
    /// From when until when it should arrive; nothing when it will not, or has.
    pub(crate) expected: Option<(String, String)>,
    /// Until when it was promised.
    pub(crate) promised: Option<String>,
    pub(crate) delivery: Option<Delivery>,
}

/// A number that the project does not have. There are no `scanEvents` at all: clients take an empty list for a parcel that
/// exists.
pub(crate) fn unknown(number: &str) -> Value {
    json!({
        "trackingNumberInfo": { "trackingNumber": number },
        "error": {
            "code": "TRACKING.TRACKINGNUMBER.NOTFOUND",
            "message": "Tracking number cannot be found. Please correct the tracking number and try again.",
        },
    })
}

impl Known<'_> {
    /// The whole result; `None` when nothing has happened to the parcel, which cannot be told in this form.
    pub(crate) fn told(&self) -> Option<Value> {
        let latest = self.happened.first()?;
        let (from, to) = (self.from.address(), self.to.address());
        let references: Vec<Value> =
            self.reference.iter().map(|reference| json!({ "type": "CUSTOMER_REFERENCE", "values": [reference] })).collect();
        let dates: Vec<Value> = self.dates.iter().map(|(kind, date)| json!({ "type": kind, "dateTime": date })).collect();
        Some(json!({
            "trackingNumberInfo": {
                "trackingNumber": self.number,
                "trackingNumberUniqueId": self.unique,
                "carrierCode": "FDXE",
            },
            "additionalTrackingInfo": {
                "nickname": "",
                "packageIdentifiers": references,
                "hasAssociatedShipments": self.place_in_shipment.1 > 1,
            },
            "shipperInformation": { "contact": {}, "address": from },
            "recipientInformation": { "contact": {}, "address": to },
            "latestStatusDetail": {
                "code": latest.scan.code,
                "derivedCode": latest.scan.derived_code,
                "statusByLocale": latest.scan.derived,
                "description": latest.scan.description,
                "scanLocation": latest.place.address(),
            },
            "dateAndTimes": dates,
            "availableImages": [],
            "availableNotifications": [],
            "packageDetails": self.package(),
            "shipmentDetails": {
                "possessionStatus": latest.scan.in_possession,
                "weight": weights(self.grams.1),
            },
            "scanEvents": self.happened.iter().map(Happened::told).collect::<Vec<_>>(),
            "serviceDetail": {
                "type": self.service.0,
                "description": self.service.1,
                "shortDescription": self.service.0,
            },
            "specialHandlings": [],
            "originLocation": { "locationContactAndAddress": { "address": from } },
            "destinationLocation": { "locationContactAndAddress": { "address": to } },
            "lastUpdatedDestinationAddress": to,
            "standardTransitTimeWindow": { "window": window(None, self.promised.as_deref()) },
            "estimatedDeliveryTimeWindow": {
                "window": match &self.expected {
                    Some((begins, ends)) => window(Some(begins), Some(ends)),
                    None => window(None, None),
                },
            },
            "goodsClassificationCode": "",
            "deliveryDetails": self.delivery(),
            "returnDetail": {},
        }))
    }

    fn package(&self) -> Value {
        let (number, count) = self.place_in_shipment;
        json!({
            "packagingDescription": { "type": "YOUR_PACKAGING", "description": "Package" },
            "physicalPackagingType": "PACKAGE",
            "sequenceNumber": number.to_string(),
            "count": count.to_string(),
            "weightAndDimensions": {
                "weight": weights(self.grams.0),
                "dimensions": self.sides.map_or_else(|| json!([]), dimensions),
            },
            "packageContent": [],
        })
    }

    fn delivery(&self) -> Value {
        let mut details = json!({ "deliveryAttempts": "0", "deliveryOptionEligibilityDetails": [] });
        if let Some(delivery) = &self.delivery {
            details["actualDeliveryAddress"] = self.to.address();
            details["locationType"] = json!(delivery.location.0);
            details["locationDescription"] = json!(delivery.location.1);
            details["receivedByName"] = json!(delivery.received_by);
        }
        details
    }
}

impl Happened<'_> {
    fn told(&self) -> Value {
        json!({
            "date": self.date,
            "eventType": self.scan.code,
            "eventDescription": self.scan.description,
            // FedEx sends these two empty when all is well, and clients read them unasked.
            "exceptionCode": "",
            "exceptionDescription": "",
            "scanLocation": self.place.scan_location(),
            "locationType": self.scan.location_type,
            "derivedStatusCode": self.scan.derived_code,
            "derivedStatus": self.scan.derived,
        })
    }
}

fn window(begins: Option<&str>, ends: Option<&str>) -> Value {
    let mut window = Map::new();
    for (member, moment) in [("begins", begins), ("ends", ends)] {
        if let Some(moment) = moment {
            window.insert(member.to_owned(), json!(moment));
        }
    }
    Value::Object(window)
}

/// Both units, pounds first as FedEx does: clients read the first.
fn weights(grams: i64) -> Value {
    let pounds = format!("{:.2}", f64::from(i32::try_from(grams).unwrap_or(i32::MAX)) / 453.592_37);
    let kilograms = format!("{}.{:03}", grams / 1000, grams % 1000);
    let mut short = kilograms.trim_end_matches('0').to_owned();
    if short.ends_with('.') {
        short.push('0');
    }
    json!([{ "unit": "LB", "value": pounds }, { "unit": "KG", "value": short }])
}

/// Both units in whole numbers, rounded up: what is said to fit must fit.
fn dimensions(millimetres: [i64; 3]) -> Value {
    let in_units = |units: &str, tenths_of_millimetres: i64| {
        let [length, width, height] = millimetres.map(|side| (side * 10 + tenths_of_millimetres - 1) / tenths_of_millimetres);
        json!({ "length": length, "width": width, "height": height, "units": units })
    };
    json!([in_units("IN", 254), in_units("CM", 100)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_texts_in_both_units() {
        for (grams, pounds, kilograms) in [(1200, "2.65", "1.2"), (1, "0.00", "0.001"), (30_000, "66.14", "30.0"), (1005, "2.22", "1.005")]
        {
            assert_eq!(weights(grams), json!([{"unit": "LB", "value": pounds}, {"unit": "KG", "value": kilograms}]));
        }
    }

    #[test]
    fn sides_are_rounded_up_to_whole_units() {
        let both = dimensions([254, 255, 1]);
        assert_eq!(both[0], json!({"length": 10, "width": 11, "height": 1, "units": "IN"}));
        assert_eq!(both[1], json!({"length": 26, "width": 26, "height": 1, "units": "CM"}));
    }
}
