//! How a collection comes from state to state (wire-formats section 5): by itself as its project's time passes, by the customer's word,
//! and in the sandbox by a fixed value in the request. Which state may follow which is said in [`State::moves`].

use domain::{
    Environment,
    collection::{FIXED_VALUE, State},
};
use jiff::{SignedDuration, Timestamp, civil};
use serde_json::Value;
use store::{Moment, collections::Course};

use crate::{
    Call,
    body::text,
    calendar::Calendar,
    requests::incidences::{Reason, Stage},
};

/// Where a fixed value is looked for.
pub(crate) const FIXED_MEMBERS: [&str; 4] = ["observations", "clientObservations", "codSpecificContract", "originSystem"];

/// The hour at which the day's rounds are made up.
const ROUNDS_MADE: i8 = 7;

/// The hours at which the four time slots begin; each is three hours long.
const SLOTS: [i8; 4] = [9, 12, 15, 18];

/// When a collection that stands in `state` since `since` comes to the states that usually follow, on the `day` and in the `slot` asked
/// for. A collection asked for late takes its steps as fast as it can, and none before the one it follows.
pub(crate) fn course(calendar: &Calendar, state: State, since: Timestamp, day: civil::Date, slot: Option<&str>) -> Course {
    let slot = slot.and_then(|slot| slot.parse::<usize>().ok()).and_then(|slot| SLOTS.get(slot.checked_sub(1)?)).unwrap_or(&SLOTS[0]);
    let after = |minutes: i64| later(since, minutes);
    let begins = calendar.at(day, *slot);
    let mut course = Course::default();
    for next in std::iter::successors(state.usual_next(), |state| state.usual_next()) {
        match next {
            State::Viable => course.viable_at = Some(Moment(after(15))),
            State::Asignada => course.assigned_at = Some(Moment(after(30).max(calendar.at(day, ROUNDS_MADE)))),
            State::EnRuta => course.out_at = Some(Moment(after(60).max(begins))),
            State::Realizada => course.done_at = Some(Moment(after(120).max(later(begins, 90)))),
            // No other state follows by itself.
            _ => {}
        }
    }
    course
}

fn later(at: Timestamp, minutes: i64) -> Timestamp {
    at.saturating_add(SignedDuration::from_mins(minutes)).unwrap_or(Timestamp::MAX)
}

/// What a fixed value asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fixed {
    pub(crate) state: State,
    /// Why the collection fails, where it does.
    pub(crate) reason: Option<&'static Reason>,
}

impl Fixed {
    /// Reads `SBX-REQUEST-<STATE>`, or `SBX-REQUEST-<STATE>-<REASON>` for the states that have a reason.
    fn parse(rest: &str) -> Option<Self> {
        let (word, code) = rest.split_once('-').map_or((rest, None), |(word, code)| (word, Some(code)));
        let state: State = word.parse().ok()?;
        let reason = match (stage(state), code) {
            (None, None) => None,
            (None, Some(_)) => return None,
            (Some(stage), None) => Reason::usual(stage),
            (Some(stage), Some(code)) => Some(Reason::find(stage, code)?),
        };
        Some(Self { state, reason })
    }
}

/// At which stage the collections in this state failed.
const fn stage(state: State) -> Option<Stage> {
    match state {
        State::NoViable => Some(Stage::Planning),
        State::NoRealizada => Some(Stage::Round),
        _ => None,
    }
}

/// The fixed value in a request, in the sandbox; `Err` is the member with one that means nothing.
pub(crate) fn fixed(call: &Call<'_>, one: &Value) -> Result<Option<Fixed>, &'static str> {
    if call.caller.owner.environment != Environment::Sandbox {
        return Ok(None);
    }
    for member in FIXED_MEMBERS {
        if let Some(rest) = text(one, member).as_deref().and_then(|value| value.strip_prefix(FIXED_VALUE)) {
            return Fixed::parse(rest).map(Some).ok_or(member);
        }
    }
    Ok(None)
}

/// The day that the carrier proposes instead of `day`: the next one that people work on.
pub(crate) fn proposed(day: civil::Date) -> civil::Date {
    let workday = |day: &civil::Date| !matches!(day.weekday(), civil::Weekday::Saturday | civil::Weekday::Sunday);
    std::iter::successors(day.tomorrow().ok(), |day| day.tomorrow().ok()).find(workday).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_collection_goes_through_the_day_asked_for() {
        let course = course(&Calendar::madrid(), State::Inicial, at("2026-06-01T12:00:00Z"), civil::date(2026, 6, 2), Some("3"));
        let moments = ["2026-06-01T12:15:00Z", "2026-06-02T05:00:00Z", "2026-06-02T13:00:00Z", "2026-06-02T14:30:00Z"];
        let [viable_at, assigned_at, out_at, done_at] = moments.map(|text| Some(Moment(at(text))));
        assert_eq!(course, Course { viable_at, assigned_at, out_at, done_at });
    }

    #[test]
    fn an_end_and_a_question_to_the_customer_go_nowhere_by_themselves() {
        for state in [State::ViableConCambios, State::NoViable, State::Realizada, State::NoRealizada, State::Cancelada] {
            let course = course(&Calendar::madrid(), state, at("2026-06-01T12:00:00Z"), civil::date(2026, 6, 2), None);
            assert_eq!(course, Course::default(), "{state}");
        }
    }

    #[test]
    fn a_fixed_value_names_a_state_and_where_there_is_one_a_reason() {
        let reason = |text| Fixed::parse(text).map(|fixed| (fixed.state, fixed.reason.map(|reason| reason.code)));
        assert_eq!(reason("EN_REPARTO"), Some((State::EnReparto, None)));
        assert_eq!(reason("NO_REALIZADA"), Some((State::NoRealizada, Some("A"))));
        assert_eq!(reason("NO_REALIZADA-AB"), Some((State::NoRealizada, Some("AB"))));
        assert_eq!(reason("NO_VIABLE-C"), Some((State::NoViable, Some("C"))));
        for wrong in ["", "EN_REPARTO-A", "NO_VIABLE-AB", "NO_REALIZADA-", "en_ruta", "NOWHERE"] {
            assert_eq!(reason(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn another_day_is_proposed_on_which_people_work() {
        assert_eq!(proposed(civil::date(2026, 6, 2)), civil::date(2026, 6, 3));
        assert_eq!(proposed(civil::date(2026, 6, 5)), civil::date(2026, 6, 8));
        assert_eq!(proposed(civil::Date::MAX), civil::Date::MAX);
    }

    proptest! {
        #[test]
        fn no_step_comes_before_the_one_it_follows(
            index in 0..State::ALL.len(), since in 0i64..4_102_444_800, day in 0i32..3_000_000, slot in "[0-9]{0,3}",
        ) {
            let since = Timestamp::from_second(since).unwrap();
            let day = civil::Date::ZERO.checked_add(jiff::Span::new().days(day)).unwrap_or(civil::Date::MAX);
            let course = course(&Calendar::madrid(), State::ALL[index], since, day, Some(&slot));
            let steps: Vec<_> = [course.viable_at, course.assigned_at, course.out_at, course.done_at].into_iter().flatten().collect();
            prop_assert!(steps.is_sorted(), "{course:?}");
            prop_assert!(steps.iter().all(|step| step.0 > since));
        }
    }
}
