//! Transport contracts and what organisations may do with them.

use crate::words::words;

words! {
    /// The state of a contract.
    pub enum ContractStatus: "a contract status" {
        /// Linked by the organisation, not yet confirmed by the operator.
        Pending = "pending",
        /// Good for production.
        Active = "active",
        /// Stopped for now.
        Suspended = "suspended",
        /// Over.
        Ended = "ended",
    }
}

words! {
    /// Whether an organisation, a client or a customer key may act.
    pub enum Standing: "a status" {
        /// It may.
        Active = "active",
        /// Not now.
        Suspended = "suspended",
        /// Never again.
        Revoked = "revoked",
    }
}
