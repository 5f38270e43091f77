//! `POST /registration/v2/pin/keysgeneration`: a key for a PIN.

use domain::{holder, secret::Secret};
use serde_json::Value;

use super::{Call, address_keys::key, respond::Refused};

pub(super) const PATH: &str = "/registration/v2/pin/keysgeneration";

pub(super) async fn answer(call: &Call<'_>) -> Result<Value, Refused> {
    let token = call.account_token()?;
    let pin = call.body()?.needed("secureCodePin")?;
    if !holder::is_pin(&pin) {
        return Err(Refused::Wrong("secureCodePin", "must be six digits"));
    }
    let issued = call.registration.by_pin(&call.caller.0, token, &Secret::new(pin)).await?;
    Ok(key(issued.record.id.as_str(), issued.secret.expose()))
}
