//! `postigo audit`.

use std::io::Write as _;

use anyhow::{Result, bail};
use app::{
    Actor, App,
    audit::{self, Format, Wanted},
};
use clap::{Args, Subcommand};

use super::Plain;

/// Which entries.
#[derive(Debug, Args)]
pub struct Filter {
    /// Who: an account's address or id, operator:NAME, client:ID or system
    #[arg(long, default_value = "")]
    who: String,
    /// What: a noun, as in project, or NOUN.VERB, as in project.create
    #[arg(long, default_value = "")]
    what: String,
    /// About what: its id
    #[arg(long, default_value = "")]
    about: String,
    /// From this day in Madrid on, or from this moment (RFC 3339)
    #[arg(long, default_value = "")]
    since: String,
    /// To this day, which still counts, or before this moment
    #[arg(long, default_value = "")]
    until: String,
}

impl From<Filter> for Wanted {
    fn from(filter: Filter) -> Self {
        let Filter { who, what, about, since, until } = filter;
        Self { who, what, about, since, until }
    }
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// List entries, the newest first
    #[command(after_help = "Example:\n  postigo audit list --who ana@example.com --what project --since 2026-11-01 --limit 20")]
    List {
        #[command(flatten)]
        filter: Filter,
        /// Only entries below this number, to go on from the last one of the page before
        #[arg(long)]
        before: Option<i64>,
        #[arg(long, default_value_t = 50)]
        limit: i64,
        #[command(flatten)]
        plain: Plain,
    },
    /// Write entries to standard output, the newest first. After a million of them it ends with an error when there are more: narrow it with --until
    #[command(after_help = "Example:\n  postigo audit export --format csv --since 2026-01-01 > audit.csv")]
    Export {
        /// csv or jsonl
        #[arg(long, default_value = "jsonl")]
        format: Format,
        #[command(flatten)]
        filter: Filter,
    },
    /// Check that no entry was changed or removed
    #[command(after_help = "Example:\n  postigo audit verify")]
    Verify {
        #[command(flatten)]
        plain: Plain,
    },
}

impl Command {
    pub async fn run(self, app: &App, actor: &Actor) -> Result<()> {
        match self {
            Self::List { filter, before, limit, plain } => {
                let page = audit::list(app, actor, &filter.into(), before, limit).await?;
                let columns = ["seq", "at", "actor", "action", "subject", "detail"];
                plain.output().many(&page.rows, &columns, "No entry is like that.")
            }
            Self::Export { format, filter } => {
                let mut export = audit::export(app, actor, &filter.into(), format).await?;
                while let Some(piece) = export.next(app).await? {
                    std::io::stdout().lock().write_all(piece.as_bytes())?;
                }
                Ok(())
            }
            Self::Verify { plain } => {
                let verified = audit::verify(app, actor, i64::MAX).await?;
                match verified.broken {
                    None => plain.output().done(&format!("{} entries, none changed or missing.", verified.entries)),
                    Some(seq) => {
                        bail!(
                            "the audit log does not fit together from entry {seq} on: somebody changed or removed entries in the database"
                        )
                    }
                }
            }
        }
    }
}
