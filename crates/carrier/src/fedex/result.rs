//! The result of one number in an answer of Track, as FedEx' clients read it: every date with its offset, every list in
//! FedEx' order, and no member with `""` where a date or a word of a list is expected.

use domain::event_matrix;
use serde_json::{Map, Value, json};

use crate::fedex::place::Place;

/// A day on which something happened or is expected, by FedEx' word for it.
pub(crate) type Date = (&'static str, String);

/// What a scan says, whatever parcel it is of.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scan<'a> {
    /// `eventType`, and `code` of the latest status.
    pub(crate) code: &'a str,
    /// `derivedStatusCode`.
    pub(crate) derived_code: &'a str,
    /// `derivedStatus` and `statusByLocale`.
    pub(crate) derived: &'a str,
    /// `eventDescription`.
    pub(crate) description: &'a str,
    /// A word of FedEx' list.
    pub(crate) location_type: &'a str,
    /// What went wrong, by its code and in words; both empty when nothing did.
    pub(crate) exception: (&'a str, &'a str),
    /// Whether the carrier has, or has had, the parcel in its hands.
    pub(crate) in_possession: bool,
}

/// Something that happened to the parcel.
#[derive(Debug)]
pub(crate) struct Happened<'a> {
    pub(crate) date: String,
    pub(crate) scan: Scan<'a>,
    pub(crate) place: Place,
}

/// Who took the parcel, and where.
#[derive(Debug)]
pub(crate) struct Delivery {
    /// Nothing where nobody takes it: a locker.
    pub(crate) received_by: Option<String>,
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
    /// How often it could not be handed over.
    pub(crate) failures: usize,
    pub(crate) delivery: Option<Delivery>,
    /// Why it goes back, by a code and in words; nothing when it does not.
    pub(crate) returned: Option<(&'a str, &'a str)>,
}

impl<'a> From<&'a event_matrix::Scan> for Scan<'a> {
    fn from(scan: &'a event_matrix::Scan) -> Self {
        Self {
            code: &scan.code,
            derived_code: &scan.derived_code,
            derived: &scan.derived,
            description: &scan.description,
            location_type: &scan.location_type,
            exception: (&scan.exception_code, &scan.exception),
            in_possession: scan.in_possession,
        }
    }
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
            "latestStatusDetail": latest.status(),
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
            "returnDetail": self.return_detail(),
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
        let mut details = json!({ "deliveryAttempts": self.failures.to_string(), "deliveryOptionEligibilityDetails": [] });
        if let Some(delivery) = &self.delivery {
            details["actualDeliveryAddress"] = self.to.address();
            details["locationType"] = json!(delivery.location.0);
            details["locationDescription"] = json!(delivery.location.1);
            if let Some(name) = &delivery.received_by {
                details["receivedByName"] = json!(name);
            }
        }
        details
    }

    fn return_detail(&self) -> Value {
        match self.returned {
            Some((kind, description)) => json!({ "reasonDetail": [{ "type": kind, "description": description }] }),
            None => json!({}),
        }
    }
}

impl Happened<'_> {
    /// As the latest thing that happened.
    fn status(&self) -> Value {
        let mut status = json!({
            "code": self.scan.code,
            "derivedCode": self.scan.derived_code,
            "statusByLocale": self.scan.derived,
            "description": self.scan.description,
            "scanLocation": self.place.address(),
        });
        let (reason, description) = self.scan.exception;
        if !reason.is_empty() {
            status["ancillaryDetails"] = json!([{ "reason": reason, "reasonDescription": description }]);
        }
        status
    }

    fn told(&self) -> Value {
        json!({
            "date": self.date,
            "eventType": self.scan.code,
            "eventDescription": self.scan.description,
            // FedEx sends these two empty when all is well, and clients read them unasked.
            "exceptionCode": self.scan.exception.0,
            "exceptionDescription": self.scan.exception.1,
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
