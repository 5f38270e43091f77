//! Requests (wire-formats section 5): a courier is asked to collect parcels.

pub(crate) mod cancel;
pub(crate) mod create;
pub(crate) mod list;
pub(crate) mod read;

use serde_json::{Map, Value, json};
use store::collections::{self, Collection};

use crate::{Call, codes, respond::Refusal};

/// Just asked for.
pub(crate) const INITIAL: &str = "INICIAL";

/// Called off by the customer.
pub(crate) const CANCELLED: &str = "CANCELADA";

const UNKNOWN: &str = "La solicitud no existe / No such request";

/// The caller's request with that code.
async fn find(call: &Call<'_>) -> Result<Collection, Refusal> {
    let code = call.argument;
    let found = if codes::is_plausible(code) { collections::by_code(&call.house.db, call.caller.owner, code).await? } else { None };
    found.ok_or(Refusal::NotFound(UNKNOWN))
}

/// A request as it is read back: what was declared, and under our own names what became of it.
fn shown(call: &Call<'_>, collection: &Collection) -> Value {
    let calendar = &call.house.calendar;
    let ours = [
        ("codRequest", json!(collection.code)),
        ("state", json!(collection.state)),
        ("creationDate", json!(calendar.offset(collection.created_at.0))),
        ("modificationDate", json!(calendar.offset(collection.updated_at.0))),
    ];
    let mut shown = Map::new();
    for (name, value) in &ours {
        shown.insert((*name).to_owned(), value.clone());
    }
    let declared: Map<String, Value> = serde_json::from_str(&collection.declaration).unwrap_or_default();
    shown.extend(declared.into_iter().filter(|(name, _)| ours.iter().all(|(our, _)| our != name)));
    Value::Object(shown)
}
