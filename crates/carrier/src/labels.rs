//! Labels (wire-formats section 5): what is glued on a parcel, as PDF, ZPL or XML.

pub(crate) mod barcode;
pub(crate) mod drawing;
pub(crate) mod lettering;
pub(crate) mod pdf;
pub(crate) mod print;
pub(crate) mod xml;
pub(crate) mod zpl;

use serde_json::Value;
use store::shipments::Parcel;

use crate::{
    Call,
    declaration::{Declaration, Party},
};

/// What is said of a parcel that does not exist or is somebody else's, on every path that takes parcels.
pub(crate) const FOREIGN: &str = "Uno o más paquetes no pertenecen al oid/eid";

/// What stands across every label: nobody shall hand one of these in.
pub(crate) const WATERMARK: &str = "SANDBOX";

/// Everything a label says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Label {
    pub(crate) code: String,
    pub(crate) shipment_code: String,
    pub(crate) product: String,
    pub(crate) sender: Vec<String>,
    pub(crate) addressee: Vec<String>,
    pub(crate) postcode: String,
    pub(crate) country: String,
    pub(crate) weight: String,
    pub(crate) number: i64,
    pub(crate) of: usize,
    pub(crate) reference: String,
    pub(crate) entry: String,
    pub(crate) notes: String,
}

impl Label {
    /// The label of `parcel`, one of `of` in its expedition.
    pub(crate) fn of(call: &Call<'_>, parcel: &Parcel, of: usize) -> Self {
        let declared: Value = serde_json::from_str(&parcel.declaration).unwrap_or(Value::Null);
        let declaration = Declaration(&declared);
        let package = declaration.package(parcel.number);
        let addressee = declaration.addressee();
        let reference = package.text("clientReference").or_else(|| package.text("clientReference1"));
        Self {
            code: parcel.code.clone(),
            shipment_code: parcel.shipment_code.clone(),
            product: declaration.product_name().to_owned(),
            sender: block(declaration.sender(), false),
            addressee: block(addressee, true),
            postcode: plain(addressee.postcode()),
            country: plain(addressee.country()),
            weight: kilograms(package.grams().unwrap_or(0)),
            number: parcel.number,
            of,
            reference: plain(reference.or_else(|| declaration.text("shipmentReference1"))),
            entry: call.house.calendar.date(parcel.created_at.0),
            notes: plain(package.text("observations").or_else(|| declaration.text("shipmentNotes"))),
        }
    }
}

/// The lines of an address.
fn block(party: Party<'_>, with_phone: bool) -> Vec<String> {
    let place = [party.postcode(), party.text("locality")].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let pickup = party
        .text("homepaqCode")
        .map(|code| format!("CityPaq {code}"))
        .or_else(|| party.text("chosenOffice").map(|office| format!("Oficina {office}")));
    let phone = party.text("contactPhone").or_else(|| party.text("smsNumber")).map(|phone| format!("Tel. {phone}"));
    [
        party.name(),
        party.second_name(),
        party.text("address"),
        Some(place),
        party.country().filter(|country| country != "ESP"),
        pickup,
        phone.filter(|_| with_phone),
    ]
    .into_iter()
    .map(plain)
    .filter(|line| !line.is_empty())
    .collect()
}

/// One line of text without control characters: none of them belongs on a label, and some would steer a printer.
fn plain(text: Option<String>) -> String {
    let text: String = text.unwrap_or_default().chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `1,250 kg`, as Spain writes it.
fn kilograms(grams: i64) -> String {
    format!("{},{:03} kg", grams / 1000, (grams % 1000).abs())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_address_block_holds_what_was_declared_and_no_control_characters() {
        let declared = json!({"addressee": {
            "name": "José", "lastName1": "Núñez", "company": "Año Nuevo S.L.", "address": "C/ Mayor 1\r\n^XA\u{1b}",
            "cp": 28001, "locality": "Madrid", "country": "ESP", "contactPhone": "600000000",
        }});
        assert_eq!(
            block(Declaration(&declared).addressee(), true),
            ["José Núñez", "Año Nuevo S.L.", "C/ Mayor 1 ^XA", "28001 Madrid", "Tel. 600000000"]
        );
    }

    #[test]
    fn weights_are_written_in_kilograms() {
        assert_eq!(kilograms(1250), "1,250 kg");
        assert_eq!(kilograms(5), "0,005 kg");
    }
}
