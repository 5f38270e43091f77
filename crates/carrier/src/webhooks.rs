//! Webhooks of tracking events: projects register URLs, and the node that runs the carrier sends them what happens.
//!
//! Nothing is sent from here. [`listeners`] says which projects listen, [`claim`] takes on what is to be told to one of them and answers
//! what to send where, [`told`] notes what came of it. A claim counts the events as told before they are sent, so that two nodes
//! never both send one: an event is sent once or, when the node dies on the way, not at all.

pub(crate) mod create;
pub(crate) mod list;
pub(crate) mod remove;

use domain::Language;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use store::{
    carrier_webhooks::{self, Listener, Webhook},
    shipments::Owner,
};

use crate::{Call, Paloma, declaration::Declaration, events, tracking};

/// How many URLs a project may register.
const MOST: usize = 5;

/// How many parcels one claim takes on.
const PARCELS: usize = 20;

/// One thing to send: `body` as JSON, by POST, to `url`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// Whose parcel it is about.
    pub owner: Owner,
    /// The webhook's id.
    pub webhook: String,
    /// Where to send. It was looked at when it was registered, but who has the name may have changed since.
    pub url: String,
    /// What to send, JSON.
    pub body: String,
    /// The project's time.
    pub at: Timestamp,
}

/// What one claim took on.
#[derive(Debug, Default)]
pub struct Claim {
    /// What to send, in the order in which it happened to each parcel.
    pub dues: Vec<Due>,
    /// Whether there may be more to take on.
    pub more: bool,
}

/// The projects that listen, of both environments.
///
/// # Errors
/// What the database says.
pub async fn listeners(paloma: &Paloma) -> store::Result<Vec<Listener>> {
    carrier_webhooks::listeners(&paloma.0.db).await
}

/// Takes on what happened to some of a project's parcels up to now, in the project's time.
///
/// # Errors
/// What the database says; then nothing was taken on.
pub async fn claim(paloma: &Paloma, listener: &Listener) -> store::Result<Claim> {
    let house = &*paloma.0;
    let owner = listener.owner;
    let present = house.clock.now();
    let now = present.saturating_add(SignedDuration::from_micros(listener.ahead)).unwrap_or(present);
    let mut due = carrier_webhooks::due(&house.db, owner, now, i64::try_from(PARCELS).unwrap_or(i64::MAX)).await?;
    if due.is_empty() {
        return Ok(Claim::default());
    }
    let more = due.len() == PARCELS;
    // Whoever locks several parcels locks them in this order.
    due.sort_by(|a, b| a.code.cmp(&b.code));
    let webhooks = carrier_webhooks::list(&house.db, owner).await?;
    let mut dues = Vec::new();
    let mut tx = house.db.begin().await?;
    for parcel in &due {
        let told = usize::try_from(parcel.events_told).unwrap_or(0);
        let Some(parcel) = carrier_webhooks::claim(&mut tx, owner, parcel).await? else { continue };
        let happened = events::events_until(&parcel, now);
        let declared = serde_json::from_str(&parcel.declaration).unwrap_or(Value::Null);
        for event in happened.iter().skip(told) {
            let declaration = Declaration(&declared);
            let shown = tracking::event(&house.calendar, &house.matrix, &parcel, declaration, event, Language::Spanish);
            let body = json!({
                "type": "tracking.event",
                "environment": owner.environment.as_str(),
                "packageCode": parcel.code,
                "shipmentCode": parcel.shipment_code,
                "event": shown,
            })
            .to_string();
            // Nobody is told of what happened before they listened.
            for Webhook { id, url, .. } in webhooks.iter().filter(|webhook| webhook.created_at.0 <= event.at) {
                dues.push(Due { owner, webhook: id.clone(), url: url.clone(), body: body.clone(), at: now });
            }
        }
        let told = i64::try_from(happened.len().max(told)).unwrap_or(i64::MAX);
        carrier_webhooks::settle(&mut tx, owner, &parcel.code, told, events::next_event(&parcel, now)).await?;
    }
    tx.commit(now).await?;
    Ok(Claim { dues, more })
}

/// Notes what came of a delivery: whether it was `good`, and in a few words why, such as a status.
///
/// # Errors
/// What the database says.
pub async fn told(paloma: &Paloma, due: &Due, good: bool, result: &str) -> store::Result<()> {
    let mut tx = paloma.0.db.begin().await?;
    carrier_webhooks::told(&mut tx, due.owner, &due.webhook, good, result, due.at).await?;
    tx.commit(due.at).await
}

/// A webhook as its project sees it.
fn shown(call: &Call<'_>, webhook: &Webhook) -> Value {
    let calendar = &call.house.calendar;
    json!({
        "id": webhook.id,
        "url": webhook.url,
        "creationDate": calendar.offset(webhook.created_at.0),
        "failures": webhook.failures,
        "lastDate": webhook.last_at.map(|at| calendar.offset(at.0)),
        "lastResult": webhook.last_result,
    })
}
