//! The first step: the customer's name and address.

use domain::{
    account_token::{AccountToken, LIFETIME},
    holder::{Channel, Holder, PostalAddress, masked_email, masked_phone},
    secret::Secret,
};
use serde_json::json;
use store::customer_keys::CustomerKeyRow;

use super::{Method, Platform, Proof, Refusal, Registration, Result, fixed_pin};
use crate::{Actor, Issued};

/// What comes of a right address.
pub enum Outcome {
    /// A key: there is nothing more this customer could prove itself by.
    Key(Issued<CustomerKeyRow>),
    /// The customer must prove more.
    Options(Options),
}

/// How a customer can go on.
pub struct Options {
    /// The account token.
    pub account_token: Secret,
    /// Where a PIN goes by mail, masked.
    pub email: Option<String>,
    /// Where a PIN goes by telephone, masked.
    pub phone: Option<String>,
    /// Whether an invoice will do.
    pub invoice: bool,
    /// How a PIN can be sent.
    pub channels: Vec<Channel>,
}

impl Registration {
    /// Looks whether name and address are the account's. An unknown account and a wrong address are one answer, and as much work.
    ///
    /// # Errors
    /// [`Refusal::Mismatch`], [`Refusal::NoWay`], [`Refusal::Locked`] and the others.
    pub async fn by_address(&self, by: &Platform, account_number: &str, customer_name: &str, address: &PostalAddress) -> Result<Outcome> {
        let organisation = self.admit(by).await?.id;
        let proof = Proof { by, organisation, method: Method::Address, account: account_number };
        let holder = self.holder(proof).await?;
        let is_known = holder.is_some();
        let holder = holder.unwrap_or_else(Holder::nobody);
        let right = holder.is_at(customer_name, address) & is_known;
        let holder = if right { self.invoices(by, holder).await? } else { holder };

        let mut tx = self.app.begin().await?;
        let failures = self.count(&mut tx, proof).await?;
        if !right {
            self.wrong(tx, proof, failures).await?;
            return Err(Refusal::Mismatch.into());
        }
        self.right(&mut tx, proof).await?;
        // What the register knows decides, not what can be sent here: a carrier without a sender of text messages is no reason to ask for less.
        let knows_a_pin = fixed_pin(by.environment, &holder).is_some();
        let knows_nothing = holder.email.is_none() && holder.phone.is_none() && holder.invoices.is_empty() && !knows_a_pin;
        // An address is no secret of the customer's: whom it has stopped once needs more than that to come back.
        if knows_nothing && !store::acting::stopped_before(&mut tx, organisation, by.environment, account_number).await? {
            return Ok(Outcome::Key(self.register(tx, proof).await?));
        }
        let channels = self.channels(by.environment, &holder);
        let detail = json!({"project": by.project, "environment": by.environment});
        self.app.commit(tx, &Actor::Client(by.client.clone()), "registration.address", account_number, detail).await?;
        if channels.is_empty() && holder.invoices.is_empty() {
            return Err(Refusal::NoWay.into());
        }
        let now = self.app.now().as_second();
        let token = AccountToken {
            project: by.project,
            env: by.environment,
            account: account_number.to_owned(),
            iat: now,
            exp: now + LIFETIME,
            jti: self.app.uuid(),
        };
        let options = Options {
            account_token: Secret::new(self.keys.of(by.environment).sign(&token)),
            email: holder.email.as_ref().map(masked_email),
            phone: holder.phone.as_deref().map(masked_phone),
            invoice: !holder.invoices.is_empty(),
            channels,
        };
        Ok(Outcome::Options(options))
    }
}
