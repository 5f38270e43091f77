//! `postigo keys`.

use anyhow::Result;
use app::{Actor, App, signing_keys};
use clap::Subcommand;
use domain::Environment;
use serde_json::json;
use store::signing_keys::SigningKeyRow;

use super::Plain;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// List the signing keys of an environment
    #[command(after_help = "Example:\n  postigo keys list --environment sandbox")]
    List {
        /// sandbox or production
        #[arg(long)]
        environment: Environment,
        #[command(flatten)]
        plain: Plain,
    },
    /// Announce a new key; it signs in ten minutes, and the old ones verify until their last token is dead
    #[command(after_help = "Example:\n  postigo keys rotate --environment production")]
    Rotate {
        #[arg(long)]
        environment: Environment,
        #[command(flatten)]
        plain: Plain,
    },
}

impl Command {
    pub async fn run(self, app: &App, actor: &Actor) -> Result<()> {
        match self {
            Self::List { environment, plain } => {
                let keys = store::signing_keys::of_environment(app.db(), environment).await?;
                let now = app.now();
                let signing =
                    keys.iter().filter(|key| key.activates_at.0 <= now).max_by_key(|key| key.activates_at).map(|key| key.id.clone());
                let state = |key: &SigningKeyRow| match () {
                    () if key.activates_at.0 > now => "announced",
                    () if signing.as_ref() == Some(&key.id) => "signing",
                    () if key.retires_at.is_none_or(|at| now < at.0) => "verifying",
                    () => "retired",
                };
                let rows: Vec<_> = keys
                    .iter()
                    .map(|key| json!({"id": key.id, "algorithm": key.algorithm, "state": state(key), "activates_at": key.activates_at, "retires_at": key.retires_at}))
                    .collect();
                plain.output().many(&rows, &["id", "algorithm", "state", "activates_at", "retires_at"], "No key.")
            }
            Self::Rotate { environment, plain } => {
                let key = signing_keys::rotate(app, actor, environment).await?;
                plain.output().done(&format!("Key {} is announced and signs from {} on.", key.id, key.activates_at))
            }
        }
    }
}
