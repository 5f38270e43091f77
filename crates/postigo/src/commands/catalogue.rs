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
const PLACES: &[(&str, &[&str])] = &[("", &[".yaml", ".yml", ".json"]), ("policies", &[".es.md", ".en.md"])];

#[derive(Debug, Args)]
#[command(
    after_help = "A folder that says nothing of plans leaves them as they are; `plans: []` says that there shall be none.\n\nVersions of the usage policies stand in a file with `policies:`, each with its `version` and its `in_force_at` (left out for the last: from now on), and their texts in policies/VERSION.es.md and policies/VERSION.en.md; what changed may stand in policies/VERSION.changes.es.md and .changes.en.md. Versions are added and never changed or removed.\n\nHow the queues are worked stands in a file with `queues:`: `targets:` in hours, the `rules:` by which access requests need nobody, and the `templates:` that staff begin a rejection with. Rules and templates that a list does not name are removed; what the file does not say is left as it is. It is an administrator's.\n\nExample:\n  postigo apply ./catalogue --dry-run"
)]
pub struct Apply {
    /// Folder with one OpenAPI document a file, plans of the house in files with `plans:`, policies in files with `policies:` and how the queues are worked in a file with `queues:`; .yaml, .yml or .json
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
        write(&self.folder, &texts)?;
        for name in &others {
            let file = self.folder.join(name);
            std::fs::remove_file(&file).with_context(|| format!("cannot remove {}", file.display()))?;
        }
        let removed = if others.is_empty() { String::new() } else { format!(" Removed: {}.", others.join(", ")) };
        self.plain.output().done(&format!("{} documents are in {}.{removed}", documents.len(), self.folder.display()))
    }
}

fn write(folder: &Path, texts: &[(&str, String)]) -> Result<()> {
    for (name, text) in texts {
        let file = folder.join(name);
        if let Some(inside) = file.parent() {
            std::fs::create_dir_all(inside).with_context(|| format!("cannot make {}", inside.display()))?;
        }
        std::fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))?;
    }
    Ok(())
}

/// A document as its file holds it.
fn text(document: &Document) -> Result<String> {
    match Kind::of(&document.content) {
        Some(Kind::Plan) => {
            Ok(list("# Plans of the house: an API offers one by its name under `x-postigo: plans:`.", "plans", &document.content))
        }
        Some(Kind::Policies) => Ok(document.content.as_str().map_or_else(
            || list("# Versions of the usage policies: their texts are beside it in policies/.", "policies", &document.content),
            str::to_owned,
        )),
        Some(Kind::Queues) => Ok(queues(&document.content["queues"])),
        _ => Ok(serde_json::to_string_pretty(&document.content)? + "\n"),
    }
}

/// A list as people write it: a member a line, its values in JSON, which is YAML too.
fn list(about: &str, name: &str, content: &Value) -> String {
    format!("{about}\n{name}:\n{}", entries(&content[name], "  "))
}

fn entries(list: &Value, indent: &str) -> String {
    let mut text = String::new();
    for one in list.as_array().into_iter().flatten() {
        for (i, (member, value)) in one.as_object().into_iter().flatten().enumerate() {
            text.push_str(&format!("{indent}{} {member}: {value}\n", if i == 0 { "-" } else { " " }));
        }
    }
    text
}

/// How the queues are worked, as people write it: a list with nothing in it says that there shall be nothing.
fn queues(content: &Value) -> String {
    let mut text =
        "# How the queues are worked: targets in hours, rules by which access requests need nobody, words for rejections.\n".to_owned();
    text.push_str("queues:\n");
    for (part, value) in content.as_object().into_iter().flatten() {
        let list = entries(value, "    ");
        text.push_str(&if list.is_empty() { format!("  {part}: {value}\n") } else { format!("  {part}:\n{list}") });
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
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if endings.iter().any(|ending| name.len() > ending.len() && name.ends_with(ending)) {
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
    // What people write for people is no data: it is read as it stands.
    let content = if name.ends_with(".md") { text.into() } else { parse(&name, &text)? };
    Ok(Document { content, file: name })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_exported_is_read_again_as_it_was_and_other_texts_are_not_ours() {
        let folder = tempfile::tempdir().expect("a folder");
        let document = |file: &str, content: Value| Document { file: file.to_owned(), content };
        let documents = [
            document("labels.json", json!({"openapi": "3.1.0", "info": {"title": "Labels"}})),
            document("plans.yaml", json!({"plans": [{"name": "gold", "title": {"es": "Oro: «rápido»", "en": "Gold"}}]})),
            document(
                "policies.yaml",
                json!({"policies": [{"version": "2027-01", "in_force_at": "2027-01-01T00:00:00Z"}, {"version": "2027-06"}]}),
            ),
            document("policies/2027-01.changes.en.md", "openapi: no document\n".into()),
            document("policies/2027-01.en.md", "# One\n\n- two: [\n".into()),
            document(
                "queues.yaml",
                json!({"queues": {
                    "targets": {"access": 24, "contracts": 48, "customer_types": 72},
                    "rules": [],
                    "templates": [
                        {"queue": "access", "name": "No: «#1»", "spanish": "Falta:\r\n- el contrato.", "english": "Missing: \"it\"."},
                        {"queue": "contracts", "name": "yes", "spanish": "Sí.", "english": "null"},
                    ],
                }}),
            ),
        ];
        let texts: Vec<_> = documents.iter().map(|document| (document.file.as_str(), text(document).expect("a text"))).collect();
        write(folder.path(), &texts).expect("writes");
        for other in ["policies/README.md", "policies/notes.yaml", "LICENSE", "policies/.en.md"] {
            std::fs::write(folder.path().join(other), "nothing of ours: {").expect("writes");
        }
        let there = read(folder.path()).expect("reads");
        let pairs = |documents: &[Document]| documents.iter().map(|one| (one.file.clone(), one.content.clone())).collect::<Vec<_>>();
        assert_eq!(pairs(&there), pairs(&documents));
    }
}
