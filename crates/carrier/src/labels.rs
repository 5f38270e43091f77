//! Labels and customs documents (wire-formats section 5): what is glued on a parcel as PDF, ZPL or XML, and the papers that
//! go with it as PDF.

pub(crate) mod barcode;
pub(crate) mod customs;
pub(crate) mod documents;
pub(crate) mod drawing;
pub(crate) mod font;
pub(crate) mod lettering;
pub(crate) mod parcels;
pub(crate) mod pdf;
pub(crate) mod print;
pub(crate) mod sheet;
pub(crate) mod sticker;
pub(crate) mod xml;
pub(crate) mod zpl;

use domain::Environment;

use crate::{
    Call, countries,
    declaration::Party,
    labels::{customs::Form, lettering::plain, parcels::Item},
};

/// What is said of a parcel that does not exist or is somebody else's, on every path that takes parcels.
pub(crate) const FOREIGN: &str = "Uno o más paquetes no pertenecen al oid/eid";

/// What stands across everything the sandbox draws: nobody shall hand one of these in.
pub(crate) const WATERMARK: &str = "SANDBOX";

/// Whether what is drawn for this call is worth nothing.
pub(crate) fn is_sandbox(call: &Call<'_>) -> bool {
    call.caller.owner.environment == Environment::Sandbox
}

/// One thing to print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    /// A label.
    Label(Label),
    /// A customs form of a label's size.
    Cn22(Form),
    /// A customs form on half sheets of its own.
    Cn23(Form),
}

impl Piece {
    /// The large form, if it is one.
    pub(crate) fn form(&self) -> Option<&Form> {
        match self {
            Self::Cn23(form) => Some(form),
            Self::Label(_) | Self::Cn22(_) => None,
        }
    }
}

/// Everything a label says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Label {
    pub(crate) sandbox: bool,
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
    /// The label of a parcel.
    pub(crate) fn of(call: &Call<'_>, item: &Item) -> Self {
        let (parcel, declaration, package) = (&item.parcel, item.declaration(), item.package());
        let addressee = declaration.addressee();
        let is_abroad = |country: &String| country != "ESP";
        // What comes back from abroad has to find Spain too.
        let leaves = addressee.country().as_ref().is_some_and(is_abroad);
        let sender_country = declaration.sender().country().filter(|country| leaves || is_abroad(country));
        Self {
            sandbox: is_sandbox(call),
            code: parcel.code.clone(),
            shipment_code: parcel.shipment_code.clone(),
            product: declaration.product_name().to_owned(),
            sender: lines(declaration.sender(), sender_country, false),
            addressee: lines(addressee, addressee.country().filter(is_abroad), true),
            postcode: plain(addressee.postcode()),
            country: plain(addressee.country()),
            weight: kilograms(package.grams().unwrap_or(0)),
            number: parcel.number,
            of: declaration.packages().len(),
            reference: plain(item.reference()),
            entry: call.house.calendar.date(parcel.created_at.0),
            notes: plain(package.text("observations").or_else(|| declaration.text("shipmentNotes"))),
        }
    }
}

/// The lines of an address; the country, where it is to stand there, in English and in capitals, as letters abroad are addressed.
pub(crate) fn lines(party: Party<'_>, country: Option<String>, with_phone: bool) -> Vec<String> {
    let country = country.map(|code| countries::find(&code).map_or(code, |country| country.name.to_uppercase()));
    let place = [party.postcode(), party.text("locality")].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let pickup = party
        .text("homepaqCode")
        .map(|code| format!("CityPaq {code}"))
        .or_else(|| party.text("chosenOffice").map(|office| format!("Oficina {office}")));
    let phone = party.text("contactPhone").or_else(|| party.text("smsNumber")).map(|phone| format!("Tel. {phone}"));
    [party.name(), party.second_name(), party.text("address"), Some(place), country, pickup, phone.filter(|_| with_phone)]
        .into_iter()
        .map(plain)
        .filter(|line| !line.is_empty())
        .collect()
}

/// `1,250 kg`, as Spain writes it.
pub(crate) fn kilograms(grams: i64) -> String {
    format!("{},{:03} kg", grams / 1000, (grams % 1000).abs())
}

/// A label for tests of what is drawn around it.
#[cfg(test)]
pub(crate) fn sample(code: &str) -> Label {
    Label {
        sandbox: true,
        code: code.into(),
        shipment_code: "PQXXX1000000001R".into(),
        product: "Paq Estándar".into(),
        sender: vec!["Remitente".into()],
        addressee: vec!["Destinatario".into()],
        postcode: "28001".into(),
        country: "ESP".into(),
        weight: "1,000 kg".into(),
        number: 1,
        of: 1,
        reference: String::new(),
        entry: "22/11/2026".into(),
        notes: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::declaration::Declaration;

    #[test]
    fn an_address_block_holds_what_was_declared_and_no_control_characters() {
        let declared = json!({"addressee": {
            "name": "José", "lastName1": "Núñez", "company": "Año Nuevo S.L.", "address": "C/ Mayor 1\r\n^XA\u{1b}",
            "cp": 28001, "locality": "Madrid", "country": "ESP", "contactPhone": "600000000",
        }});
        assert_eq!(
            lines(Declaration(&declared).addressee(), None, true),
            ["José Núñez", "Año Nuevo S.L.", "C/ Mayor 1 ^XA", "28001 Madrid", "Tel. 600000000"]
        );
        let abroad = json!({"addressee": {"name": "Łucja", "address": "Długa 1", "zip": "90-001", "locality": "Łódź", "country": "pol"}});
        assert_eq!(lines(Declaration(&abroad).addressee(), Some("POL".into()), true), ["Łucja", "Długa 1", "90-001 Łódź", "POLAND"]);
    }

    #[test]
    fn weights_are_written_in_kilograms() {
        assert_eq!(kilograms(1250), "1,250 kg");
        assert_eq!(kilograms(5), "0,005 kg");
    }
}
