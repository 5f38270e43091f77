//! What commands print: JSON for programs, tables and lists for people.

use std::io::{self, Write as _};

use anyhow::Result;
use serde::Serialize;
use serde_json::Value;

/// How the results of a command are printed.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    /// JSON instead of text.
    pub json: bool,
}

impl Output {
    /// One thing: its members, one a line.
    pub fn one(self, thing: &impl Serialize) -> Result<()> {
        let value = serde_json::to_value(thing)?;
        if self.json {
            return line(&serde_json::to_string_pretty(&value)?);
        }
        let members: Vec<_> = value.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null()).collect();
        let width = members.iter().map(|(key, _)| key.len()).max().unwrap_or(0);
        for (key, value) in members {
            match value {
                Value::Array(things) if things.iter().any(Value::is_object) => {
                    line(&format!("{key}:"))?;
                    things.iter().try_for_each(|thing| line(&format!("  - {}", brief(thing))))?;
                }
                value => line(&format!("{key:width$}  {}", plain(value)))?,
            }
        }
        Ok(())
    }

    /// Many things: a table with these columns, or what there is to do when there are none.
    pub fn many(self, things: &[impl Serialize], columns: &[&str], when_empty: &str) -> Result<()> {
        let rows = things.iter().map(serde_json::to_value).collect::<Result<Vec<_>, _>>()?;
        if self.json {
            return line(&serde_json::to_string_pretty(&rows)?);
        }
        if rows.is_empty() {
            return line(when_empty);
        }
        let cells: Vec<Vec<String>> = rows.iter().map(|row| columns.iter().map(|column| plain(&row[*column])).collect()).collect();
        let widths: Vec<_> = columns
            .iter()
            .enumerate()
            .map(|(i, column)| cells.iter().map(|row| row[i].chars().count()).chain([column.len()]).max().unwrap_or(0))
            .collect();
        let print = |row: &[String]| {
            let padded: Vec<_> = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect();
            line(padded.join("  ").trim_end())
        };
        print(&columns.iter().map(|column| (*column).to_owned()).collect::<Vec<_>>())?;
        cells.iter().try_for_each(|row| print(row))
    }

    /// A sentence for people; programs read `{"done": ...}`.
    pub fn done(self, sentence: &str) -> Result<()> {
        if self.json { line(&serde_json::json!({ "done": sentence }).to_string()) } else { line(sentence) }
    }

    /// A sentence for people only.
    pub fn say(self, sentence: &str) -> Result<()> {
        if self.json { Ok(()) } else { line(sentence) }
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A thing within a thing, on one line.
fn brief(thing: &Value) -> String {
    let members = thing.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null());
    members.map(|(key, value)| format!("{key} {}", plain(value))).collect::<Vec<_>>().join(", ")
}

/// Prints a line. A reader that went away (`| head`) is no error.
pub fn line(text: &str) -> Result<()> {
    match writeln!(io::stdout().lock(), "{text}") {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => std::process::exit(0),
        other => Ok(other?),
    }
}
