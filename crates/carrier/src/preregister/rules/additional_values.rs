//! Extra services (wire-formats section 4): cash on delivery, insurance, and others.

use super::{iban, money};
use crate::{
    declaration::{AdditionalValue, Declaration},
    preregister::findings::{Finding, Kind},
    products::Product,
};

pub(super) fn check(product: Option<&'static Product>, shipment: Declaration<'_>, found: &mut Vec<Finding>) {
    let is_international = product.is_some_and(Product::is_international);
    for (at, value) in shipment.additional_values().enumerate() {
        let path = format!("additionalValues[{at}]");
        let Some(id) = value.id() else {
            continue;
        };
        // The services the carrier has and Paloma does not know are taken as they come.
        match id.as_str() {
            "REICPA" | "PEE5TO" | "PEE10TO" | "PEE15TO" if is_international => {
                found.push(Finding::new(Kind::OnlyNational, format!("{path}.additionalValueId")));
            }
            "REICPA" => {
                amount(value, &path, found);
                if !value.field("3").is_some_and(|account| iban::is_right(&account)) {
                    found.push(Finding::new(Kind::Iban, format!("{path}.fields")));
                }
            }
            "VADEPA" => amount(value, &path, found),
            _ => {}
        }
    }
}

/// Field 1 is the sum, in euros or in cents.
fn amount(value: AdditionalValue<'_>, path: &str, found: &mut Vec<Finding>) {
    if value.field("1").and_then(|amount| money(&amount)) != Some(true) {
        found.push(Finding::new(Kind::Amount, format!("{path}.fields")));
    }
}
