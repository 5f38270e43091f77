//! What the events of a parcel mean to those who wait for it: the dates, the promise, who took it, why it went back.

use domain::{
    event_matrix::{State, Step},
    journey::Spot,
};
use jiff::Timestamp;
use store::shipments::Parcel;

use crate::{
    Call,
    declaration::{Declaration, Party},
    events::{self, Happened},
    fedex::result::{Date, Delivery},
};

/// Longer names are cut: FedEx prints them on proofs of delivery.
const LONGEST_NAME: usize = 35;

/// The story of a parcel so far.
pub(crate) struct Story<'m> {
    pub(crate) dates: Vec<Date>,
    /// Until when it was promised; nothing when it was called off.
    pub(crate) promised: Option<String>,
    /// From when until when it should arrive; nothing when it will not, has, or nobody knows.
    pub(crate) expected: Option<(String, String)>,
    pub(crate) failures: usize,
    pub(crate) delivery: Option<Delivery>,
    pub(crate) returned: Option<(&'m str, &'m str)>,
}

impl<'m> Story<'m> {
    /// Reads the story from the events, which are in their order.
    pub(crate) fn of(call: &Call<'m>, parcel: &Parcel, declaration: Declaration<'_>, events: &[Happened]) -> Self {
        let (calendar, matrix) = (&call.house.calendar, &call.house.matrix);
        let at = |step| events.iter().find(|event| event.step == step).map(|event| event.at);
        let delivered = events.iter().find(|event| event.row(matrix).state == State::Delivered);
        let promised = parcel.annulled_at.is_none().then(|| calendar.window(events::expected(parcel)));
        let expected = if events.iter().any(|event| event.row(matrix).is_final) { None } else { next(call, parcel, events, promised) };
        let admitted = at(Step::Admitted);
        // The day of shipping before the hand-over: clients take the first that speaks of the start.
        let dates = [
            ("ACTUAL_DELIVERY", delivered.map(|event| event.at)),
            ("ACTUAL_PICKUP", admitted),
            ("SHIP", Some(parcel.created_at.0)),
            ("ACTUAL_TENDER", admitted),
            ("ESTIMATED_DELIVERY", expected.map(|[_, ends]| ends)),
        ];
        let back = at(Step::ReturnStarted).map(|_| &matrix.step(Step::ReturnStarted).scan);
        Self {
            dates: dates.into_iter().filter_map(|(kind, date)| Some((kind, calendar.offset(date?)))).collect(),
            promised: promised.map(|[_, ends]| calendar.offset(ends)),
            expected: expected.map(|[begins, ends]| (calendar.offset(begins), calendar.offset(ends))),
            failures: events.iter().filter(|event| event.step == Step::DeliveryFailed).count(),
            delivery: delivered.map(|event| taken(event, declaration.addressee())),
            returned: back.map(|scan| (scan.exception_code.as_str(), scan.exception.as_str())),
        }
    }
}

/// When a parcel that is on its way should come. What waits to be fetched, goes back, or is with customs does not come.
fn next(call: &Call<'_>, parcel: &Parcel, events: &[Happened], promised: Option<[Timestamp; 2]>) -> Option<[Timestamp; 2]> {
    let has = |step| events.iter().any(|event| event.step == step);
    if [Step::AtOffice, Step::AtLocker, Step::ReturnStarted].into_iter().any(has) {
        None
    } else if has(Step::DeliveryFailed) || has(Step::CustomsHold) {
        // The promise is broken; the next one is made when the parcel can be handed over again.
        let free = has(Step::DeliveryFailed) || has(Step::CustomsCleared);
        events::next_attempt(parcel, call.now).filter(|_| free).map(|at| call.house.calendar.window(at))
    } else {
        promised.filter(|[_, ends]| call.now <= *ends)
    }
}

/// Who took a parcel, and where.
fn taken(event: &Happened, addressee: Party<'_>) -> Delivery {
    match event.spot {
        Spot::Office => Delivery { received_by: signature(addressee), location: ("FEDEX_LOCATION", "FedEx Location") },
        Spot::Locker => Delivery { received_by: None, location: ("FEDEX_LOCATION", "FedEx Location") },
        _ => Delivery { received_by: signature(addressee), location: ("RESIDENCE", "Residence") },
    }
}

/// `B.PEÑA`: an initial and a name, in capitals; of a company its name.
fn signature(party: Party<'_>) -> Option<String> {
    let written = match (party.text("name"), party.text("lastName1")) {
        (Some(name), Some(last)) => format!("{}.{last}", name.chars().next()?),
        (Some(name), None) => match name.split_once(' ') {
            Some((first, rest)) => format!("{}.{}", first.chars().next()?, rest.trim()),
            None => name,
        },
        _ => party.name()?,
    };
    Some(written.to_uppercase().chars().take(LONGEST_NAME).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_signature_is_an_initial_and_a_name_or_the_company() {
        for (party, expected) in [
            (json!({"name": "Begoña", "lastName1": "Peña", "lastName2": "Ruiz"}), Some("B.PEÑA")),
            (json!({"name": "Łucja Müller"}), Some("Ł.MÜLLER")),
            (json!({"name": "Cher"}), Some("CHER")),
            (json!({"company": "Año Nuevo S.L."}), Some("AÑO NUEVO S.L.")),
            (json!({}), None),
        ] {
            assert_eq!(signature(Declaration(&json!({"addressee": party})).addressee()).as_deref(), expected);
        }
    }
}
