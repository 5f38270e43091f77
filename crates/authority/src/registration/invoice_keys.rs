//! `POST /registration/v2/invoice/keysgeneration`: a key for an invoice.

use domain::holder::{self, Invoice};
use serde_json::Value;

use super::{Call, address_keys::key, respond::Refused};

pub(super) const PATH: &str = "/registration/v2/invoice/keysgeneration";

pub(super) async fn answer(call: &Call<'_>) -> Result<Value, Refused> {
    let token = call.account_token()?;
    let body = call.body()?;
    let invoice = Invoice {
        number: body.needed("invoiceDetail.number")?,
        currency: body.needed("invoiceDetail.currency")?,
        date: body.needed("invoiceDetail.date")?,
        // A text by the contract, because zeros at its end count there; a number is taken as it is written.
        amount: body.needed("invoiceDetail.amount")?,
    };
    if holder::day(&invoice.date).is_none() {
        return Err(Refused::Wrong("invoiceDetail.date", "must be a day, as in 2026-06-30"));
    }
    let issued = call.registration.by_invoice(&call.caller.0, token, &invoice).await?;
    Ok(key(issued.record.id.as_str(), issued.secret.expose()))
}
