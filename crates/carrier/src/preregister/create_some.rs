//! `POST /delivery/cn`: express parcels of merchants in China. The good shipments of a call are taken and the bad
//! ones told of beside them.

use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::{Value, json};

use crate::{
    Answer, Call, body,
    declaration::Declaration,
    idempotency::{self, Guard},
    preregister::{
        check_all,
        findings::{self, Finding, Kind},
        framed, not_taken, shipments,
        take::take,
    },
    respond::encoded,
};

/// The one product that is preregistered here.
const EXPRESS: &str = "POAXAC";

pub(crate) async fn answer(call: &Call<'_>) -> Answer {
    let request = body::object(call.body)?;
    let language = findings::language(&request);
    let shipments = shipments(&request)?;
    let guard = match idempotency::guard(call).await? {
        Guard::Answered(answer) => return Ok(answer),
        Guard::Open(guard) => guard,
    };
    let mut found = check_all(call, shipments).await?;
    for (shipment, findings) in shipments.iter().zip(&mut found) {
        if Declaration(shipment).product().is_some_and(|product| product.code != EXPRESS) {
            findings.push(Finding::new(Kind::OtherProduct, "product"));
        }
    }
    if found.iter().all(|findings| !findings.is_empty()) {
        let refused: Vec<Value> = found.iter().map(|findings| not_taken(language, findings)).collect();
        return Ok(told(call, StatusCode::OK, "0", &refused));
    }

    let now = call.now;
    let mut tx = call.house.db.begin().await?;
    if let Some(key) = &guard
        && !key.claim(call, &mut tx).await?
    {
        drop(tx);
        return key.replay(call).await;
    }
    let mut each = Vec::with_capacity(shipments.len());
    for (shipment, findings) in shipments.iter().zip(&found) {
        each.push(if findings.is_empty() { take(call, &mut tx, Declaration(shipment), now).await? } else { not_taken(language, findings) });
    }
    let result = if found.iter().all(Vec::is_empty) { "1" } else { "2" };
    let answer = told(call, StatusCode::CREATED, result, &each);
    if let Some(key) = &guard {
        // Kept with its refusals in it: the mended shipments are another request and come under another key.
        key.settle(call, &mut tx, &answer).await?;
    }
    tx.commit(now).await?;
    Ok(answer)
}

/// `result` is "1" when every shipment was taken, "0" when none was, "2" when some were.
fn told(call: &Call<'_>, status: StatusCode, result: &str, shipments: &[Value]) -> Response<Bytes> {
    let mut body = framed(call, result, shipments);
    body["totalShipments"] = json!(shipments.len());
    encoded(status, body.to_string())
}
