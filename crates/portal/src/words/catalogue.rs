//! Words of the catalogue: states of APIs, dialects, differences.

use domain::{
    Language,
    api::{Dialect, Status},
    openapi::compare::Difference,
};

use super::State;

/// The state of an API; `None`: nothing of it was published.
pub(crate) const fn api_state(status: Option<Status>, language: Language) -> State {
    match status {
        None => State { class: "", word: language.pick("sin publicar", "not published") },
        Some(Status::Published) => State { class: "ok", word: language.pick("publicada", "published") },
        Some(Status::Deprecated) => State { class: "warn", word: language.pick("en desuso", "deprecated") },
        Some(Status::Retired) => State { class: "wrong", word: language.pick("retirada", "retired") },
    }
}

/// The shape of an API's refusals.
pub(crate) const fn dialect(dialect: Dialect, language: Language) -> &'static str {
    match dialect {
        Dialect::Problem => language.pick("problem+json (RFC 9457)", "problem+json (RFC 9457)"),
        Dialect::Fedex => language.pick("como FedEx", "in FedEx' way"),
        Dialect::Correos => language.pick("como Correos", "in Correos' way"),
        Dialect::CorreosTracking => language.pick("como el seguimiento de Correos", "in the way of Correos' tracking"),
    }
}

/// A difference between two documents.
pub(crate) fn difference(difference: &Difference, language: Language) -> &str {
    language.pick(&difference.spanish, &difference.english)
}
