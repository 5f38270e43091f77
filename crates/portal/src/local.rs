//! Moments in forms: `datetime-local` fields know no zone, so they are in Madrid's time, as moments without the script are.

use domain::Timestamp;
use jiff::{civil::DateTime, tz::TimeZone};

use crate::form::{Form, Values};

/// What a field of that name says: `None` when it is empty. What is no moment is noted on the form.
pub(crate) fn read(values: &Values, form: &mut Form, name: &'static str, mend: &str) -> Option<Timestamp> {
    let text = values.text(name);
    if text.is_empty() {
        return None;
    }
    let moment = text.parse::<DateTime>().ok().and_then(|local| local.to_zoned(zone()).ok()).map(|zoned| zoned.timestamp());
    if moment.is_none() {
        form.wrong(name, mend);
    }
    moment
}

/// A moment as such a field shows it.
pub(crate) fn written(at: Timestamp) -> String {
    at.to_zoned(zone()).strftime("%Y-%m-%dT%H:%M").to_string()
}

fn zone() -> TimeZone {
    TimeZone::get("Europe/Madrid").unwrap_or(TimeZone::UTC)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_reads_back_what_it_shows_in_winter_and_in_summer() {
        for at in ["2026-11-22T09:00:00Z", "2026-07-01T22:30:00Z"] {
            let at: Timestamp = at.parse().expect("a moment");
            let encoded = format!("at={}", written(at));
            let mut form = Form::new();
            assert_eq!(read(&Values::read(encoded.as_bytes()), &mut form, "at", "no"), Some(at));
        }
        let mut form = Form::new();
        assert!(read(&Values::read(b"at=tomorrow"), &mut form, "at", "no").is_none() && form.is_wrong());
    }
}
