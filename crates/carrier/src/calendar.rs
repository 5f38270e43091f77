//! Dates as the carriers write them: Spanish local time.

use jiff::{Timestamp, ToSpan as _, civil, tz::TimeZone};

/// Between which hours of the day parcels are promised.
const OPENING: i8 = 9;
const CLOSING: i8 = 18;

/// Writes moments in Madrid's time.
#[derive(Debug, Clone)]
pub(crate) struct Calendar(TimeZone);

impl Calendar {
    /// Madrid, from the time zones built into the program.
    pub(crate) fn madrid() -> Self {
        Self(TimeZone::get("Europe/Madrid").unwrap_or(TimeZone::UTC))
    }

    /// The day on the wall in Madrid.
    pub(crate) fn day(&self, at: Timestamp) -> civil::Date {
        at.to_zoned(self.0.clone()).date()
    }

    /// `22/11/2026`.
    pub(crate) fn date(&self, at: Timestamp) -> String {
        self.write("%d/%m/%Y", at)
    }

    /// `09:02:17`.
    pub(crate) fn hour(&self, at: Timestamp) -> String {
        self.write("%H:%M:%S", at)
    }

    /// `20261122_090217`, as in a file identifier.
    pub(crate) fn stamp(&self, at: Timestamp) -> String {
        self.write("%Y%m%d_%H%M%S", at)
    }

    /// `22112026`, as in the code of a collection.
    pub(crate) fn digits(&self, at: Timestamp) -> String {
        self.write("%d%m%Y", at)
    }

    /// `2026-11-22T09:02:17+01:00`: FedEx' clients parse the offset and stumble over fractions.
    pub(crate) fn offset(&self, at: Timestamp) -> String {
        self.write("%Y-%m-%dT%H:%M:%S%:z", at)
    }

    /// When somebody waits for what comes at `at`: from nine to six on that day, or on the next one for what comes after six.
    pub(crate) fn window(&self, at: Timestamp) -> [Timestamp; 2] {
        let local = at.to_zoned(self.0.clone());
        let day = local.date().saturating_add(i64::from(local.hour() >= CLOSING).days());
        // Neither morning nor evening is ever skipped by a change of the clocks.
        [OPENING, CLOSING].map(|hour| day.at(hour, 0, 0, 0).to_zoned(self.0.clone()).map_or(at, |then| then.timestamp()))
    }

    fn write(&self, format: &str, at: Timestamp) -> String {
        at.to_zoned(self.0.clone()).strftime(format).to_string()
    }
}

/// A day as people write it: `2026-11-22`, `22/11/2026` or `22-11-2026`, with or without an hour after it.
pub(crate) fn read_day(text: &str) -> Option<civil::Date> {
    let day = text.get(..10).filter(|_| text.len() == 10 || matches!(text.as_bytes().get(10), Some(b'T' | b' ')))?;
    ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%Y/%m/%d"].iter().find_map(|format| civil::Date::strptime(format, day).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summer_and_winter_are_told_apart() {
        let calendar = Calendar::madrid();
        let winter: Timestamp = "2026-01-15T23:30:00Z".parse().unwrap();
        let summer: Timestamp = "2026-07-15T22:30:00.123456Z".parse().unwrap();
        assert_eq!(calendar.offset(winter), "2026-01-16T00:30:00+01:00");
        assert_eq!(calendar.offset(summer), "2026-07-16T00:30:00+02:00");
        assert_eq!(calendar.date(winter), "16/01/2026");
        assert_eq!(calendar.hour(summer), "00:30:00");
        assert_eq!(calendar.stamp(winter), "20260116_003000");
    }

    #[test]
    fn a_promise_ends_after_what_it_promises_in_the_hours_of_that_day() {
        let calendar = Calendar::madrid();
        let window = |at: &str| calendar.window(at.parse().unwrap()).map(|moment| calendar.offset(moment));
        assert_eq!(window("2026-06-03T10:00:00Z"), ["2026-06-03T09:00:00+02:00", "2026-06-03T18:00:00+02:00"]);
        assert_eq!(window("2026-06-03T16:00:00Z"), ["2026-06-04T09:00:00+02:00", "2026-06-04T18:00:00+02:00"]);
        // The night in which summer ends.
        assert_eq!(window("2026-10-24T20:00:00Z"), ["2026-10-25T09:00:00+01:00", "2026-10-25T18:00:00+01:00"]);
    }

    #[test]
    fn a_day_is_read_in_every_spelling_clients_use() {
        let day = civil::date(2026, 11, 2);
        for text in ["2026-11-02", "02/11/2026", "02-11-2026", "2026/11/02", "2026-11-02T09:00:00Z", "02/11/2026 09:00"] {
            assert_eq!(read_day(text), Some(day), "{text}");
        }
        for text in ["", "2026-13-01", "31/02/2026", "mañana", "2026-11-022", "ñ2026-11-0"] {
            assert_eq!(read_day(text), None, "{text}");
        }
    }
}
