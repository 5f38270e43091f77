//! The nouns of the management API, a file for each: what they look like and what can be done with them.

pub(crate) mod access_requests;
pub(crate) mod acting;
pub(crate) mod apis;
pub(crate) mod audit;
pub(crate) mod clients;
pub(crate) mod contracts;
pub(crate) mod customer_keys;
pub(crate) mod customer_types;
pub(crate) mod decisions;
pub(crate) mod grants;
pub(crate) mod organisations;
pub(crate) mod projects;
pub(crate) mod secrets;
pub(crate) mod signing_keys;
pub(crate) mod tokens;

use super::schema::Named;

/// The shapes of all nouns.
pub(crate) fn schemas() -> Vec<Named> {
    let mut all = Vec::new();
    for of in [
        access_requests::schemas,
        acting::schemas,
        apis::schemas,
        audit::schemas,
        clients::schemas,
        contracts::schemas,
        customer_keys::schemas,
        customer_types::schemas,
        decisions::schemas,
        grants::schemas,
        organisations::schemas,
        projects::schemas,
        secrets::schemas,
        signing_keys::schemas,
        tokens::schemas,
    ] {
        all.extend(of());
    }
    all
}
