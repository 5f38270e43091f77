//! Proof by an invoice.

use domain::{
    Environment,
    holder::{self, Invoice},
};
use store::customer_keys::CustomerKeyRow;

use super::{Method, Platform, Refusal, Registration, Result};
use crate::Issued;

impl Registration {
    /// A key for the account of this token, when the invoice is one of its own of the last days. In the sandbox any of those days will do,
    /// because the invoices for trying things out do not grow younger.
    ///
    /// # Errors
    /// [`Refusal::NoInvoice`], [`Refusal::InvoiceTooOld`], [`Refusal::SessionOver`], [`Refusal::Locked`] and the others.
    pub async fn by_invoice(&self, by: &Platform, account_token: &str, invoice: &Invoice) -> Result<Issued<CustomerKeyRow>> {
        self.admit(by).await?;
        let (token, holder) = self.session(by, account_token).await?;
        let account = token.account.as_str();
        let is_recent = holder::day(&invoice.date).is_some_and(|day| holder::is_recent(day, self.app.now()));
        let right = holder.has_invoice(invoice, by.environment == Environment::Sandbox);

        let mut tx = self.app.begin().await?;
        let failures = self.count(&mut tx, by, Method::Invoice, account).await?;
        if !(right && is_recent) {
            self.wrong(tx, by, Method::Invoice, account, failures).await?;
            return Err(if is_recent { Refusal::NoInvoice } else { Refusal::InvoiceTooOld }.into());
        }
        self.right(&mut tx, by, Method::Invoice, account).await?;
        self.register(tx, by, Method::Invoice, account).await
    }
}
