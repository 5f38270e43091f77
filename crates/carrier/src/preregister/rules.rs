//! What a shipment must declare.

use crate::{
    Call,
    body::whole,
    contracts::{self, Misfit},
    countries,
    declaration::{Declaration, Package, Party},
    preregister::findings::{Finding, Kind},
    products::Product,
    respond::Refusal,
};

/// Two digits of the parcel code count the parcels of an expedition.
const MOST_PACKAGES: usize = 99;

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
    party("sender", shipment.sender(), Kind::SenderCountry, Kind::SenderProvince, &mut found);
    party("addressee", shipment.addressee(), Kind::AddresseeCountry, Kind::AddresseeProvince, &mut found);
    destination(product, shipment.addressee(), &mut found);
    options(shipment, &mut found);
    packages(product, shipment, &mut found);
    found
}

fn product(shipment: Declaration<'_>, found: &mut Vec<Finding>) -> Option<&'static Product> {
    match shipment.text("product") {
        None => found.push(Finding::new(Kind::Required, "product")),
        Some(_) if shipment.product().is_none() => {
            found.push(Finding::new(Kind::Product, "product"));
        }
        Some(_) => {}
    }
    shipment.product()
}

async fn contract(call: &Call<'_>, shipment: Declaration<'_>, found: &mut Vec<Finding>) -> Result<(), Refusal> {
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

fn party(role: &str, party: Party<'_>, country_error: Kind, province_error: Kind, found: &mut Vec<Finding>) {
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
    for (member, longest) in [("name", 300), ("company", 300), ("lastName1", 300), ("lastName2", 300), ("address", 200), ("locality", 100)]
    {
        if party.text(member).is_some_and(|text| text.chars().count() > longest) {
            add(Kind::Length, member);
        }
    }
    let Some(country) = party.country() else {
        return;
    };
    if countries::find(&country).is_none() {
        add(country_error, "country");
        return;
    }
    match (country.as_str(), party.postcode()) {
        ("ESP" | "AND", None) => add(Kind::Required, "cp"),
        ("ESP", Some(postcode)) if !is_spanish_postcode(&postcode) => add(Kind::Postcode, "cp"),
        (_, Some(postcode)) if postcode.chars().count() > 12 => add(Kind::Postcode, "zip"),
        _ => {}
    }
    if country == "ESP" {
        // The official plug-in sends no province at all, so only a wrong one is an error.
        if party.text("province").is_some_and(|province| !is_province(&province)) {
            add(province_error, "province");
        }
        if party.text("smsNumber").is_some_and(|number| !is_digits(&number, 9)) {
            add(Kind::SmsNumber, "smsNumber");
        }
    }
    if party.text("chosenOffice").is_some_and(|office| !is_digits(&office, 7)) {
        add(Kind::Format, "chosenOffice");
    }
    if party.text("homepaqCode").is_some_and(|code| code.len() > 20 || !code.bytes().all(|b| b.is_ascii_alphanumeric())) {
        add(Kind::Format, "homepaqCode");
    }
}

fn destination(product: Option<&'static Product>, addressee: Party<'_>, found: &mut Vec<Finding>) {
    let (Some(product), Some(country)) = (product, addressee.country()) else {
        return;
    };
    if !product.is_international() && countries::find(&country).is_some() && !matches!(country.as_str(), "ESP" | "AND" | "PRT") {
        found.push(Finding::new(Kind::Destination, "addressee.country"));
    }
}

fn options(shipment: Declaration<'_>, found: &mut Vec<Finding>) {
    if shipment.text("partialDelivery").is_some_and(|choice| choice != "Y" && choice != "N") {
        found.push(Finding::new(Kind::Format, "partialDelivery"));
    }
    for member in ["shipmentReference1", "shipmentReference2", "shipmentReference3"] {
        if shipment.text(member).is_some_and(|text| text.chars().count() > 100) {
            found.push(Finding::new(Kind::Length, member));
        }
    }
    if whole(shipment.0, "totalWeight").is_ok_and(|weight| weight.is_some_and(|grams| grams <= 0)) {
        found.push(Finding::new(Kind::Weight, "totalWeight"));
    }
}

fn packages(product: Option<&'static Product>, shipment: Declaration<'_>, found: &mut Vec<Finding>) {
    let count = shipment.packages().len();
    if count == 0 {
        found.push(Finding::new(Kind::Required, "packages"));
        return;
    }
    let declared = whole(shipment.0, "packagesNumber");
    let agrees = declared.map(|number| number.is_none_or(|number| usize::try_from(number) == Ok(count)));
    if agrees != Ok(true) || count > MOST_PACKAGES {
        found.push(Finding::new(Kind::PackagesNumber, "packagesNumber"));
    }
    for (at, parcel) in shipment.packages().take(MOST_PACKAGES).enumerate() {
        package(product, &format!("packages[{at}]"), parcel, found);
    }
}

fn package(product: Option<&'static Product>, path: &str, parcel: Package<'_>, found: &mut Vec<Finding>) {
    let heaviest = product.map_or(i64::MAX, |product| product.heaviest);
    match whole(parcel.0, "packageWeightGrams") {
        Ok(None) => found.push(Finding::new(Kind::Required, format!("{path}.packageWeightGrams"))),
        Ok(Some(grams)) if (1..=heaviest).contains(&grams) => {}
        _ => found.push(Finding::new(Kind::Weight, format!("{path}.packageWeightGrams"))),
    }
    for side in ["packageHeight", "packageWidth", "packageLength"] {
        if !matches!(whole(parcel.0, side), Ok(None | Some(0..=10_000))) {
            found.push(Finding::new(Kind::Format, format!("{path}.{side}")));
        }
    }
    if product.is_some_and(Product::is_international) && parcel.customs().is_empty() {
        found.push(Finding::new(Kind::CustomsData, format!("{path}.packageContents.customsData")));
    }
    for (at, article) in parcel.customs().iter().enumerate() {
        let path = format!("{path}.packageContents.customsData[{at}]");
        if !article.is_object() {
            found.push(Finding::new(Kind::CustomsData, path));
        } else if crate::body::text(article, "countryOrigin")
            .is_some_and(|country| countries::find(&country.to_ascii_uppercase()).is_none())
        {
            found.push(Finding::new(Kind::OriginCountry, format!("{path}.countryOrigin")));
        }
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
fn is_spanish_postcode(code: &str) -> bool {
    is_digits(code, 5) && code.get(..2).is_some_and(is_province)
}
