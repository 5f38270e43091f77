//! A shipment that keeps the rules gets its codes and is written.

use jiff::Timestamp;
use serde_json::{Value, json};
use store::{Tx, shipment_lists, shipments};

use crate::{Call, codes, declaration::Declaration, journeys, products::Product, respond::Refusal};

/// The counter of expeditions.
pub(super) const SHIPMENTS: &str = "shipment";

/// The counter of international parcels.
pub(super) const INTERNATIONAL_PARCELS: &str = "s10";

/// Gives a shipment its codes and writes it; answers its part of the answer.
pub(super) async fn take(call: &Call<'_>, tx: &mut Tx, shipment: Declaration<'_>, now: Timestamp) -> Result<Value, Refusal> {
    let owner = call.caller.owner;
    let product = shipment.product().ok_or(Refusal::Broken("a shipment passed the rules without a product"))?;
    let stem = stem(call, tx, shipment, product).await?;
    let shipment_code = stem.expedition();
    shipments::insert(tx, owner, &shipment_code, product.code, &shipment.0.to_string(), now).await.map_err(taken)?;
    if let Some(journey) = journeys::asked_for(call, shipment)? {
        shipments::set_journey(tx, owner, &shipment_code, journey.as_str()).await?;
    }
    refer(call, tx, &shipment_code, shipment).await?;

    let first_s10 = first_s10(call, tx, shipment, product).await?;
    let postcode = shipment.addressee().postcode().unwrap_or_default();
    let mut packages = Vec::new();
    for (number, package) in (1..).zip(shipment.packages()) {
        let code = match first_s10 {
            Some(first) => codes::s10(product.prefix, first + number - 1).ok_or_else(out_of_numbers)?,
            None => stem.parcel(number, &postcode),
        };
        shipments::insert_parcel(tx, owner, &shipment_code, &code, number, now).await.map_err(taken)?;
        let id = package.text("packageId").unwrap_or_else(|| number.to_string());
        packages.push(json!({ "packageId": id, "packageCode": code }));
    }
    Ok(json!({
        "validationErrorCount": 0,
        "shipmentCode": shipment_code,
        "packages": packages,
        "entryDate": call.house.calendar.date(now),
    }))
}

/// The beginning of the shipment's codes: of the code it was given before, or new.
async fn stem(call: &Call<'_>, tx: &mut Tx, shipment: Declaration<'_>, product: &Product) -> Result<codes::Stem, Refusal> {
    let owner = call.caller.owner;
    let labeller = shipment.text("labellerCode").unwrap_or_default();
    // A number that was handed out and has no shipment can only be a reserved one: who was refused gave it back.
    if let Some((stem, serial)) = shipment.text("shipmentCode").and_then(|code| codes::Stem::of(&code, product.prefix, &labeller))
        && serial <= shipment_lists::handed_out(tx, owner, SHIPMENTS).await?
        && !shipment_lists::is_in_use(tx, owner, &stem.expedition()).await?
    {
        return Ok(stem);
    }
    let serial = shipments::take_numbers(tx, owner, SHIPMENTS, 1).await?;
    codes::Stem::new(product.prefix, &labeller, serial).ok_or_else(out_of_numbers)
}

/// The number of the first parcel of an international shipment; the others follow it.
async fn first_s10(call: &Call<'_>, tx: &mut Tx, shipment: Declaration<'_>, product: &Product) -> Result<Option<i64>, Refusal> {
    if !product.is_international() {
        return Ok(None);
    }
    let count = i64::try_from(shipment.packages().len()).unwrap_or(i64::MAX);
    Ok(Some(shipments::take_numbers(tx, call.caller.owner, INTERNATIONAL_PARCELS, count).await?))
}

/// Makes a shipment one that is found by its references.
pub(super) async fn refer(call: &Call<'_>, tx: &mut Tx, code: &str, shipment: Declaration<'_>) -> Result<(), Refusal> {
    let references = json!(shipment.references()).to_string();
    Ok(shipment_lists::refer(tx, call.caller.owner, code, &references).await?)
}

/// Two calls at once may name the same reserved code; the slower one is told so.
fn taken(error: store::Error) -> Refusal {
    match error {
        store::Error::Taken(_) => Refusal::Conflict("El código reservado ya está en uso / The reserved code is in use".into()),
        other => other.into(),
    }
}

pub(super) fn out_of_numbers() -> Refusal {
    Refusal::Conflict("El proyecto ha agotado su numeración / The project has run out of numbers".into())
}
