//! Proof by an invoice.

use domain::{
    Environment,
    holder::{self, Invoice},
};
use store::customer_keys::CustomerKeyRow;

use super::{Method, Platform, Proof, Refusal, Registration, Result};
use crate::Issued;

impl Registration {
    /// A key for the account of this token, when the invoice is one of its own of the last days. In the sandbox any of those days will do,
    /// because the invoices for trying things out do not grow younger.
    ///
    /// # Errors
    /// [`Refusal::NoInvoice`], [`Refusal::InvoiceTooOld`], [`Refusal::SessionOver`], [`Refusal::Locked`] and the others.
    pub async fn by_invoice(&self, by: &Platform, account_token: &str, invoice: &Invoice) -> Result<Issued<CustomerKeyRow>> {
        let organisation = self.admit(by).await?.id;
        let token = self.session(by, account_token)?;
        let proof = Proof { by, organisation, method: Method::Invoice, account: &token.account };
        let holder = self.holder(proof).await?.ok_or(Refusal::SessionOver)?;
        let holder = self.invoices(by, holder).await?;
        let is_recent = holder::day(&invoice.date).is_some_and(|day| holder::is_recent(day, self.app.now()));
        let right = holder.has_invoice(invoice, by.environment == Environment::Sandbox);

        let mut tx = self.app.begin().await?;
        let failures = self.count(&mut tx, proof).await?;
        if !(right && is_recent) {
            self.wrong(tx, proof, failures).await?;
            return Err(if is_recent { Refusal::NoInvoice } else { Refusal::InvoiceTooOld }.into());
        }
        self.right(&mut tx, proof).await?;
        self.register(tx, proof).await
    }
}
