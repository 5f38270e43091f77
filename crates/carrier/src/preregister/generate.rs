//! `POST /generate/shipmentcode`: codes for shipments that are declared later. A shipment that names its `shipmentCode` then
//! gets that one.

use http::StatusCode;
use serde_json::{Value, json};
use store::shipments;

use crate::{
    Answer, Call,
    body::{self, text, whole},
    codes,
    declaration::Declaration,
    preregister::{
        described,
        findings::{self, Finding, Kind},
        rules,
        take::{SHIPMENTS, out_of_numbers},
    },
    respond::answer as json_answer,
};

/// In one call.
const MOST_CODES: i64 = 100;

pub(crate) async fn answer(call: &Call<'_>) -> Answer {
    let request = body::object(call.body)?;
    let asked = Declaration(&request);
    let mut found = Vec::new();
    let product = rules::product(asked, &mut found);
    rules::contract(call, asked, &mut found).await?;
    let number = count(&request, "number", MOST_CODES, &mut found);
    let parcels = count(&request, "packagesNumber", i64::try_from(rules::MOST_PACKAGES).unwrap_or(1), &mut found);
    // Anything but a Spanish postcode may stand for one abroad, as in a declaration.
    let postcode = text(&request, "cp");
    if postcode.as_ref().is_some_and(|code| code.chars().count() > 12) {
        found.push(Finding::new(Kind::Postcode, "cp"));
    }
    let today = call.house.calendar.date(call.now);
    let Some(product) = product.filter(|_| found.is_empty()) else {
        let errors = described(findings::language(&request), &found);
        return Ok(json_answer(StatusCode::OK, &json!({ "result": "0", "entryDate": today, "shipments": [], "error": errors })));
    };

    let labeller = asked.text("labellerCode").unwrap_or_default();
    let mut tx = call.house.db.begin().await?;
    let first = shipments::take_numbers(&mut tx, call.caller.owner, SHIPMENTS, number).await?;
    let mut reserved = Vec::new();
    for serial in first..first + number {
        let stem = codes::Stem::new(product.prefix, &labeller, serial).ok_or_else(out_of_numbers)?;
        // The code of a national parcel holds its postcode, the one of an international parcel is drawn when it is declared.
        let packages: Vec<Value> = match &postcode {
            Some(postcode) if !product.is_international() => {
                (1..=parcels).map(|at| json!({ "packageId": at.to_string(), "packageCode": stem.parcel(at, postcode) })).collect()
            }
            _ => Vec::new(),
        };
        reserved.push(json!({ "shipmentCode": stem.expedition(), "packages": packages }));
    }
    tx.commit(call.now).await?;
    // Clients that want one code read it beside the list.
    let one = reserved.first().map_or(Value::Null, |first| first["shipmentCode"].clone());
    let body = json!({ "result": "1", "shipmentCode": one, "entryDate": today, "shipments": reserved, "error": [] });
    Ok(json_answer(StatusCode::OK, &body))
}

/// A number from 1 to `most`, 1 when it is absent.
fn count(request: &Value, member: &str, most: i64, found: &mut Vec<Finding>) -> i64 {
    match whole(request, member) {
        Ok(None) => 1,
        Ok(Some(number)) if (1..=most).contains(&number) => number,
        _ => {
            found.push(Finding::new(Kind::Format, member));
            1
        }
    }
}
