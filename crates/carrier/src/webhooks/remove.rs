//! `DELETE /webhooks/{id}`: nothing is sent there any more. What was taken on already may still arrive.

use bytes::Bytes;
use http::{Response, StatusCode};
use store::carrier_webhooks;
use uuid::Uuid;

use crate::{Answer, Call, respond::Refusal};

pub(crate) async fn answer(call: &Call<'_>) -> Answer {
    let unknown = || Refusal::NotFound("El webhook no existe / No such webhook");
    let id: Uuid = call.argument.parse().map_err(|_| unknown())?;
    let mut tx = call.house.db.begin().await?;
    let removed = carrier_webhooks::remove(&mut tx, call.caller.owner, &id.to_string()).await?;
    tx.commit(call.now).await?;
    if !removed {
        return Err(unknown());
    }
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = StatusCode::NO_CONTENT;
    Ok(response)
}
