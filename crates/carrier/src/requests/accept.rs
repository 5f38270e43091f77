//! `PATCH /requests/acceptChanges/{id}`: the customer takes the day that the carrier proposes.

use domain::collection::State;
use http::StatusCode;
use serde_json::{Value, json};
use store::{
    Moment,
    collections::{self, Collection, Draft},
};

use crate::{
    Answer, Call,
    body::text,
    calendar::read_day,
    requests::{find, ignored, shown, standing, states},
    respond::{Refusal, answer as json_answer},
};

pub(crate) async fn answer(call: &Call<'_>) -> Answer {
    ignored(call)?;
    let collection = find(call).await?;
    let nothing = || Refusal::Conflict("La solicitud no tiene cambios que aceptar / The request has no changes to accept".into());
    if standing(&collection)? != State::ViableConCambios {
        return Err(nothing());
    }
    let now = call.now;
    let mut declared: Value = serde_json::from_str(&collection.declaration).unwrap_or_default();
    let asked = text(&declared, "requestDate").as_deref().and_then(read_day).ok_or(Refusal::Broken("a kept request without a day"))?;
    let day = states::proposed(asked);
    declared["requestDate"] = json!(day.to_string());
    let (state, declaration, day_text) = (State::Viable.as_str(), declared.to_string(), day.to_string());
    let course = states::course(&call.house.calendar, State::Viable, now, day, text(&declared, "timeSlot").as_deref());
    let draft = Draft { code: &collection.code, state, declaration: &declaration, day: &day_text, course };
    let mut tx = call.house.db.begin().await?;
    let changed = collections::change(&mut tx, call.caller.owner, &collection.kept, &draft, now).await?;
    tx.commit(now).await?;
    if !changed {
        return Err(nothing());
    }
    let collection = Collection { state: state.into(), declaration, changed_at: Moment(now), ..collection };
    Ok(json_answer(StatusCode::OK, &shown(call, &collection)))
}
