//! `PATCH /requests/cancelRequest/{id}`. `rol` and `modificationUserCode` are for the carrier's own people and ignored.

use http::StatusCode;
use store::{
    Moment,
    collections::{self, Collection},
};

use crate::{
    Answer, Call, body,
    requests::{CANCELLED, INITIAL, find, shown},
    respond::{Refusal, answer as json_answer},
};

pub(crate) async fn answer(call: &Call<'_>) -> Answer {
    if !call.body.is_empty() {
        body::json(call.body)?;
    }
    let collection = find(call).await?;
    let now = call.now;
    let mut tx = call.house.db.begin().await?;
    let moved = collections::move_state(&mut tx, call.caller.owner, &collection.code, INITIAL, CANCELLED, now).await?;
    tx.commit(now).await?;
    if !moved {
        return Err(Refusal::Conflict("La solicitud ya no se puede cancelar / The request can no longer be cancelled".into()));
    }
    let collection = Collection { state: CANCELLED.into(), updated_at: Moment(now), ..collection };
    Ok(json_answer(StatusCode::OK, &shown(call, &collection)))
}
