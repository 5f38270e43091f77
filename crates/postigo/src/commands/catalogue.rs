//! `postigo apply` and `postigo export`.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use app::{
    Actor, App,
    catalogue::{self, Change, Document},
};
use clap::Args;
use domain::openapi::source;
use serde_json::{Value, json};

use super::Plain;
use crate::output::{Output, line};

/// The longest document read, in bytes.
const LONGEST: u64 = 16 * 1024 * 1024;

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  postigo apply ./catalogue --dry-run")]
pub struct Apply {
    /// Folder with one OpenAPI document a file: .yaml, .yml or .json
    folder: PathBuf,
    /// Print the difference and change nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    plain: Plain,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  postigo export ./catalogue")]
pub struct Export {
    /// Folder to write to; made when it is not there
    folder: PathBuf,
    #[command(flatten)]
    plain: Plain,
}

impl Apply {
    pub async fn run(self, app: &App, actor: &Actor) -> Result<()> {
        let changes = catalogue::apply(app, actor, read(&self.folder)?, self.dry_run).await?;
        print(self.plain.output(), &changes, self.dry_run)
    }
}

impl Export {
    pub async fn run(self, app: &App, actor: &Actor) -> Result<()> {
        std::fs::create_dir_all(&self.folder).with_context(|| format!("cannot make {}", self.folder.display()))?;
        let documents = catalogue::export(app, actor).await?;
        for (name, document) in &documents {
            let file = self.folder.join(format!("{name}.json"));
            std::fs::write(&file, serde_json::to_string_pretty(document)? + "\n")
                .with_context(|| format!("cannot write {}", file.display()))?;
        }
        self.plain.output().done(&format!("{} documents are in {}.", documents.len(), self.folder.display()))
    }
}

fn print(output: Output, changes: &[Change], dry_run: bool) -> Result<()> {
    if output.json {
        return line(&serde_json::to_string_pretty(&json!({ "changes": changes }))?);
    }
    for change in changes {
        line(&format!("{:6} {}", change.action, change.api))?;
        for detail in &change.detail {
            line(&format!("         {detail}"))?;
        }
    }
    line(match (changes.is_empty(), dry_run) {
        (true, _) => "The catalogue is as the files say.",
        (false, true) => "Nothing was changed (dry run).",
        (false, false) => "Done: the gateways follow within a second.",
    })
}

fn read(folder: &Path) -> Result<Vec<Document>> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("cannot read the folder {}", folder.display()))?;
    let mut files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.retain(|file| matches!(file.extension().and_then(|e| e.to_str()), Some("yaml" | "yml" | "json")));
    files.sort();
    if files.is_empty() {
        bail!("{} holds no .yaml, .yml or .json file; an empty catalogue is never meant", folder.display());
    }
    files.iter().map(|file| document(file)).collect()
}

fn document(file: &Path) -> Result<Document> {
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let size = std::fs::metadata(file).with_context(|| format!("cannot read {}", file.display()))?.len();
    if size > LONGEST {
        bail!("{} is longer than {LONGEST} bytes", file.display());
    }
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    Ok(Document { content: parse(&name, &text)?, file: name })
}

/// Reads YAML or JSON.
///
/// # Errors
/// With file, line and what is wrong there.
pub fn parse(name: &str, text: &str) -> Result<Value> {
    source::parse(text).map_err(|placed| match placed.place {
        Some((line, column)) => anyhow::anyhow!("{name}:{line}:{column}: {}", placed.fault.what),
        None => anyhow::anyhow!("{name}: {}", placed.fault.what),
    })
}
