//! What must agree in a matrix. Clients of either carrier take decisions by one of these columns and must not learn something
//! else from another.

use super::{Colour, Faults, LOCATION_TYPES, Row, State, Step, line::Line, read::Seen};

/// The derived code by which FedEx' clients know each end of a journey.
const ENDS: [(State, &str); 3] = [(State::Delivered, "DL"), (State::Returned, "RS"), (State::Cancelled, "CA")];

/// Checks one event by itself.
pub(super) fn row(line: &mut Line<'_>, row: &Row) {
    code(line, row);
    state(line, row);
    scan(line, row);
    if !row.phase.names().iter().any(|(spanish, english)| row.phase_name.spanish == *spanish && row.phase_name.english == *english) {
        let names: Vec<_> = row.phase.names().iter().map(|(spanish, english)| format!("{spanish} / {english}")).collect();
        line.fault("phaseDes_es", format!("phase {} is called {}; write it so in both languages", row.phase, names.join(" or ")));
    }
    let reasons = [&row.reason_code, &row.reason.spanish, &row.reason.english].map(|text| text.is_empty());
    if reasons != [reasons[0]; 3] {
        line.fault("razonCode", "a reason has a code and a text in each language; write all three or none");
    }
}

fn code(line: &mut Line<'_>, row: &Row) {
    if row.code.len() != 8 || !row.code.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()) {
        line.fault("eventCode", format!("{:?} must have eight characters, capitals and digits", row.code));
    } else if !row.code.ends_with(row.colour.as_str()) {
        line.fault("color", format!("{} does not agree with the last letter of {}; make them the same", row.colour, row.code));
    }
    if row.incidence && row.colour == Colour::Green {
        line.fault("incidence", "an incidence is red; write no, or end the code in R and make the colour R");
    }
}

fn state(line: &mut Line<'_>, row: &Row) {
    match row.state {
        State::Delivered | State::Returned | State::Cancelled if !row.is_final => {
            line.fault("final", format!("nothing follows an event that is {}; write yes", row.state));
        }
        State::Preregistered if row.is_final => line.fault("final", "something follows a preregistration; write no"),
        _ => {}
    }
    for (state, derived) in ENDS {
        if (row.state == state) != (row.scan.derived_code == derived) {
            line.fault(
                "fedexDerivedCode",
                format!("an event that is {} and the code {} do not agree: {derived} says {state}", row.state, row.scan.derived_code),
            );
        }
    }
    let expected = match row.step {
        Some(Step::Preregistered) => State::Preregistered,
        Some(Step::Annulled) => State::Cancelled,
        Some(Step::Delivered | Step::DeliveredAbroad | Step::CollectedAtOffice | Step::CollectedAtLocker) => State::Delivered,
        Some(Step::Returned) => State::Returned,
        Some(_) => State::InProgress,
        None => return,
    };
    if row.state != expected {
        line.fault("state", format!("the event that plays {} is {expected}; write that", row.step.map_or("", Step::as_str)));
    }
}

fn scan(line: &mut Line<'_>, row: &Row) {
    for (column, code) in [("fedexCode", &row.scan.code), ("fedexDerivedCode", &row.scan.derived_code)] {
        if code.len() != 2 || !code.bytes().all(|byte| byte.is_ascii_uppercase()) {
            line.fault(column, format!("{code:?} must be two capitals"));
        }
    }
    if !LOCATION_TYPES.contains(&row.scan.location_type.as_str()) {
        let known = LOCATION_TYPES.join(", ");
        line.fault("fedexLocationType", format!("{:?} is not a place; use one of: {known}", row.scan.location_type));
    }
    if row.scan.exception_code.is_empty() != row.scan.exception.is_empty() {
        line.fault("fedexExceptionCode", "an exception has a code and a description; write both or none");
    }
}

/// Checks what only the whole file can lack.
pub(super) fn whole(seen: &Seen, faults: &mut Faults) {
    let missing: Vec<_> = Step::ALL.iter().filter(|step| !seen.steps.contains_key(step)).map(|step| step.as_str()).collect();
    if !missing.is_empty() {
        let missing = missing.join(", ");
        faults.add(1, "step", format!("no event plays {missing}; write each of these words in the line of the event that does"));
    }
}
