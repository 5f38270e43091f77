//! Administration without a browser: one file for each noun. Every command works beside running nodes, which follow within a second.

pub mod access;
pub mod account;
pub mod announcement;
pub mod api_credential;
pub mod audit;
pub mod catalogue;
pub mod client;
pub mod contract;
pub mod customer_key;
pub mod decision;
pub mod holders;
pub mod keys;
pub mod organisation;
pub mod plan;
pub mod policies;
pub mod project;
pub mod revoke;
pub mod secret;

use anyhow::Result;
use clap::Args;
use serde_json::{Value, json};

use crate::output::Output;

/// The one option that every command has.
#[derive(Debug, Clone, Copy, Args)]
pub struct Plain {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Plain {
    /// How to print.
    pub fn output(self) -> Output {
        Output { json: self.json }
    }
}

/// Prints a thing together with the secret that was issued with it, and says that this is the only time.
fn issued(output: Output, mut thing: Value, secret_name: &str, secret: &domain::secret::Secret) -> Result<()> {
    if let Some(members) = thing.as_object_mut() {
        members.insert(secret_name.to_owned(), json!(secret.expose()));
    }
    output.one(&thing)?;
    output.say("\nThe secret is shown this once only: keep it now.")
}

/// A length of time as people write it: `now`, `90s`, `15m`, `24h`, `7d`; in seconds.
fn seconds(text: &str) -> Result<u32, String> {
    let wrong = || format!("{text:?} is not a length of time; write now, 90s, 15m, 24h or 7d");
    if text == "now" {
        return Ok(0);
    }
    let unit = text.chars().last().ok_or_else(wrong)?;
    let factor = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        'd' => 86_400,
        _ => return Err(wrong()),
    };
    let number: u32 = text[..text.len() - 1].parse().map_err(|_| wrong())?;
    number.checked_mul(factor).ok_or_else(wrong)
}

#[cfg(test)]
mod tests;
