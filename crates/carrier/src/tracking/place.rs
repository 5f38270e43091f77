//! Where an event happened, in words.

use domain::{Language, journey::Spot};

use crate::{countries, declaration::Declaration};

/// The name of a spot of a shipment's journey; empty with the sender, whose address tracking does not tell.
pub(crate) fn name(spot: Spot, shipment: Declaration<'_>, language: Language) -> String {
    let choose = |spanish: &'static str, english: &'static str| match language {
        Language::Spanish => spanish,
        Language::English => english,
    };
    let addressee = shipment.addressee();
    let city = |party: crate::declaration::Party<'_>| party.text("locality").unwrap_or_default();
    let named = |name: &str, place: String| if place.is_empty() { name.to_owned() } else { format!("{name}, {place}") };
    match spot {
        Spot::Sender => String::new(),
        Spot::OriginUnit => named(choose("Unidad de admisión", "Admission unit"), city(shipment.sender())),
        Spot::SortingCentre => named(choose("Centro de clasificación", "Sorting centre"), "Madrid".into()),
        Spot::Exchange => named(choose("Oficina de cambio", "Office of exchange"), "Madrid-Barajas".into()),
        Spot::Border => {
            let country = addressee.country().and_then(|code| countries::find(&code)).map(|country| country.alpha2.to_owned());
            named(choose("Aduana", "Customs"), country.unwrap_or_default())
        }
        Spot::DestinationUnit => named(choose("Unidad de reparto", "Delivery unit"), city(addressee)),
        Spot::Office => {
            let office = addressee.text("chosenOffice").map(|code| format!("{} {code}", choose("Oficina", "Office")));
            named(office.as_deref().unwrap_or(choose("Oficina", "Office")), city(addressee))
        }
        Spot::Locker => {
            let locker = addressee.text("homepaqCode").map(|code| format!("CityPaq {code}"));
            named(locker.as_deref().unwrap_or("CityPaq"), city(addressee))
        }
        Spot::Addressee => city(addressee),
    }
}
