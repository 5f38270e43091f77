//! What plans allow.

use domain::plan::{Quota, Rate};

use crate::frame::Frame;

/// Rate and quota in a line.
pub(crate) fn limits(frame: &Frame<'_>, rate: Option<Rate>, quota: Option<Quota>) -> String {
    let rate = rate.map(|rate| {
        let every = frame.t("peticiones cada", "requests every");
        format!("{} {every} {} s", frame.number(rate.requests), frame.number(rate.window_seconds))
    });
    let quota = quota.map(|quota| format!("{} {}", frame.number(quota.requests), frame.t("peticiones al día", "requests a day")));
    let limits: Vec<_> = rate.into_iter().chain(quota).collect();
    if limits.is_empty() { frame.t("sin límite", "no limit").to_owned() } else { limits.join(", ") }
}
