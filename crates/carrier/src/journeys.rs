//! Which journey a parcel takes ([`domain::journey`]): the one that was asked for when it was preregistered, else the usual
//! one of its product.

use domain::{
    Environment,
    journey::{Handover, Journey, Route},
};

use crate::{Call, declaration::Declaration, respond::Refusal};

/// The header that asks for a journey. It asks for faults as well, by other words, which are not looked at here.
const HEADER: &str = "x-sandbox-scenario";

/// The members of a shipment, and of each of its packages, that may hold a fixed value.
const SHIPMENT_REFERENCES: [&str; 3] = ["shipmentReference1", "shipmentReference2", "shipmentReference3"];
const PACKAGE_REFERENCES: [&str; 4] = ["clientReference", "clientReference1", "clientReference2", "clientReference3"];

/// The products that are picked up at an office, and from a locker, wherever they are addressed to.
const TO_OFFICE: [&str; 2] = ["S0133", "S0236"];
const TO_LOCKER: [&str; 2] = ["S0178", "S0176"];

/// The journey that a call asks for: by its header, else by a reference of the shipment. Production knows none.
pub(crate) fn asked_for(call: &Call<'_>, shipment: Declaration<'_>) -> Result<Option<Journey>, Refusal> {
    if call.caller.owner.environment != Environment::Sandbox {
        return Ok(None);
    }
    let header = call.headers.get(HEADER).and_then(|value| value.to_str().ok()).map(|value| value.trim().to_owned());
    let asked = header
        .into_iter()
        .chain(references(shipment))
        .find_map(|text| Journey::asked_for(&text))
        .transpose()
        .map_err(|unknown| Refusal::Malformed(format!("Ese recorrido no existe / No such journey: {unknown}")))?;
    Ok(asked)
}

fn references(shipment: Declaration<'_>) -> impl Iterator<Item = String> {
    let whole = SHIPMENT_REFERENCES.into_iter().filter_map(move |member| shipment.text(member));
    let packages = shipment.packages().flat_map(|package| PACKAGE_REFERENCES.into_iter().filter_map(move |member| package.text(member)));
    whole.chain(packages)
}

/// What the journey of a declared shipment depends on.
pub(crate) fn route(shipment: Declaration<'_>) -> Route {
    let product = shipment.product();
    let is_one_of = |codes: &[&str]| product.is_some_and(|product| codes.contains(&product.code));
    let addressee = shipment.addressee();
    let handover = if is_one_of(&TO_LOCKER) || addressee.text("homepaqCode").is_some() {
        Handover::Locker
    } else if is_one_of(&TO_OFFICE) || addressee.text("chosenOffice").is_some() {
        Handover::Office
    } else {
        Handover::Address
    };
    Route { abroad: product.is_some_and(|product| product.is_international()), handover }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn offices_lockers_and_products_that_leave_the_country_have_routes_of_their_own() {
        let to = |product: &str, addressee: Value| route(Declaration(&json!({"product": product, "addressee": addressee})));
        let national = |handover| Route { abroad: false, handover };
        assert_eq!(to("PAAZE", json!({})), national(Handover::Address));
        // The plug-in sends every member, and empty ones mean nothing.
        assert_eq!(to("PAAZE", json!({"chosenOffice": "", "homepaqCode": ""})), national(Handover::Address));
        assert_eq!(to("PAAZE", json!({"chosenOffice": "4118094"})), national(Handover::Office));
        assert_eq!(to("S0236", json!({})), national(Handover::Office));
        assert_eq!(to("S0176", json!({"chosenOffice": "4118094"})), national(Handover::Locker));
        assert_eq!(to("PAFXB", json!({"homepaqCode": "A0000159D"})), national(Handover::Locker));
        assert_eq!(to("POAZE", json!({})), Route { abroad: true, handover: Handover::Address });
    }
}
