//! `POST /track/v1/trackingnumbers`: up to thirty numbers, each with its own result or its own error.

use http::StatusCode;
use serde_json::{Value, json};
use store::shipments::{self, Parcel};

use crate::{
    Answer, Call,
    body::{self, list, text},
    declaration::{Declaration, Package},
    events,
    fedex::{
        place::Place,
        result::{Happened, Known, unknown},
        sample,
        story::Story,
    },
    preregister::read::find,
    respond::Refusal,
};

const MOST_NUMBERS: usize = 30;

pub(crate) async fn answer(call: &Call<'_>) -> Answer {
    let request = body::object(call.body)?;
    let wanted = list(&request, "trackingInfo");
    if wanted.is_empty() {
        return Err(EMPTY);
    }
    if wanted.len() > MOST_NUMBERS {
        return Err(Refusal::MalformedCode(
            "TRACKING.TRACKINGNUMBERS.MAXLIMIT",
            "Maximum of 30 tracking numbers are allowed in a single request. Please update and try again.",
        ));
    }
    let mut results = Vec::with_capacity(wanted.len());
    for one in wanted {
        let number = one.get("trackingNumberInfo").and_then(|info| text(info, "trackingNumber")).ok_or(EMPTY)?;
        let result = if sample::is_meant(call, &number) {
            sample::result().ok_or(Refusal::Broken("the sample parcel without events"))?
        } else {
            match find(call, &number).await? {
                Some(parcel) => found(call, &parcel).await?,
                None => unknown(&number),
            }
        };
        // Always one result: a number means one parcel here.
        results.push(json!({ "trackingNumber": number, "trackResults": [result] }));
    }
    Ok(call.envelope.fedex(StatusCode::OK, "output", json!({ "completeTrackResults": results })))
}

const EMPTY: Refusal = Refusal::MalformedCode("TRACKING.TRACKINGNUMBER.EMPTY", "Please provide tracking number.");

/// A parcel of the project, told from the same declaration and events as the Correos-shaped tracking.
async fn found(call: &Call<'_>, parcel: &Parcel) -> Result<Value, Refusal> {
    let calendar = &call.house.calendar;
    let declared: Value = serde_json::from_str(&parcel.declaration).unwrap_or(Value::Null);
    let declaration = Declaration(&declared);
    let package = declaration.package(parcel.number);
    let from = Place::of(declaration.sender());
    let to = Place::of(declaration.addressee());
    let count = shipments::parcels_of(&call.house.db, call.caller.owner, &parcel.shipment_code).await?.len();
    let events = events::events_until(parcel, call.now);
    let story = Story::of(call, parcel, declaration, &events);

    // They are in their order, and FedEx tells the newest first.
    let happened = events.iter().rev().map(|event| Happened {
        date: calendar.offset(event.at),
        scan: (&event.row(&call.house.matrix).scan).into(),
        place: Place::at(event.spot, &from, &to),
    });
    let result = Known {
        number: &parcel.code,
        unique: &format!("{}~{}~POSTIGO", parcel.shipment_code, parcel.code),
        reference: package.text("clientReference").or_else(|| declaration.text("shipmentReference1")),
        from: &from,
        to: &to,
        service: (&parcel.product, declaration.product_name()),
        place_in_shipment: (parcel.number, count),
        grams: (package.grams().unwrap_or(0), declaration.packages().filter_map(|package| package.grams()).sum()),
        sides: sides(package),
        happened: happened.collect(),
        dates: story.dates,
        expected: story.expected,
        promised: story.promised,
        failures: story.failures,
        delivery: story.delivery,
        returned: story.returned,
    };
    result.told().ok_or(Refusal::Broken("a parcel without events"))
}

/// Length, width and height, when all three were declared.
fn sides(package: Package<'_>) -> Option<[i64; 3]> {
    let side = |member| body::whole(package.0, member).ok().flatten().filter(|millimetres| *millimetres > 0);
    Some([side("packageLength")?, side("packageWidth")?, side("packageHeight")?])
}
