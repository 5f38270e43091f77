//! A rate and a quota as people write them: the fields `rate_requests`, `rate_window` and `quota` of a form, each of which may be empty.

use domain::plan::{Quota, Rate};

use crate::{form::Form, visit::Visit};

/// What was typed; the form says what is wrong with it.
pub(super) fn typed(visit: &Visit<'_>, form: &mut Form) -> (Option<Rate>, Option<Quota>) {
    let mut number = |field: &'static str| -> Option<u32> {
        let text = visit.form.text(field);
        let read = text.parse().ok();
        if !text.is_empty() && read.is_none() {
            form.wrong(
                field,
                visit.t("Escribe un número entero, sin puntos ni espacios.", "Write a whole number, without points or spaces."),
            );
        }
        read
    };
    let (requests, window, quota) = (number("rate_requests"), number("rate_window"), number("quota"));
    let rate = match (requests, window) {
        (Some(requests), Some(window_seconds)) => Some(Rate { requests, window_seconds }),
        (Some(_), None) if !form.is_wrong() => {
            form.wrong("rate_window", visit.t("¿En cuántos segundos?", "In how many seconds?"));
            None
        }
        _ => None,
    };
    (rate, quota.map(|requests| Quota { requests }))
}

/// The same back into the fields, in that order.
pub(super) fn written(rate: Option<Rate>, quota: Option<Quota>) -> [String; 3] {
    [rate.map(|rate| rate.requests), rate.map(|rate| rate.window_seconds), quota.map(|quota| quota.requests)]
        .map(|number| number.map_or_else(String::new, |number| number.to_string()))
}
