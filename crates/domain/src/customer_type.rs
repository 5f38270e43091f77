//! What an organisation is to the carrier.

use crate::{client::GrantType, words::words};

words! {
    /// The customer types of the FedEx guide; the type decides which grants an organisation may use.
    pub enum CustomerType: "a customer type" {
        /// Ships its own parcels.
        Customer = "customer",
        /// Acts for many customers (a shipping platform).
        Integrator = "integrator",
        /// A certified provider acting for its customers.
        CompatibleProvider = "compatible_provider",
        /// A parent company acting for its own subsidiaries.
        ProprietaryParent = "proprietary_parent",
        /// The carrier itself.
        Internal = "internal",
    }
}

impl CustomerType {
    /// Whether organisations of this type act for others: with customer keys, by a grant that takes one.
    #[must_use]
    pub fn acts_for_others(self) -> bool {
        GrantType::ALL.iter().any(|grant| grant.needs_customer_key() && grant.open_to(self))
    }
}
