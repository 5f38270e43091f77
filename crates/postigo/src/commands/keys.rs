//! `postigo keys`.

use anyhow::{Result, bail};
use app::{
    Actor, App,
    signing_keys::{self, Listed},
};
use clap::Subcommand;
use domain::{Environment, KeyId};
use serde_json::json;

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
    /// End a leaked key at once: every token it signed stops, and every integrator must fetch another
    #[command(after_help = "Example:\n  postigo keys retire 0b5c… --now")]
    Retire {
        /// Its id (`kid`)
        key: String,
        /// Say that you mean now: a key that nobody else has is replaced by `keys rotate`, which stops nothing
        #[arg(long)]
        now: bool,
        #[command(flatten)]
        plain: Plain,
    },
}

impl Command {
    pub async fn run(self, app: &App, actor: &Actor) -> Result<()> {
        match self {
            Self::List { environment, plain } => {
                let keys = signing_keys::list(app, actor, environment).await?;
                let rows: Vec<_> = keys
                    .iter()
                    .map(|Listed { key, state }| json!({"id": key.id, "algorithm": key.algorithm, "state": state, "activates_at": key.activates_at, "retires_at": key.retires_at}))
                    .collect();
                plain.output().many(&rows, &["id", "algorithm", "state", "activates_at", "retires_at"], "No key.")
            }
            Self::Rotate { environment, plain } => {
                let key = signing_keys::rotate(app, actor, environment).await?;
                plain.output().done(&format!("Key {} is announced and signs from {} on.", key.id, key.activates_at))
            }
            Self::Retire { now: false, .. } => {
                bail!(
                    "every token the key signed would stop at once: add --now if that is meant, or replace the key with `postigo keys rotate`"
                )
            }
            Self::Retire { key, now: true, plain } => {
                let ended = signing_keys::retire(app, actor, &KeyId::from(key)).await?;
                let next = ended.successor.map(|id| format!(" {id} signs in its place.")).unwrap_or_default();
                plain.output().done(&format!("Key {} is retired: every token it signed stops within a second.{next}", ended.key.id))
            }
        }
    }
}
