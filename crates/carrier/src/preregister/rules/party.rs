//! The sender and the addressee.

use super::{contact, identity, is_digits, is_province, is_spanish_postcode};
use crate::{
    countries,
    declaration::Party,
    preregister::findings::{Finding, Kind},
};

/// How long a member may be, in characters.
const LONGEST: [(&str, usize); 6] =
    [("name", 300), ("company", 300), ("lastName1", 300), ("lastName2", 300), ("address", 200), ("locality", 100)];

pub(super) fn check(role: &str, party: Party<'_>, found: &mut Vec<Finding>) {
    if !party.is_declared() {
        found.push(Finding::new(Kind::Required, role));
        return;
    }
    let mut add = |kind, member: &str| found.push(Finding::new(kind, format!("{role}.{member}")));
    if party.name().is_none() {
        add(Kind::Required, "name");
    }
    for member in ["address", "locality", "country"] {
        if party.text(member).is_none() {
            add(Kind::Required, member);
        }
    }
    for (member, longest) in LONGEST {
        if party.text(member).is_some_and(|text| text.chars().count() > longest) {
            add(Kind::Length, member);
        }
    }
    place(role, party, &mut add);
    if party.text("chosenOffice").is_some_and(|office| !is_digits(&office, 7)) {
        add(Kind::Format, "chosenOffice");
    }
    if party.text("homepaqCode").is_some_and(|code| code.len() > 20 || !code.bytes().all(|b| b.is_ascii_alphanumeric())) {
        add(Kind::Format, "homepaqCode");
    }
    if party.text("contactPhone").is_some_and(|phone| !contact::is_phone(&phone)) {
        add(Kind::Phone, "contactPhone");
    }
    if party.text("email").is_some_and(|email| !contact::is_email(&email)) {
        add(Kind::Email, "email");
    }
    match identity::check(party.text("doiType").as_deref(), party.text("doiNumber").as_deref()) {
        Ok(()) => {}
        Err(identity::Fault::Type) => add(Kind::Format, "doiType"),
        Err(identity::Fault::Number) => add(Kind::Identity, "doiNumber"),
    }
}

fn place(role: &str, party: Party<'_>, add: &mut impl FnMut(Kind, &str)) {
    let (country_error, province_error) =
        if role == "sender" { (Kind::SenderCountry, Kind::SenderProvince) } else { (Kind::AddresseeCountry, Kind::AddresseeProvince) };
    let Some(country) = party.country() else {
        return;
    };
    if countries::find(&country).is_none() {
        add(country_error, "country");
        return;
    }
    let postcode = party.postcode();
    match (country.as_str(), postcode.as_deref()) {
        ("ESP" | "AND", None) => add(Kind::Required, "cp"),
        ("ESP", Some(postcode)) if !is_spanish_postcode(postcode) => add(Kind::Postcode, "cp"),
        (_, Some(postcode)) if postcode.chars().count() > 12 => add(Kind::Postcode, "zip"),
        _ => {}
    }
    if country != "ESP" {
        return;
    }
    // The official plug-in sends no province at all, so only a wrong one is an error.
    if let Some(province) = party.text("province") {
        if !is_province(&province) {
            add(province_error, "province");
        } else if postcode.is_some_and(|postcode| is_spanish_postcode(&postcode) && !postcode.starts_with(&province)) {
            add(Kind::ProvincePostcode, "province");
        }
    }
    if party.text("smsNumber").is_some_and(|number| !is_digits(&number, 9)) {
        add(Kind::SmsNumber, "smsNumber");
    }
}
