//! RFC 6749, section 4.4: a client for itself.

use std::sync::Arc;

use super::{Evidence, Subject};
use crate::refusal::Refusal;

pub(super) fn subject(evidence: &Evidence<'_>) -> Result<Subject, Refusal> {
    // A token of the client itself is not what such a request asks for.
    if !evidence.presented.is_empty() {
        return Err(Refusal::Malformed(
            "client_credentials takes no customer key. To act with child_key and child_secret, use csp_credentials or \
             client_pc_credentials.",
        ));
    }
    Ok(Subject { sub: Arc::clone(&evidence.client.id.0), account: None, act: None, reach: evidence.client.granted() })
}
