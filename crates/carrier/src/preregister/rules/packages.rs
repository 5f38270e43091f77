//! The parcels of a shipment and what is in them.

use serde_json::Value;

use super::{missing_or_wrong, money};
use crate::{
    body::{text, whole},
    countries,
    declaration::{Declaration, Package},
    preregister::findings::{Finding, Kind},
    products::Product,
};

/// Two digits of the parcel code count the parcels of an expedition.
pub(crate) const MOST_PACKAGES: usize = 99;

/// More articles than this fit on no declaration.
const MOST_ARTICLES: usize = 100;

pub(super) fn check(product: Option<&'static Product>, shipment: Declaration<'_>, found: &mut Vec<Finding>) {
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
    let path = format!("{path}.packageContents.customsData");
    let is_international = product.is_some_and(Product::is_international);
    if is_international && parcel.customs().is_empty() {
        found.push(Finding::new(Kind::CustomsData, path.as_str()));
    }
    if parcel.customs().len() > MOST_ARTICLES {
        found.push(Finding::new(Kind::Length, path.as_str()));
    }
    for (at, article) in parcel.customs().iter().take(MOST_ARTICLES).enumerate() {
        let path = format!("{path}[{at}]");
        if !article.is_object() {
            found.push(Finding::new(Kind::CustomsData, path));
            continue;
        }
        if is_international {
            complete(article, &path, found);
        }
        if text(article, "countryOrigin").is_some_and(|country| countries::find(&country.to_ascii_uppercase()).is_none()) {
            found.push(Finding::new(Kind::OriginCountry, format!("{path}.countryOrigin")));
        }
    }
}

/// Abroad, customs want to know all of it of each article.
fn complete(article: &Value, path: &str, found: &mut Vec<Finding>) {
    let is_count = |text: &str| text.parse().is_ok_and(|count: u32| count > 0);
    missing_or_wrong(article, "quantity", path, is_count, found);
    missing_or_wrong(article, "description", path, |_| true, found);
    missing_or_wrong(article, "netWeight", path, |grams| money(grams) == Some(true), found);
    missing_or_wrong(article, "netValue", path, |value| money(value).is_some(), found);
    missing_or_wrong(article, "tariffNumber", path, is_tariff_number, found);
    missing_or_wrong(article, "countryOrigin", path, |_| true, found);
}

/// Six digits of the Harmonized System, and up to four more of a country's own; often written with points between.
fn is_tariff_number(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    (6..=10).contains(&digits) && text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b' '))
}
