//! `cargo xtask tidy`: the rules of ARCHITECTURE.md that a program can check.
//!
//! A rule is a function over text and knows nothing of files; what it finds says how to mend it.

mod imports;
mod lexer;
mod manifests;
mod map;
mod sources;
mod sql;

use std::{
    fmt,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

type Result<T> = std::result::Result<T, String>;

/// One thing that is not as it should be.
#[derive(Debug, PartialEq, Eq)]
struct Finding {
    path: String,
    line: usize,
    what: String,
    mend: String,
}

impl Finding {
    fn new(path: &str, line: usize, what: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, what: what.into(), mend: mend.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {} - {}", self.path, self.line, self.what, self.mend)
    }
}

/// A file of the workspace: its path from the root, with `/`, and its text.
struct File {
    path: String,
    text: String,
}

/// Checks the workspace under `root` and prints what it finds.
pub(crate) fn run(root: &Path) -> Result<ExitCode> {
    let packages = imports::packages(&metadata(root)?)?;
    let mut files = Vec::new();
    for package in &packages {
        collect(root, &root.join(&package.folder), &mut files)?;
    }
    let architecture = read(&root.join("ARCHITECTURE.md"))?;

    let mut findings = Vec::new();
    let mut notes = Vec::new();
    for package in &packages {
        let path = format!("{}/Cargo.toml", package.folder);
        let manifest = read(&root.join(&path))?;
        findings.extend(imports::check(package, &path, &manifest));
        findings.extend(manifests::check(&path, &manifest));
    }
    let rooms: Vec<&str> = packages.iter().filter_map(|package| package.room()).collect();
    findings.extend(imports::check_table(&rooms));
    findings.extend(map::check("ARCHITECTURE.md", &architecture, &rooms));
    for file in &files {
        findings.extend(sources::check_name(&file.path));
        if !file.path.ends_with(".rs") {
            continue;
        }
        let pieces = lexer::pieces(&file.text);
        findings.extend(sources::check_text(&file.path, &pieces));
        findings.extend(sql::check(&file.path, &pieces));
        match sources::check_length(&file.path, &file.text) {
            Some(sources::Length::TooLong(finding)) => findings.push(finding),
            Some(sources::Length::Long(note)) => notes.push(note),
            None => {}
        }
    }

    for note in &notes {
        println!("note: {note}");
    }
    for finding in &findings {
        println!("{finding}");
    }
    if findings.is_empty() {
        println!("tidy: {} files, nothing found", files.len());
        return Ok(ExitCode::SUCCESS);
    }
    println!("tidy: {} findings", findings.len());
    Ok(ExitCode::FAILURE)
}

fn metadata(root: &Path) -> Result<serde_json::Value> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .current_dir(root)
        .output()
        .map_err(|error| format!("cannot run cargo metadata: {error}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    serde_json::from_slice(&output.stdout).map_err(|error| format!("cargo metadata: {error}"))
}

/// Reads every text file under `folder`, what was built or fetched left out.
fn collect(root: &Path, folder: &Path, files: &mut Vec<File>) -> Result<()> {
    let listing = std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut entries: Vec<PathBuf> = listing.flatten().map(|entry| entry.path()).collect();
    entries.sort();
    for path in entries {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if path.is_symlink() || name.starts_with('.') || matches!(name, "target" | "node_modules" | "__pycache__") {
            continue;
        }
        if path.is_dir() {
            collect(root, &path, files)?;
            continue;
        }
        let own = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        // Only Rust is read; of the rest, the names count.
        let text = if own.ends_with(".rs") { read(&path)? } else { String::new() };
        files.push(File { path: own, text });
    }
    Ok(())
}

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}
