//! `postigo secret`.

use anyhow::Result;
use app::{Actor, App, secrets};
use clap::Subcommand;
use domain::{ClientId, SecretId};

use super::{Plain, client::client_id};

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Issue another secret; the one before works on for the overlap you choose
    #[command(after_help = "Example:\n  postigo secret create --client sbx_ci_… --overlap 7d")]
    Create {
        #[arg(long, value_parser = client_id)]
        client: ClientId,
        /// How long the secret before still works: now, 24h, 7d, 30d; leave out to keep it
        #[arg(long, value_parser = super::seconds)]
        overlap: Option<u32>,
        #[command(flatten)]
        plain: Plain,
    },
    /// List the secrets of a client with their last use
    #[command(after_help = "Example:\n  postigo secret list --client sbx_ci_…")]
    List {
        #[arg(long, value_parser = client_id)]
        client: ClientId,
        #[command(flatten)]
        plain: Plain,
    },
    /// Let a secret stop working; tokens it got live out (to kill them: postigo revoke secret)
    #[command(after_help = "Example:\n  postigo secret retire 0197… --in 24h")]
    Retire {
        id: SecretId,
        /// now, 24h, 7d…
        #[arg(long = "in", value_parser = super::seconds, default_value = "now")]
        in_seconds: u32,
        #[command(flatten)]
        plain: Plain,
    },
}

impl Command {
    pub async fn run(self, app: &App, actor: &Actor) -> Result<()> {
        match self {
            Self::Create { client, overlap, plain } => {
                let issued = secrets::create(app, actor, &client, overlap).await?;
                super::issued(plain.output(), serde_json::to_value(&issued.record)?, "client_secret", &issued.secret)
            }
            Self::List { client, plain } => {
                let secrets = store::clients::secrets(app.db(), &client).await?;
                let columns = ["id", "prefix", "created_at", "retires_at", "revoked_at", "last_used_at", "last_used_address"];
                plain.output().many(&secrets, &columns, "No secret: postigo secret create --client CLIENT_ID")
            }
            Self::Retire { id, in_seconds, plain } => {
                secrets::retire(app, actor, id, in_seconds).await?;
                plain.output().done(&format!("Secret {id} stops working in {in_seconds} s; tokens it got live out."))
            }
        }
    }
}
