//! Plans: how much an API may be used.

use serde::{Deserialize, Serialize};

/// Rate limit and quota of one offer of an API. What is absent is not limited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// The name under which it is asked for.
    pub name: String,
    /// Requests in a fixed window, for each project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<Rate>,
    /// Requests in a day that ends at 00:00 UTC, for each project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quota: Option<Quota>,
}

/// A number of requests in a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// How many.
    pub requests: u32,
    /// In how many seconds; FedEx counts in windows of 10.
    #[serde(default = "ten")]
    pub window_seconds: u32,
}

/// A number of requests in a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quota {
    /// How many.
    pub requests: u32,
}

const fn ten() -> u32 {
    10
}
