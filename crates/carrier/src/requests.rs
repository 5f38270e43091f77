//! Requests (wire-formats section 5): a courier is asked to collect parcels.

pub(crate) mod accept;
pub(crate) mod cancel;
pub(crate) mod create;
mod incidences;
pub(crate) mod list;
pub(crate) mod of_parcel;
pub(crate) mod read;
mod rules;
mod states;

use domain::collection::State;
use serde_json::{Map, Value, json};
use store::collections::{self, Collection};

use crate::{
    Call,
    body::{json as read_json, text},
    calendar::read_day,
    codes,
    respond::Refusal,
};

const UNKNOWN: &str = "La solicitud no existe / No such request";

/// What the carrier writes of a request. A declared member of the same name is not shown.
const OURS: [&str; 6] = ["codRequest", "state", "creationDate", "modificationDate", "incidence", "proposedChanges"];

/// The caller's request with that code.
async fn find(call: &Call<'_>) -> Result<Collection, Refusal> {
    let code = call.argument;
    let db = &call.house.db;
    let found = if codes::is_plausible(code) { collections::by_code(db, call.caller.owner, code, call.now).await? } else { None };
    found.ok_or(Refusal::NotFound(UNKNOWN))
}

/// The state a request stands in.
fn standing(collection: &Collection) -> Result<State, Refusal> {
    collection.state.parse().map_err(|_| Refusal::Broken("a kept request in no state"))
}

/// Reads a body in which nothing matters, so that what is no JSON is still refused.
fn ignored(call: &Call<'_>) -> Result<(), Refusal> {
    if call.body.is_empty() { Ok(()) } else { read_json(call.body).map(drop) }
}

/// A request as it is read back: what was declared, and under our own names what became of it.
fn shown(call: &Call<'_>, collection: &Collection) -> Value {
    let calendar = &call.house.calendar;
    let declared: Value = serde_json::from_str(&collection.declaration).unwrap_or_default();
    let mut shown = Map::new();
    shown.insert("codRequest".into(), json!(collection.code));
    shown.insert("state".into(), json!(collection.state));
    shown.insert("creationDate".into(), json!(calendar.offset(collection.created_at.0)));
    shown.insert("modificationDate".into(), json!(calendar.offset(collection.changed_at.0)));
    match collection.state.parse() {
        Ok(State::NoViable | State::NoRealizada) => {
            if let Some(reason) = states::fixed(call, &declared).ok().flatten().and_then(|fixed| fixed.reason) {
                let incidence = json!({"code": reason.code, "descriptionSpa": reason.spanish, "descriptionEng": reason.english});
                shown.insert("incidence".into(), incidence);
            }
        }
        Ok(State::ViableConCambios) => {
            if let Some(day) = text(&declared, "requestDate").as_deref().and_then(read_day) {
                shown.insert("proposedChanges".into(), json!({"requestDate": states::proposed(day).to_string()}));
            }
        }
        _ => {}
    }
    if let Value::Object(declared) = declared {
        shown.extend(declared.into_iter().filter(|(name, _)| !OURS.contains(&name.as_str())));
    }
    Value::Object(shown)
}
