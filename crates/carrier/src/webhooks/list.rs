//! `GET /webhooks`: the project's webhooks, the oldest first, each with what came of its last delivery.

use http::StatusCode;
use serde_json::Value;
use store::carrier_webhooks;

use crate::{Answer, Call, respond::answer as json_answer, webhooks::shown};

pub(crate) async fn answer(call: &Call<'_>) -> Answer {
    let webhooks = carrier_webhooks::list(&call.house.db, call.caller.owner).await?;
    let shown: Value = webhooks.iter().map(|webhook| shown(call, webhook)).collect();
    Ok(json_answer(StatusCode::OK, &shown))
}
