//! `X-Sandbox-Clock`: a project moves its time, and it stays moved.
//!
//! The header of any call moves the clock before the call is answered. From then on the project's time runs on from there,
//! as fast as the real one. Only the sandbox has such clocks.

use domain::Environment;
use http::HeaderMap;
use jiff::{SignedDuration, Span, Timestamp, tz::TimeZone};
use store::carrier_clocks;

use crate::{House, caller::Caller, respond::Refusal};

pub(crate) const HEADER: &str = "x-sandbox-clock";

/// How far from the real time a clock may stand: ten years.
const FARTHEST: SignedDuration = SignedDuration::from_hours(24 * 3653);

/// What the header asks for.
#[derive(Debug)]
enum Move {
    /// Back to the real time.
    Back,
    /// To a moment.
    To(Timestamp),
    /// By a length of time, from where the clock stands.
    By(Span),
}

/// The time of the project that calls, and whether the call has just set it.
pub(crate) async fn read(house: &House, caller: &Caller, headers: &HeaderMap) -> Result<(Timestamp, bool), Refusal> {
    let real = house.clock.now();
    if caller.owner.environment != Environment::Sandbox {
        return Ok((real, false));
    }
    let Some(header) = headers.get(HEADER) else {
        let ahead = carrier_clocks::ahead(&house.db, caller.owner).await?;
        return Ok((after(real, ahead), false));
    };
    let wanted = header.to_str().ok().and_then(parse).ok_or_else(refusal)?;
    let mut tx = house.db.begin().await?;
    let now = after(real, carrier_clocks::lock(&mut tx, caller.owner).await?);
    let then = match wanted {
        Move::Back => real,
        Move::To(moment) => moment,
        // In UTC a day has 24 hours all year round.
        Move::By(span) => now.to_zoned(TimeZone::UTC).checked_add(span).map_err(|_| refusal())?.timestamp(),
    };
    if then.duration_since(real).abs() > FARTHEST {
        return Err(refusal());
    }
    carrier_clocks::set(&mut tx, caller.owner, then.as_microsecond() - real.as_microsecond()).await?;
    tx.commit(real).await?;
    Ok((then, true))
}

/// How the answer of a call that moved the clock tells where it stands: RFC 3339, in UTC and whole seconds, because not every
/// parser takes fractions.
pub(crate) fn written(now: Timestamp) -> String {
    now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn parse(text: &str) -> Option<Move> {
    let text = text.trim();
    if text.eq_ignore_ascii_case("reset") || text.eq_ignore_ascii_case("now") {
        return Some(Move::Back);
    }
    let moment = text.parse().ok().map(Move::To);
    moment.or_else(|| text.parse().ok().map(Move::By))
}

fn after(real: Timestamp, ahead: i64) -> Timestamp {
    real.checked_add(SignedDuration::from_micros(ahead)).unwrap_or(real)
}

fn refusal() -> Refusal {
    let forms = "2026-06-04T12:00:00Z, +3d, +36h, +90m, -2h, P3D, PT36H";
    Refusal::Malformed(format!(
        "X-Sandbox-Clock no es válida: usa un instante o una duración ({forms}) o reset, sin alejarte más de diez años de la hora real / \
         X-Sandbox-Clock is not valid: use an instant or a length of time ({forms}) or reset, no more than ten years from the real time"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_read() {
        assert!(matches!(parse("reset"), Some(Move::Back)) && matches!(parse(" Now "), Some(Move::Back)));
        for text in ["2026-06-04T12:00:00Z", "2026-06-04T14:00:00+02:00", "2026-06-04T12:00:00.5Z"] {
            assert!(matches!(parse(text), Some(Move::To(_))), "{text}");
        }
        let start: Timestamp = "2026-03-28T12:00:00Z".parse().unwrap();
        for (text, hours) in [("+3d", 72), ("+36h", 36), ("-2h", -2), ("P3D", 72), ("PT36H", 36), ("-P1D", -24), ("P1W", 168), ("+120m", 2)]
        {
            let Some(Move::By(span)) = parse(text) else { panic!("{text}") };
            let moved = start.to_zoned(TimeZone::UTC).checked_add(span).unwrap().timestamp();
            assert_eq!(moved.duration_since(start), SignedDuration::from_hours(hours), "{text}");
        }
    }

    #[test]
    fn the_time_is_told_without_fractions() {
        assert_eq!(written("2026-06-04T12:00:07.123456Z".parse().unwrap()), "2026-06-04T12:00:07Z");
    }

    #[test]
    fn anything_else_is_not() {
        for text in ["", "tomorrow", "3", "+3x", "2026-06-04", "2026-06-04T12:00:00", "P", "+", "1780315200", "\u{0}"] {
            assert!(parse(text).is_none(), "{text:?}: {:?}", parse(text));
        }
    }
}
