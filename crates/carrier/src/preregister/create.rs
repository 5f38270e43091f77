//! `POST /delivery`: shipments are taken, all of them or none.

use bytes::Bytes;
use http::{Response, StatusCode};
use jiff::Timestamp;
use serde_json::{Value, json};
use store::{Tx, shipments as store_shipments};

use crate::{
    Answer, Call, body, codes,
    declaration::Declaration,
    idempotency::{self, Guard},
    journeys,
    preregister::{check_all, findings::Language, framed, refused, shipments},
    respond::{Refusal, encoded},
};

pub(crate) async fn answer(call: &Call<'_>) -> Answer {
    let request = body::object(call.body)?;
    let shipments = shipments(&request)?;
    let guard = match idempotency::guard(call).await? {
        Guard::Answered(answer) => return Ok(answer),
        Guard::Open(guard) => guard,
    };
    let found = check_all(call, shipments).await?;
    if found.iter().any(|findings| !findings.is_empty()) {
        // Not kept under the key: the client mends its request and sends it again.
        return Ok(refused(call, Language::of(&request), &found));
    }

    let now = call.now;
    let mut tx = call.house.db.begin().await?;
    if let Some(key) = &guard
        && !key.claim(call, &mut tx, now).await?
    {
        drop(tx);
        return key.replay(call).await;
    }
    let mut taken = Vec::with_capacity(shipments.len());
    for shipment in shipments {
        taken.push(take(call, &mut tx, Declaration(shipment), now).await?);
    }
    let answer = created(call, &taken);
    if let Some(key) = &guard {
        key.settle(call, &mut tx, &answer).await?;
    }
    tx.commit(now).await?;
    Ok(answer)
}

fn created(call: &Call<'_>, taken: &[Value]) -> Response<Bytes> {
    encoded(StatusCode::CREATED, framed(call, "1", taken).to_string())
}

/// Gives a shipment its codes and writes it.
async fn take(call: &Call<'_>, tx: &mut Tx, shipment: Declaration<'_>, now: Timestamp) -> Result<Value, Refusal> {
    let owner = call.caller.owner;
    let product = shipment.product().ok_or(Refusal::Broken("a shipment passed the rules without a product"))?;
    let labeller = shipment.text("labellerCode").unwrap_or_default();
    let count = i64::try_from(shipment.packages().len()).unwrap_or(i64::MAX);

    let serial = store_shipments::take_numbers(tx, owner, "shipment", 1).await?;
    let stem = codes::Stem::new(product.prefix, &labeller, serial).ok_or_else(out_of_numbers)?;
    let first_s10 = if product.is_international() { Some(store_shipments::take_numbers(tx, owner, "s10", count).await?) } else { None };
    let shipment_code = stem.expedition();
    store_shipments::insert(tx, owner, &shipment_code, product.code, &shipment.0.to_string(), now).await?;
    if let Some(journey) = journeys::asked_for(call, shipment)? {
        store_shipments::set_journey(tx, owner, &shipment_code, journey.as_str()).await?;
    }

    let postcode = shipment.addressee().postcode().unwrap_or_default();
    let mut packages = Vec::new();
    for (number, package) in (1..).zip(shipment.packages()) {
        let code = match first_s10 {
            Some(first) => codes::s10(product.prefix, first + number - 1).ok_or_else(out_of_numbers)?,
            None => stem.parcel(number, &postcode),
        };
        store_shipments::insert_parcel(tx, owner, &shipment_code, &code, number).await?;
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

fn out_of_numbers() -> Refusal {
    Refusal::Conflict("El proyecto ha agotado su numeración / The project has run out of numbers".into())
}
