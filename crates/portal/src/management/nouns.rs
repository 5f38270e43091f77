//! The nouns of the management API, a file for each: what they look like and what can be done with them.

pub(crate) mod access_requests;
pub(crate) mod acting;
pub(crate) mod announcements;
pub(crate) mod api_credentials;
pub(crate) mod api_lives;
pub(crate) mod api_versions;
pub(crate) mod apis;
pub(crate) mod approval_rules;
pub(crate) mod audit;
pub(crate) mod client_methods;
pub(crate) mod clients;
pub(crate) mod consents;
pub(crate) mod contracts;
pub(crate) mod customer_keys;
pub(crate) mod customer_types;
pub(crate) mod decisions;
pub(crate) mod grants;
pub(crate) mod notes;
pub(crate) mod organisations;
pub(crate) mod plans;
pub(crate) mod policies;
pub(crate) mod projects;
pub(crate) mod public_keys;
pub(crate) mod queues;
pub(crate) mod reason_templates;
pub(crate) mod secret_review;
pub(crate) mod secrets;
pub(crate) mod signing_keys;
pub(crate) mod staff;
pub(crate) mod tokens;
pub(crate) mod upstreams;

use super::schema::Named;

/// The shapes of all nouns.
pub(crate) fn schemas() -> Vec<Named> {
    let mut all = Vec::new();
    for of in [
        access_requests::schemas,
        acting::schemas,
        announcements::schemas,
        api_credentials::schemas,
        api_lives::schemas,
        api_versions::schemas,
        apis::schemas,
        approval_rules::schemas,
        audit::schemas,
        client_methods::schemas,
        clients::schemas,
        consents::schemas,
        contracts::schemas,
        customer_keys::schemas,
        customer_types::schemas,
        decisions::schemas,
        grants::schemas,
        notes::schemas,
        organisations::schemas,
        plans::schemas,
        policies::schemas,
        projects::schemas,
        public_keys::schemas,
        queues::schemas,
        reason_templates::schemas,
        secret_review::schemas,
        secrets::schemas,
        signing_keys::schemas,
        staff::schemas,
        tokens::schemas,
        upstreams::schemas,
    ] {
        all.extend(of());
    }
    all
}
