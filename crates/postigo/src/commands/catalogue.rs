//! `postigo apply` and `postigo export`.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use app::{
    Actor, App,
    catalogue::{self, Change, Document, Kind},
};
use clap::Args;
use domain::openapi::source;
use serde_json::{Value, json};

use super::Plain;
use crate::output::{Output, line};

/// The longest document read, in bytes.
const LONGEST: u64 = 16 * 1024 * 1024;

/// Where in the folder documents lie and how their names end: `""` is the folder itself. What else lies there is not ours.
const PLACES: &[(&str, &[&str])] = &[("", &["yaml", "yml", "json"])];

#[derive(Debug, Args)]
#[command(
    after_help = "A folder that says nothing of plans leaves them as they are; `plans: []` says that there shall be none.\n\nExample:\n  postigo apply ./catalogue --dry-run"
)]
pub struct Apply {
    /// Folder with one OpenAPI document a file, and plans of the house in files with `plans:`; .yaml, .yml or .json
    folder: PathBuf,
    /// Print the difference and change nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    plain: Plain,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  postigo export ./catalogue --replace")]
pub struct Export {
    /// Folder to write to; made when it is not there
    folder: PathBuf,
    /// Remove the documents in the folder that are not of the catalogue
    #[arg(long)]
    replace: bool,
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
        let documents = catalogue::export(app, actor).await?;
        let texts = documents.iter().map(|document| Ok((document.file.as_str(), text(document)?))).collect::<Result<Vec<_>>>()?;
        std::fs::create_dir_all(&self.folder).with_context(|| format!("cannot make {}", self.folder.display()))?;
        // Left where it lies, a document of an API that is gone would bring it back at the next `apply`.
        let mut others = files(&self.folder)?;
        others.retain(|name| !documents.iter().any(|document| document.file == *name));
        if !others.is_empty() && !self.replace {
            bail!(
                "{} holds other documents: {}; choose another folder, or say --replace to remove them",
                self.folder.display(),
                others.join(", ")
            );
        }
        for (name, text) in &texts {
            let file = self.folder.join(name);
            std::fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))?;
        }
        for name in &others {
            let file = self.folder.join(name);
            std::fs::remove_file(&file).with_context(|| format!("cannot remove {}", file.display()))?;
        }
        let removed = if others.is_empty() { String::new() } else { format!(" Removed: {}.", others.join(", ")) };
        self.plain.output().done(&format!("{} documents are in {}.{removed}", documents.len(), self.folder.display()))
    }
}

/// A document as its file holds it.
fn text(document: &Document) -> Result<String> {
    match Kind::of(&document.content) {
        Some(Kind::Plan) => Ok(plans(&document.content)),
        _ => Ok(serde_json::to_string_pretty(&document.content)? + "\n"),
    }
}

/// Plans as people write them: a member a line, its values in JSON, which is YAML too.
fn plans(content: &Value) -> String {
    let mut text = "# Plans of the house: an API offers one by its name under `x-postigo: plans:`.\nplans:\n".to_owned();
    for plan in content["plans"].as_array().into_iter().flatten() {
        for (i, (member, value)) in plan.as_object().into_iter().flatten().enumerate() {
            text.push_str(&format!("  {} {member}: {value}\n", if i == 0 { "-" } else { " " }));
        }
    }
    text
}

fn print(output: Output, changes: &[Change], dry_run: bool) -> Result<()> {
    if output.json {
        return line(&serde_json::to_string_pretty(&json!({ "changes": changes }))?);
    }
    for change in changes {
        line(&format!("{:6} {:4} {}", change.action, change.kind.as_str(), change.name))?;
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
    let files = files(folder)?;
    if files.is_empty() {
        bail!("{} holds no .yaml, .yml or .json file; an empty catalogue is never meant", folder.display());
    }
    files.into_iter().map(|name| document(folder, name)).collect()
}

/// The documents of a folder, by their names in it.
fn files(folder: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for (place, endings) in PLACES {
        let inside = folder.join(place);
        if !place.is_empty() && !inside.exists() {
            continue;
        }
        for entry in std::fs::read_dir(&inside).with_context(|| format!("cannot read the folder {}", inside.display()))? {
            let path = entry.with_context(|| format!("cannot read the folder {}", inside.display()))?.path();
            if path.extension().and_then(|ending| ending.to_str()).is_some_and(|ending| endings.contains(&ending)) {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                names.push(if place.is_empty() { name.into_owned() } else { format!("{place}/{name}") });
            }
        }
    }
    names.sort();
    Ok(names)
}

fn document(folder: &Path, name: String) -> Result<Document> {
    let file = folder.join(&name);
    let size = std::fs::metadata(&file).with_context(|| format!("cannot read {}", file.display()))?.len();
    if size > LONGEST {
        bail!("{} is longer than {LONGEST} bytes", file.display());
    }
    let text = std::fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
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
