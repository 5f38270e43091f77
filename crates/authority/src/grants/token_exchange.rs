//! RFC 8693: whoever acts for a customer hands over its customer key as the subject's token.
//!
//! There is no actor token (section 2.1): the client that authenticates is the one who acts, and stands in `act`. `audience` and `resource`
//! mean as much as in the other grants.

use super::{Evidence, Subject, customer};
use crate::{customer_key::Presented, form::Form, refusal::Refusal};

/// What a customer key is called among the types of tokens (section 3): its public half and its secret, with a full stop between them.
const CUSTOMER_KEY: &str = "urn:postigo:token-type:customer-key";

/// What is issued.
pub(crate) const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";

/// The customer key in the parameters of section 2.1.
pub(crate) fn presented<'a>(form: &'a Form<'_>) -> Result<Presented<'a>, Refusal> {
    if form.get("actor_token").is_some() || form.get("actor_token_type").is_some() {
        return Err(Refusal::Malformed("There are no actor tokens here: whoever acts is the client itself. Leave actor_token away."));
    }
    if form.get("requested_token_type").is_some_and(|kind| kind != ACCESS_TOKEN) {
        return Err(Refusal::Malformed(
            "Only access tokens are issued here: leave requested_token_type away, or write urn:ietf:params:oauth:token-type:access_token.",
        ));
    }
    let token = form.get("subject_token").filter(|_| form.get("subject_token_type") == Some(CUSTOMER_KEY));
    let token = token.ok_or(Refusal::Malformed(
        "A token exchange needs a subject_token, the customer key and its secret as child_key.child_secret, and the subject_token_type \
         urn:postigo:token-type:customer-key.",
    ))?;
    // Without a full stop it is a key without its secret, and as wrong as any other.
    let (key, secret) = token.split_once('.').unwrap_or((token, ""));
    Ok(Presented { key: Some(key), secret: Some(secret) })
}

pub(super) fn subject(evidence: &Evidence<'_>) -> Result<Subject, Refusal> {
    customer(evidence)
}
