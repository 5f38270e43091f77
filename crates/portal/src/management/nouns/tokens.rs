//! Single tokens.

use app::tokens as cases;
use domain::{ClientId, token::MAX_LIFETIME};
use jiff::SignedDuration;
use serde_json::json;

use crate::management::{
    answer::Answer,
    call::{Call, Outcome},
    problem::Problem,
    schema::{Named, closed, id},
};

pub(crate) fn schemas() -> Vec<Named> {
    let client = json!({"type": "string", "minLength": 1, "maxLength": 64, "pattern": "^[A-Za-z0-9_-]+$", "description": "Whose token it is, where that is known."});
    vec![("TokenRevocation", closed(&[("jti", id()), ("client_id?", client)]))]
}

/// `POST /tokens/revoke`
pub(crate) async fn revoke(call: &Call) -> Outcome {
    let token = call.choice("jti")?;
    let client = call.optional("client_id").map(ClientId::from);
    // Nobody says how long it would have lived: no token lives longer than this.
    let until = call.app().now() + SignedDuration::from_secs(i64::from(MAX_LIFETIME));
    cases::revoke(call.app(), &call.actor, token, client.as_ref(), until).await.map_err(Problem::from)?;
    Ok(Answer::nothing())
}
