//! `postigo audit`.

use anyhow::{Result, bail};
use app::App;
use clap::Subcommand;

use super::Plain;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// List the newest entries
    #[command(after_help = "Example:\n  postigo audit list --limit 20")]
    List {
        #[arg(long, default_value_t = 50)]
        limit: i64,
        #[command(flatten)]
        plain: Plain,
    },
    /// Check that no entry was changed or removed
    #[command(after_help = "Example:\n  postigo audit verify")]
    Verify {
        #[command(flatten)]
        plain: Plain,
    },
}

impl Command {
    pub async fn run(self, app: &App) -> Result<()> {
        match self {
            Self::List { limit, plain } => {
                let entries = store::audit::latest(app.db(), limit.clamp(1, 10_000)).await?;
                plain.output().many(&entries, &["seq", "at", "actor", "action", "subject", "detail"], "Nothing has been done yet.")
            }
            Self::Verify { plain } => match store::audit::verify(app.db()).await? {
                Ok(entries) => plain.output().done(&format!("{entries} entries, none changed or missing.")),
                Err(seq) => {
                    bail!("the audit log does not fit together from entry {seq} on: somebody changed or removed entries in the database")
                }
            },
        }
    }
}
