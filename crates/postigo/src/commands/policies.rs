//! `postigo policies`.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use app::{
    Actor, App,
    policies::{self, Draft, LONGEST},
};
use clap::Subcommand;
use domain::Timestamp;

use super::Plain;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// List the versions, drafts first
    #[command(after_help = "Example:\n  postigo policies list")]
    List {
        #[command(flatten)]
        plain: Plain,
    },
    /// Publish a version: a draft from the console, or the texts in a folder
    #[command(
        after_help = "Example:\n  postigo policies publish 2027-01 --from ./policies --in-force-at 2027-01-01T00:00:00Z\n\nThe folder holds 2027-01.es.md and 2027-01.en.md, and may hold what changed in 2027-01.changes.es.md and 2027-01.changes.en.md."
    )]
    Publish {
        version: String,
        /// Folder with the texts [default: the draft that is there]
        #[arg(long, value_name = "DIR")]
        from: Option<PathBuf>,
        /// From when it is in force [default: from now on]
        #[arg(long, value_name = "MOMENT")]
        in_force_at: Option<Timestamp>,
        #[command(flatten)]
        plain: Plain,
    },
}

impl Command {
    pub async fn run(self, app: &App, actor: &Actor) -> Result<()> {
        match self {
            Self::List { plain } => {
                let all = policies::list(app, actor).await?;
                plain.output().many(&all, &["version", "in_force_at", "published_at", "published_by"], "There is no version.")
            }
            Self::Publish { version, from, in_force_at, plain } => {
                let revision = match from {
                    Some(folder) => policies::put_draft(app, actor, &read(&folder, &version)?, None).await?,
                    None => policies::find(app, actor, &version).await?.revision,
                };
                let published = policies::publish(app, actor, &version, revision, in_force_at).await?;
                let from = published.in_force_at.map(|from| from.to_string()).unwrap_or_default();
                plain.output().done(&format!("Version {version} is published and in force from {from}."))
            }
        }
    }
}

/// The texts of a version in a folder.
fn read(folder: &Path, version: &str) -> Result<Draft> {
    Ok(Draft {
        version: version.to_owned(),
        spanish: text(&folder.join(format!("{version}.es.md")))?,
        english: text(&folder.join(format!("{version}.en.md")))?,
        changed_spanish: if_there(&folder.join(format!("{version}.changes.es.md")))?,
        changed_english: if_there(&folder.join(format!("{version}.changes.en.md")))?,
    })
}

fn if_there(file: &Path) -> Result<String> {
    if file.exists() { text(file) } else { Ok(String::new()) }
}

fn text(file: &Path) -> Result<String> {
    let size = std::fs::metadata(file).with_context(|| format!("cannot read {}", file.display()))?.len();
    if usize::try_from(size).is_ok_and(|size| size > 2 * LONGEST) {
        bail!("{} is longer than the {LONGEST} bytes that a text may have", file.display());
    }
    std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}
