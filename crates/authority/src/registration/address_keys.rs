//! `POST /registration/v2/address/keysgeneration`: the customer's name and address.

use app::registration::{Options, Outcome};
use domain::holder::{self, PostalAddress};
use serde_json::{Value, json};

use super::{Call, respond::Refused};

pub(super) const PATH: &str = "/registration/v2/address/keysgeneration";

/// The longest customer name, in characters.
const LONGEST_NAME: usize = 50;

pub(super) async fn answer(call: &Call<'_>) -> Result<Value, Refused> {
    let body = call.body()?;
    // An object by the contract, a text in hand-written code.
    let number = if body.is_text("accountNumber") { body.needed("accountNumber")? } else { body.needed("accountNumber.value")? };
    if !holder::is_account_number(&number) {
        return Err(Refused::Wrong("accountNumber.value", "must be an account number: letters and digits"));
    }
    let name = body.needed("customerName")?;
    if name.chars().count() > LONGEST_NAME {
        return Err(Refused::Wrong("customerName", "must have 50 characters at most"));
    }
    // `residential` is not read: by the contract it must be there, and live clients leave it out or write it as a text.
    let address = PostalAddress {
        street_lines: body.lines("address.streetLines")?,
        city: body.needed("address.city")?,
        state_or_province_code: body.optional("address.stateOrProvinceCode")?.unwrap_or_default(),
        postal_code: body.needed("address.postalCode")?,
        country_code: body.needed("address.countryCode")?,
    };
    match call.registration.by_address(&call.caller.0, &number, &name, &address).await? {
        Outcome::Key(issued) => Ok(key(issued.record.id.as_str(), issued.secret.expose())),
        Outcome::Options(options) => Ok(offered(&options)),
    }
}

/// A customer key, in FedEx' spelling.
pub(super) fn key(id: &str, secret: &str) -> Value {
    json!({"child_Key": id, "child_secret": secret})
}

/// How the customer can go on: an array of one, because that is what clients read whatever the example shows.
fn offered(options: &Options) -> Value {
    let channels: Vec<_> = options.channels.iter().map(|channel| channel.as_str()).collect();
    let mut ways = json!({});
    if options.invoice {
        ways["invoice"] = json!("INVOICE");
    }
    if !channels.is_empty() {
        ways["secureCode"] = json!(channels);
    }
    let mut one = json!({"accountAuthToken": options.account_token.expose(), "mfaRequired": true, "options": ways});
    for (name, masked) in [("email", &options.email), ("phoneNumber", &options.phone)] {
        if let Some(masked) = masked {
            one[name] = json!(masked);
        }
    }
    json!({"mfaOptions": [one]})
}
