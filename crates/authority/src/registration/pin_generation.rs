//! `POST /registration/v2/customerkeys/pingeneration`: sends a PIN.

use domain::holder::Channel;
use serde_json::{Value, json};

use super::{Call, respond::Refused};

pub(super) const PATH: &str = "/registration/v2/customerkeys/pingeneration";

pub(super) async fn answer(call: &Call<'_>) -> Result<Value, Refused> {
    let token = call.account_token()?;
    let body = call.body()?;
    let option = body.needed("option")?.to_ascii_uppercase();
    let channel: Channel = option.parse().map_err(|_| Refused::Wrong("option", "must be SMS, CALL or EMAIL"))?;
    let locale = body.optional("locale")?;
    call.registration.send_pin(&call.caller.0, token, channel, locale.as_deref()).await?;
    Ok(json!({"status": "sent secured Pin"}))
}
