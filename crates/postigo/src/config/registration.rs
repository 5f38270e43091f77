//! Credential registration: services of the carrier's that Postigo asks.

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
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
        let Self { holders_url, holders_token_file, messages_url, messages_token_file } = self;
        [holders_url, messages_url].iter().all(|url| url.is_none())
            && [holders_token_file, messages_token_file].iter().all(|file| file.is_none())
    }

    /// # Errors
    /// One line about what is wrong.
    pub fn check(&self) -> Result<()> {
        for (name, url, token_file) in
            [("holders", &self.holders_url, &self.holders_token_file), ("messages", &self.messages_url, &self.messages_token_file)]
        {
            match url {
                Some(url) => {
                    super::check_url(url).with_context(|| format!("{name}_url"))?;
                    // Names, addresses, PINs and our token go there.
                    if !domain::openid::is_safe(url) {
                        bail!("{name}_url: {url:?} must begin with https://; http:// is for this machine only (localhost)");
                    }
                }
                None if token_file.is_some() => {
                    bail!("{name}_token_file: there is no {name}_url to show it to; set that, or leave this out")
                }
                None => {}
            }
        }
        Ok(())
    }
}
