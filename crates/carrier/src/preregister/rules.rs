//! What a shipment must declare.
//!
//! Clients in the wild send little, and empty strings for the rest. So besides the few members without which nothing can be
//! carried, a member is looked at only when it says something.

mod additional_values;
mod contact;
mod iban;
mod identity;
mod packages;
mod party;

use serde_json::Value;

use crate::{
    Call,
    body::whole,
    contracts::{self, Misfit},
    countries,
    declaration::{Declaration, LONGEST_REFERENCE, SHIPMENT_REFERENCES},
    preregister::findings::{Finding, Kind},
    products::{Handover, Product},
    respond::Refusal,
};

pub(crate) use packages::MOST_PACKAGES;

/// The rest of a long list of errors helps nobody.
const MOST_FINDINGS: usize = 100;

/// Everything that is wrong with a shipment; nothing when it can be taken.
pub(crate) async fn check(call: &Call<'_>, shipment: Declaration<'_>) -> Result<Vec<Finding>, Refusal> {
    let mut found = form(shipment);
    contract(call, shipment, &mut found).await?;
    Ok(found)
}

/// What is wrong with a shipment as far as it can be seen without asking whose contract it names.
pub(crate) fn form(shipment: Declaration<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    let product = product(shipment, &mut found);
    party::check("sender", shipment.sender(), &mut found);
    party::check("addressee", shipment.addressee(), &mut found);
    if let Some(product) = product {
        route(product, shipment, &mut found);
        handover(product, shipment, &mut found);
    }
    options(shipment, &mut found);
    additional_values::check(product, shipment, &mut found);
    packages::check(product, shipment, &mut found);
    found.truncate(MOST_FINDINGS);
    found
}

/// Whether the shipment names a product there is.
pub(crate) fn product(shipment: Declaration<'_>, found: &mut Vec<Finding>) -> Option<&'static Product> {
    match shipment.text("product") {
        None => found.push(Finding::new(Kind::Required, "product")),
        Some(_) if shipment.product().is_none() => {
            found.push(Finding::new(Kind::Product, "product"));
        }
        Some(_) => {}
    }
    shipment.product()
}

/// Whether the caller may ship under the contract that is named.
pub(crate) async fn contract(call: &Call<'_>, shipment: Declaration<'_>, found: &mut Vec<Finding>) -> Result<(), Refusal> {
    let [contract, client, labeller] = ["contractNumber", "clientNumber", "labellerCode"].map(|member| (member, shipment.text(member)));
    for (member, value) in [&contract, &client, &labeller] {
        if value.is_none() {
            found.push(Finding::new(Kind::Required, *member));
        }
    }
    let (Some(contract), Some(client), Some(labeller)) = (contract.1, client.1, labeller.1) else {
        return Ok(());
    };
    if labeller.len() != 4 || !labeller.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()) {
        found.push(Finding::new(Kind::Format, "labellerCode"));
        return Ok(());
    }
    let misfit = contracts::fits(&call.house.db, call.caller, &contract, &client, &labeller).await?;
    if let Some(misfit) = misfit {
        let field = match misfit {
            Misfit::Contract => "contractNumber",
            Misfit::Client => "clientNumber",
            Misfit::Labeller => "labellerCode",
        };
        found.push(Finding::new(Kind::Contract, field));
    }
    Ok(())
}

/// Whether the product goes from there to there. A country that is none has its own finding.
fn route(product: &Product, shipment: Declaration<'_>, found: &mut Vec<Finding>) {
    let is_abroad = |country: Option<String>| {
        country.is_some_and(|country| countries::find(&country).is_some() && !matches!(country.as_str(), "ESP" | "AND" | "PRT"))
    };
    if !product.is_international() && is_abroad(shipment.addressee().country()) {
        found.push(Finding::new(Kind::Destination, "addressee.country"));
    }
    // What comes back within the country starts in it.
    let method = shipment.delivery_method();
    if product.is_return(method.as_deref()) && !product.comes_from_abroad() && is_abroad(shipment.sender().country()) {
        found.push(Finding::new(Kind::Origin, "sender.country"));
    }
}

/// Whether it is said where the parcel ends.
fn handover(product: &Product, shipment: Declaration<'_>, found: &mut Vec<Finding>) {
    let method = shipment.delivery_method();
    if method.as_deref() == Some("DOURUA") && !product.is_return(method.as_deref()) {
        found.push(Finding::new(Kind::DeliveryMethod, "deliveryMethod"));
    }
    let (kind, member) = match product.handover(method.as_deref()) {
        Handover::Door => return,
        Handover::Office => (Kind::Office, "chosenOffice"),
        Handover::Locker => (Kind::Locker, "homepaqCode"),
    };
    if shipment.addressee().is_declared() && shipment.addressee().text(member).is_none() {
        found.push(Finding::new(kind, format!("addressee.{member}")));
    }
}

fn options(shipment: Declaration<'_>, found: &mut Vec<Finding>) {
    if shipment.text("partialDelivery").is_some_and(|choice| choice != "Y" && choice != "N") {
        found.push(Finding::new(Kind::Format, "partialDelivery"));
    }
    for member in SHIPMENT_REFERENCES {
        if shipment.text(member).is_some_and(|text| text.chars().count() > LONGEST_REFERENCE) {
            found.push(Finding::new(Kind::Length, member));
        }
    }
    if whole(shipment.0, "totalWeight").is_ok_and(|weight| weight.is_some_and(|grams| grams <= 0)) {
        found.push(Finding::new(Kind::Weight, "totalWeight"));
    }
}

fn is_digits(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Provinces have the codes 01 to 52.
fn is_province(code: &str) -> bool {
    is_digits(code, 2) && ("01"..="52").contains(&code)
}

/// A Spanish postcode begins with the code of its province.
pub(crate) fn is_spanish_postcode(code: &str) -> bool {
    is_digits(code, 5) && code.get(..2).is_some_and(is_province)
}

/// What a sum of money says: whether it is more than nothing. `None` when it is no sum: digits, and at most four more after
/// a point or a comma. In cents or in euros: clients write both, and nobody says which is right.
fn money(text: &str) -> Option<bool> {
    let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, "0"));
    let is_number = |digits: &str, most: usize| (1..=most).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    (is_number(whole, 12) && is_number(fraction, 4)).then(|| text.bytes().any(|byte| matches!(byte, b'1'..=b'9')))
}

/// Adds a finding about a member of a list's element.
fn missing_or_wrong(value: &Value, member: &str, path: &str, is_right: impl FnOnce(&str) -> bool, found: &mut Vec<Finding>) {
    match crate::body::text(value, member) {
        None => found.push(Finding::new(Kind::CustomsData, format!("{path}.{member}"))),
        Some(text) if !is_right(&text) => found.push(Finding::new(Kind::Format, format!("{path}.{member}"))),
        Some(_) => {}
    }
}
