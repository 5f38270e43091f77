//! Credential registration: services of the carrier's that Postigo asks.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};

/// The table `[registration]`.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Registration {
    /// The carrier's service that knows its account holders; absent: the register in the database.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holders_url: Option<String>,
    /// The file with the bearer token that it wants.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holders_token_file: Option<PathBuf>,
    /// The carrier's service that sends text messages and makes calls; absent: PINs go by mail only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub messages_url: Option<String>,
    /// The file with the bearer token that it wants.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub messages_token_file: Option<PathBuf>,
}

impl Registration {
    /// Whether nothing is said.
    pub fn is_unset(&self) -> bool {
        self.holders_url.is_none() && self.messages_url.is_none()
    }

    /// # Errors
    /// One line about what is wrong.
    pub fn check(&self) -> Result<()> {
        for (name, url) in [("holders_url", &self.holders_url), ("messages_url", &self.messages_url)] {
            if let Some(url) = url {
                super::check_url(url).context(name)?;
            }
        }
        Ok(())
    }
}
