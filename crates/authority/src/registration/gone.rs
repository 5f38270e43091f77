//! The paths of before, which clients still ask for: they say where to go.

use super::{address_keys, invoice_keys, pin_generation, pin_keys, respond::Refused};

pub(super) fn refusal(path: &str) -> Refused {
    let Some(rest) = path.strip_prefix("/registration/v1/").or_else(|| path.strip_prefix("/irc/")) else { return Refused::NotFound };
    let is = |word: &str| rest.split('/').any(|part| part.eq_ignore_ascii_case(word));
    Refused::Gone(if is("pingeneration") {
        pin_generation::PATH
    } else if is("pin") {
        pin_keys::PATH
    } else if is("invoice") {
        invoice_keys::PATH
    } else {
        address_keys::PATH
    })
}
