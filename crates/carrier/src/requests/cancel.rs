//! `PATCH /requests/cancelRequest/{id}`. `rol` and `modificationUserCode` are for the carrier's own people and ignored.

use domain::collection::State;
use http::StatusCode;
use store::{
    Moment,
    collections::{self, Collection, Course, Draft},
};

use crate::{
    Answer, Call,
    body::text,
    calendar::read_day,
    requests::{find, ignored, shown, standing},
    respond::{Refusal, answer as json_answer},
};

pub(crate) async fn answer(call: &Call<'_>) -> Answer {
    ignored(call)?;
    let collection = find(call).await?;
    let late = || Refusal::Conflict("La solicitud ya no se puede cancelar / The request can no longer be cancelled".into());
    if !standing(&collection)?.may_become(State::Cancelada) {
        return Err(late());
    }
    let now = call.now;
    let declared: serde_json::Value = serde_json::from_str(&collection.declaration).unwrap_or_default();
    let day = text(&declared, "requestDate").as_deref().and_then(read_day).map(|day| day.to_string()).unwrap_or_default();
    let cancelled = State::Cancelada.as_str();
    let draft =
        Draft { code: &collection.code, state: cancelled, declaration: &collection.declaration, day: &day, course: Course::default() };
    let mut tx = call.house.db.begin().await?;
    let changed = collections::change(&mut tx, call.caller.owner, &collection.kept, &draft, now).await?;
    tx.commit(now).await?;
    if !changed {
        return Err(late());
    }
    let collection = Collection { state: cancelled.into(), changed_at: Moment(now), ..collection };
    Ok(json_answer(StatusCode::OK, &shown(call, &collection)))
}
