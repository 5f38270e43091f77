//! What an operator tells everybody: of what kind it is, and how an incident goes on.

use crate::words::words;

words! {
    /// Of what kind an announcement is.
    pub enum Kind: "a kind of announcement" {
        /// Something worth knowing; nothing is wrong.
        Notice = "notice",
        /// Planned work.
        Maintenance = "maintenance",
        /// Something that should work does not.
        Incident = "incident",
    }
}

words! {
    /// How far something under way has come.
    pub enum Stage: "a stage" {
        /// It is being looked into.
        Investigating = "investigating",
        /// What is wrong is known.
        Identified = "identified",
        /// It is mended, and watched.
        Monitoring = "monitoring",
        /// It is over.
        Resolved = "resolved",
    }
}
