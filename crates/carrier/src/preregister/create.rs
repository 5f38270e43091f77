//! `POST /delivery`: shipments are taken, all of them or none.

use http::StatusCode;

use crate::{
    Answer, Call, body,
    declaration::Declaration,
    idempotency::{self, Guard},
    preregister::{check_all, findings, framed, refused, shipments, take::take},
    respond::encoded,
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
        return Ok(refused(call, findings::language(&request), &found));
    }

    let now = call.now;
    let mut tx = call.house.db.begin().await?;
    if let Some(key) = &guard
        && !key.claim(call, &mut tx).await?
    {
        drop(tx);
        return key.replay(call).await;
    }
    let mut taken = Vec::with_capacity(shipments.len());
    for shipment in shipments {
        taken.push(take(call, &mut tx, Declaration(shipment), now).await?);
    }
    let answer = encoded(StatusCode::CREATED, framed(call, "1", &taken).to_string());
    if let Some(key) = &guard {
        key.settle(call, &mut tx, &answer).await?;
    }
    tx.commit(now).await?;
    Ok(answer)
}
