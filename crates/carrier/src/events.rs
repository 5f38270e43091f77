//! What has happened to a parcel, and what will.
//!
//! The preregistration and the annulment are facts that the parcel's row holds. All else is played: a pure function of the
//! parcel's journey, the moment of its preregistration and the moment one asks for. Nothing runs in the background, and
//! whoever moves a project's clock sees at once what has happened by then.

use domain::{
    Language,
    event_matrix::{Matrix, Row, Step},
    journey::{Journey, Spot, Stage},
};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use store::shipments::Parcel;

use crate::{declaration::Declaration, journeys};

/// Something that happened to a parcel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Happened {
    pub(crate) step: Step,
    pub(crate) at: Timestamp,
    pub(crate) spot: Spot,
}

impl Happened {
    /// The event of the matrix that it was.
    pub(crate) fn row<'m>(&self, matrix: &'m Matrix) -> &'m Row {
        matrix.step(self.step)
    }
}

/// Everything that has happened to a parcel by `now`, the oldest first. The preregistration is always among it, also for a
/// clock that was moved to before it.
pub(crate) fn events_until(parcel: &Parcel, now: Timestamp) -> Vec<Happened> {
    let announced = parcel.created_at.0;
    let annulled = parcel.annulled_at.map(|at| at.0.max(announced));
    let mut events: Vec<Happened> = plan(parcel)
        .filter(|event| event.step == Step::Preregistered || (event.at <= now && annulled.is_none_or(|annulled| event.at < annulled)))
        .collect();
    events.extend(annulled.map(|at| Happened { step: Step::Annulled, at, spot: Spot::Sender }));
    events
}

/// When the next thing after `now` happens to a parcel; nothing after the end of its journey or its annulment.
pub(crate) fn next_event(parcel: &Parcel, now: Timestamp) -> Option<Timestamp> {
    if parcel.annulled_at.is_some() {
        return None;
    }
    plan(parcel).map(|event| event.at).find(|at| *at > now)
}

/// Whether the carrier has taken the parcel: from then on it cannot be annulled.
pub(crate) fn is_admitted(parcel: &Parcel, now: Timestamp) -> bool {
    events_until(parcel, now).iter().any(|event| event.step == Step::Admitted)
}

/// When a parcel of this kind is handed over if all goes well.
pub(crate) fn expected(parcel: &Parcel) -> Timestamp {
    let route = journeys::route(Declaration(&declared(parcel)));
    let last = Journey::Delivered.script(route).last().map_or(0, |stage| stage.hours);
    hours_after(parcel.created_at.0, last)
}

/// When a parcel is next carried to a door, with or without success.
pub(crate) fn next_attempt(parcel: &Parcel, now: Timestamp) -> Option<Timestamp> {
    let mut plan = plan(parcel);
    plan.find(|event| event.at > now && matches!(event.step, Step::Delivered | Step::DeliveredAbroad | Step::DeliveryFailed))
        .map(|event| event.at)
}

/// The whole journey of a parcel, as it goes unless it is annulled.
fn plan(parcel: &Parcel) -> impl Iterator<Item = Happened> {
    let route = journeys::route(Declaration(&declared(parcel)));
    let journey = parcel.journey.parse().unwrap_or_else(|_| Journey::usual(route));
    let start = parcel.created_at.0;
    journey.script(route).into_iter().map(move |Stage { step, hours, spot }| Happened { step, at: hours_after(start, hours), spot })
}

fn declared(parcel: &Parcel) -> Value {
    serde_json::from_str(&parcel.declaration).unwrap_or(Value::Null)
}

fn hours_after(start: Timestamp, hours: u32) -> Timestamp {
    start.checked_add(SignedDuration::from_hours(hours.into())).unwrap_or(Timestamp::MAX)
}

/// The language of texts, from `languageCode`: ES, ES_CA, ES_EU, ES_GL, EN, PT, ZH, FR. What has no texts of its own falls back
/// to Spanish.
pub(crate) fn language(code: Option<&str>) -> Language {
    if code.is_some_and(|code| code.eq_ignore_ascii_case("EN")) { Language::English } else { Language::Spanish }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use store::Moment;

    use super::*;

    const START: &str = "2026-06-01T12:00:00Z";

    fn parcel(journey: &str, annulled_at: Option<&str>) -> Parcel {
        Parcel {
            code: "PQXXX10000000010141001A".into(),
            shipment_code: "PQXXX1000000001A".into(),
            number: 1,
            product: "PAAZE".into(),
            declaration: json!({"product": "PAAZE"}).to_string(),
            journey: journey.into(),
            created_at: Moment(START.parse().unwrap()),
            annulled_at: annulled_at.map(|at| Moment(at.parse().unwrap())),
        }
    }

    fn steps(parcel: &Parcel, now: &str) -> Vec<Step> {
        events_until(parcel, now.parse().unwrap()).iter().map(|event| event.step).collect()
    }

    #[test]
    fn going_from_one_event_to_the_next_meets_them_all() {
        for journey in Journey::ALL {
            let parcel = parcel(journey.as_str(), None);
            let mut now: Timestamp = START.parse().unwrap();
            let mut met = 1;
            while let Some(next) = next_event(&parcel, now) {
                let before = next.checked_sub(SignedDuration::from_micros(1)).unwrap();
                assert_eq!(events_until(&parcel, before).len(), met, "{journey}: nothing happens in between");
                now = next;
                met += 1;
                assert_eq!(events_until(&parcel, now).len(), met, "{journey}");
                assert_eq!(events_until(&parcel, now).last().map(|event| event.at), Some(now));
            }
            assert_eq!(events_until(&parcel, Timestamp::MAX).len(), met, "{journey}: nothing is left");
        }
    }

    #[test]
    fn an_annulment_stops_the_journey_where_it_was() {
        let parcel = parcel("", Some("2026-06-01T13:00:00Z"));
        assert_eq!(steps(&parcel, "2026-06-30T12:00:00Z"), [Step::Preregistered, Step::Annulled]);
        assert_eq!(next_event(&parcel, START.parse().unwrap()), None);
        assert!(!is_admitted(&parcel, "2026-06-30T12:00:00Z".parse().unwrap()));
    }

    #[test]
    fn a_clock_that_stands_before_the_beginning_takes_nothing_back_that_is_a_fact() {
        assert_eq!(steps(&parcel("", None), "2026-05-01T12:00:00Z"), [Step::Preregistered]);
        // Annulled by a clock that had been moved back: the order stays that of the facts.
        let parcel = parcel("", Some("2026-05-01T12:00:00Z"));
        assert_eq!(steps(&parcel, "2026-05-01T12:00:00Z"), [Step::Preregistered, Step::Annulled]);
        assert!(events_until(&parcel, START.parse().unwrap()).is_sorted_by_key(|event| event.at));
    }

    #[test]
    fn a_parcel_is_admitted_at_the_hour_of_its_admission_and_not_before() {
        let parcel = parcel("lost", None);
        assert!(!is_admitted(&parcel, "2026-06-01T15:59:59Z".parse().unwrap()));
        assert!(is_admitted(&parcel, "2026-06-01T16:00:00Z".parse().unwrap()));
    }

    #[test]
    fn languages_without_texts_fall_back_to_spanish() {
        for code in [None, Some("ES"), Some("ES_CA"), Some("PT"), Some("ZH"), Some("")] {
            assert_eq!(language(code), Language::Spanish);
        }
        assert_eq!(language(Some("en")), Language::English);
    }
}
