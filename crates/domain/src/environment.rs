//! The two worlds that never touch.

use crate::words::words;

words! {
    /// `sandbox` or `production`: own issuer, keys, clients, upstreams and limits. A value of one never verifies in the other.
    pub enum Environment: "an environment" {
        /// Built against; nothing real moves.
        Sandbox = "sandbox",
        /// The real thing.
        Production = "production",
    }
}

impl Environment {
    /// Three letters for issued credentials, so that a person sees at a glance where a key belongs.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Sandbox => "sbx",
            Self::Production => "prd",
        }
    }
}
